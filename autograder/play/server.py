"""The page's server: its files, its texts, and a web socket for each page that is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import resources

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from autograder.messages import LANGUAGES, texts
from autograder.play.choosing import options
from autograder.play.telling import Facts
from autograder.play.training import Training
from autograder.play.visit import Visit

__all__ = ["STATIC", "Pages"]

KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
STATIC = {
    each.name: each.read_bytes()
    for each in resources.files("autograder.play").joinpath("static").iterdir()
    if each.name.endswith(tuple(KINDS))
}
"""The page's files, by name."""
MOST_VISITS = 4
SHOWN = "play."
# The page of a check brings its style along, and a picture as data; nothing of it runs.
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


class Pages:
    """Everything that is served, and the visits that are there.

    train: makes what a new visit trains with. language: which a page begins in.
    """

    def __init__(self, train: Callable[[], Training], facts: Facts, language: str) -> None:
        self._train, self._facts, self._language = train, facts, language
        self._visits: set[Visit] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.app = Starlette(
            routes=[
                Route("/", self._index),
                Route("/static/{name}", self._static),
                Route("/options.json", self._options),
                Route("/texts/{language}.json", self._texts),
                Route("/task/{exercise}", self._task),
                WebSocketRoute("/ws", self._socket),
            ]
        )

    def news(self, *, saved: bool = False) -> None:
        """Tell every page that functions stand otherwise, or that a file was saved; any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, saved)

    def _spread(self, saved: bool) -> None:
        for visit in self._visits:
            visit.news(saved=saved)

    async def _index(self, _request: Request) -> Response:
        return _file("index.html")

    async def _static(self, request: Request) -> Response:
        return _file(request.path_params["name"])

    async def _options(self, _request: Request) -> Response:
        return JSONResponse({**options(), "language": self._language})

    async def _texts(self, request: Request) -> Response:
        language = request.path_params["language"]
        if language not in LANGUAGES:
            raise HTTPException(404)
        shown = {
            k.removeprefix(SHOWN): v for k, v in texts(language).items() if k.startswith(SHOWN)
        }
        return JSONResponse({"language": language, "texts": shown})

    async def _task(self, request: Request) -> Response:
        language = request.query_params.get("language", self._language)
        name = request.path_params["exercise"]
        page = await asyncio.to_thread(self._facts.verdicts.page, name, language)
        if page is None:
            raise HTTPException(404)
        return HTMLResponse(page, headers={"content-security-policy": PAGE_POLICY})

    async def _socket(self, socket: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        await socket.accept()
        if len(self._visits) >= MOST_VISITS:
            await socket.close(1013)
            return
        visit = Visit(socket, self._train(), self._facts, self._language)
        self._visits.add(visit)
        try:
            await visit.serve()
        finally:
            self._visits.discard(visit)


def _file(name: str) -> Response:
    """Send a file of the page: its name is looked up, and no path is ever made of it."""
    if name not in STATIC:
        raise HTTPException(404)
    return Response(STATIC[name], media_type=KINDS[name[name.rfind(".") :]])
