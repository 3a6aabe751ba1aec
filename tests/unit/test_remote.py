"""A session over processes that die, lie or never answer, each a script in a thread."""

import contextlib
import socket
import threading
from dataclasses import replace

import pytest

from autograder.errors import EngineFault
from autograder.sandbox.ahead import Ahead, Foreseen
from autograder.sandbox.child import serve
from autograder.sandbox.policy import Limits
from autograder.sandbox.program import Runner
from autograder.sandbox.remote import RemoteSession
from autograder.wire.channel import Closed, SocketChannel
from autograder.wire.codec import Answers, Begun, Ready, nonce_of, pack, unpack
from autograder.wire.protocol import (
    Call,
    Calls,
    Crashed,
    Failure,
    Handle,
    Loaded,
    Missing,
    Name,
    Part,
    Program,
    Raised,
    Returned,
    Seed,
    Stopped,
)
from autograder.wire.values import Budget

MIB = 1024 * 1024
LIMITS = Limits(wall=5.0, total=20.0, frame=1)
HASTY = Limits(wall=0.05, total=20.0, frame=1)
PROGRAM = Program("m", (Part("cell 1", "a"), Part("cell 2", "b"), Part("cell 3", "c")))
CALL = Call(Name("f"), (1,))
MILD = Part("cell 2", "b", definitions_only=True)


def with_parts(*parts):
    return replace(PROGRAM, parts=parts)


class Stage:
    """Starts "processes": each a thread that plays the next script."""

    def __init__(self, *scripts, ready=True, verdict=None):
        self.scripts = iter(scripts)
        self.ready = ready
        self.death = verdict or Crashed(signal=11)
        self.programs = []
        self.started = 0
        self.alive = 0
        self.threads = []

    def start(self):
        ours, theirs = socket.socketpair()
        self.started += 1
        self.alive += 1
        thread = threading.Thread(target=self._play, args=(theirs, next(self.scripts)))
        self.threads.append(thread)
        thread.start()
        return SocketChannel(ours, MIB), Actor(self, theirs)

    def _play(self, sock, script):
        channel = SocketChannel(sock, MIB)
        try:
            if self.ready:
                channel.send(pack(Ready()), None)
            while True:
                data = channel.recv(None)
                request, nonce = unpack(data, Budget()), nonce_of(data)
                if isinstance(request, Program):
                    self.programs.append(request)
                for answer in script(request):
                    if isinstance(answer, tuple):
                        answer = Answers(tuple(pack(each, nonce) for each in answer))
                    message = answer if isinstance(answer, bytes) else pack(answer, nonce)
                    channel.send(message, None)
        except (Closed, ValueError):
            pass
        finally:
            channel.close()


class Actor:
    def __init__(self, stage, sock):
        self.stage = stage
        self.sock = sock
        self.killed = False

    def kill(self):
        if not self.killed:
            self.killed = True
            self.stage.alive -= 1
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def verdict(self):
        assert not self.killed
        return self.stage.death


def good(request):
    yield Loaded({"f": "function"}) if isinstance(request, Program) else Returned(7)


def answering(*answers):
    """Load well, then answer the calls in turn; a None is the end of the process."""
    left = iter(answers)

    def script(request):
        if isinstance(request, Program):
            yield Loaded({"f": "function"})
            return
        answer = next(left, [])
        if answer is None:
            raise Closed
        yield from answer if isinstance(answer, list) else [answer]

    return script


def loading(*answers):
    def script(request):
        assert isinstance(request, Program)
        for answer in answers:
            if answer is None:
                raise Closed
            yield answer

    return script


@pytest.fixture
def opened():
    made = []

    def make(*scripts, limits=LIMITS, program=PROGRAM, **kwargs):
        stage = Stage(*scripts, **kwargs)
        session = RemoteSession(program, limits, stage.start)
        made.append((stage, session))
        return stage, session

    yield make
    for stage, session in made:
        session.close()
        session.close()
        assert stage.alive == 0
        for thread in stage.threads:
            thread.join(timeout=5)
            assert not thread.is_alive()


def test_a_program_is_loaded_once_and_called(opened):
    stage, session = opened(good)
    assert session.load() is session.load()
    assert session.call(CALL) == Returned(7)
    assert stage.started == 1


def test_a_process_made_ahead_is_used_first():
    stage = Stage(good, good)
    session = RemoteSession(PROGRAM, LIMITS, stage.start, ready=stage.start())
    session.load()
    assert stage.started == 1
    session.close()
    assert stage.alive == 0


def test_a_process_made_ahead_is_ended_even_if_unused():
    stage = Stage(good)
    RemoteSession(PROGRAM, LIMITS, stage.start, ready=stage.start()).close()
    assert stage.alive == 0


@pytest.mark.parametrize("death", [Crashed(signal=11), Crashed(code=0), Stopped("memory", 1024.0)])
def test_a_process_that_dies_in_a_call_is_replaced_for_the_next(opened, death):
    stage, session = opened(answering(None), good, verdict=death)
    assert session.call(CALL) == death
    assert session.call(CALL) == Returned(7)
    assert stage.programs == [PROGRAM, PROGRAM]


def test_a_call_that_never_ends_is_stopped_and_the_next_answered(opened):
    stage, session = opened(answering([]), good, limits=HASTY)
    assert session.call(CALL) == Stopped("wall", 0.05)
    assert session.call(CALL) == Returned(7)
    assert stage.alive == 1


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"x" * 100,
        pack(Returned(7), 12345),
        [Ready()],
        [Loaded({})],
        [Begun(1)],
        [Crashed(signal=9)],
        [Stopped("total", 1.0)],
        [Returned(Seed(1))],
        [Returned(Handle(0, "Model"))],
        [Returned(7, {1: 5})],
        [CALL],
    ],
)
def test_an_answer_that_breaks_the_protocol_ends_the_process(opened, forged):
    stage, session = opened(answering(forged if isinstance(forged, list) else [forged]), good)
    assert session.call(CALL) == Crashed(protocol=True)
    assert stage.alive == 0
    assert session.call(CALL) == Returned(7)


def test_an_answer_sent_ahead_is_not_taken_for_the_next_call_s(opened):
    _, session = opened(answering([Returned(7), Returned(100)]), good)
    assert session.call(CALL) == Returned(7)
    assert session.call(CALL) == Crashed(protocol=True)


def test_a_kept_result_must_be_a_handle(opened):
    _, session = opened(answering(Returned(7)))
    assert session.call(replace(CALL, keep=True)) == Crashed(protocol=True)


def test_claims_about_limits_are_replaced_by_what_is_known(opened):
    _, session = opened(answering(Stopped("output", 1e300)))
    assert session.call(CALL) == Stopped("output", LIMITS.output / 1024)


def test_what_is_asked_aside_takes_no_time_of_a_program_nor_its_life(opened):
    stage, session = opened(answering(Returned(7), None), good)
    assert session.call(CALL) == Returned(7)
    taken = session._time.taken
    with session.aside():
        assert session.call(CALL) == Crashed(signal=11)
    assert session._time.taken == taken
    assert session.call(CALL) == Returned(7)
    assert stage.started == 2


def test_a_process_that_was_long_busy_aside_is_not_asked_by_checks_any_more(opened):
    stage, session = opened(good, good, limits=replace(LIMITS, cpu=0.0))
    session.load()
    with session.aside():
        session.call(CALL)
    session.call(CALL)
    assert stage.started == 2


def test_after_the_memory_limit_the_next_call_starts_afresh(opened):
    stage, session = opened(answering(Stopped("memory", 1.0)), good)
    assert session.call(CALL) == Stopped("memory", LIMITS.memory)
    assert session.call(CALL) == Returned(7)
    assert stage.started == 2


# ---- handles -----------------------------------------------------------------------------------


def test_a_handle_of_a_dead_process_is_answered_by_its_end(opened):
    seen = []

    def watching(request):
        seen.append(request)
        yield Loaded({}) if isinstance(request, Program) else Returned(Handle(0, "Model"))

    _, session = opened(answering(Returned(Handle(0, "Model")), None), watching)
    kept = replace(CALL, keep=True)
    stale = session.call(kept).value
    assert session.call(CALL) == Crashed(signal=11)
    fresh = session.call(kept).value
    assert stale != fresh
    assert session.call(Call(stale)) == Crashed(signal=11)
    assert session.call(Call(Name("f"), ([{"m": stale}],))) == Crashed(signal=11)
    session.call(Call(fresh, ((fresh,),), {"m": [fresh]}, keep=True))
    inner = Handle(0, "Model")
    assert seen[-1] == Call(inner, ((inner,),), {"m": [inner]}, keep=True)
    assert session.call(Call(Handle(2**60, "Model"))) == Missing(f"object {2**60}", kind="Model")


# ---- loading -----------------------------------------------------------------------------------


def test_of_a_part_that_kills_only_the_definitions_are_loaded_again(opened):
    stage, session = opened(loading(Begun(1), None), good)
    loaded = session.load()
    assert loaded == Loaded({"f": "function"}, (Failure("cell 2", Crashed(signal=11)),))
    assert session.call(CALL) == Returned(7)
    assert stage.programs == [PROGRAM, with_parts(PROGRAM.parts[0], MILD, PROGRAM.parts[2])]


def test_the_failure_of_a_part_is_reported_once(opened):
    again = Loaded({}, (Failure("cell 1", Raised("E", "")), Failure("cell 2", Raised("E", ""))))
    _, session = opened(loading(None), loading(again))
    assert session.load().failures == (
        Failure("cell 1", Crashed(signal=11)),
        Failure("cell 2", Raised("E", "")),
    )


def test_a_part_that_kills_even_then_is_left_out_and_the_later_ones_run(opened):
    stage, session = opened(loading(Begun(1), None), loading(Begun(1), None), good, good)
    assert session.load().failures == (Failure("cell 2", Crashed(signal=11)),)
    assert session.call(CALL) == Returned(7)
    left_out = replace(MILD, source="")
    assert stage.programs[-1] == with_parts(PROGRAM.parts[0], left_out, PROGRAM.parts[2])


def test_each_part_that_kills_is_reported_with_its_own_end(opened):
    _, session = opened(loading(Begun(1), None), loading(Begun(1), Begun(2), None), good)
    assert [each.part for each in session.load().failures] == ["cell 2", "cell 3"]


def test_a_program_that_always_kills_answers_every_call_the_same(opened):
    stage, session = opened(*[loading(None)] * 3)
    assert session.load() == Loaded({}, (Failure("cell 1", Crashed(signal=11)),))
    assert session.call(CALL) == session.call(CALL) == Crashed(signal=11)
    assert stage.started == 3


def test_a_top_level_that_never_ends_is_stopped(opened):
    _, session = opened(loading(), good, limits=HASTY)
    assert session.load().failures == (Failure("cell 1", Stopped("wall", HASTY.loading)),)
    assert session.call(CALL) == Returned(7)


def test_a_top_level_that_ends_only_once_is_not_tried_for_ever(opened):
    stage, session = opened(answering(None), loading(None))
    session.load()
    assert [session.call(CALL) for _ in range(3)] == [Crashed(signal=11)] * 3
    assert stage.started == 2


@pytest.mark.parametrize(
    "begun", [[Begun(3)], [Begun(1), Begun(1)], [Begun(2), Begun(1)], [Returned(1)], [Ready()]]
)
def test_parts_out_of_turn_break_the_protocol(opened, begun):
    _, session = opened(loading(*begun, Loaded({})), good)
    assert session.load().failures[0].outcome == Crashed(protocol=True)


def test_a_load_that_claims_the_output_limit_breaks_the_protocol(opened):
    stage, session = opened(loading(Stopped("output", 1.0)), good)
    assert session.load().failures[0].outcome == Crashed(protocol=True)
    assert stage.alive == 1


# ---- bounds ------------------------------------------------------------------------------------


def test_a_spent_submission_starts_nothing_more(opened):
    limits = Limits(wall=0.05, total=0.08, frame=1)
    stage, session = opened(*(answering([]) for _ in range(5)), limits=limits)
    session.load()
    outcomes = [session.call(CALL) for _ in range(6)]
    assert outcomes[0] == Stopped("wall", 0.05)
    assert outcomes[-1] == Stopped("total", 0.08)
    assert stage.started <= 5
    started = stage.started
    assert session.call(CALL) == Stopped("total", 0.08)
    assert stage.started == started


def test_what_never_ends_on_a_busy_machine_takes_no_more_from_other_calls_than_on_a_quiet_one(
    opened,
):
    limits = Limits(wall=0.01, total=0.04, frame=1)  # the clock waits eight times as long
    _, session = opened(*(answering([]) for _ in range(5)), good, limits=limits)
    session.load()
    outcomes = [session.call(CALL) for _ in range(6)]
    assert outcomes == [*[Stopped("wall", 0.01)] * 5, Returned(7)]


def test_a_process_that_never_was_ready_is_our_fault(opened):
    def gone(request):
        raise Closed

    stage = Stage(gone, ready=False)
    original = stage.start

    def start():
        channel, process = original()
        process.sock.shutdown(socket.SHUT_RDWR)
        return channel, process

    session = RemoteSession(PROGRAM, LIMITS, start)
    with pytest.raises(EngineFault, match="did not start"):
        session.load()
    assert stage.alive == 0


def test_an_argument_that_cannot_cross_is_our_fault_and_kills_nothing(opened):
    _, session = opened(good)
    session.load()
    with pytest.raises(EngineFault, match="object"):
        session.call(Call(Name("f"), (object(),)))
    assert session.call(CALL) == Returned(7)


def test_a_closed_session_starts_nothing(opened):
    _, session = opened(good)
    session.load()
    session.close()
    with pytest.raises(EngineFault, match="closed"):
        session.call(CALL)


def test_a_real_runner_answers_through_it():
    ours, theirs = socket.socketpair()
    channel = SocketChannel(theirs, MIB)
    thread = threading.Thread(target=serve, args=(channel, LIMITS, Runner))
    thread.start()
    stage = Stage()
    stage.alive = 1
    actor = Actor(stage, theirs)
    program = Program("m", (Part("m.py", "def f(x):\n    print(x)\n    return x + 1\n"),))
    session = RemoteSession(program, LIMITS, lambda: (SocketChannel(ours, MIB), actor))
    answers = [session.call(Call(Name("f"), (i,))) for i in range(3)]
    session.close()
    thread.join(timeout=5)
    channel.close()
    assert [(answer.value, answer.output) for answer in answers] == [
        (1, "0\n"),
        (2, "1\n"),
        (3, "2\n"),
    ]


# ---- calls that are sent ahead ------------------------------------------------------------------


def asks(number):
    return Call(Name("f"), (number,))


def foreseen(**checks):
    return Ahead(
        Foreseen.of(check, asks(number)) for check, numbers in checks.items() for number in numbers
    )


def unpacked(request):
    return tuple(unpack(each, Budget()) for each in request.packed)


class Doubling:
    """A program that returns twice what it is given, and dies of a 13; notes what reaches it."""

    def __init__(self, most=99):
        self.requests = []
        self.most = most

    def __call__(self, request):
        self.requests.append(request)
        if isinstance(request, Program):
            yield Loaded({"f": "function"})
        elif isinstance(request, Calls):
            yield tuple(Returned(self.double(call)) for call in unpacked(request)[: self.most])
        else:
            yield Returned(self.double(request))

    def double(self, call):
        if call.args[0] == 13:
            raise Closed
        return 2 * call.args[0]

    def arguments(self):
        asked = [unpacked(each) if isinstance(each, Calls) else each for each in self.requests[1:]]
        return [
            [call.args[0] for call in each] if isinstance(each, tuple) else each.args[0]
            for each in asked
        ]


@pytest.fixture
def doubling(opened):
    def make(*programs, ahead):
        _, session = opened(*programs)
        session.load()
        session.ahead = ahead
        return session

    return make


def test_foreseen_calls_reach_a_program_in_one_message(doubling):
    program = Doubling()
    session = doubling(program, ahead=foreseen(a=[1, 2], b=[3]))
    session.ahead.begin("a")
    answers = [session.call(asks(1)).value, session.call(asks(2)).value]
    session.ahead.begin("b")
    assert [*answers, session.call(asks(3)).value] == [2, 4, 6]
    assert program.arguments() == [[1, 2, 3]]


def test_a_check_that_asks_something_else_goes_on_alone_and_the_next_does_not(doubling):
    program = Doubling()
    session = doubling(program, ahead=foreseen(a=[1, 2, 3], b=[4, 5]))
    session.ahead.begin("a")
    assert [session.call(asks(number)).value for number in (1, 7, 3)] == [2, 14, 6]
    session.ahead.begin("b")
    assert [session.call(asks(number)).value for number in (4, 5)] == [8, 10]
    assert program.arguments() == [[1, 2, 3, 4, 5], 7, 3]


def test_what_a_program_has_no_time_for_is_sent_again_in_its_turn(doubling):
    program = Doubling(most=2)
    session = doubling(program, ahead=foreseen(a=[1, 2, 3, 4, 5]))
    session.ahead.begin("a")
    assert [session.call(asks(number)).value for number in range(1, 6)] == [2, 4, 6, 8, 10]
    assert program.arguments() == [[1, 2, 3, 4, 5], [3, 4, 5], 5]


def test_which_of_several_calls_has_killed_is_found_one_by_one(doubling):
    first, second, third = Doubling(), Doubling(), Doubling()
    session = doubling(first, second, third, ahead=foreseen(a=[1, 13, 2], b=[3, 4]))
    session.ahead.begin("a")
    found = [session.call(asks(number)) for number in (1, 13, 2)]
    assert found == [Returned(2), Crashed(signal=11), Returned(4)]
    session.ahead.begin("b")
    assert [session.call(asks(number)).value for number in (3, 4)] == [6, 8]
    assert first.arguments() == [[1, 13, 2, 3, 4]]
    assert second.arguments() == [1, 13]
    assert third.arguments() == [2, 3, 4]


def test_what_once_cost_a_process_is_sent_ahead_no_more_in_another_phase(opened):
    _, session = opened(answering([]), good, limits=HASTY)
    session.load()
    session.foresee(calls := foreseen(a=[1, 2]))
    calls.begin("a")
    session.call(asks(1))
    session.foresee(foreseen(b=[3, 4]))
    session.ahead.begin("b")
    assert not session.ahead.expects(asks(3))


def test_the_time_of_calls_that_are_made_again_is_not_the_program_s(opened):
    calls = foreseen(a=[1, 2])
    _, session = opened(answering([]), good, limits=HASTY)
    session.load()
    session.ahead = calls
    calls.begin("a")
    assert session.call(asks(1)) == Returned(7)
    assert session._time.taken.seconds < HASTY.wall


@pytest.mark.parametrize(
    "forged",
    [
        [Answers((b"", b"", b""))],
        [Answers(())],
        [Returned(7)],
        [Stopped("cpu", 1.0)],
        [Answers((pack(Returned(7), 5),))],
        [Answers((pack(Crashed(9)),))],
    ],
)
def test_a_forged_batch_of_answers_gives_no_answer(opened, forged):
    calls = foreseen(a=[1, 2])
    _, session = opened(answering(forged, Returned(8)), answering(Returned(8), Returned(8)))
    session.load()
    session.ahead = calls
    calls.begin("a")
    assert session.call(asks(1)) in (Returned(8), Crashed(protocol=True))
