"""Evaluations and their indicators from the official record, final on import (decisions 13). The machine is people.domain.imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.domain.errors import RuleViolation
from people.domain.import_plan import Context, Importer, Option, Plan
from people.enums import ImportKind, RowOutcome
from people.models import Account, ImportRow, ImportRun
from performance.domain import evaluations
from performance.domain.evaluation_facts import ScoreFacts
from performance.domain.periods import find_or_make, parse_period
from performance.enums import EvaluationSource, GapStatus
from performance.importers import evaluation_plan
from performance.importers.evaluation_columns import TABLES
from performance.importers.evaluation_plan import RATING, SCORE, Decision, Source, by_identity
from performance.models import Evaluation, Gap, Indicator, SourceProfile

NAMES_TOLD = 5


class EvaluationsImporter(Importer):
    kind = ImportKind.EVALUATIONS
    title = gettext_lazy("Evaluations")
    intro = gettext_lazy(
        "Ratings and indicators from the official record. Imported evaluations are final at once; what changes a final one needs a reason "
        "and makes a new version. Bina reads predicates, it never issues them."
    )
    tables = TABLES
    batch_size = 60

    @property
    def options(self) -> tuple[Option, ...]:  # type: ignore[override]
        profiles = SourceProfile.objects.filter(is_active=True).values_list("code", "name")
        return (
            Option(
                "period",
                gettext_lazy("Evaluation period"),
                "text",
                gettext_lazy("Only where the file does not state it: 2025-04:2025-06."),
            ),
            Option(
                "reason",
                gettext_lazy("Reason of a correction"),
                "text",
                gettext_lazy("Only where final evaluations are to change."),
            ),
            Option(
                "profile",
                gettext_lazy("Source profile"),
                "choice",
                gettext_lazy("Only where the file holds numbers instead of words: what they mean in its system."),
                (("", gettext_lazy("The file holds words")), *profiles),
            ),
        )

    def clean_options(self, options: dict) -> dict:
        clean = {**options, **{key: str(options.get(key) or "").strip()[:300] for key in ("period", "reason", "profile")}}
        if clean["period"]:
            first, last = parse_period(clean["period"])
            clean["period"] = f"{first.isoformat()}:{last.isoformat()}"
        if clean["profile"] and not SourceProfile.objects.filter(code=clean["profile"], is_active=True).exists():
            known = ", ".join(SourceProfile.objects.filter(is_active=True).values_list("code", flat=True))
            raise RuleViolation(
                _("There is no source profile “%(code)s”. Known: %(known)s.") % {"code": clean["profile"], "known": known}
            )
        return clean

    def prepare(self, plans: Sequence[Plan], context: Context) -> None:
        evaluation_plan.prepare(plans, context, sources=_sources(plans, context.run))

    def plan(self, plans: Sequence[Plan], context: Context, *, is_final: bool) -> None:
        evaluation_plan.compare(plans, context, is_final=is_final)

    def batches(self, plans: Sequence[Plan]) -> Iterator[list[Plan]]:
        """Rows of one person and period are never parted; earlier periods come first."""
        batch: list[Plan] = []
        for _identity, rows in by_identity(plans):
            if batch and len(batch) + len(rows) > self.batch_size:
                yield batch
                batch = []
            batch.extend(rows)
        if batch:
            yield batch

    def write(self, plans: Sequence[Plan], context: Context) -> None:
        decisions = list({id(plan.own.decision): plan.own.decision for plan in plans if plan.own.decision}.values())
        changed = [decision for decision in decisions if decision.is_changed]
        periods = {span: find_or_make(*span) for span in {decision.span for decision in changed}}
        _make_indicators(plans, context)
        for decision in changed:
            decision.facts.period_id = periods[decision.span].pk
        rows = evaluations.record_final(
            [decision.facts for decision in changed],
            by=context.by,
            reason=context.own.reason,
            import_run=context.run,
            at=context.at,
        )
        written = {(row.person_id, row.period_id): row for row in rows}
        for plan in plans:
            decision = plan.own.decision
            row = written.get((decision.facts.person_id, decision.facts.period_id)) if decision else None
            if row is not None:
                plan.object_id = row.pk
                plan.before = {"evaluation": row.pk, "former": decision.current.pk if decision.current else None}

    def tallies(self, outcomes: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Counts of each kind of row: ``{"kinds": {"evaluations": {...}, "indicators": {...}}}``."""
        counted = Counter(outcomes)
        names = {RATING: "evaluations", SCORE: "indicators"}
        return {
            "kinds": {
                name: {"read": sum(n for (kind, _outcome), n in counted.items() if kind == object_kind)}
                | {outcome.value: counted[(object_kind, outcome.value)] for outcome in RowOutcome}
                for object_kind, name in names.items()
            }
        }

    def undo_blockers(self, run: ImportRun, rows: Sequence[ImportRow]) -> list[str]:
        """Somebody acted on a gap of these evaluations, or they judged one; or a correction followed."""
        ids = {row.before["evaluation"] for row in rows if row.before.get("evaluation")}
        worked_on = ~Q(status=GapStatus.OPEN) | ~Q(cause="") | Q(contexts__isnull=False)
        worked_on &= ~Q(status=GapStatus.WAIVED, closed_by_evaluation__isnull=False)  # a correction closed it, nobody's hand
        touched = Gap.objects.filter(worked_on, evidence__evaluation__in=ids).values_list("person__name", flat=True)
        pairs = set(Evaluation.objects.filter(pk__in=ids).values_list("person_id", "period_id"))
        final = Evaluation.objects.final().filter(
            person__in={person for person, _period in pairs}, source=EvaluationSource.IMPORTED
        )
        columns = final.exclude(import_run=run).values_list("person_id", "period_id", "person__name")
        corrected = [name for person_id, period_id, name in columns if (person_id, period_id) in pairs]
        return [
            *_tell(
                touched, lambda n: ngettext("A gap was already judged or worked on", "Gaps were already judged or worked on", n)
            ),
            *_tell(corrected, lambda n: ngettext("An evaluation was corrected since", "Evaluations were corrected since", n)),
        ]

    def undo(self, rows: Sequence[ImportRow], *, run: ImportRun, by: Account | None, at: datetime) -> None:
        """Superseded, never deleted; what a correction had replaced holds again as a new version."""
        former = {row.before["evaluation"]: row.before.get("former") for row in rows if row.before.get("evaluation")}
        imported = Evaluation.objects.in_bulk(former)
        pairs = {(one.person_id, one.period_id): former[one.pk] for one in imported.values()}
        final = Evaluation.objects.final().filter(
            person__in={person for person, _period in pairs}, source=EvaluationSource.IMPORTED, import_run=run
        )
        taken = [one for one in final if (one.person_id, one.period_id) in pairs]
        restoring = {one.pk: pk for one in taken if (pk := pairs[(one.person_id, one.period_id)])}
        evaluations.withdraw(taken, restoring=restoring, reason=_("The import was taken back"), by=by, at=at)


def _make_indicators(plans: Sequence[Plan], context: Context) -> None:
    """Indicators that the file names for the first time, and their scores into the facts of their people."""
    for plan in plans:
        decision: Decision | None = plan.own.decision
        score: ScoreFacts | None = (
            decision.new.pop((plan.data.aspect, plan.data.name_key), None) if decision and _is_score(plan) else None
        )
        if score is None or decision is None:
            continue
        row = plan.data
        indicator = context.own.indicators.find(row.name_key, row.aspect)
        if indicator is None:
            indicator, _made = Indicator.objects.get_or_create(
                name=row.name, aspect=row.aspect, unit_of_measure=row.unit_of_measure, defaults={"direction": score.direction}
            )
            context.own.indicators.add(indicator)
        decision.facts.scores[indicator.pk] = ScoreFacts(
            indicator.pk, score.target, score.realisation, score.direction, score.sample_size
        )


def _is_score(plan: Plan) -> bool:
    return plan.object_kind == SCORE


def _sources(plans: Sequence[Plan], run: ImportRun) -> dict[str, Source]:
    """Where each sheet comes from. Sheets are labelled ``file · sheet`` where a run has several files."""
    files = run.options.get("files") or []
    found = {sheet: Source() for sheet in {plan.line.sheet for plan in plans}}
    for file in sorted(files, key=lambda file: len(file["name"])):
        with default_storage.open(file["stored"], "rb") as stream:
            is_workbook = stream.read(2) == b"PK"
        for sheet in found:
            if len(files) == 1 or sheet == file["name"][:80] or sheet.startswith(f"{file['name']} · "[:80]):
                found[sheet] = Source(file["name"], is_workbook)
    return found


def _tell(names: Iterable[str], words: Any) -> list[str]:
    listed = sorted(set(names))
    if not listed:
        return []
    shown = ", ".join(listed[:NAMES_TOLD])
    if len(listed) > NAMES_TOLD:
        shown += " " + _("and %(count)d more") % {"count": len(listed) - NAMES_TOLD}
    return [f"{words(len(listed))}: {shown}."]
