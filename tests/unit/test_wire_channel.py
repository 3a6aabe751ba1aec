"""Frames keep their bounds, whatever the peer does."""

import contextlib
import os
import socket
import threading
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import WireError
from autograder.wire.channel import Closed, PipeChannel, SocketChannel, TimedOut

CAP = 1 << 20
BIG = os.urandom(CAP)


def soon():
    return time.monotonic() + 5.0


class Ends:
    """A channel and the bare descriptors of its peer."""

    def __init__(self, kind, cap=CAP):
        if kind == "socket":
            ours, self._theirs = socket.socketpair()
            self.channel = SocketChannel(ours, cap)
            self.incoming = self.outgoing = self._theirs.detach()
        else:
            self.incoming, writer = os.pipe()
            reader, self.outgoing = os.pipe()
            self.channel = PipeChannel(reader, writer, cap)

    def close_peer(self):
        for fd in {self.incoming, self.outgoing}:
            with contextlib.suppress(OSError):
                os.close(fd)
        self.incoming = self.outgoing = -1


@pytest.fixture(params=["socket", "pipe"])
def ends(request):
    ends = Ends(request.param)
    yield ends
    if ends.incoming >= 0:
        ends.close_peer()
    ends.channel.close()


def collect(channel, got):
    while True:
        got.append(channel.recv(soon()))


def keep_sending(channel, payload, seconds):
    for _ in range(100):
        channel.send(payload, time.monotonic() + seconds)


def frame(payload):
    return len(payload).to_bytes(4, "big") + payload


def read_exactly(fd, length):
    data = b""
    while len(data) < length:
        data += os.read(fd, length - len(data))
    return data


def test_payloads_arrive_one_by_one(ends):
    os.write(ends.outgoing, frame(b"one") + frame(b"") + frame(b"three")[:5])
    assert ends.channel.recv(soon()) == b"one"
    assert ends.channel.recv(soon()) == b""
    os.write(ends.outgoing, frame(b"three")[5:])
    assert ends.channel.recv(soon()) == b"three"


def test_a_payload_is_sent_with_its_length(ends):
    ends.channel.send(b"hello", soon())
    assert read_exactly(ends.incoming, 9) == frame(b"hello")


def test_without_a_deadline_it_waits_and_starts_no_thread(ends):
    before = threading.active_count()
    os.write(ends.outgoing, frame(b"x"))
    assert ends.channel.recv(None) == b"x"
    ends.channel.send(b"y", None)
    assert read_exactly(ends.incoming, 5) == frame(b"y")
    assert threading.active_count() == before


def test_a_payload_of_the_cap_crosses_both_ways(ends):
    peer = threading.Thread(
        target=lambda: (
            os.write(ends.outgoing, b"")
            or [
                os.write(ends.outgoing, frame(BIG)[i : i + 65536]) for i in range(0, CAP + 4, 65536)
            ]
        )
    )
    peer.start()
    assert ends.channel.recv(soon()) == BIG
    peer.join()
    got = []
    peer = threading.Thread(target=lambda: got.append(read_exactly(ends.incoming, CAP + 4)))
    peer.start()
    ends.channel.send(BIG, soon())
    peer.join()
    assert got == [frame(BIG)]


@pytest.mark.parametrize("length", [CAP + 1, 2**32 - 1])
def test_a_length_above_the_cap_is_refused_at_once(ends, length):
    os.write(ends.outgoing, length.to_bytes(4, "big"))
    with pytest.raises(WireError, match="allowed"):
        ends.channel.recv(soon())


def test_a_stated_length_allocates_nothing(ends):
    os.write(ends.outgoing, CAP.to_bytes(4, "big") + b"x")
    tracemalloc.start()
    with pytest.raises(TimedOut):
        ends.channel.recv(time.monotonic() + 0.05)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < CAP / 2


def test_a_payload_above_the_cap_is_not_sent(ends):
    with pytest.raises(WireError, match="allowed"):
        ends.channel.send(BIG + b"x", soon())


def test_a_silent_peer_times_out(ends):
    with pytest.raises(TimedOut):
        ends.channel.recv(time.monotonic() + 0.02)


def test_a_deadline_in_the_past_times_out(ends):
    with pytest.raises(TimedOut):
        ends.channel.recv(time.monotonic() - 1)


def test_a_peer_that_trickles_does_not_move_the_deadline(ends):
    stop = threading.Event()

    def trickle():
        os.write(ends.outgoing, (1000).to_bytes(4, "big"))
        while not stop.wait(0.005):
            os.write(ends.outgoing, b"x")

    peer = threading.Thread(target=trickle)
    peer.start()
    with pytest.raises(TimedOut):
        ends.channel.recv(time.monotonic() + 0.1)
    stop.set()
    peer.join()


def test_a_peer_that_stops_reading_times_out(ends):
    with pytest.raises(TimedOut):
        keep_sending(ends.channel, BIG, 0.05)


def test_a_peer_that_is_gone_is_closed_for_reading(ends):
    os.write(ends.outgoing, frame(b"last") + b"\0\0")
    ends.close_peer()
    assert ends.channel.recv(soon()) == b"last"
    with pytest.raises(Closed):
        ends.channel.recv(soon())


def test_a_peer_that_is_gone_is_closed_for_writing(ends):
    ends.close_peer()
    with pytest.raises(Closed):
        keep_sending(ends.channel, BIG, 5.0)


def test_closing_twice_is_fine_and_a_closed_channel_says_so(ends):
    ends.close_peer()
    ends.channel.close()
    ends.channel.close()
    with pytest.raises(Closed):
        ends.channel.recv(soon())
    with pytest.raises(Closed):
        ends.channel.send(b"x", soon())


def test_two_ends_that_send_at_once_do_not_block_each_other():
    a, b = socket.socketpair()
    one, two = SocketChannel(a, CAP), SocketChannel(b, CAP)
    got = []

    def other():
        two.send(BIG, soon())
        got.append(two.recv(soon()))

    peer = threading.Thread(target=other)
    peer.start()
    one.send(BIG, soon())
    got.append(one.recv(soon()))
    peer.join()
    one.close()
    two.close()
    assert got == [BIG, BIG]


def test_a_flood_while_sending_is_held_to_a_frame():
    ours, theirs = socket.socketpair()
    channel = SocketChannel(ours, 1 << 16)
    stop = threading.Event()

    def flood():
        theirs.settimeout(0.05)
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                theirs.send(BIG)

    peer = threading.Thread(target=flood)
    peer.start()
    tracemalloc.start()
    with pytest.raises(TimedOut):
        keep_sending(channel, bytes(1 << 16), 0.2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    stop.set()
    peer.join()
    channel.close()
    theirs.close()
    assert peak < CAP


def test_threads_of_a_pipe_end_with_it():
    before = threading.active_count()
    ends = Ends("pipe")
    ends.channel.send(b"x", soon())
    os.write(ends.outgoing, frame(b"y"))
    ends.channel.recv(soon())
    ends.close_peer()
    ends.channel.close()
    assert threading.active_count() == before


def test_threads_of_a_flooded_pipe_end_with_it():
    ends = Ends("pipe", cap=10)
    stop = threading.Event()

    def flood():
        with contextlib.suppress(OSError):
            while not stop.is_set():
                os.write(ends.outgoing, frame(b"x") * 10_000)

    before = threading.active_count()
    peer = threading.Thread(target=flood)
    peer.start()
    assert ends.channel.recv(soon()) == b"x"
    stop.set()
    ends.channel.close()
    peer.join(timeout=5)
    ends.close_peer()
    # A reader that had emptied the pipe by then is woken by its end, a moment later.
    deadline = time.monotonic() + 5
    while threading.active_count() != before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=12), max_size=6), st.booleans())
def test_any_stream_ends_in_a_known_way(chunks, framed):
    ends = Ends("socket", cap=1000)
    for chunk in chunks:
        os.write(ends.outgoing, frame(chunk) if framed else chunk)
    ends.close_peer()
    got = []
    with pytest.raises((Closed, WireError)):
        collect(ends.channel, got)
    ends.channel.close()
    if framed:
        assert got == chunks
