"""How far a result lies from its target, and what that distance is called. Decimal throughout; nothing is averaged."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from performance.enums import Direction, Severity

LONGEST = Decimal("9999999.99")
_HUNDREDTH = Decimal("0.01")


def is_met(*, target: Decimal, realisation: Decimal, direction: str) -> bool:
    """A realisation equal to the target is met, whatever the direction (decisions 13)."""
    return realisation <= target if direction == Direction.LOWER else realisation >= target


def distance(*, target: Decimal, realisation: Decimal, direction: str) -> Decimal | None:
    """How far the realisation misses the target, in percent of it, rounded half up to two places; 0 when met.

    None where the target is 0 and missed: nothing can be said in percent, the severity is set by hand.
    """
    if is_met(target=target, realisation=realisation, direction=direction):
        return Decimal(0)
    if target == 0:
        return None
    percent = abs(target - realisation) / abs(target) * 100
    return min(percent, LONGEST).quantize(_HUNDREDTH, ROUND_HALF_UP)


def severity(missed_by: Decimal | None, *, medium_from: Decimal, large_from: Decimal) -> str:
    """Below ``medium_from`` percent: light; up to and with ``large_from``: medium; above: large. Empty where no distance is known."""
    if missed_by is None:
        return ""
    if missed_by < medium_from:
        return Severity.LIGHT
    return Severity.MEDIUM if missed_by <= large_from else Severity.LARGE
