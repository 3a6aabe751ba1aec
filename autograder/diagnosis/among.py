"""A mistake among others: a variant that is wrong only where the program is, and in the same way.

Who has made two mistakes does as no single variant does. But wherever the variant is wrong, their
program did the same; what is wrong besides is another matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.diagnosis.answers import alike
from autograder.diagnosis.asking import Room
from autograder.diagnosis.match import Suspect, concerns, did_alike, portable
from autograder.diagnosis.nothing import stops_at_nothing
from autograder.diagnosis.second_look import telling
from autograder.errors import UnknownAnswer
from autograder.sandbox.proxy import Exchange
from autograder.wire.protocol import Call, Outcome, Returned

__all__ = ["Share", "name_among", "share_of"]

Put = tuple[Call, Outcome, Outcome, Outcome]
"""A call, and what the learner's program, the variant and the reference did."""


@dataclass
class Share:
    """What a variant has in a program, call by call.

    shown: calls on which both are wrong alike; alike: how many calls came out the same in both, of
    so many. stops: whether an exception stops the variant where it is asked of nothing at all, an
    empty list; fails: whether its value is wrong anywhere else.
    """

    suspect: Suspect
    shown: list[Exchange] = field(default_factory=list)
    alike: int = 0
    of: int = 0
    stops: bool = False
    fails: bool = False

    @property
    def enough(self) -> bool:
        """Whether the program did as the variant on most calls: else too much is unexplained.

        Whoever stops when asked of nothing, and never otherwise in that way, has forgotten that it
        may be, however wrong the rest is.
        """
        return (self.stops and not self.fails) or 2 * self.alike > self.of

    def put(self, calls: Iterable[Put]) -> bool:
        """Add calls; tell whether the mistake may be the program's, whole and no part of another.

        It is not, where the variant is wrong and the program is not, or otherwise. And where a
        value that is a sign of the mistake is found in other places too, the program's own mistake
        is a larger one: who returns nothing at all has not just forgotten the end of the list.
        Of a variant that returns something wrong, its values alone count: whether an argument is
        overwritten besides is a matter of its own, all the more where the reference does it.
        """
        signs, others = list[Outcome](), list[Outcome]()
        aside, aside_alike = list[Exchange](), True
        for call, mine, theirs, right in calls:
            value = _value(mine)
            same = did_alike(value, _value(theirs))
            self.of += 1
            self.alike += same
            if alike(_value(theirs), _value(right)):
                others += [] if same else [value]
                if not alike(theirs, right):  # it changed an argument, or was warned
                    aside += [Exchange(call, mine)] if same else []
                    aside_alike &= alike(_besides(mine, right), _besides(theirs, right))
                continue
            if not same:
                return False
            nothing = stops_at_nothing(call, theirs)
            self.stops |= nothing
            self.fails |= not nothing
            signs.append(value)
            self.shown.append(Exchange(call, mine))
        if not signs:
            self.shown += aside
        larger = any(did_alike(value, sign) for value in others for sign in signs)
        return not larger and (bool(signs) or aside_alike)


def name_among(
    departures: Sequence[Exchange],
    calls: Sequence[Exchange],
    suspects: Sequence[Suspect],
    room: Room,
    *,
    whole: bool = False,
) -> str | None:
    """Return the misconception that a program shows beside another mistake, if it is a single one.

    departures: the calls of a check that went wrong; calls: those of all checks.
    whole: only such as account for every value; what became of an argument may be another matter.
    None where variants of several misconceptions explain as much, where fresh inputs speak against
    it, or where what was shown, fresh inputs included, could be any mistake's.
    """
    shares = [
        share
        for each in suspects
        if (share := share_of(each, departures, calls, room)) is not None
        and (share.alike == share.of or not whole)
    ]
    asked = "among", frozenset(id(each.suspect) for each in shares)
    if asked not in room.known:  # the checks of a task ask alike
        room.known[asked] = _afresh(shares, room) if shares else None
    return room.known[asked]


def share_of(
    suspect: Suspect, departures: Sequence[Exchange], calls: Sequence[Exchange], room: Room
) -> Share | None:
    """Return what a variant has in a program; None where it is not the program's mistake.

    Of programs that train from weights of their own nothing is told: each call comes out anew.
    """
    if not suspect.steady:
        return None
    here, share = Share(suspect), Share(suspect)
    if not here.put(_answered(suspect, departures, room)) or not here.shown:
        return None
    return share if share.put(_answered(suspect, calls, room)) and share.enough else None


def _answered(suspect: Suspect, calls: Sequence[Exchange], room: Room) -> Iterator[Put]:
    for each in calls:
        if not portable(each) or not concerns(suspect, each):
            continue
        try:
            right = room.reference.call(each.call)
        except UnknownAnswer:  # what nobody froze, nobody can answer
            continue
        yield each.call, each.outcome, suspect.session.call(each.call), right


def _afresh(shares: Sequence[Share], room: Room) -> str | None:
    """Ask what was shown with fresh inputs: the variants must be wrong there as the program is."""
    shown = {id(each.call): each for share in shares for each in share.shown}
    asked = list(room.again(list(shown.values())))
    left: list[Share] = []
    for share in shares:
        again = Share(share.suspect)
        theirs = [
            (call, mine, room.bound.call(share.suspect.session, call), right)
            for call, mine, right in asked
            if concerns(share.suspect, Exchange(call, mine))
        ]
        # Of two answers, yes and no, one is wrong like the other, in whatever way it came about.
        sure = again.put(theirs) and telling([*share.shown, *again.shown], room.reference)
        left += [share] if sure else []
    most = max((len(each.shown) for each in left), default=0)
    names = {each.suspect.name for each in left if len(each.shown) == most}
    return names.pop() if len(names) == 1 else None


def _value(outcome: Outcome) -> Outcome:
    return Returned(outcome.value) if isinstance(outcome, Returned) else outcome


def _besides(outcome: Outcome, right: Outcome) -> Outcome:
    """Return what a call did besides: of what must not change, only that it did."""
    if not isinstance(outcome, Returned):
        return outcome
    must = right.changed if isinstance(right, Returned) else {}
    changed = {at: value if at in must else None for at, value in outcome.changed.items()}
    return Returned(None, changed, outcome.warnings)
