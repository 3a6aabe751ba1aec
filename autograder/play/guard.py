"""Who may speak with the page's server: whoever holds the token, from this machine's own browser.

A server on a loopback address can be reached by every page that a browser on this machine shows,
and by names that somebody points at it. So: the address that was asked must be ours by name (no
rebinding of names), a request that names its origin must come from our own pages, and every path
begins with a random token.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Guard", "new_token"]

NAMES = ("127.0.0.1", "localhost")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def new_token() -> str:
    """Make a token that nobody guesses."""
    return secrets.token_urlsafe(24)


class Guard:
    """Lets requests through that are the learner's own, and says on every answer what may run.

    Inside, the path is what stands behind the token.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = {f"{name}:{port}" for name in NAMES}
        sockets = " ".join(f"ws://{host}" for host in sorted(self._hosts))
        self._headers = {
            "content-security-policy": POLICY.format(sockets=sockets),
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused is None:
            inside = {**scope, "path": scope["path"][len(self._token) + 1 :], "root_path": ""}
            inside.pop("raw_path", None)
            await self._app(inside, receive, _with(self._headers, send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
        else:
            answer = PlainTextResponse(refused.phrase, refused)
            await answer(scope, receive, _with(self._headers, send))

    def _refused(self, scope: Scope) -> HTTPStatus | None:
        headers = Headers(scope=scope)
        host, origins = headers.get("host", ""), headers.getlist("origin")
        if host not in self._hosts:
            return HTTPStatus.MISDIRECTED_REQUEST
        if scope["type"] == "websocket" and not origins:
            return HTTPStatus.FORBIDDEN  # every browser names it
        if any(origin != f"http://{host}" for origin in origins):
            return HTTPStatus.FORBIDDEN
        said, slash, _ = scope["path"].removeprefix("/").partition("/")
        right = secrets.compare_digest(said.encode(), self._token.encode())
        return None if right and slash else HTTPStatus.NOT_FOUND


def _with(headers: Mapping[str, str], send: Send) -> Send:
    """Put headers on an answer that does not set them itself."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = MutableHeaders(scope=message)
            for name, value in headers.items():
                own.setdefault(name, value)
        await send(message)

    return sending
