"""What anybody may learn about a certificate (decisions 23).

With the address from the QR code: number, name, last three digits of the NIP, title, JP, dates, issuer, result, state; never rank or post.
By number alone: title, dates and state; name, reason and successor only with the code that is printed on the paper.
"""

from __future__ import annotations

import hmac
import logging
import re
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.domain.facts import Facts, facts_hash
from certificates.enums import Standing
from certificates.models import Certificate, Revocation
from core.domain.dates import format_day, local_date
from core.domain.nip import normalise

log = logging.getLogger("bina.certificates")

_CODE = re.compile(r"([A-Z0-9]{4})[ -]?([A-Z0-9]{4})")
LONGEST = 80


@dataclass(frozen=True)
class Verdict:
    """The answer at ``checked_at``. ``is_full``: name and all public facts may be shown. ``certificate`` is None when nothing was found."""

    standing: Standing
    checked_at: datetime
    certificate: Certificate | None = None
    is_full: bool = False
    is_code_wrong: bool = False

    @property
    def is_found(self) -> bool:
        return self.certificate is not None


def check_token(token: str, *, at: datetime | None = None) -> Verdict:
    """By the address in the QR code. An unknown and a malformed token take the same way: one query, one answer."""
    return _judge(_readable().filter(token=token[:LONGEST]).first(), at or timezone.now(), is_full=True)


def check_text(text: str, *, code: str = "", at: datetime | None = None) -> Verdict:
    """By what somebody typed into the form: a number, or the printed code alone. ``code`` beside a number opens the name."""
    if match := _CODE.fullmatch(_typed(text)):
        found = _readable().filter(check_code=f"{match[1]}-{match[2]}").first()
        return _judge(found, at or timezone.now(), is_full=True)
    return check_number(text, code=code, at=at)


def check_number(text: str, *, code: str = "", at: datetime | None = None) -> Verdict:
    """By number only, as it may stand in an address: a printed code is not looked for here (addresses end up in logs)."""
    moment = at or timezone.now()
    found = _readable().filter(number=_typed(text).replace(" ", "")).first()
    given = _CODE.fullmatch(_typed(code))
    fits = bool(found and given and hmac.compare_digest(f"{given[1]}-{given[2]}".encode(), found.check_code.encode()))
    return _judge(found, moment, is_full=fits, is_code_wrong=bool(found and code.strip() and not fits))


def public_facts(verdict: Verdict) -> list[tuple[str, str]]:
    """Label and value of every line that this asker may read; empty values are left out."""
    certificate = verdict.certificate
    if certificate is None:
        return []
    facts = certificate.facts
    lines = [*_ending(certificate, verdict.standing, is_full=verdict.is_full)]
    if verdict.is_full:
        lines += [(_("Name"), facts["name"]), (facts["id_label"], f"••• ••• {normalise(facts['nip'])[-3:]}")]
    lines += [(_("Training"), facts["title"]), (_("Period"), facts["period_text"])]
    if verdict.is_full:
        lines += [
            (_("Way of learning"), facts["mode"]),
            (_("Learning hours"), _hours(facts)),
            (_("Result"), facts["result"]),
        ]
    lines += [(_("Number"), facts["number"]), (_("Issued"), facts["issued_text"]), (_("Valid until"), facts["valid_until_text"])]
    if verdict.is_full:
        lines += [(_("Issuer"), facts["issuer_name"]), (_("Signer"), facts["signer_name"])]
    return [(label, value) for label, value in lines if value]


def internal_facts(certificate: Certificate) -> list[tuple[str, str]]:
    """Every fact of the front page, for those who may see the certificate."""
    facts = certificate.facts
    lines = [
        *_ending(certificate, Standing(certificate.standing()), is_full=True),
        (_("Name"), facts["name"]),
        (facts["id_label"], facts["nip_grouped"]),
        (facts["rank_label"], facts["rank"]),
        (_("Post"), facts["post"]),
        (_("Unit"), facts["unit"]),
        (_("Training"), facts["title"]),
        (_("Period"), facts["period_text"]),
        (_("Learning hours"), _hours(facts)),
        (_("Result"), facts["result"]),
        (_("Issued"), facts["issued_text"]),
        (_("Valid until"), facts["valid_until_text"]),
        (_("Signer"), facts["signer_name"]),
        (_("Code on the certificate"), facts["check_code"]),
    ]
    return [(label, value) for label, value in lines if value]


def after_revocation(certificate: Certificate, reason: str, *, at: datetime | None = None) -> list[tuple[str, str]]:
    """What everybody would read if ``certificate`` were revoked now with ``reason``; nothing is stored."""
    moment = at or timezone.now()
    certificate.revocation = Revocation(reason=" ".join(reason.split()), at=moment)
    return public_facts(Verdict(Standing.REVOKED, moment, certificate, is_full=True))


def is_same_file(certificate: Certificate, sha256: str) -> bool:
    """Whether a file somebody holds is the one that was issued, to the last byte."""
    known = [certificate.file_sha256, *certificate.former_sha256]
    return any(one and hmac.compare_digest(one, sha256) for one in known)


def _hours(facts: Facts) -> str:
    """A course shorter than one JP says its minutes, as its paper does."""
    if not facts["jp"]:
        return facts["duration_text"]
    return _("%(jp)s JP (%(words)s)") % {"jp": facts["jp"], "words": facts["jp_words"]}


def _typed(text: str) -> str:
    return " ".join(text.upper().split())[:LONGEST]


def _readable():
    return Certificate.objects.select_related("revocation", "replaced_by")


def _judge(certificate: Certificate | None, at: datetime, *, is_full: bool, is_code_wrong: bool = False) -> Verdict:
    if certificate is None:
        return Verdict(Standing.UNKNOWN, at)
    if facts_hash(certificate.facts) != certificate.facts_sha256:
        # The stored facts are not those that were issued: nothing of them may be confirmed.
        log.error("certificate facts do not match their hash", extra={"certificate": certificate.pk})
        return Verdict(Standing.DOUBTFUL, at)
    return Verdict(Standing(certificate.standing(on=local_date(at))), at, certificate, is_full, is_code_wrong)


def _ending(certificate: Certificate, standing: Standing, *, is_full: bool) -> list[tuple[str, str]]:
    """The date of the end; its reason (words that a person wrote) and the successor only for who holds the paper."""
    lines = []
    if standing == Standing.EXPIRED:
        lines.append((_("Expired on"), format_day(certificate.valid_until)))
    elif standing in (Standing.REVOKED, Standing.REPLACED):
        when = _("Revoked on") if standing == Standing.REVOKED else _("Replaced on")
        lines.append((when, format_day(certificate.revocation.at)))
        if is_full:
            lines.append((_("Reason"), certificate.revocation.reason))
    successor = getattr(certificate, "replaced_by", None)
    if is_full and successor is not None:
        lines.append((_("Replacement"), successor.number))
    return lines
