"""One page that is open: what it orders is done, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from typing import Any, TypeAlias

import numpy as np
from starlette.websockets import WebSocket, WebSocketDisconnect

from autograder.errors import GradeFlowError
from autograder.model import Evidence
from autograder.play.holding import Trouble
from autograder.play.setting import Setting
from autograder.play.telling import Facts, Telling
from autograder.play.training import Training

__all__ = ["Visit"]

Order: TypeAlias = dict[str, Any]
AHEAD = 2  # frames that may be on their way
MOST_STEPS = 50
COMPARE_EACH = 40  # frames


class Visit:
    """Serves one page over its web socket, until it goes.

    facts: how the functions stand, and whose they are. training: closed in the end.
    """

    def __init__(self, socket: WebSocket, training: Training, facts: Facts, language: str) -> None:
        self._socket, self._training = socket, training
        self._page = Telling(socket, facts, language)
        self._orders: asyncio.Queue[Order | None] = asyncio.Queue(256)
        self._setting = Setting()
        self._playing, self._made = False, False
        self._on_the_way, self._frames, self._steps = 0, 0, 1

    async def serve(self) -> None:
        """Answer until the page is closed."""
        reading = asyncio.create_task(self._read())
        try:
            await self._page.functions(self._setting)
            while True:
                if self._playing and self._on_the_way < AHEAD and self._orders.empty():
                    await self._advance(self._steps)
                    continue
                order = await self._orders.get()
                if order is None:
                    return
                await self._carry_out(order)
        except WebSocketDisconnect:
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
                await self._page.speak(order.get("language"), self._setting)
            case "standing":
                await self._page.functions(self._setting)

    async def _make(self) -> None:
        self._playing, self._made = False, False
        self._on_the_way = self._frames = 0
        try:
            drawn, made = await self._aside(self._training.make, self._setting)
        except Trouble as trouble:
            await self._fail(trouble)
            await self._page.set_up(self._setting)
            await self._page.functions(self._setting)
            return
        self._made = True
        await self._page.trouble(None)
        await self._page.made(self._setting, drawn, made["count"])
        await self._frame(made)
        await self._tell_state()
        await self._page.functions(self._setting)
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
        await self._page.gradient(compared)
        await self._page.printed(self._training.printed())

    async def _aside(self, work: Any, *given: Any) -> Any:
        """Do what waits for another process without keeping other pages waiting."""
        try:
            return await asyncio.to_thread(work, *given)
        except GradeFlowError as error:
            fault = Evidence("play_fault", facts={"detail": str(error)})
            raise Trouble(fault, ended=True) from error

    # ---- what the page is told ----

    async def _frame(self, seen: dict[str, Any]) -> None:
        self._on_the_way += 1
        await self._page.frame(seen)
        await self._page.printed(self._training.printed())

    async def _tell_state(self) -> None:
        await self._page.state(playing=self._playing, made=self._made)

    async def _fail(self, trouble: Trouble, *, made: bool | None = None) -> None:
        self._playing = False
        self._made = self._made and not trouble.ended if made is None else made
        await self._page.printed(self._training.printed())
        await self._tell_state()
        await self._page.trouble(trouble)


def _finite(seen: dict[str, Any]) -> bool:
    arrays = (array for pair in seen["layers"] for array in pair)
    return math.isfinite(seen["train"]) and all(np.isfinite(each).all() for each in arrays)
