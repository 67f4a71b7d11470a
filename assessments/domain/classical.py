"""Classical test theory in plain sums: every figure comes from counts, sums, squares and products, which a database adds up.

Sources: facility and upper-lower index: Kelley, T. L. (1939), "The selection of upper and lower groups for the validation of test items",
J. Educ. Psychol. 30, 17-24 (27 %). Item-rest correlation: Guilford, J. P. (1953), Psychometrika 18, 115-120. KR-20: Kuder, G. F. &
Richardson, M. W. (1937), Psychometrika 2, 151-160. Alpha: Cronbach, L. J. (1951), Psychometrika 16, 297-334. Standard error of measurement:
Crocker, L. & Algina, J. (1986), "Introduction to Classical and Modern Test Theory", ch. 7. Paired interval: Student (1908), Biometrika 6, 1-25.
The test names the worked examples by which these are checked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SHARE = 0.27  # of all attempts in the upper and in the lower group


@dataclass(frozen=True)
class Sums:
    """Over ``n`` attempts that show an item: ``x`` is its fraction (0 to 1), ``t`` the total in points."""

    n: int
    x: float
    xx: float
    t: float
    tt: float
    xt: float

    @property
    def facility(self) -> float:
        """Mean share of the points, 0 to 1."""
        return self.x / self.n

    @property
    def variance(self) -> float:
        """Of the fraction, over n."""
        return max(self.xx / self.n - (self.x / self.n) ** 2, 0.0)


def item_rest(sums: Sums, worth: float) -> float | None:
    """Correlation of an item with the rest of the test (its own ``worth`` points taken out of the total, so that it does not correlate with
    itself). For a right-or-wrong item this is the corrected point-biserial. None where one of the two does not vary."""
    n = sums.n
    if n < 2:
        return None
    covariance = sums.xt / n - sums.x / n * sums.t / n
    total = sums.tt / n - (sums.t / n) ** 2
    rest = total - 2 * worth * covariance + worth**2 * sums.variance
    spread = sums.variance * rest
    if spread <= 1e-12:
        return None
    return max(-1.0, min(1.0, (covariance - worth * sums.variance) / math.sqrt(spread)))


def cut_scores(scores: Sequence[float], share: float = SHARE) -> tuple[float, float] | None:
    """The least score of the upper group and the greatest of the lower one. People with the same score stand in the same group, so the
    groups may be larger than ``share``. None where both would meet."""
    ordered = sorted(scores)
    if not ordered:
        return None
    size = max(1, math.ceil(share * len(ordered)))
    low, high = ordered[size - 1], ordered[-size]
    return (high, low) if high > low else None


def alpha(item_variances: Sequence[float], total_variance: float) -> float | None:
    """Cronbach's alpha of a test in which everybody got the same items: k/(k-1) * (1 - sum of item variances / variance of the total), all
    over n. With right-or-wrong items it is KR-20, because p(1-p) is the variance of such an item. Negative values are possible and say that the
    items contradict each other. None below two items or without spread."""
    k = len(item_variances)
    if k < 2 or total_variance <= 1e-12:
        return None
    return k / (k - 1) * (1 - sum(item_variances) / total_variance)


def standard_error(deviation: float, reliability: float | None) -> float | None:
    """Of one score, in the unit of ``deviation``: SD * sqrt(1 - reliability). None without a reliability, or below zero."""
    return deviation * math.sqrt(1 - reliability) if reliability is not None and 0 <= reliability <= 1 else None


@dataclass(frozen=True)
class Gain:
    """After minus before in the same people. ``low`` to ``high`` is the 95 % interval of ``mean``; empty when nothing varies or n is 1.
    ``ceiling``: Hake's normalised gain (1998), the share of what could be gained; None when before was full."""

    n: int
    before: float
    after: float
    mean: float
    low: float | None
    high: float | None
    ceiling: float | None

    @property
    def is_sure(self) -> bool:
        """Does the interval leave out zero?"""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def paired_gain(pairs: Sequence[tuple[float, float]], *, full: float = 100.0) -> Gain:
    """``pairs`` of (before, after), at least one; mean difference with Student's 95 % interval: mean +- t(n-1) * s / sqrt(n)."""
    n = len(pairs)
    before, after = sum(pair[0] for pair in pairs) / n, sum(pair[1] for pair in pairs) / n
    mean = after - before
    low = high = None
    if n > 1:
        variance = sum((after_one - before_one - mean) ** 2 for before_one, after_one in pairs) / (n - 1)
        reach = student_quantile(n - 1) * math.sqrt(variance / n)
        low, high = mean - reach, mean + reach
    return Gain(n, before, after, mean, low, high, mean / (full - before) if full - before > 1e-9 else None)


def student_quantile(freedom: int, probability: float = 0.975) -> float:
    """The quantile of Student's t: the point below which ``probability`` (over 0.5) lies. Found by halving on the distribution function, which
    is exact for whole degrees of freedom (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4)."""
    low, high = 0.0, 1.0
    while _student(high, freedom) < probability:
        high *= 2
    for _turn in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _student(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


MANY = 400  # degrees of freedom above which the normal law is near enough (t differs by less than 0.005)


def _student(t: float, freedom: int) -> float:
    """P(T <= t) for t >= 0."""
    if freedom > MANY:
        return 0.5 * (1 + math.erf(t / math.sqrt(2)))
    angle = math.atan2(t, math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    if freedom % 2:
        total, term = 0.0, cosine
        for index in range(1, (freedom - 1) // 2 + 1):
            total += term
            term *= cosine**2 * (2 * index) / (2 * index + 1)
        inner = 2 / math.pi * (angle + sine * total)
    else:
        total, term = 0.0, 1.0
        for index in range(1, freedom // 2 + 1):
            total += term
            term *= cosine**2 * (2 * index - 1) / (2 * index)
        inner = sine * total
    return (1 + inner) / 2
