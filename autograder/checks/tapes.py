"""How a learner's program uses TensorFlow's gradient tapes: facts that name a missing gradient."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from autograder.sandbox.proxy import Student, probe

__all__ = ["TapeUse", "tape_use"]


@dataclass(frozen=True)
class TapeUse:
    """What a function ``f`` saw that a learner's function differentiates, at its last call.

    calls: how often ``f`` was called.
    asked: whether any tape was asked for a gradient.
    went_back: whether automatic differentiation ran backwards through that call.
    backs: how often it ran backwards through any call.
    nested: whether a tape was asked for a gradient while a tape was open.
    recorded: whether ``f`` was given a tensor or variable while a tape was open.
    watched: whether what it was given is a trainable variable, or a tensor that a tape watches.
    integer: whether it was given whole numbers.

    All are False or 0 where the program broke this probe's answer.
    """

    calls: int = 0
    asked: bool = False
    nested: bool = False
    went_back: bool = False
    backs: int = 0
    recorded: bool = False
    watched: bool = False
    integer: bool = False


def tape_use(student: Student, function: str, x: Any, *rest: Any, each: bool = False) -> TapeUse:
    """Call ``function(f, x, *rest)`` of a program with an ``f`` of ours, and tell what f saw.

    f is the sum of cubes, or with ``each`` the cube of each entry. Whatever the call returns or
    raises is passed over: ask for it in a second call. The facts come from the learner's side, so
    they may name a mistake and must never earn a point.
    """
    outcome = probe(student, using_tapes).outcome(function, x, rest, each)
    facts = getattr(outcome, "value", None)
    known = facts if isinstance(facts, dict) else {}
    kinds = {field.name: type(field.default) for field in fields(TapeUse)}
    return TapeUse(**{k: known[k] for k, kind in kinds.items() if type(known.get(k)) is kind})


def using_tapes(program: Any, function: str, x: Any, rest: tuple[Any, ...], each: bool) -> Any:
    """Run beside the program; see :func:`tape_use`."""
    import contextlib

    import numpy as np
    import tensorflow as tf

    tape = tf.GradientTape
    methods = ("__enter__", "__exit__", "watch", "gradient", "jacobian")
    kept = {name: getattr(tape, name) for name in methods}
    opened: list[Any] = []
    tensors: list[Any] = []
    told = ("asked", "nested", "went_back", "recorded", "watched", "integer")
    seen: dict[str, Any] = {"calls": 0, "backs": 0, **dict.fromkeys(told, False)}

    def spied(name: str) -> Any:
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            if name == "__enter__":
                opened.append(self)
            elif name == "__exit__":
                opened.remove(self)
            elif name == "watch":
                tensors.extend(tf.nest.flatten((args, kwargs)))
            else:
                seen["asked"] = True
                seen["nested"] = seen["nested"] or bool(opened)
            return kept[name](self, *args, **kwargs)

        return method

    def cubed(z: Any) -> Any:
        def back(upstream: Any) -> Any:
            seen["went_back"] = True
            seen["backs"] += 1
            return upstream * 3 * z**2

        return z**3, back

    cubes = tf.custom_gradient(cubed)

    def f(z: Any) -> Any:
        of_tensorflow = tf.is_tensor(z) or isinstance(z, tf.Variable)
        given = np.dtype(z.dtype.as_numpy_dtype if of_tensorflow else np.asarray(z).dtype)
        seen["calls"] += 1
        seen["went_back"] = False
        seen["recorded"] = of_tensorflow and bool(opened)
        trainable = isinstance(z, tf.Variable) and z.trainable
        seen["watched"] = trainable or any(z is tensor for tensor in tensors)
        seen["integer"] = given.kind in "iu"
        return cubes(z) if each else tf.reduce_sum(cubes(z))

    for name in methods:
        setattr(tape, name, spied(name))
    try:
        with contextlib.suppress(Exception):
            getattr(program, function)(f, x, *rest)
    finally:
        for name in methods:
            setattr(tape, name, kept[name])
    return seen
