"""Frames: a 4-byte big-endian length, then the payload, each way, each with a deadline.

A deadline is a :func:`time.monotonic` instant, or None to wait for ever. A peer may be an enemy:
it may state any length, trickle, flood, or stop reading.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import struct
import threading
import time
from typing import TYPE_CHECKING, Protocol

from autograder.errors import WireError

if TYPE_CHECKING:
    import socket

__all__ = ["Channel", "Closed", "PipeChannel", "SocketChannel", "TimedOut"]

_HEADER = struct.Struct(">I")
_CHUNK = 64 * 1024  # below where malloc maps fresh pages for each read
_HAS_POLL = hasattr(select, "poll")


class Closed(EOFError):  # noqa: N818 - says what happened
    """The peer is gone, or closed its end."""


class TimedOut(TimeoutError):  # noqa: N818 - says what happened
    """The deadline passed before the whole frame had."""


class Channel(Protocol):
    """Carries payloads both ways.

    Both ways raise Closed, TimedOut, and WireError for a frame above the cap. After any of these
    the frame may be half done: the channel is good for closing only.
    """

    def send(self, payload: bytes, deadline: float | None) -> None:
        """Send one payload."""
        ...

    def recv(self, deadline: float | None) -> bytes:
        """Wait for one payload."""
        ...

    def close(self) -> None:
        """Release what the channel holds; may be called again."""
        ...


class _Frames:
    """Cuts a stream into frames. Holds what has really arrived, never what a header promises."""

    def __init__(self, max_frame: int) -> None:
        self._max_frame = max_frame
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def full(self) -> bool:
        """Tell whether more than the largest frame is waiting already."""
        return len(self._buffer) >= self._max_frame + _HEADER.size

    def next(self) -> bytes | None:
        """Take a frame, if a whole one is here; WireError as soon as its length is too great."""
        if len(self._buffer) < _HEADER.size:
            return None
        (length,) = _HEADER.unpack_from(self._buffer)
        if length > self._max_frame:
            raise WireError(f"A frame of {length} bytes passes the {self._max_frame} allowed.")
        end = _HEADER.size + length
        if len(self._buffer) < end:
            return None
        with memoryview(self._buffer) as view:
            payload = bytes(view[_HEADER.size : end])
        del self._buffer[:end]
        return payload

    def wrap(self, payload: bytes) -> bytes:
        """Put the header before a payload; WireError if it is too long for the peer."""
        if len(payload) > self._max_frame:
            raise WireError(
                f"A frame of {len(payload)} bytes passes the {self._max_frame} allowed."
            )
        return _HEADER.pack(len(payload)) + payload


def _remaining(deadline: float | None) -> float | None:
    """Seconds until the deadline; TimedOut once it has passed."""
    if deadline is None:
        return None
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimedOut("The deadline has passed.")
    return seconds


class SocketChannel:
    """Frames over a connected stream socket, which it owns from now on."""

    def __init__(self, sock: socket.socket, max_frame: int) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._frames = _Frames(max_frame)

    def send(self, payload: bytes, deadline: float | None) -> None:
        """Send one payload, taking in what arrives meanwhile, so that two senders never block."""
        rest = memoryview(self._frames.wrap(payload))
        while rest:
            _remaining(deadline)
            try:
                rest = rest[self._sock.send(rest) :]
            except (BlockingIOError, InterruptedError):
                if self._wait(deadline, writing=True):
                    self._take()
            except OSError as error:
                raise Closed("The peer is gone.") from error

    def recv(self, deadline: float | None) -> bytes:
        """Wait for one payload; a peer that trickles does not move the deadline."""
        while (payload := self._frames.next()) is None:
            self._wait(deadline, writing=False)
            self._take()
        return payload

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def _take(self) -> None:
        try:
            data = self._sock.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            raise Closed("The peer is gone.") from error
        if not data:
            raise Closed("The peer closed its end.")
        self._frames.feed(data)

    def _wait(self, deadline: float | None, *, writing: bool) -> bool:
        """Wait until the socket is ready; return whether there is something to read."""
        seconds = _remaining(deadline)
        if self._sock.fileno() < 0:
            raise Closed("The channel is closed.")
        # While sending, a full buffer must not be filled further.
        reading = not (writing and self._frames.full())
        if not _HAS_POLL:
            readers = [self._sock] if reading else []
            writers = [self._sock] if writing else []
            return bool(select.select(readers, writers, [], seconds)[0])
        poller = select.poll()
        poller.register(
            self._sock, (select.POLLIN if reading else 0) | (select.POLLOUT if writing else 0)
        )
        events = poller.poll(None if seconds is None else max(1, round(seconds * 1000)))
        return reading and any(event & ~select.POLLOUT for _, event in events)


class PipeChannel:
    """Frames over two file descriptors, which it owns from now on; on Windows too.

    Waiting without a deadline needs no thread. The first deadline starts one for its direction;
    close() ends it, provided that the peer is dead by then.
    """

    def __init__(self, reader_fd: int, writer_fd: int, max_frame: int) -> None:
        self._frames = _Frames(max_frame)
        self._reader = _Reader(reader_fd)
        self._writer = _Writer(writer_fd)

    def send(self, payload: bytes, deadline: float | None) -> None:
        """Send one payload."""
        self._writer.write(self._frames.wrap(payload), deadline)

    def recv(self, deadline: float | None) -> bytes:
        """Wait for one payload; a peer that trickles does not move the deadline."""
        while (payload := self._frames.next()) is None:
            data = self._reader.read(deadline)
            if not data:
                raise Closed("The peer closed its end.")
            self._frames.feed(data)
        return payload

    def close(self) -> None:
        """Close both ends and end the threads."""
        self._writer.close()
        self._reader.close()


class _Reader:
    """Reads a descriptor, in a thread once there is a deadline: no read of a pipe can time out."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._thread: threading.Thread | None = None
        # Bounded: a peer that floods fills this and then waits.
        self._chunks: queue.Queue[bytes] = queue.Queue(maxsize=4)
        self._stop = False

    def read(self, deadline: float | None) -> bytes:
        """Return what arrives next, or nothing at the end."""
        if self._stop:
            return b""
        if self._thread is None:
            if deadline is None:
                return _read(self._fd)
            self._thread = threading.Thread(target=self._run, name="pipe-reader", daemon=True)
            self._thread.start()
        try:
            return self._chunks.get(timeout=_remaining(deadline))
        except queue.Empty:
            raise TimedOut("The deadline has passed.") from None

    def close(self) -> None:
        if self._stop:
            return
        self._stop = True
        if self._thread is None:
            os.close(self._fd)
        else:
            self._thread.join(timeout=1.0)

    def _run(self) -> None:
        # The thread closes what it reads: closing under a blocked read would free the number
        # for someone else's file.
        data = b"-"
        while data and not self._stop:
            data = _read(self._fd)
            self._hand_over(data)
        os.close(self._fd)

    def _hand_over(self, data: bytes) -> None:
        while not self._stop:
            with contextlib.suppress(queue.Full):
                self._chunks.put(data, timeout=0.1)
                return


class _Writer:
    """Writes a descriptor, in a thread once there is a deadline."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._thread: threading.Thread | None = None
        self._frames: queue.Queue[bytes | None] = queue.Queue()
        self._written: queue.Queue[bool] = queue.Queue()
        self._stop = False

    def write(self, frame: bytes, deadline: float | None) -> None:
        if self._stop:
            raise Closed("The channel is closed.")
        if deadline is None and self._thread is None:
            written = _write(self._fd, frame)
        else:
            written = self._by_thread(frame, deadline)
        if not written:
            raise Closed("The peer is gone.")

    def _by_thread(self, frame: bytes, deadline: float | None) -> bool:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="pipe-writer", daemon=True)
            self._thread.start()
        self._frames.put(frame)
        try:
            return self._written.get(timeout=_remaining(deadline))
        except queue.Empty:
            raise TimedOut("The deadline has passed.") from None

    def close(self) -> None:
        if self._stop:
            return
        self._stop = True
        if self._thread is None:
            os.close(self._fd)
        else:
            self._frames.put(None)
            self._thread.join(timeout=1.0)

    def _run(self) -> None:
        while (frame := self._frames.get()) is not None:
            self._written.put(_write(self._fd, frame))
        os.close(self._fd)


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, _CHUNK)
    except OSError:
        return b""


def _write(fd: int, frame: bytes) -> bool:
    rest = memoryview(frame)
    try:
        while rest:
            rest = rest[os.write(fd, rest) :]
    except OSError:
        return False
    return True
