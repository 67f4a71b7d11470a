"""Evaluations: from facts to final rows, corrections as new versions, and the announcement that others act upon.

Final evaluations are frozen (decisions 13). Everything here works on lists, because an import finalises thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from people.models import Account, ImportRun, Placement, scope_of
from performance.domain.evaluation_facts import EvaluationFacts, ScoreFacts, facts_of, hash_of
from performance.domain.predicates import contradicts, predicate_table
from performance.enums import EvaluationSource, EvaluationState
from performance.models import Evaluation, EvaluationPeriod, Score
from performance.signals import evaluations_finalised

Identity = tuple[int, int]  # person, period


@transaction.atomic
def record_final(
    facts: Sequence[EvaluationFacts],
    *,
    by: Account | None,
    reason: str = "",
    import_run: ImportRun | None = None,
    at: datetime | None = None,
) -> list[Evaluation]:
    """Official evaluations, final at once. One that stands already with other facts is superseded by a new version, which needs ``reason``.

    Returns the rows that were written, in order; unchanged ones are left out. Announces them in one signal, inside the transaction.
    ``RuleViolation``: a changed one without a reason, or one that says nothing.
    """
    moment = at or timezone.now()
    lock_people({one.person_id for one in facts})
    standing, versions = _standing(facts, EvaluationSource.IMPORTED)
    stored = stored_facts(standing.values())
    wanted = []
    for one in facts:
        if one.says_nothing:
            raise RuleViolation(_("The evaluation holds neither a rating nor an indicator."))
        current = standing.get((one.person_id, one.period_id))
        if current is not None and hash_of(stored[current.pk]) == hash_of(one):
            continue
        if current is not None and not reason.strip() and changes_something(stored[current.pk], one):
            raise RuleViolation(_("A final evaluation changes only as a correction with a reason."))
        wanted.append((one, current or versions.get((one.person_id, one.period_id))))
    rows = [_row(one, former, by=by, reason=reason, at=moment) for one, former in wanted]
    for row in rows:
        row.import_run = import_run
    _place(rows)
    _settle(
        [former for _one, former in wanted if former is not None and former.state == EvaluationState.FINAL],
        rows,
        by=by,
        at=moment,
    )
    Score.objects.bulk_create(
        [score.as_row(row) for row, (one, _former) in zip(rows, wanted, strict=True) for score in one.scores.values()],
        batch_size=500,
    )
    announce(rows, at=moment)
    return rows


@transaction.atomic
def finalise(evaluations: Iterable[Evaluation], *, by: Account, at: datetime | None = None) -> list[Evaluation]:
    """Drafts become final and frozen; a final one of the same person, period and source is superseded. One signal for all of them.

    ``RuleViolation``: not a draft, one's own, of a person not assigned, nothing stated, or a correction without a reason.
    """
    moment = at or timezone.now()
    drafts = list(evaluations)
    lock_people({draft.person_id for draft in drafts})
    locked = (
        Evaluation.objects.select_for_update(of=("self",))
        .select_related("person", "period")
        .in_bulk([draft.pk for draft in drafts])
    )
    rows = [locked[draft.pk] for draft in drafts]
    standing, _versions = _standing([facts_of(row, []) for row in rows], EvaluationSource.INTERNAL)
    stored = stored_facts(rows)
    for row in rows:
        former = standing.get((row.person_id, row.period_id))
        if reasons := may_finalise(row, stored[row.pk], former, by=by):
            raise RuleViolation(reasons)
        row.content_hash = hash_of(stored[row.pk])
    formers = [standing[key] for row in rows if (key := (row.person_id, row.period_id)) in standing]
    Evaluation.objects.filter(pk__in=[former.pk for former in formers]).update(state=EvaluationState.SUPERSEDED)
    for row in rows:
        row.state, row.finalised_at = EvaluationState.FINAL, moment
        row.supersedes = standing.get((row.person_id, row.period_id))
    Evaluation.objects.bulk_update(rows, ["state", "finalised_at", "content_hash", "supersedes"], batch_size=200)
    audit.record_many(_line("evaluation.finalised", row, by=by, at=moment) for row in rows)
    announce(rows, at=moment)
    return rows


def may_finalise(evaluation: Evaluation, facts: EvaluationFacts, former: Evaluation | None, *, by: Account) -> list[str]:
    reasons = []
    if evaluation.state != EvaluationState.DRAFT:
        reasons.append(_("Only a draft becomes final."))
    reasons += may_record(evaluation.person, by=by)
    if by.pk != evaluation.created_by_id:
        reasons.append(_("Only the author of a draft finalises it."))
    if facts.says_nothing:
        reasons.append(_("The evaluation holds neither a rating nor an indicator."))
    if former is not None and not evaluation.reason.strip():
        reasons.append(_("A final evaluation changes only as a correction with a reason."))
    return reasons


@transaction.atomic
def withdraw(
    evaluations: Sequence[Evaluation],
    *,
    restoring: Mapping[int, int],
    reason: str,
    by: Account | None,
    at: datetime | None = None,
) -> list[Evaluation]:
    """Take final evaluations back: superseded, never deleted. ``restoring`` names for each the former one whose facts hold again.

    Returns the restored ones, new final versions. Gaps that lose their last miss are waived by the loop as corrected.
    """
    moment = at or timezone.now()
    lock_people({one.person_id for one in evaluations})
    locked = Evaluation.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in evaluations])
    taken = list(locked.filter(state=EvaluationState.FINAL).select_related("person", "period").order_by("pk"))
    formers = Evaluation.objects.in_bulk({restoring[one.pk] for one in taken if one.pk in restoring})
    stored = stored_facts(formers.values())
    restored = []
    for one in taken:
        if former := formers.get(restoring.get(one.pk, 0)):
            row = _row(stored[former.pk], one, by=by, reason=reason, at=moment)
            row.unit_id, row.position_name, row.import_run_id = former.unit_id, former.position_name, former.import_run_id
            restored.append(row)
    audit.record_many(_line("evaluation.withdrawn", one, by=by, at=moment) for one in taken)
    _settle(taken, restored, by=by, at=moment)
    scores = [score.as_row(row) for row in restored for score in stored[restoring[row.supersedes_id]].scores.values()]
    Score.objects.bulk_create(scores, batch_size=500)
    replaced = {row.supersedes_id for row in restored}
    for one in taken:
        one.state = EvaluationState.SUPERSEDED
    announce([*restored, *(one for one in taken if one.pk not in replaced)], at=moment)
    return restored


@transaction.atomic
def record_internal(
    person: Account,
    *,
    period: EvaluationPeriod,
    result_rating: str = "",
    behaviour_rating: str = "",
    scores: Iterable[ScoreFacts] = (),
    remarks: str = "",
    reason: str = "",
    by: Account,
    at: datetime | None = None,
) -> Evaluation:
    """A draft of an internal measurement (never an official predicate); the author's own draft of the same period is written anew.

    Where an internal one is final already, the draft is its correction and needs ``reason`` before it becomes final. ``RuleViolation``:
    see ``may_record``, or somebody else has a draft.
    """
    moment = at or timezone.now()
    lock_people([person.pk])
    if reasons := may_record(person, by=by):
        raise RuleViolation(reasons)
    mine = Evaluation.objects.filter(person=person, period=period, source=EvaluationSource.INTERNAL).order_by("-version")
    latest = mine.first()
    if latest is not None and latest.state == EvaluationState.DRAFT and latest.created_by_id != by.pk:
        raise RuleViolation(_("A colleague has an unfinished measurement of this person and period."))
    if latest is not None and latest.state == EvaluationState.DRAFT:
        draft = latest
    else:
        version = latest.version + 1 if latest else 1
        draft = Evaluation(person=person, period=period, source=EvaluationSource.INTERNAL, version=version, created_at=moment)
        _place([draft])
    draft.result_rating, draft.behaviour_rating = result_rating, behaviour_rating
    draft.appraiser, draft.created_by, draft.appraiser_name = by, by, by.full_name[:150]
    draft.remarks, draft.reason = remarks.strip(), reason.strip()[:300]
    draft.save()
    draft.scores.all().delete()
    Score.objects.bulk_create([one.as_row(draft) for one in scores])
    audit.record(
        "evaluation.drafted", draft, by=by, subject=person, detail={"period": period.pk, "version": draft.version}, at=moment
    )
    return draft


@transaction.atomic
def discard_draft(evaluation: Evaluation, *, by: Account, at: datetime | None = None) -> None:
    """A draft was never a fact; its author may throw it away."""
    locked = Evaluation.objects.select_for_update(of=("self",)).select_related("person").get(pk=evaluation.pk)
    if locked.state != EvaluationState.DRAFT or locked.created_by_id != by.pk:
        raise RuleViolation(_("Only the author of a draft throws it away."))
    audit.record("evaluation.discarded", locked, by=by, subject=locked.person, at=at)
    locked.delete()


def may_record(person: Account, *, by: Account) -> list[str]:
    """Never oneself; an evaluator for people of her units, a superior for direct staff, an appraiser for whom she appraised last."""
    if by.pk == person.pk:
        return [_("Nobody evaluates herself here.")]
    if not assigned_people(by).filter(pk=person.pk).exists():
        return [_("This person is not assigned to you.")]
    return []


def assigned_people(by: Account) -> QuerySet[Account]:
    """Whom ``by`` may measure."""
    wanted = Q(superior_id=by.pk)
    for path in scope_of(by).evaluator_paths:
        wanted |= Q(unit__path__startswith=path)
    placed = Placement.objects.filter(wanted, ends_on__isnull=True)
    appraised = Evaluation.objects.final().filter(appraiser=by, source=EvaluationSource.IMPORTED)
    newer = Evaluation.objects.final().filter(
        person=OuterRef("person"), source=EvaluationSource.IMPORTED, period__ends_on__gt=OuterRef("period__ends_on")
    )
    latest = appraised.exclude(Exists(newer))
    people = Account.objects.filter(Q(pk__in=placed.values("person_id")) | Q(pk__in=latest.values("person_id")))
    return people.filter(is_active=True).exclude(pk=by.pk)


def announce(evaluations: list[Evaluation], *, at: datetime) -> None:
    """One signal for all, inside the transaction; nothing is sent for nothing."""
    if evaluations:
        evaluations_finalised.send(sender=Evaluation, evaluations=evaluations, at=at)


def lock_people(person_ids: Iterable[int]) -> None:
    """Whoever writes evaluations or judges gaps of a person waits here for the other. Rows that only refer to her do not wait."""
    locked = Account.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(person_ids)).order_by("pk")
    list(locked.values_list("pk", flat=True))


def stored_facts(evaluations: Iterable[Evaluation]) -> dict[int, EvaluationFacts]:
    """Facts of stored evaluations by their id; one query."""
    listed = list(evaluations)
    scores: dict[int, list[Score]] = defaultdict(list)
    for score in Score.objects.filter(evaluation__in=[one.pk for one in listed]):
        scores[score.evaluation_id].append(score)
    return {one.pk: facts_of(one, scores[one.pk]) for one in listed}


def changes_something(before: EvaluationFacts, after: EvaluationFacts) -> bool:
    """Whether a stated fact becomes another; facts that are only added complete an evaluation and need no reason."""
    for name in ("result_rating", "behaviour_rating", "predicate", "appraiser_id", "appraiser_name", "remarks"):
        if getattr(before, name) and getattr(before, name) != getattr(after, name):
            return True
    return any(after.scores.get(pk) != score for pk, score in before.scores.items())


def _standing(facts: Sequence[EvaluationFacts], source: str) -> tuple[dict[Identity, Evaluation], dict[Identity, Evaluation]]:
    """The final evaluation, and the latest version, of each person and period in ``facts``."""
    rows = Evaluation.objects.filter(
        person__in={one.person_id for one in facts}, period__in={one.period_id for one in facts}, source=source
    ).filter(~Q(state=EvaluationState.DRAFT))
    final, latest = {}, {}
    for row in rows.order_by("version"):
        latest[(row.person_id, row.period_id)] = row
        if row.state == EvaluationState.FINAL:
            final[(row.person_id, row.period_id)] = row
    return final, latest


def _row(facts: EvaluationFacts, former: Evaluation | None, *, by: Account | None, reason: str, at: datetime) -> Evaluation:
    return Evaluation(
        person_id=facts.person_id,
        period_id=facts.period_id,
        source=EvaluationSource.IMPORTED,
        state=EvaluationState.FINAL,
        version=former.version + 1 if former else 1,
        supersedes=former,
        reason=reason.strip()[:300] if former else "",
        result_rating=facts.result_rating,
        behaviour_rating=facts.behaviour_rating,
        predicate=facts.predicate,
        appraiser_id=facts.appraiser_id,
        appraiser_name=facts.appraiser_name,
        remarks=facts.remarks,
        content_hash=hash_of(facts),
        created_by=by,
        created_at=at,
        finalised_at=at,
    )


def _settle(formers: Sequence[Evaluation], rows: Sequence[Evaluation], *, by: Account | None, at: datetime) -> None:
    """The old ones make room, the new ones are written, both leave audit lines."""
    Evaluation.objects.filter(pk__in=[former.pk for former in formers]).update(state=EvaluationState.SUPERSEDED)
    periods = EvaluationPeriod.objects.in_bulk({row.period_id for row in rows})
    accounts = Account.objects.in_bulk({row.person_id for row in rows})
    tables = {pk: predicate_table(period.ends_on) for pk, period in periods.items()}
    for row in rows:
        row.period, row.person = periods[row.period_id], accounts[row.person_id]
        row.is_contradictory = contradicts(
            tables[row.period_id], result=row.result_rating, behaviour=row.behaviour_rating, predicate=row.predicate
        )
    Evaluation.objects.bulk_create(rows, batch_size=200)
    audit.record_many(_line("evaluation.finalised", row, by=by, at=at) for row in rows)


def _place(rows: Sequence[Evaluation]) -> None:
    """Unit and post as they were on the last day of the period (else today's)."""
    periods = EvaluationPeriod.objects.in_bulk({row.period_id for row in rows})
    placements: dict[int, list[Placement]] = defaultdict(list)
    for placement in (
        Placement.objects.filter(person__in={row.person_id for row in rows}).select_related("position").order_by("pk")
    ):
        placements[placement.person_id].append(placement)
    for row in rows:
        day = periods[row.period_id].ends_on
        held = [
            one
            for one in placements[row.person_id]
            if (one.starts_on is None or one.starts_on <= day) and (one.ends_on is None or day <= one.ends_on)
        ]
        current = held[-1:] or [one for one in placements[row.person_id] if one.ends_on is None][-1:]
        if current:
            row.unit_id, row.position_name = current[0].unit_id, current[0].position.name if current[0].position else ""


def _line(verb: str, row: Evaluation, *, by: Account | None, at: datetime):
    detail = {"period": row.period_id, "version": row.version, "source": str(row.source), "supersedes": row.supersedes_id}
    return audit.event(verb, row, by=by, subject=row.person, after=row.content_hash, detail=detail, at=at)
