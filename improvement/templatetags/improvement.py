"""Facts of gaps as templates say them: ``{% load improvement %}``."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from improvement.domain import plans, words
from improvement.domain.trail import headline
from improvement.enums import EvidenceKind, Remedy
from performance.enums import GapStatus, RecordKind

register = template.Library()

register.filter("gap_title", words.gap_title)
register.filter("gap_fact", words.gap_fact)


@register.filter
def measured(value, unit: str = "") -> str:
    """``{{ gap.value|measured:gap.indicator.unit_of_measure }}``: 71 %, 12,5 menit."""
    return words.measure(value, unit)


register.filter("due_within", plans.due_within)


@register.filter
def done_words(entry) -> list[str]:
    """What had been done before the measurement, in words; ``["nothing"]`` where nothing had."""
    names = dict(Remedy.choices) | {"none": _("nothing")}
    return [str(names.get(code, code)) for code in entry.done_before or ["none"]]


@register.filter
def proof_words(proof: dict) -> str:
    """One piece of evidence in one line: its kind and what its snapshot names."""
    names = dict(EvidenceKind.choices) | {"evaluation": _("Evaluation")}
    snapshot = proof.get("snapshot") or {}
    told = (
        snapshot.get("number")
        or snapshot.get("title")
        or snapshot.get("course")
        or snapshot.get("period_label")
        or snapshot.get("period")
        or ""
    )
    kind = str(names.get(proof.get("kind", ""), proof.get("kind", "")))
    return f"{kind}: {told}" if told else kind


ICONS = {
    "evaluation": "clipboard-check",
    "gap": "target",
    "cause": "messages-square",
    "proposal": "lightbulb",
    "decision": "check",
    "guidance": "handshake",
    "support": "hand-heart",
    "course": "book-open",
    "certificate": "award",
    "transfer": "footprints",
    "status": "hourglass",
    "review": "eye",
    "record": "file-text",
}


@register.filter
def step_icon(kind: str) -> str:
    """The icon of a step of the trail."""
    return ICONS.get(kind, "circle-dot")


@register.filter
def status_words(status: str) -> str:
    """The word of a gap's or record's status."""
    return str(dict(GapStatus.choices).get(status) or dict(RecordKind.choices).get(status) or "")


@register.filter
def trail_headline(shown) -> str:
    return headline(shown)


@register.filter
def measured_points(shown) -> list:
    """Points of the trail that have a value, for the slope chart."""
    return [point for point in shown.points if point.value is not None]


@register.filter
def first_measured(member):
    """The finding that a team list shows: an indicator with its figures where there is one, else the case."""
    return next((gap for gap in member.unfinished_gaps if gap.indicator_id), member.unfinished_gaps[0])
