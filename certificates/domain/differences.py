"""What a corrected document would print differently: every text on the paper is compared (domain.md §7.2)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.domain.facts import Facts, build_facts
from certificates.domain.issue import design_for
from certificates.models import Certificate

#: New in every document, or the same fact a second time (the day behind its text, the words of a number).
NOT_COMPARED = frozenset(
    "layout number check_code issued_at issued_on issued_text verify_url started_on completed_on valid_until jp_words signature".split()
)
#: In the order of the paper. ``None``: the label is itself a fact.
LABELS = {
    "issuer_heading": gettext_lazy("Heading on the certificate"),
    "issuer_name": gettext_lazy("Issuer"),
    "type_name": gettext_lazy("Type"),
    "name": gettext_lazy("Name"),
    "nip_grouped": None,
    "rank": None,
    "post": gettext_lazy("Post"),
    "unit": gettext_lazy("Unit"),
    "statement": gettext_lazy("Statement"),
    "title": gettext_lazy("Training"),
    "period_text": gettext_lazy("Period"),
    "mode": gettext_lazy("Way of learning"),
    "jp": gettext_lazy("Learning hours"),
    "duration_text": gettext_lazy("Duration"),
    "result": gettext_lazy("Result"),
    "valid_until_text": gettext_lazy("Valid until"),
    "place": gettext_lazy("Place"),
    "signer_post": gettext_lazy("Post of the signer"),
    "signer_name": gettext_lazy("Signer"),
    "signer_line": gettext_lazy("Rank and NIP of the signer"),
    "signature_note": gettext_lazy("Signature"),
    "lookup_text": gettext_lazy("Address for checking"),
    "subjects": gettext_lazy("Subjects"),
    "indicators": gettext_lazy("Performance indicators"),
    "values": gettext_lazy("Core values"),
    "assessor": gettext_lazy("Assessor"),
}
#: The label of the first is the second, printed before it.
LABELLED_BY = {"nip_grouped": "id_label", "rank": "rank_label"}


def changes(certificate: Certificate) -> list[tuple[str, str, str]]:
    """Label, now, then; empty when a new document would say the same. Nothing is stored."""
    design = design_for(certificate.completion.course)
    if design is None:
        return []
    old, at = certificate.facts, timezone.now()
    new = build_facts(certificate.completion, design=design, number="", token="x", check_code="", at=at)  # noqa: S106
    found = [(str(label or new[LABELLED_BY[key]]), _printed(old, key), _printed(new, key)) for key, label in LABELS.items()]
    return [(label, now, then) for label, now, then in found if now != then]


def _printed(facts: Facts, key: str) -> str:
    """As it stands on the paper; a certificate older than the fact prints nothing for it."""
    value = facts.get(key, "")
    if key == "subjects":
        return "; ".join(_("%(title)s (%(jp)s JP)") % subject if subject["jp"] else subject["title"] for subject in value)
    if key in LABELLED_BY and value:
        return f"{facts[LABELLED_BY[key]]} {value}"
    return str(value)
