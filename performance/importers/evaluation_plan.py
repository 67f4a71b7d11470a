"""An evaluation file compared with the database as it is: what each row would change, and what stands against it (decisions 13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.domain import nip as nips
from core.domain.dates import format_span
from core.domain.numbers import format_number
from core.domain.tabular import clean_text
from people.domain.import_plan import Context, Plan
from people.domain.organisation import is_within
from people.enums import EmploymentStatus, Role, RowOutcome
from people.models import Account, scope_of
from performance.domain.evaluation_facts import EvaluationFacts, ScoreFacts
from performance.domain.periods import Span, has_ended, parse_period
from performance.domain.predicates import contradicts, label_of, rating_label
from performance.importers.evaluation_columns import PERIOD_KEYS, RATINGS
from performance.importers.evaluation_found import CHUNK, Found, Identity, IndicatorIndex
from performance.importers.evaluation_rows import IndicatorRow, RatingRow, read_indicator, read_rating
from performance.importers.quantities import NumberReader
from performance.models import Evaluation, Indicator, SourceProfile

RATING, SCORE = "performance.evaluation", "performance.score"


@dataclass
class Memory:
    """What is known about the whole file. ``scope`` None: everywhere."""

    scope: tuple[str, ...] | None
    reason: str
    indicators: IndicatorIndex = field(default_factory=IndicatorIndex)


@dataclass(slots=True)
class Decision:
    """One person and period: shared by its rows. ``new`` holds indicators that do not exist yet, by the key of their name."""

    account: Account
    span: Span
    current: Evaluation | None
    facts: EvaluationFacts
    new: dict[tuple, ScoreFacts] = field(default_factory=dict)
    is_changed: bool = False


@dataclass(slots=True)
class RowNotes:
    """What the importer keeps with a row. ``copy_of``: the row it repeats; ``identity``: person and period once they are known."""

    identity: Identity | None = None
    is_copy: bool = False
    decision: Decision | None = None


# --- the whole file --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Source:
    """Which file a sheet stands in, and whether that file is a workbook (numbers are cells there, not texts)."""

    file: str = ""
    is_workbook: bool = False


def prepare(plans: Sequence[Plan], context: Context, *, sources: dict[str, Source]) -> None:
    """Read each row by itself, give rows without a period the only one there is, settle doubles."""
    scope = scope_of(context.by) if context.by is not None else None
    is_everywhere = scope is None or scope.has(Role.HR_CENTRAL)
    context.own = Memory(None if is_everywhere else scope.hr_paths, str(context.options.get("reason") or "").strip())
    profile = SourceProfile.objects.filter(code=context.options.get("profile") or "", is_active=True).first()
    readers = {sheet: _reader(plans, sheet, sources[sheet]) for sheet in {plan.line.sheet for plan in plans}}
    for plan in plans:
        plan.own = RowNotes()
        plan.object_kind = RATING if plan.line.table == RATINGS.key else SCORE
        if plan.line.table == RATINGS.key:
            read_rating(plan, profile)
        else:
            read_indicator(plan, readers[plan.line.sheet])
    _give_periods(plans, context, sources)
    _settle_doubles(plans)


def _reader(plans: Sequence[Plan], sheet: str, source: Source) -> NumberReader:
    texts = [plan.line.get(key) for plan in plans if plan.line.sheet == sheet for key in ("target", "realisasi")]
    return NumberReader(texts, is_workbook=source.is_workbook)


def _give_periods(plans: Sequence[Plan], context: Context, sources: dict[str, Source]) -> None:
    """Indicator rows take the only period of the ratings in their own file, else in all files; ``--period`` states it; ambiguous
    ones are refused."""
    stated = context.options.get("period") or ""
    spans_of: dict[str, set[Span]] = {"": set()}
    for plan in plans:
        if plan.line.table == RATINGS.key and plan.data.span is not None:
            for place in ("", sources[plan.line.sheet].file):
                spans_of.setdefault(place, set()).add(plan.data.span)
    warned: set[tuple[str, Span]] = set()
    for plan in plans:
        refused_period = any(problem["key"] in PERIOD_KEYS for problem in plan.problems)
        if plan.data.span is None and not refused_period:
            near = spans_of.get(sources[plan.line.sheet].file) or spans_of[""]
            plan.data.span = parse_period(stated) if stated else next(iter(near)) if len(near) == 1 else None
            if plan.data.span is None:
                plan.refuse("periode", _period_missing(is_ambiguous=len(near) > 1))
        if plan.data.span is not None and plan.data.nip:
            plan.own.identity = (plan.data.nip, plan.data.span)
            if not has_ended(plan.data.span[1], at=context.at) and (plan.line.sheet, plan.data.span) not in warned:
                warned.add((plan.line.sheet, plan.data.span))
                plan.warn("periode", _("The period %(period)s has not ended yet.") % {"period": format_span(*plan.data.span)})


def _period_missing(*, is_ambiguous: bool) -> str:
    why = _("the ratings beside it belong to several periods") if is_ambiguous else _("nothing states it")
    return _(
        "The period of this row is not known: %(why)s. Add the columns tahun, bulan_mulai and bulan_selesai, or state it."
    ) % {"why": why}


def _settle_doubles(plans: Sequence[Plan]) -> None:
    """The same person and period (and indicator) twice: with different content all are refused; an exact copy is left out."""
    rows: dict[tuple, list[Plan]] = {}
    for plan in plans:
        if plan.own.identity:
            what = (plan.data.name_key, plan.data.aspect) if isinstance(plan.data, IndicatorRow) else None
            rows.setdefault((plan.own.identity, what), []).append(plan)
    for same in rows.values():
        contents = [{key: clean_text(text) for key, text in plan.line.values.items() if key != "nip"} for plan in same]
        for plan in same[1:] if all(content == contents[0] for content in contents) else ():
            plan.own.is_copy = True
            plan.warn("nip", _("This row is the same as row %(row)d.") % {"row": same[0].line.row})
        for plan in same if any(content != contents[0] for content in contents) else ():
            others = ", ".join(str(other.line.row) for other in same if other is not plan)
            plan.refuse(
                "nip",
                _("Row %(rows)s speaks of the same person, period and indicator with different content; neither was taken.")
                % {"rows": others},
            )


# --- against the database ----------------------------------------------------------------------------------------------------------
def by_identity(plans: Sequence[Plan]) -> list[tuple[Identity, list[Plan]]]:
    """Rows of one person and period together, earlier periods first."""
    groups: dict[Identity, list[Plan]] = {}
    for plan in plans:
        groups.setdefault(plan.own.identity, []).append(plan)
    return sorted(groups.items(), key=lambda entry: (entry[0][1][1], entry[0][1][0]))


def compare(plans: Sequence[Plan], context: Context, *, is_final: bool) -> None:
    """Fill in what each row would change now."""
    memory: Memory = context.own
    if is_final:
        memory.indicators = IndicatorIndex()
    for part in _parts(by_identity([plan for plan in plans if not plan.own.is_copy])):
        appraisers = {plan.data.appraiser_nip for _identity, rows in part for plan in rows if isinstance(plan.data, RatingRow)}
        found = Found([identity for identity, _rows in part]).look(appraisers - {""})
        for (nip, span), rows in part:
            _compare_person(nip, span, rows, found, memory)


def _compare_person(nip: str, span: Span, rows: list[Plan], found: Found, memory: Memory) -> None:
    account = found.accounts.get(nip)
    if refusal := _may_not(account, nip, found, memory):
        for plan in rows:
            plan.refuse("nip", refusal)
        return
    assert account is not None
    current = found.evaluation_of(account, span)
    period = found.periods.get(span)
    facts = found.facts[current.pk] if current else EvaluationFacts(account.pk, period.pk if period else 0)
    decision = Decision(account, span, current, replace(facts, scores=dict(facts.scores)))
    for plan in rows:
        plan.title, plan.own.decision = account.name, decision
        plan.object_id = current.pk if current else None
        if isinstance(plan.data, RatingRow):
            _compare_rating(plan, decision, found, memory)
        else:
            _compare_score(plan, decision, found, memory)
        decision.is_changed |= plan.outcome in (RowOutcome.CREATED, RowOutcome.UPDATED)


def _may_not(account: Account | None, nip: str, found: Found, memory: Memory) -> str:
    if account is None:
        return _("There is no person with NIP %(nip)s. Import the list of people first.") % {"nip": nips.grouped(nip)}
    if account.status == EmploymentStatus.TECHNICAL:
        return _("This is a technical account.")
    path = found.current_unit_path(account)
    if memory.scope is not None and (path is None or not is_within(path, memory.scope)):
        return _("This person works outside the units that you look after.")
    return ""


def _compare_rating(plan: Plan, decision: Decision, found: Found, memory: Memory) -> None:
    row, facts = plan.data, decision.facts
    was_rated = bool(facts.result_rating or facts.behaviour_rating)
    appraiser = found.accounts.get(row.appraiser_nip)
    if row.appraiser_nip and appraiser is None:
        plan.warn("nip_penilai", _("The appraiser is not known here; only the name is kept."))
    stated = {
        "result_rating": row.result,
        "behaviour_rating": row.behaviour,
        "predicate": row.predicate,
        "appraiser_id": appraiser.pk if appraiser else None,
        "appraiser_name": row.appraiser_name or (row.appraiser_nip if row.appraiser_nip and not appraiser else ""),
        "remarks": row.remarks,
    }
    changed = {name: value for name, value in stated.items() if value and value != getattr(facts, name)}
    if not changed:
        return
    overwrites = [name for name in changed if getattr(facts, name)]
    if was_rated and overwrites and not memory.reason:
        plan.refuse(_COLUMN_OF[overwrites[0]], _needs_reason())
        return
    for name, value in changed.items():
        plan.changes[_label(RATINGS, _COLUMN_OF[name])] = [_shown(name, getattr(facts, name), found), _shown(name, value, found)]
        setattr(facts, name, value)
    plan.outcome = RowOutcome.UPDATED if was_rated else RowOutcome.CREATED
    if contradicts(
        found.tables[decision.span], result=facts.result_rating, behaviour=facts.behaviour_rating, predicate=facts.predicate
    ):
        expected = found.tables[decision.span][(facts.result_rating, facts.behaviour_rating)]
        plan.warn(
            "predikat",
            _("By the table these ratings give “%(expected)s”; “%(stated)s” was kept as it stands.")
            % {"expected": label_of(expected), "stated": label_of(facts.predicate)},
        )


def _compare_score(plan: Plan, decision: Decision, found: Found, memory: Memory) -> None:
    row: IndicatorRow = plan.data
    indicator = memory.indicators.find(row.name_key, row.aspect)
    if indicator is None and not row.aspect:
        plan.refuse("aspek", _("The aspect is missing, and this indicator is not known yet."))
    direction = row.direction or (indicator.direction if indicator else "")
    if not direction:
        plan.refuse("arah", _("The direction is missing, and this indicator is not known yet. Write tinggi or rendah."))
    target = row.target if row.target is not None else _usual_target(indicator, decision, found)
    if target is None:
        plan.refuse("target", _("The target is missing, and no standard states one for this post and unit."))
    if plan.is_refused or target is None:
        return
    if indicator is not None and row.direction and row.direction != indicator.direction:
        plan.warn("arah", _("The direction differs from the one of this indicator; it holds for this row only."))
    score = ScoreFacts(indicator.pk if indicator else 0, target, row.realisation, direction, row.sample_size)
    before = decision.facts.scores.get(indicator.pk) if indicator else None
    if before is not None and row.sample_size is None:
        score = replace(score, sample_size=before.sample_size)
    if before == score:
        return
    if before is not None and not memory.reason:
        plan.refuse("realisasi", _needs_reason())
        return
    plan.changes[row.name] = [_measure(before, row), _measure(score, row)]
    plan.outcome = RowOutcome.UPDATED if before is not None else RowOutcome.CREATED
    if indicator is not None:
        decision.facts.scores[indicator.pk] = score
    else:
        decision.new[(row.aspect, row.name_key)] = score


def _usual_target(indicator: Indicator | None, decision: Decision, found: Found) -> Decimal | None:
    placement = found.placement_of(decision.account, decision.span)
    if indicator is None or placement is None:
        return None
    standard = found.standards[decision.span].for_post(
        indicator.pk, position_id=placement.position_id, unit_path=placement.unit.path
    )
    return standard.target if standard else None


def _needs_reason() -> str:
    return _("The final evaluation says otherwise. A correction needs a reason; state it and import again.")


_COLUMN_OF = {
    "result_rating": "hasil_kerja",
    "behaviour_rating": "perilaku_kerja",
    "predicate": "predikat",
    "appraiser_id": "nip_penilai",
    "appraiser_name": "nama_penilai",
    "remarks": "catatan",
}


def _label(table: Any, key: str) -> str:
    return str(table.column(key).label)


def _shown(name: str, value: Any, found: Found) -> str:
    if name == "predicate":
        return label_of(value)
    if name in ("result_rating", "behaviour_rating"):
        return rating_label(value)
    if name == "appraiser_id":
        return next((account.full_name for account in found.accounts.values() if account.pk == value), "") if value else ""
    return str(value or "")


def _measure(score: ScoreFacts | None, row: IndicatorRow) -> str:
    if score is None:
        return ""
    unit = f" {row.unit_of_measure}" if row.unit_of_measure else ""
    numbers = {"value": format_number(score.realisation), "target": format_number(score.target), "unit": unit}
    return _("%(value)s%(unit)s (target %(target)s%(unit)s)") % numbers


def _parts(groups: Sequence[tuple[Identity, list[Plan]]]) -> Iterator[Sequence[tuple[Identity, list[Plan]]]]:
    for start in range(0, len(groups), CHUNK):
        yield groups[start : start + CHUNK]
