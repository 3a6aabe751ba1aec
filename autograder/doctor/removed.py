"""Calls that older tutorials show and today's Keras and TensorFlow no longer have."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.doctor.findings import Finding
from autograder.wire.protocol import Part

__all__ = ["RULES", "removed"]

_KERAS = ("keras.", "tensorflow.keras.", "tensorflow.python.keras.")
# By the full name, however it was imported; what stands below a name is meant too.
_NAMES = {
    "keras.utils.np_utils": "np_utils",
    "keras.layers.core": "layers_core",
    "tensorflow.examples": "tensorflow_examples",
    "tensorflow.contrib": "tensorflow_examples",
    "tensorflow.Session": "session",
    "tensorflow.InteractiveSession": "session",
    "tensorflow.global_variables_initializer": "session",
    "tensorflow.placeholder": "placeholder",
}
_METHODS = {"predict_classes": "predict_classes", "predict_proba": "predict_classes"}
_KEYS = {"acc": "history_acc", "val_acc": "history_acc"}
RULES = frozenset((*_NAMES.values(), *_METHODS.values(), *_KEYS.values())) | {
    "nb_epoch", "lr", "input_shape", "softmax_logits",
}  # fmt: skip
_ONLY_WARNS = frozenset(("input_shape", "softmax_logits"))


@dataclass(frozen=True)
class _Use:
    rule: str
    line: int
    name: str


def removed(what: str, parts: Iterable[Part]) -> Iterator[Finding]:
    """Find them in a file's parts; what is no Python is left to others to tell."""
    trees = []
    for part in parts:
        try:
            trees.append((part.label, ast.parse(part.source)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    reading = _Reading()
    for _, tree in trees:
        reading.learn(tree)
    if not reading.about_keras:
        return
    for label, tree in trees:
        for use in reading.uses(tree):
            key = "api_warns" if use.rule in _ONLY_WARNS else "api_gone"
            facts: dict[str, str | int] = {"label": label, "line": use.line, "name": use.name}
            yield Finding(what, "notice", key, facts, does=f"{use.rule}_do")


class _Reading:
    """What the names of a file stand for, across the cells of a notebook."""

    def __init__(self) -> None:
        self._full: dict[str, str] = {}
        self._softmax = False
        self._called_acc = False  # who names the measure so finds it so

    @property
    def about_keras(self) -> bool:
        """Tell whether any of Keras or TensorFlow is imported: others have such names, too."""
        return any(name.split(".")[0] in ("keras", "tensorflow") for name in self._full.values())

    def learn(self, tree: ast.AST) -> None:
        """Take in a part's imports, and whether a softmax stands in it."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    self._full[alias.asname or top] = alias.name if alias.asname else top
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    self._full[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.keyword) and node.arg == "activation":
                self._softmax = self._softmax or "softmax" in ast.unparse(node.value)
            elif isinstance(node, ast.keyword) and node.arg == "metrics":
                self._called_acc = self._called_acc or "'acc'" in ast.unparse(node.value)

    def uses(self, tree: ast.AST) -> Iterator[_Use]:
        """Find in a part what is gone, in the order of its lines, each line's rule once."""
        found = {(use.line, use.rule): use for node in ast.walk(tree) for use in self._use(node)}
        yield from (found[place] for place in sorted(found))

    def _use(self, node: ast.AST) -> Iterator[_Use]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                yield from _named(f"{module}{alias.name}", node.lineno)
        elif isinstance(node, ast.Attribute):
            yield from _named(self._name_of(node), node.lineno)
        elif isinstance(node, ast.Subscript):
            yield from () if self._called_acc else _of_history(node)
        elif isinstance(node, ast.Call):
            yield from self._of_call(node)

    def _of_call(self, call: ast.Call) -> Iterator[_Use]:
        name = self._name_of(call.func)
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        # Those of scikit-learn are alive and well.
        others = any(full.startswith("sklearn") for full in self._full.values())
        if method in _METHODS and not others:
            yield _Use(_METHODS[method], call.lineno, method)
        for keyword in call.keywords:
            rule = ""
            if keyword.arg == "nb_epoch":
                rule = "nb_epoch"
            elif keyword.arg == "lr" and name.startswith(_KERAS) and ".optimizers." in name:
                rule = "lr"
            elif keyword.arg == "input_shape" and name.startswith(_KERAS) and ".layers." in name:
                rule = "input_shape"
            elif keyword.arg == "from_logits" and self._softmax and _is_true(keyword.value):
                rule = "softmax_logits"
            if rule:
                yield _Use(rule, keyword.value.lineno, f"{keyword.arg}=")

    def _name_of(self, node: ast.expr) -> str:
        """Write an expression's full name, as its imports have it; empty when it has none."""
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self._full:
            return ""
        return ".".join((self._full[node.id], *reversed(names)))


def _named(name: str, line: int) -> Iterator[_Use]:
    short = name.removeprefix("tensorflow.") if name.startswith("tensorflow.keras.") else name
    for gone, rule in _NAMES.items():
        if short == gone or short.startswith(f"{gone}."):
            yield _Use(rule, line, gone)


def _of_history(node: ast.Subscript) -> Iterator[_Use]:
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if isinstance(key, str) and key in _KEYS and "hist" in ast.unparse(node.value):
        yield _Use(_KEYS[key], node.lineno, f"['{key}']")


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
