"""A system call filter as the program that the kernel runs at each call, which finds it by halving.

Whoever compares one call after the other has a program of a thousand steps for four hundred calls,
which the kernel translates, and tries with every number there is, anew for each inmate. Calls that
are answered alike mostly have numbers side by side: so there are half as many steps, and half the
time. https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from seccompy.bpf import Insn

__all__ = ["ALLOW", "ERRNO", "Rules", "Where"]

ALLOW, ERRNO, _KILL_PROCESS = 0x7FFF_0000, 0x0005_0000, 0x8000_0000
_NUMBER, _PROCESSOR, _ARGUMENTS = 0, 4, 16  # where the kernel lays them, in bytes
_LOW_WORD = 0xFFFF_FFFF


class Where(NamedTuple):
    """A condition: argument & mask == value, in 64 bits."""

    argument: int
    value: int
    mask: int


class _Rule(NamedTuple):
    answer: int
    conditions: tuple[Where, ...]


class Rules:
    """What the kernel answers to each call: the first rule of it that holds, else ``default``.

    An answer is ALLOW, or ERRNO with an error's number. Calls through another processor's table
    end the process.
    """

    def __init__(self, default: int) -> None:
        self._default = default
        self._rules: dict[int, list[_Rule]] = {}

    def add(self, name: str, answer: int, *conditions: Where) -> None:
        """Answer a call, where all the conditions hold; one that this processor lacks is none."""
        import seccompy

        try:
            number = seccompy.syscall_nr(name)
        except ValueError:
            return
        self._rules.setdefault(number, []).append(_Rule(answer, conditions))

    def program(self) -> bytes:
        """Compile them.

        Raises seccompy.UnsupportedError for a processor without a table.
        """
        from seccompy import audit_arch, bpf

        steps = _Steps()
        steps.add(bpf.Load(_PROCESSOR), bpf.Jump(bpf.BPF_JEQ, audit_arch(), None, "foreign"))
        steps.add(bpf.Load(_NUMBER))
        steps.search(self._ranges())
        for number, rules in self._rules.items():
            if rules[0].conditions:
                steps.mark(_asked(number))
                for rule in rules:
                    steps.rule(rule)
                    if not rule.conditions:
                        break
                else:
                    steps.add(bpf.Ret(self._default))
        steps.mark("foreign")
        steps.add(bpf.Ret(_KILL_PROCESS))
        return bpf.assemble(steps.all, steps.labels)

    def _ranges(self) -> list[tuple[int, int | str]]:
        """Return the first number of each range that is answered alike, from 0 to the last."""
        answers = ((number, self._at_once(number)) for number in range(max(self._rules) + 2))
        return [next(range_) for _, range_ in itertools.groupby(answers, lambda each: each[1])]

    def _at_once(self, number: int) -> int | str:
        """Return what a call is answered, or the place where its arguments are looked at."""
        rules = self._rules.get(number)
        if rules is None:
            return self._default
        return _asked(number) if rules[0].conditions else rules[0].answer


class _Steps:
    """The steps of a program, as it is written."""

    def __init__(self) -> None:
        self.all: list[Insn] = []
        self.labels: dict[str, int] = {}
        self._fresh = itertools.count()

    def add(self, *steps: Insn) -> None:
        self.all += steps

    def mark(self, label: str) -> None:
        self.labels[label] = len(self.all)

    def search(self, ranges: list[tuple[int, int | str]]) -> None:
        """Find the range that the call's number is in, and answer."""
        from seccompy import bpf

        if len(ranges) == 1:
            answer = ranges[0][1]
            self.add(bpf.Ja(answer) if isinstance(answer, str) else bpf.Ret(answer))
            return
        middle = len(ranges) // 2
        upper = f"from {ranges[middle][0]}"
        self.add(bpf.Jump(bpf.BPF_JGEQ, ranges[middle][0], upper, None))
        self.search(ranges[:middle])
        self.mark(upper)
        self.search(ranges[middle:])

    def rule(self, rule: _Rule) -> None:
        """Answer where all conditions hold, else go on behind."""
        from seccompy import bpf

        behind = f"behind {next(self._fresh)}"
        for argument, value, mask in rule.conditions:
            for word in range(2):
                wanted, bits = (each >> 32 * word & _LOW_WORD for each in (value, mask))
                if bits:
                    self.add(bpf.Load(_ARGUMENTS + 8 * argument + 4 * word), bpf.And(bits))
                    self.add(bpf.Jump(bpf.BPF_JEQ, wanted, None, behind))
        self.add(bpf.Ret(rule.answer))
        self.mark(behind)


def _asked(number: int) -> str:
    return f"asked of {number}"
