"""What a page is told, in its reader's language: frames, how the functions stand, what is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from autograder.messages import LANGUAGES, explain_evidence
from autograder.play.frames import framed, plain
from autograder.play.functions import FUNCTIONS, needed
from autograder.play.holding import Trouble
from autograder.play.painting import painted_inputs
from autograder.play.points import REACH, Points
from autograder.play.setting import Setting
from autograder.play.verdicts import Verdicts

__all__ = ["Facts", "Telling"]

NOT_THERE = ("missing", "misspelt", "not_callable", "play_todo", "play_elsewhere")
SEEN = ("step", "epoch", "train", "test", "flow", "scales")


@dataclass(frozen=True)
class Facts:
    """What every page is told of where it is.

    verdicts: how the functions stand. reference: they are the course's. framework: beside them.
    """

    verdicts: Verdicts
    reference: bool
    framework: str


class Telling:
    """Writes to one page. Raises WebSocketDisconnect once it has gone."""

    def __init__(self, socket: WebSocket, facts: Facts, language: str) -> None:
        self._socket, self._facts = socket, facts
        self._language = language
        self._trouble: Trouble | None = None

    async def speak(self, said: object, setting: Setting) -> None:
        """Go on in another language; what stands on the page is told again in it."""
        self._language = str(said) if said in LANGUAGES else LANGUAGES[0]
        await self.functions(setting)
        await self.trouble(self._trouble)

    async def set_up(self, setting: Setting) -> None:
        """Tell how a set-up was read."""
        await self._tell({"kind": "set", "setting": setting.as_data()})

    async def made(self, setting: Setting, drawn: Points, count: int) -> None:
        """Tell of a network that was made anew: its points, its inputs, its size."""
        told = {"places": drawn.places, "targets": drawn.targets[:, 0], "train": drawn.train}
        await self._tell(
            {
                "kind": "made", "setting": setting.as_data(), "points": told, "count": count,
                "reach": REACH, "output": setting.output,
            }
        )  # fmt: skip
        await self._send(framed({"kind": "inputs"}, painted_inputs(setting)))

    async def frame(self, seen: dict[str, Any]) -> None:
        """Show what the network is now."""
        layers = [{"W": W, "b": b} for W, b in seen["layers"]]
        head = {key: seen[key] for key in SEEN}
        head |= {"kind": "frame", "layers": layers, "twin": seen.get("twin")}
        await self._send(framed(head, seen["surfaces"]))

    async def gradient(self, compared: list[dict[str, Any]]) -> None:
        """Show the learner's gradient beside the numerical one."""
        await self._tell({"kind": "gradient", "list": compared})

    async def printed(self, text: str) -> None:
        """Show what the learner's code has printed, if anything."""
        if text:
            await self._tell({"kind": "printed", "text": text})

    async def state(self, *, playing: bool, made: bool) -> None:
        """Tell whether the network learns now, and whether there is one."""
        await self._tell({"kind": "state", "playing": playing, "made": made})

    async def trouble(self, trouble: Trouble | None) -> None:
        """Tell what is wrong, or that nothing is."""
        self._trouble = trouble
        if trouble is None:
            await self._tell({"kind": "fine"})
            return
        words = explain_evidence(trouble.evidence, self._language, lambda _kind, _key: None)
        function = trouble.function if trouble.function in FUNCTIONS else ""
        await self._tell(
            {
                "kind": "trouble", "headline": words.headline, "advice": words.advice,
                "details": words.details, "function": function,
                "exercise": FUNCTIONS[function].exercise if function else "",
                "missing": trouble.evidence.kind in NOT_THERE,
            }
        )  # fmt: skip

    async def functions(self, setting: Setting) -> None:
        """Tell how every function stands, and which ones this set-up calls."""
        wanted, listed = needed(setting), []
        for name, function in FUNCTIONS.items():
            standing = self._facts.verdicts.of(name, self._language)
            listed.append(
                {
                    "name": name, "exercise": function.exercise, "status": standing.status,
                    "said": standing.said, "needed": name in wanted, "own": name in setting.own,
                }
            )  # fmt: skip
        await self._tell(
            {
                "kind": "functions", "list": listed, "reference": self._facts.reference,
                "framework": self._facts.framework,
            }
        )  # fmt: skip

    async def _tell(self, said: dict[str, Any]) -> None:
        await self._send(json.dumps(plain(said), allow_nan=False))

    async def _send(self, data: str | bytes) -> None:
        try:
            if isinstance(data, str):
                await self._socket.send_text(data)
            else:
                await self._socket.send_bytes(data)
        except RuntimeError as error:  # what is said to a page that is closed
            raise WebSocketDisconnect from error
