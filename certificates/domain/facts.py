"""The snapshot of everything that a certificate prints: made once when it is issued, never looked up again (domain.md §7.2).

All texts are Indonesian whatever language the screen has: a certificate is an official text.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlparse

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from certificates.models import CertificateDesign
from certificates.signing import unsigned
from core.domain.dates import JAKARTA, add_months, format_day, local_date
from core.domain.nip import grouped
from core.domain.numbers import LEARNING_HOUR_MINUTES, format_minutes, format_number
from core.domain.terbilang import number_words
from courses.enums import DevelopmentForm
from courses.models import Completion, CourseRelease
from people.enums import EmploymentStatus
from people.models import Account
from performance.enums import RESULT_ASPECTS, Aspect
from performance.models import Indicator

Facts = dict[str, Any]
LAYOUT = 1
MOST_INDICATORS = 3
MODES = {DevelopmentForm.ELEARNING: "Pembelajaran daring"}
PPPK = (EmploymentStatus.PPPK, EmploymentStatus.PPPK_PART_TIME)
LANGUAGE = "id"


def build_facts(
    completion: Completion,
    *,
    design: CertificateDesign,
    number: str,
    token: str,
    check_code: str,
    at: datetime,
) -> Facts:
    """Everything on both pages as final text. The learning hours of the subjects add up to those of the front."""
    with translation.override(LANGUAGE):
        facts = {
            "layout": LAYOUT,
            "number": number,
            "check_code": check_code,
            "issued_at": at.astimezone(JAKARTA).isoformat(timespec="seconds"),
            "issued_on": local_date(at).isoformat(),
            "issued_text": format_day(local_date(at)),
            **_addresses(token),
            **_issuer(design),
            **_holder(completion.person, on=local_date(at)),
            **_course(completion, design),
        }
    return {key: unicodedata.normalize("NFC", value) if isinstance(value, str) else value for key, value in facts.items()}


def facts_hash(facts: Facts) -> str:
    """SHA-256 of the canonical JSON: the same facts give the same hash on every database."""
    body = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def valid_until(completion: Completion) -> date | None:
    """Counted from the day of completion, as the ledger of learning hours does; None: no end."""
    months = completion.release.certificate_months
    return add_months(local_date(completion.completed_at), months) if months else None


def spread_hours(hours: int, modules: list[tuple[str, int]]) -> list[dict[str, str]]:
    """``hours`` JP over ``(title, minutes)`` by minutes, each at least one part, the sum exactly ``hours``.

    A part is one JP, or a half, a quarter ... of it where there are more modules than hours. A course shorter than one JP has no hours
    to spread: its subjects stand alone.
    """
    if hours < 1:
        return [{"title": title, "jp": ""} for title, _minutes in modules]
    halvings = 0
    while hours * 2**halvings < len(modules):
        halvings += 1
    parts = hours * 2**halvings
    weights = [minutes for _title, minutes in modules] if any(minutes for _title, minutes in modules) else [1] * len(modules)
    quotas = [Fraction(parts * weight, sum(weights)) for weight in weights]
    given = [max(1, int(quota)) for quota in quotas]
    while sum(given) != parts:
        # One part to whom most is missing, or from whom has most too much; among equals the earlier module.
        step = 1 if sum(given) < parts else -1
        able = [at for at in range(len(given)) if step > 0 or given[at] > 1]
        given[max(able, key=lambda at: (step * (quotas[at] - given[at]), -at))] += step
    places = max(2, halvings)
    return [
        {"title": title, "jp": format_number(Decimal(count) / 2**halvings, places).rstrip("0").rstrip(",")}
        for (title, _minutes), count in zip(modules, given, strict=True)
    ]


def period_text(first: date, last: date) -> str:
    """``20 Juli sampai 12 September 2026``; one day alone is that day."""
    if first == last:
        return format_day(last)
    start = format_day(first)
    return f"{start.removesuffix(f' {last.year}') if first.year == last.year else start} sampai {format_day(last)}"


def _addresses(token: str) -> Facts:
    host = urlparse(settings.BASE_URL).netloc
    lookup = reverse("certificates:lookup")
    return {
        "verify_url": f"{settings.BASE_URL}{reverse('certificates:verify', args=[token])}",
        "lookup_text": f"{host}{lookup.rstrip('/')}",
    }


def _issuer(design: CertificateDesign) -> Facts:
    signer_nip = f"NIP {grouped(design.signer_nip)}" if design.signer_nip else ""
    return {
        "type_name": design.type.name,
        "issuer_heading": design.issuer.heading,
        "issuer_name": design.issuer.name,
        "place": design.issuer.place,
        "statement": design.statement,
        "signer_name": design.signer_name,
        "signer_post": design.signer_post,
        "signer_line": " · ".join(part for part in (design.signer_rank, signer_nip) if part),
        "signature": unsigned.KIND,
        "signature_note": unsigned.NOTE,
    }


def _holder(person: Account, *, on: date) -> Facts:
    placement = person.placements.on(on).select_related("unit", "position").first() or person.placement
    is_pppk = person.status in PPPK
    return {
        "name": person.full_name,
        "id_label": "NI PPPK" if is_pppk else "NIP",
        "nip": person.nip,
        "nip_grouped": grouped(person.nip),
        "rank_label": "Golongan" if is_pppk else "Pangkat, golongan/ruang",
        "rank": ", ".join(part for part in ("" if is_pppk else person.rank, person.grade) if part),
        "post": str(placement.position) if placement and placement.position else "",
        "unit": str(placement.unit) if placement else "",
    }


def _course(completion: Completion, design: CertificateDesign) -> Facts:
    release, hours = completion.release, completion.release.learning_minutes // LEARNING_HOUR_MINUTES
    first, last, until = local_date(completion.started_at), local_date(completion.completed_at), valid_until(completion)
    modules = [(module["title"], sum(lesson.get("minutes", 0) for lesson in module["lessons"])) for module in release.outline]
    results, values = _indicators(release)
    return {
        "title": release.title,
        "started_on": first.isoformat(),
        "completed_on": last.isoformat(),
        "period_text": period_text(first, last),
        "mode": MODES[DevelopmentForm.ELEARNING],
        "jp": hours,
        "jp_words": number_words(hours),
        # Printed instead of hours where the course is shorter than one.
        "duration_text": "" if hours else format_minutes(release.learning_minutes or None),
        "result": _result(completion.score, design),
        "subjects": spread_hours(hours, modules or [(release.title, 0)]),
        "indicators": results,
        "values": values,
        "assessor": _assessor(completion),
        "valid_until": until.isoformat() if until else "",
        "valid_until_text": format_day(until),
    }


def _assessor(completion: Completion) -> str:
    """The trainer of the release; with the post of that day, as long as the course is still hers."""
    name, trainer = completion.release.trainer_name, completion.course.trainer
    if trainer is None or trainer.full_name != name:
        return name
    post = _holder(trainer, on=local_date(completion.completed_at))["post"]
    return ", ".join(part for part in (name, post) if part)


def _indicators(release: CourseRelease) -> tuple[str, str]:
    """What the release that was learned improves: results by name, the first three (a cell holds no more), and values by their names."""
    unknown = [row["id"] for row in release.indicators if "aspect" not in row]
    # Releases made before they kept the aspect: the present one stands in.
    present = dict(Indicator.objects.filter(pk__in=unknown).values_list("pk", "aspect")) if unknown else {}
    rows = [(row, row.get("aspect") or present.get(row["id"], "")) for row in release.indicators]
    behaviours = [Aspect(aspect).label for _row, aspect in rows if aspect and aspect not in RESULT_ASPECTS]
    results = [f"{row['name']}, level {row['level']}" for row, aspect in rows if not aspect or aspect in RESULT_ASPECTS]
    shown, rest = results[:MOST_INDICATORS], len(results) - MOST_INDICATORS
    return "; ".join([*shown, f"dan {rest} lainnya"] if rest > 0 else shown), ", ".join(dict.fromkeys(map(str, behaviours)))


def _result(score: Decimal | None, design: CertificateDesign) -> str:
    if score is None:
        return "Selesai"
    return ", ".join(part for part in (format_number(score), design.predicate_for(score)) if part)
