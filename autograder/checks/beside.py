"""What came beside what was wanted, as a picture of the very call that failed.

An exercise's standing picture does not draw every value that a check compares. This one is made of
the compared values themselves: bars for a few numbers, curves for many, maps for a matrix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograder.checks.plotting import bars, heat, line, panel, points
from autograder.model import Evidence, Mark, Panel, Plot
from autograder.model.plots import Lack, Who

__all__ = ["beside"]

FEW, MOST = 12, 400  # numbers: as bars; at all
MOST_MARKED = 0.5  # of a map's cells: where most differ, marks tell nothing
KINDS = ("differs", "nan")
# A check's own tolerance is not known; the one that finds as many wrong entries is taken for it.
TOLERANCES = ((1e-7, 1e-12), (1e-6, 1e-9), (1e-5, 1e-8), (1e-4, 1e-7), (1e-3, 1e-6), (1e-2, 1e-5))
Values = NDArray[np.float64]


def beside(evidence: Evidence, got: object, wanted: object, argument: object = None) -> Plot | None:
    """Return the picture of two arrays that differ; None where they are no such thing.

    evidence: how they differ. argument: of the call, what a curve is drawn over if it fits.
    """
    have, want = _numbers(got), _numbers(wanted)
    if evidence.kind not in KINDS or have is None or want is None or have.shape != want.shape:
        return None
    if have.ndim == 2:
        return Plot(_maps(have, want, _wrong(evidence, have, want)))
    return Plot((_row(have, want) if have.size <= FEW else _curves(have, want, argument),))


def _numbers(value: object) -> Values | None:
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf":
        return None
    fits = value.ndim in (1, 2) and 1 < value.size <= MOST
    return value.astype(np.float64) if fits else None


def _wrong(evidence: Evidence, have: Values, want: Values) -> NDArray[np.bool_]:
    """Return which entries the check found wrong; none where that cannot be told."""
    for rtol, atol in TOLERANCES:
        wrong = ~np.isclose(have, want, rtol=rtol, atol=atol, equal_nan=True)
        if wrong.sum() == evidence.wrong:
            return wrong
    return np.zeros(have.shape, dtype=bool)


def _row(have: Values, want: Values) -> Panel:
    names = [f"[{place}]" for place in range(have.size)]
    return panel(bars("target", names, want), bars("learner", names, have))


def _curves(have: Values, want: Values, argument: object) -> Panel:
    over = _numbers(argument)
    told = over is not None and over.shape == have.shape and bool(np.all(np.diff(over) > 0))
    x = over if over is not None and told else np.arange(have.size)
    return panel(line("target", x, want), line("learner", x, have))


def _maps(have: Values, want: Values, wrong: NDArray[np.bool_]) -> tuple[Panel, ...]:
    rows, columns = have.shape
    known = np.concatenate([have[np.isfinite(have)], want[np.isfinite(want)]])
    ends = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    frame = (-0.5, columns - 0.5, rows - 0.5, -0.5)  # the first row above, as it is printed

    def map_of(who: Who, values: Values) -> Mark | Lack:
        return heat(who, np.arange(columns), np.arange(rows), values, ends=ends)

    # A dot in the corner of a cell: in the middle stands its number.
    down, across = np.nonzero(wrong)
    dots = points("learner", across + 0.36, down - 0.36, label="picture.differs")
    marked = (dots,) if 0 < wrong.mean() <= MOST_MARKED else ()
    return (
        panel(map_of("learner", have), *marked, title="picture.got", frame=frame),
        panel(map_of("target", want), title="picture.wanted", frame=frame),
    )
