"""A network of the learner's functions, as one visit of the page holds it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.errors import LearnerError
from autograder.model import Evidence
from autograder.play.functions import FUNCTIONS, needed
from autograder.play.holding import Held, Trouble
from autograder.play.points import Points, grid, inputs, points
from autograder.play.setting import Setting
from autograder.play.sources import Sources
from autograder.play.twin import Twin
from autograder.sandbox.opening import Sandbox
from autograder.wire.protocol import Program

__all__ = ["Training"]

DRIVER = "autograder.play.driver"
MOST_PRINTED = 20_000  # characters that wait to be shown


class Training:
    """The learner's modules, loaded in one process, and the network made of them.

    twin: the same network in a framework, which trains beside it.
    """

    def __init__(self, sandbox: Sandbox, sources: Sources, twin: Twin | None = None) -> None:
        self._sandbox, self._sources, self._twin = sandbox, sources, twin
        self._held: Held | None = None
        self._printed = ""
        self._broken: dict[str, Trouble] = {}  # what is wrong with a whole file, by exercise
        self._mild: set[str] = set()  # files of which definitions alone are run

    def make(self, setting: Setting) -> tuple[Points, dict[str, Any]]:
        """Draw the points and make the network anew; return both as they are before a step.

        Raises Trouble where a function that is needed is not there, or fails.
        """
        drawn = points(setting)
        X, places = inputs(drawn.places, setting.features), inputs(grid(), setting.features)
        said = setting.as_data()
        try:
            made = self._ask("make", said, X, drawn.targets, drawn.train, places)
        except Trouble as trouble:
            raise self._explained(trouble, setting) from None
        if self._twin is not None:
            made["twin"] = self._twin.make(said, X, drawn.targets, drawn.train, made["weights"])
        return drawn, made

    def advance(self, steps: int, *, surfaces: bool = True) -> dict[str, Any]:
        """Make some updates, and return what is seen then. Raises Trouble."""
        seen: dict[str, Any] = self._ask("advance", steps, surfaces)
        if self._twin is not None:
            seen["twin"] = self._twin.advance(seen["log"], seen["layers"])
        return seen

    def compare(self) -> list[dict[str, Any]]:
        """Compare the learner's gradient with the numerical one. Raises Trouble."""
        compared: list[dict[str, Any]] = self._ask("compare")
        return compared

    def printed(self) -> str:
        """Return what the learner's code has printed since it was asked last."""
        held = self._held
        if held is not None:
            self._printed, held.printed = self._printed + held.printed, ""
        said, self._printed = self._printed[:MOST_PRINTED], ""
        return said

    def renew(self) -> None:
        """Forget the process: a file was saved. The next network is made of what it holds now."""
        self._end()
        self._broken, self._mild = {}, set()

    def close(self) -> None:
        """End the processes; may be called again."""
        self._end()
        if self._twin is not None:
            self._twin.close()

    # ---- the process ----

    def _end(self) -> None:
        if self._held is not None:
            self._held.close()
            self._printed += self._held.printed
            self._held = None

    def _ask(self, order: str, *given: Any) -> Any:
        held = self._held
        if held is None:
            if order != "make":
                raise Trouble(Evidence("play_ended"), ended=True)
            held = self._loaded()
        try:
            return held.ask(order, *given)
        except Trouble as trouble:
            if trouble.ended:
                self._end()
            raise

    def _loaded(self) -> Held:
        """Load every file; one that ends its process is loaded once more, definitions alone."""
        while True:
            held = Held(self._sandbox, DRIVER)
            try:
                ended = next((n for n in self._sources.exercises if not self._load(held, n)), None)
            except BaseException:
                held.close()
                raise
            if ended is None:
                self._held = held
                return held
            held.close()

    def _load(self, held: Held, name: str) -> bool:
        """Load a file; False where the process has ended of it."""
        if name in self._mild and name in self._broken and self._broken[name].ended:
            return True  # not even its definitions: it is left out
        try:
            program = self._milder(name)
        except LearnerError as error:
            self._broken[name] = Trouble(Evidence(error.key, facts=_plain(error.facts)))
            return True
        held.texts += program.parts
        parts = [(each.label, each.source, each.definitions_only) for each in program.parts]
        settled = (program.notebook, list(program.forbidden), list(program.wanted))
        try:
            failures, printed = held.ask("load", name, program.module, parts, *settled)
        except Trouble as trouble:
            again = name in self._mild
            self._mild.add(name)
            self._broken[name] = replace(trouble, ended=again)
            return False
        held.printed += printed
        if failures:
            _part, kind, message, lines = failures[0]
            self._broken[name] = Trouble(held.failed(kind, message, lines))
        return True

    def _milder(self, name: str) -> Program:
        program = self._sources.program(name)
        if name not in self._mild:
            return program
        return replace(
            program, parts=tuple(replace(each, definitions_only=True) for each in program.parts)
        )

    def _explained(self, trouble: Trouble, setting: Setting) -> Trouble:
        """Say of a function that is not there what is wrong with its whole file."""
        if trouble.evidence.kind not in ("missing", "misspelt") or not trouble.function:
            return trouble
        exercise = FUNCTIONS[trouble.function].exercise
        if exercise not in self._sources.exercises:
            facts: dict[str, str | int | float] = {
                "function": trouble.function,
                "exercise": exercise,
            }
            return Trouble(Evidence("play_elsewhere", facts=facts), trouble.function)
        broken = self._broken.get(exercise)
        assert trouble.function in needed(setting)
        return replace(broken, function=trouble.function, ended=False) if broken else trouble


def _plain(facts: Any) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if not isinstance(value, tuple)}
