"""Item analysis, as classical test theory has it: what each check tells, and how much they agree.

Throughout, ``scores`` is an array of shape (learners, items) of the points that each earned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

__all__ = ["Alpha", "Item", "cronbach_alpha", "item_of", "learners_needed", "rest_correlation"]

Scores = NDArray[np.float64]
FEWEST = 3  # learners of whom a correlation says anything at all
BEST = 0.27  # of the class: Kelley's share of the best and of the weakest


@dataclass(frozen=True)
class Item:
    """What a check, or a task, tells.

    learners: how many it was put to.
    difficulty: the mean share of its points that they earned, 0 to 1; high is easy.
    discrimination: the correlation with the points of all the rest; None where one does not vary.
    best, weakest: the same share, of the best and of the weakest 27 percent by all the rest.
    """

    learners: int
    difficulty: float
    discrimination: float | None
    best: float
    weakest: float


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of a test, with the interval in which it lies at 95 percent.

    items, learners: what it was computed from.
    needed: learners for which that interval would be 0.2 wide.
    """

    value: float
    low: float
    high: float
    items: int
    learners: int
    needed: int


def item_of(scores: Scores, place: int, worth: float) -> Item:
    """Return what one item tells.

    Its difficulty is the index p of Crocker and Algina (1986), Introduction to Classical and Modern
    Test Theory, chapter 14. The share of the best and of the weakest is taken at 27 percent, after
    Kelley (1939), The selection of upper and lower groups for the validation of test items, Journal
    of Educational Psychology 30, 17-24.
    """
    count = len(scores)
    if not count or worth <= 0:
        return Item(count, 0.0, None, 0.0, 0.0)
    own = scores[:, place] / worth
    rest = scores.sum(axis=1) - scores[:, place]
    order = np.argsort(rest, kind="stable")
    some = max(1, round(BEST * count))
    best, weakest = float(own[order[-some:]].mean()), float(own[order[:some]].mean())
    return Item(count, float(own.mean()), rest_correlation(scores, place), best, weakest)


def rest_correlation(scores: Scores, place: int) -> float | None:
    """Return the corrected item-total correlation: of an item with the total of the others.

    The item itself is taken out of the total, which would else agree with it in part by itself:
    Henrysson (1963), Correction of item-total correlations in item analysis, Psychometrika 28,
    211-218. None where the item or the rest is the same for all, or with fewer than three learners.
    """
    if len(scores) < FEWEST:
        return None
    own = scores[:, place] - scores[:, place].mean()
    rest = scores.sum(axis=1) - scores[:, place]
    rest = rest - rest.mean()
    size = math.sqrt(float(own @ own) * float(rest @ rest))
    return float(own @ rest) / size if size > 1e-9 else None


def cronbach_alpha(scores: Scores) -> Alpha | None:
    """Return Cronbach's alpha; None with fewer than two items or three learners, or no variance.

    ``k / (k - 1) * (1 - sum of the items' variances / variance of the total)``: Cronbach (1951),
    Coefficient alpha and the internal structure of tests, Psychometrika 16, 297-334. The interval
    is Bonett's, see ``learners_needed``. Items that hang together by what they ask, as the checks
    of one task do, make it too high; so take the tasks: Sireci, Thissen and Wainer (1991), On the
    reliability of testlet-based tests, Journal of Educational Measurement 28, 237-247.
    """
    learners, items = scores.shape
    if items < 2 or learners < FEWEST:
        return None
    total = float(scores.sum(axis=1).var(ddof=1))
    if total <= 1e-12:
        return None
    value = items / (items - 1) * (1 - float(scores.var(axis=0, ddof=1).sum()) / total)
    low = high = value
    if value < 1:
        reach = _z() * math.sqrt(2 * items / ((items - 1) * (learners - 2)))
        low, high = 1 - (1 - value) * math.exp(reach), 1 - (1 - value) * math.exp(-reach)
    return Alpha(value, low, high, items, learners, learners_needed(value, items))


def learners_needed(alpha: float, items: int, width: float = 0.2) -> int:
    """Return how many learners it takes for an interval of alpha of this width, at 95 percent.

    ``8 k / (k - 1) * (1 - alpha)^2 * (z / width)^2 + 2``: Bonett (2002), Sample size requirements
    for testing and estimating coefficient alpha, Journal of Educational and Behavioral Statistics
    27, 335-340. At least 3.
    """
    spread = 8 * items / (items - 1) * (1 - alpha) ** 2 * (_z() / width) ** 2
    return max(FEWEST, math.ceil(spread + 2 - 1e-9))


def _z() -> float:
    return NormalDist().inv_cdf(0.975)
