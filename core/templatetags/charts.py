"""Charts drawn on the server as SVG, in the colours of the theme, each with the same numbers as a table beside it.

``{% load charts %}``; parameters and examples: templates/components/README.md. Values are numbers or None (a break in the line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.domain.numbers import NBSP, format_number, to_decimal

register = template.Library()

STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """From values to pixels, top to bottom; ``ticks`` are round values inside."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return round(self.bottom - share * (self.bottom - self.top), 1)

    def ticks(self, wanted: int = 3) -> list[float]:
        step = nice_step((self.high - self.low) / wanted)
        first = -(-self.low // step) * step
        return [first + step * index for index in range(wanted + 2) if first + step * index <= self.high + step / 1000]


def nice_step(rough: float) -> float:
    """The next round step: 1, 2, 2.5 or 5 times a power of ten."""
    if rough <= 0:
        return 1
    power = 1.0
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    return next(power * step for step in STEPS if power * step >= rough - power / 1e6)


def _values(items) -> list[float | None]:
    return [None if (number := to_decimal(item)) is None else float(number) for item in items]


def _shown(value, unit: str) -> str:
    return f"{format_number(value)}{NBSP}{unit}" if unit else format_number(value)


def _text(x, y, words, *, anchor: str = "", strong: bool = False) -> SafeString:
    return format_html(
        '<text{}x="{}" y="{}"{}>{}</text>',
        mark_safe(' class="k" ') if strong else " ",
        x,
        y,
        format_html(' text-anchor="{}"', anchor) if anchor else "",
        words,
    )


# --- before and after ----------------------------------------------------------------------------------------------------------
@register.simple_tag
def slope(
    before,
    after,
    target=None,
    unit: str = "",
    before_label: str = "",
    after_label: str = "",
    target_label: str = "",
    title: str = "",
) -> SafeString:
    """Two measurements and the target between them: ``{% slope 71 93 target=90 unit="%" before_label="Triwulan II" … %}``."""
    first, last, goal = _values([before, after, target])
    if first is None or last is None:
        return mark_safe("")
    known = [value for value in (first, last, goal) if value is not None]
    room = (max(known) - min(known)) * 0.25 or abs(max(known)) * 0.1 or 1
    scale = Scale(min(known) - room, max(known) + room, 10, 140)
    y1, y2 = scale.y(first), scale.y(last)
    goal_words = target_label or (_("target %(value)s") % {"value": _shown(goal, unit)} if goal is not None else "")
    spoken = _("%(title)s: from %(before)s to %(after)s") % {
        "title": title,
        "before": _shown(first, unit),
        "after": _shown(last, unit),
    }
    parts = [mark_safe('<path class="ax" d="M64 10V140M216 10V140"/>')]
    if goal is not None:
        spoken = f"{spoken}; {goal_words}"
        yt = scale.y(goal)
        # The words of the target keep clear of the number of the end point.
        word_y = yt + 5 if abs(yt - y2) > 18 else (y2 + 23 if yt >= y2 else y2 - 13)
        parts += [format_html('<path class="lt" d="M64 {0}H224"/>', yt), _text(230, round(word_y, 1), goal_words)]
    parts += [
        format_html('<path class="l1" d="M64 {}L216 {}"/><circle class="p0" cx="64" cy="{}" r="6"/>', y1, y2, y1),
        format_html('<circle class="p1" cx="216" cy="{}" r="7"/>', y2),
        _text(52, y1 + 5, _shown(first, unit), anchor="end", strong=True),
        _text(230, y2 + 5, _shown(last, unit), strong=True),
        _text(64, 162, before_label, anchor="middle"),
        _text(216, 162, after_label, anchor="middle"),
    ]
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg class="slope" viewBox="0 0 328 170" role="img" aria-label="{}">{}</svg>', spoken, body)


# --- lines over time -----------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/chart_trend.html")
def trend(
    labels,
    series,
    target=None,
    target_label: str = "",
    unit: str = "",
    title: str = "",
    mark=None,
    mark_label: str = "",
    wide: int = 448,
) -> dict:
    """Up to three lines over the same steps, drawn twice (phone, wide), with a dashed target and a table.

    ``wide`` is the width in pixels where there is room (448 in a column, 720 alone), so that words keep their size.
    ``labels``: words of the steps; ``series``: ``[{"label": "Median", "values": [22, 21, None, …]}]``; ``mark``: index of an event.
    """
    labels = [str(label) for label in labels]
    lines = [{"label": str(entry["label"]), "values": _values(entry["values"])} for entry in list(series)[:3]]
    goal = _values([target])[0]
    known = [value for line in lines for value in line["values"] if value is not None]
    if not known or not labels:
        return {"is_empty": True}
    goal_words = target_label or (_("target %(value)s") % {"value": _shown(goal, unit)} if goal is not None else "")
    drawing = {
        "labels": labels,
        "lines": lines,
        "goal": goal,
        "goal_words": goal_words,
        "unit": unit,
        "mark": mark,
        "mark_label": mark_label,
    }
    spoken = [title] + [_spoken_line(line, unit) for line in lines] + ([goal_words] if goal_words else [])
    return {
        "spoken": "; ".join(filter(None, spoken)),
        "narrow": _trend_svg(328, 236, **drawing),
        "wide": _trend_svg(int(wide), 300, **drawing),
        "head": [line["label"] for line in lines] + ([_("Target")] if goal is not None else []),
        "rows": [
            {
                "label": label,
                "cells": [_cell(line["values"], index) for line in lines] + ([format_number(goal)] if goal is not None else []),
            }
            for index, label in enumerate(labels)
        ],
        "title": title,
    }


def _cell(values: Sequence, index: int) -> str:
    return format_number(values[index]) if index < len(values) and values[index] is not None else "–"


def _spoken_line(line: dict, unit: str) -> str:
    known = [value for value in line["values"] if value is not None]
    return (
        _("%(name)s from %(first)s to %(last)s")
        % {
            "name": line["label"],
            "first": _shown(known[0], unit),
            "last": _shown(known[-1], unit),
        }
        if known
        else line["label"]
    )


def _trend_svg(width: int, height: int, *, labels, lines, goal, goal_words, unit, mark, mark_label) -> dict:
    left, bottom = 38, height - 28
    right = width - _margin(width, [_end_words(line, unit, has_name=len(lines) > 1) for line in lines] + [goal_words])
    known = [value for line in lines for value in line["values"] if value is not None] + ([goal] if goal is not None else [])
    top_value, low_value = max(known), min(known)
    room = (top_value - low_value) * 0.1 or abs(top_value) * 0.1 or 1
    low = 0 if 0 <= low_value <= top_value * 0.6 else low_value - room
    scale = Scale(low, top_value + (room if low else 0), 14, bottom)
    step = (right - left - 8) / max(len(labels) - 1, 1)
    xs = [round(left + 8 + step * index, 1) if len(labels) > 1 else round((left + right) / 2, 1) for index in range(len(labels))]
    parts = []
    for tick in scale.ticks():
        parts += [
            format_html('<path class="ax" d="M{} {}H{}"/>', left, scale.y(tick), right),
            _text(0, scale.y(tick) + 5, format_number(tick)),
        ]
    if mark is not None and 0 <= int(mark) < len(xs):
        x = xs[int(mark)]
        anchor = "start" if x < width * 0.6 else "end"
        parts += [
            format_html('<path class="tick" d="M{} 6V{}"/>', x, bottom),
            _text(x + (6 if anchor == "start" else -6), 12, mark_label, anchor=anchor, strong=True),
        ]
    ends: list[float] = []
    for index, line in enumerate(lines, 1):
        parts.append(_line(index, xs, line, scale, unit, ends, has_name=len(lines) > 1))
    if goal is not None:
        y = scale.y(goal)
        parts += [
            format_html('<path class="lt" d="M{} {}H{}"/>', left, y, right),
            _text(right + 6, _clear(y + 5, ends), goal_words),
        ]
    shown_every = -(-len(labels) // (4 if width < 400 else 6))
    for index in range(0, len(labels), shown_every):
        anchor = "start" if index == 0 else "middle"
        parts.append(_text(xs[index], height - 6, labels[index], anchor=anchor))
    return {"width": width, "box": f"0 0 {width} {height}", "body": format_html_join("", "{}", ((part,) for part in parts))}


def _line(index: int, xs, line, scale: Scale, unit: str, ends: list[float], *, has_name: bool) -> SafeString:
    points = [(x, scale.y(value)) for x, value in zip(xs, line["values"], strict=False) if value is not None]
    if not points:
        return mark_safe("")
    path, was_gap = "", True
    for x, value in zip(xs, line["values"], strict=False):
        if value is None:
            was_gap = True
            continue
        path += f"{'M' if was_gap else 'L'}{x} {scale.y(value)}"
        was_gap = False
    x, y = points[-1]
    words = _end_words(line, unit, has_name=has_name)
    return format_html(
        '<path class="l{0}" d="{1}"/><circle class="p{0}" cx="{2}" cy="{3}" r="5"/>{4}',
        index,
        path,
        x,
        y,
        _text(x + 10, _clear(y + 5, ends), words, strong=True),
    )


def _end_words(line: dict, unit: str, *, has_name: bool) -> str:
    """What stands at the end of a line: its last number, with its name where there are several."""
    last = next((value for value in reversed(line["values"]) if value is not None), None)
    return f"{line['label']} {_shown(last, unit)}" if has_name else _shown(last, unit)


def _margin(width: int, words: Sequence[str]) -> int:
    """Room at the right for the longest words (about 8 pixels a letter), at least 96 and at most half of the picture."""
    return min(max(96, 8 * max(map(len, words), default=0) + 24), width // 2)


def _clear(y: float, taken: list[float]) -> float:
    """The nearest height at which a word does not lie on another one at the end of the lines."""
    y = next(
        (
            candidate
            for offset in range(0, 60, 2)
            for candidate in (y + offset, y - offset)
            if all(abs(candidate - other) >= 17 for other in taken)
        ),
        y,
    )
    taken.append(y)
    return round(y, 1)


# --- bars ----------------------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/chart_stacked.html")
def stacked_rows(rows, series, head: str = "", title: str = "") -> dict:
    """A bar of up to three parts per row, with key and table: ``rows = [{"label", "url", "values": [5, 9, 3]}]``, ``series = ["Terbuka", …]``."""
    rows = [{**row, "numbers": [value or 0 for value in _values(row["values"])]} for row in rows]
    widest = max((sum(row["numbers"]) for row in rows), default=0) or 1
    for row in rows:
        row["bar"] = _stack([value / widest * 100 for value in row["numbers"]])
        row["words"] = " · ".join(format_number(value) for value in row["numbers"])
        row["cells"] = [format_number(value) for value in row["numbers"]]
    return {"rows": rows, "series": list(series), "head": head or _("Unit"), "title": title}


def _stack(shares: list[float]) -> SafeString:
    edges = [0.0]
    for share in shares:
        edges.append(edges[-1] + share)
    bars = (
        (index, f"{start:.2f}", f"{max(end - start - 0.4, 0.4):.2f}")
        for index, (start, end) in enumerate(pairwise(edges), 1)
        if end - start > 0
    )
    body = format_html_join("", '<rect class="s{}" x="{}" width="{}" height="12"/>', bars)
    return format_html('<svg class="hb" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">{}</svg>', body)


@register.inclusion_tag("components/chart_bars.html")
def bars(rows, head: str = "", value_head: str = "", unit: str = "", target=None, maximum=None, title: str = "") -> dict:
    """A table whose numbers have a bar: ``rows = [{"label", "url", "value", "note"}]``; ``target`` draws a tick in each bar."""
    rows = [{**row, "number": _values([row["value"]])[0]} for row in rows]
    goal, top = _values([target, maximum])
    top = top or max([row["number"] or 0 for row in rows] + [goal or 0], default=0) or 1
    for row in rows:
        row["shown"] = "–" if row["number"] is None else _shown(row["number"], unit)
        row["bar"] = _bar(min((row["number"] or 0) / top, 1) * 100, None if goal is None else min(goal / top, 1) * 100)
    return {
        "rows": rows,
        "head": head,
        "value_head": value_head,
        "title": title,
        "target": None if goal is None else _shown(goal, unit),
    }


def _bar(share: float, goal: float | None) -> SafeString:
    tick = (
        mark_safe("")
        if goal is None
        else format_html('<rect class="tk" x="{}" y="-3" width="0.8" height="18"/>', f"{min(goal, 99.2):.2f}")
    )
    return format_html(
        '<svg class="hb" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="fx" width="100" height="12"/><rect class="f1" width="{}" height="12"/>{}</svg>',
        f"{share:.2f}",
        tick,
    )
