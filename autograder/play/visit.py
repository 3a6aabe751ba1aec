"""One page that is open: what it orders, what it is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from starlette.websockets import WebSocket, WebSocketDisconnect

from autograder.errors import GradeFlowError
from autograder.messages import LANGUAGES, explain_evidence
from autograder.model import Evidence
from autograder.play.frames import framed, plain
from autograder.play.functions import FUNCTIONS, needed
from autograder.play.holding import Trouble
from autograder.play.painting import painted_inputs
from autograder.play.points import REACH
from autograder.play.setting import Setting
from autograder.play.training import Training
from autograder.play.verdicts import Verdicts

__all__ = ["Visit"]

Order: TypeAlias = dict[str, Any]
AHEAD = 2  # frames that may be on their way
MOST_STEPS = 50
COMPARE_EACH = 40  # frames


@dataclass(frozen=True)
class Facts:
    """What every visit is told of where it is: see Visit."""

    verdicts: Verdicts
    reference: bool
    framework: str


class Visit:
    """Serves one page over its web socket, until it goes.

    facts: how the functions stand, and whose they are. training: closed in the end.
    """

    def __init__(self, socket: WebSocket, training: Training, facts: Facts, language: str) -> None:
        self._socket, self._training, self._facts = socket, training, facts
        self._language = language
        self._orders: asyncio.Queue[Order | None] = asyncio.Queue(256)
        self._setting = Setting()
        self._playing, self._made = False, False
        self._on_the_way, self._frames, self._steps = 0, 0, 1
        self._trouble: Evidence | None = None
        self._of = ""

    async def serve(self) -> None:
        """Answer until the page is closed."""
        reading = asyncio.create_task(self._read())
        try:
            await self._tell_functions()
            while True:
                if self._playing and self._on_the_way < AHEAD and self._orders.empty():
                    await self._advance(self._steps)
                    continue
                order = await self._orders.get()
                if order is None:
                    return
                await self._carry_out(order)
        except (WebSocketDisconnect, RuntimeError):
            return  # it has gone while it was told something
        finally:
            reading.cancel()
            self._training.close()

    def news(self, *, saved: bool) -> None:
        """Hear that functions stand otherwise than before, or that a file was saved."""
        with contextlib.suppress(asyncio.QueueFull):
            self._orders.put_nowait({"do": "saved" if saved else "standing"})

    async def _read(self) -> None:
        try:
            while True:
                order = json.loads(await self._socket.receive_text())
                if isinstance(order, dict):
                    await self._orders.put(order)
        except (WebSocketDisconnect, ValueError, KeyError, RuntimeError, RecursionError):
            await self._orders.put(None)

    # ---- orders ----

    async def _carry_out(self, order: Order) -> None:
        match order.get("do"):
            case "set":
                self._setting = Setting.read(order.get("setting"))
                await self._make()
            case "reset":
                await self._make()
            case "saved":
                self._training.renew()
                await self._make()
            case "play":
                self._playing = self._made
                await self._tell_state()
            case "pause":
                await self._pause()
            case "step":
                self._playing = False
                await self._advance(1)
                await self._tell_state()
                await self._compare()
            case "drawn":
                self._on_the_way = max(0, self._on_the_way - 1)
            case "speed":
                steps = order.get("steps")
                self._steps = min(max(steps, 1), MOST_STEPS) if type(steps) is int else 1
            case "language":
                said = order.get("language")
                self._language = said if said in LANGUAGES else LANGUAGES[0]
                await self._tell_functions()
                await self._tell_trouble()
            case "standing":
                await self._tell_functions()

    async def _make(self) -> None:
        self._playing, self._made = False, False
        self._on_the_way = self._frames = 0
        try:
            drawn, made = await self._aside(self._training.make, self._setting)
        except Trouble as trouble:
            await self._fail(trouble)
            await self._tell({"kind": "set", "setting": self._setting.as_data()})
            await self._tell_functions()
            return
        self._made, self._trouble = True, None
        await self._tell_trouble()
        told_points = {"places": drawn.places, "targets": drawn.targets[:, 0], "train": drawn.train}
        await self._tell(
            {
                "kind": "made", "setting": self._setting.as_data(), "points": told_points,
                "count": made["count"], "reach": REACH, "output": self._setting.output,
            }
        )  # fmt: skip
        await self._socket.send_bytes(framed({"kind": "inputs"}, painted_inputs(self._setting)))
        await self._frame(made)
        await self._tell_state()
        await self._tell_functions()
        await self._compare()

    async def _advance(self, steps: int) -> None:
        if not self._made:
            return
        try:
            seen = await self._aside(self._training.advance, steps)
        except Trouble as trouble:
            await self._fail(trouble)
            return
        await self._frame(seen)
        self._frames += 1
        if not _finite(seen):
            await self._fail(Trouble(Evidence("play_diverged"), ended=False), made=False)
        elif self._playing and self._frames % COMPARE_EACH == 0:
            await self._compare()

    async def _pause(self) -> None:
        was, self._playing = self._playing, False
        await self._tell_state()
        if was:
            await self._compare()

    async def _compare(self) -> None:
        if not self._made:
            return
        try:
            compared = await self._aside(self._training.compare)
        except Trouble as trouble:
            await self._fail(trouble)
            return
        await self._tell({"kind": "gradient", "list": compared})
        await self._tell_printed()

    async def _aside(self, work: Any, *given: Any) -> Any:
        """Do what waits for another process without keeping other pages waiting."""
        try:
            return await asyncio.to_thread(work, *given)
        except GradeFlowError as error:
            raise Trouble(
                Evidence("play_fault", facts={"detail": str(error)}), ended=True
            ) from error

    # ---- what the page is told ----

    async def _frame(self, seen: dict[str, Any]) -> None:
        head = {key: seen[key] for key in ("step", "epoch", "train", "test", "flow", "scales")}
        layers = [{"W": W, "b": b} for W, b in seen["layers"]]
        head |= {"kind": "frame", "layers": layers, "twin": seen.get("twin")}
        self._on_the_way += 1
        await self._socket.send_bytes(framed(head, seen["surfaces"]))
        await self._tell_printed()

    async def _tell_printed(self) -> None:
        if text := self._training.printed():
            await self._tell({"kind": "printed", "text": text})

    async def _tell_state(self) -> None:
        await self._tell({"kind": "state", "playing": self._playing, "made": self._made})

    async def _fail(self, trouble: Trouble, *, made: bool | None = None) -> None:
        self._playing = False
        self._made = self._made and not trouble.ended if made is None else made
        self._trouble, self._of = trouble.evidence, trouble.function
        await self._tell_printed()
        await self._tell_state()
        await self._tell_trouble()

    async def _tell_trouble(self) -> None:
        if self._trouble is None:
            await self._tell({"kind": "fine"})
            return
        words = explain_evidence(self._trouble, self._language, lambda _kind, _key: None)
        function = self._of if self._of in FUNCTIONS else ""
        await self._tell(
            {
                "kind": "trouble", "headline": words.headline, "advice": words.advice,
                "details": words.details, "function": function,
                "exercise": FUNCTIONS[function].exercise if function else "",
                "missing": self._trouble.kind in MISSING,
            }
        )  # fmt: skip

    async def _tell_functions(self) -> None:
        wanted, own = needed(self._setting), self._setting.own
        listed = []
        for name, function in FUNCTIONS.items():
            standing = self._facts.verdicts.of(name, self._language)
            listed.append(
                {
                    "name": name, "exercise": function.exercise, "status": standing.status,
                    "said": standing.said, "needed": name in wanted, "own": name in own,
                }
            )  # fmt: skip
        await self._tell(
            {
                "kind": "functions", "list": listed, "reference": self._facts.reference,
                "framework": self._facts.framework,
            }
        )  # fmt: skip

    async def _tell(self, said: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps(plain(said), allow_nan=False))


MISSING = ("missing", "misspelt", "not_callable", "play_todo", "play_elsewhere")


def _finite(seen: dict[str, Any]) -> bool:
    arrays = (array for pair in seen["layers"] for array in pair)
    return math.isfinite(seen["train"]) and all(np.isfinite(each).all() for each in arrays)
