"""Accepted answers of QTI text entries, as texts or as numbers, in the shape of ``variants.py`` and ``number.py``."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from django.utils.translation import gettext as _

from assessments.formats.base import share
from assessments.formats.qti_feedback import Feedback
from assessments.formats.qti_scoring import EXACT, Declaration, Rule, Scoring, number


def is_number(declaration: Declaration) -> bool:
    return declaration.kind in ("float", "integer")


def texts(declaration: Declaration, scoring: Scoring, feedback: Feedback, patterns: Sequence[Any]) -> tuple[list[dict[str, Any]], bool, list[str]]:
    """Answers, whether capital letters count, notes. ``patterns``: places of answers in which a star stands for any characters."""
    if scoring.is_mapped(declaration):
        rows = [(key, weight) for key, weight, _heeds in declaration.mapping]
        heeds = any(heeds for _key, _weight, heeds in declaration.mapping)
        mixed = heeds and not all(heeds for _key, _weight, heeds in declaration.mapping)
    else:
        rows, heeds, mixed = [(text, Decimal(1)) for text in declaration.correct], True, False
    notes = [_("Capital letters counted for some of the answers; they count for all now.")] if mixed else []
    best = max((weight for _key, weight in rows), default=Decimal(0))
    said = [rule for rule in scoring.rules if rule.response == declaration.identifier]
    answers = []
    for place, (text, weight) in enumerate(rows):
        percent, is_lossy = share(float(weight / best * 100) if best > 0 else 0)
        notes += [_("A weight was rounded to whole percent.")] if is_lossy else []
        rule = next((one for one in said if one.text == text), None)
        if rule is not None:
            said.remove(rule)
        answers.append({"text": text if place in patterns else text.replace("*", "\\*"), "percent": percent, "remark": feedback.for_rule(rule)})
    return answers, heeds, notes


def numbers(declaration: Declaration, scoring: Scoring, feedback: Feedback, order: Sequence[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Answers and notes. ``order``: at which place each answer stood before the rules were sorted."""
    said = [rule for rule in scoring.rules if rule.response == declaration.identifier]
    rows: list[tuple[Decimal, Decimal, Decimal, str]] = []
    for rule in said:
        weight = rule.score()
        if weight is not None and rule.low is not None and rule.high is not None:
            rows.append((rule.low, rule.high, weight, feedback.for_rule(rule) or _remark_elsewhere(rule, said, feedback)))
    if not rows:
        keys = [(key, weight) for key, weight, _heeds in declaration.mapping] if scoring.is_mapped(declaration) else [
            (text, Decimal(1)) for text in declaration.correct]
        rows = [(number(text), number(text), weight, "") for text, weight in keys]
    best, notes, answers = max((row[2] for row in rows), default=Decimal(0)), [], []
    for low, high, weight, remark in rows:
        percent, is_lossy = share(float(weight / best * 100) if best > 0 else 0)
        notes += [_("A weight was rounded to whole percent.")] if is_lossy else []
        with localcontext(prec=EXACT):
            middle, half = (low + high) / 2, (high - low) / 2
        answers.append({"value": decimal_text(middle), "tolerance": decimal_text(half), "percent": percent, "remark": remark})
    if sorted(order, key=str) == sorted(range(len(answers)), key=str):
        answers = [answer for _place, answer in sorted(zip(order, answers, strict=True), key=lambda pair: pair[0])]
    return answers, notes


def decimal_text(value: Decimal) -> str:
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _remark_elsewhere(rule: Rule, said: list[Rule], feedback: Feedback) -> str:
    """Some systems give points and feedback in rules of their own with the same condition."""
    alike = [one for one in said if (one.low, one.high) == (rule.low, rule.high) and one.score() is None]
    return next((remark for one in alike if (remark := feedback.for_rule(one))), "")
