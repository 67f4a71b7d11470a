"""Filling an empty database with the demo story: the same files, functions and people's deeds as in an office, each at its own time.

Everything happens in one transaction: a killed filling leaves nothing behind, a second one changes nothing (decisions 26).
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation
from core.domain.seeding import seed_reference
from improvement.demo import office, others, sari
from improvement.demo.calendar import Calendar, anchor_on, calendar_for
from improvement.demo.cast import ADMIN_NAME, SIGN_IN, Cast, Person, make_cast
from improvement.demo.deeds import Deeds
from improvement.demo.measures import Measures
from improvement.domain import daily, summary
from improvement.models import DemoMark
from people.domain.import_report import import_now
from people.enums import ImportKind
from people.models import Account, OrgUnit
from performance.domain import evaluations, record
from performance.domain.evaluation_facts import EvaluationFacts, ScoreFacts
from performance.models import Evaluation

Deed = Callable[[datetime], object]


@dataclass
class Story:
    """What the scenes need; ``scene`` puts a deed at its time, ``run`` plays all of them in the order of their times."""

    calendar: Calendar
    cast: Cast
    measures: Measures
    deeds: Deeds = field(init=False)
    scenes: list[tuple[datetime, int, Deed]] = field(default_factory=list)

    def scene(self, at: datetime, deed: Deed) -> None:
        self.scenes.append((at, len(self.scenes), deed))

    def run(self) -> None:
        for at, _place, deed in sorted(self.scenes, key=lambda scene: scene[:2]):
            deed(at)

    def unit(self, code: str) -> OrgUnit:
        return OrgUnit.objects.get(code=code)

    def correct(self, one: Person, quarter: int, indicator: str, *, at: datetime) -> None:
        """The office had counted the wrong month: a new version of the final evaluation, with its reason."""
        account = self.deeds.account(one)
        former = Evaluation.objects.final().get(person=account, period__starts_on=self.calendar.quarters[quarter - 1][0])
        scores = {score.indicator_id: ScoreFacts(score.indicator_id, score.target, score.realisation, score.direction, score.sample_size)
                  for score in former.scores.all()}
        for score in former.scores.filter(indicator__name=indicator):
            scores[score.indicator_id] = ScoreFacts(score.indicator_id, score.target, score.target + Decimal(2), score.direction, score.sample_size)
        facts = EvaluationFacts(
            person_id=account.pk, period_id=former.period_id, result_rating="meets", behaviour_rating=former.behaviour_rating, predicate="good",
            appraiser_id=former.appraiser_id, scores=scores,
        )
        evaluations.record_final([facts], by=self.deeds.account(self.cast["dewi"]), reason="Rekap bulan Juli tertukar dengan unit lain.", at=at)


def may_fill() -> list[str]:
    """Only an empty database, or one that holds this story already."""
    if DemoMark.objects.exists() or not Account.objects.people().exists():
        return []
    return [_("This database holds people who are not of the demo; it is left as it is.")]


@dataclass(frozen=True)
class Filled:
    is_new: bool
    password: str


def fill(*, password: str = "", now: datetime | None = None, tell: Callable[[str], object] = str) -> Filled:
    """The story, once; afterwards only the password of the cast follows ``password``. Returns the password when it is known."""
    if reasons := may_fill():
        raise RuleViolation(reasons)
    is_new = not DemoMark.objects.filter(finished_at__isnull=False).exists()
    if is_new:
        password = password or "-".join(secrets.token_hex(2) for _part in range(3))
        with translation.override("id"), transaction.atomic():
            _fill(now or timezone.now(), tell)
    if password:
        set_passwords(password)
    return Filled(is_new, password)


def _fill(now: datetime, tell: Callable[[str], object]) -> None:
    mark = DemoMark.objects.create(anchor_on=anchor_on(now), started_at=timezone.now())
    calendar, cast = calendar_for(mark.anchor_on, now=now), make_cast()
    seed_reference()
    story = Story(calendar, cast, Measures(cast))
    tell("people")
    office.people(story)
    tell("courses")
    office.courses(story)
    tell("scenes")
    sari.measure(story)
    sari.tell(story)
    others.plan(story)
    _files(story)
    _clock(story)
    office.today(story)
    tell("story")
    story.run()
    office.finish(story)
    summary.compute_summaries(at=now)
    mark.finished_at = timezone.now()
    mark.save(update_fields=["finished_at"])


def _files(story: Story) -> None:
    """Dewi imports the file of each quarter, ten days after its end (the last one as soon as there is time)."""
    dewi = story.deeds.account(story.cast["dewi"])
    for quarter in (1, 2, 3, 4):
        at = story.calendar.after(quarter, 10) if quarter < 4 else story.calendar.recent(0.1)
        story.scene(at, partial(_import, story, quarter, dewi))


def _import(story: Story, quarter: int, by: Account, at: datetime) -> None:
    span = story.calendar.quarters[quarter - 1]
    name = f"kinerja-{span[0].year}-tw{(span[0].month - 1) // 3 + 1}.xlsx"
    import_bytes(ImportKind.EVALUATIONS, name, story.measures.workbook(quarter, span), by=by, at=at)


def import_bytes(kind: str, name: str, data: bytes, *, by: Account | None, at: datetime, **options) -> dict:
    """One file through the machine that the screen uses; a faulty row of the demo is a fault of the demo."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        result = import_now(kind, [path], by=by, options=options, at=at)
    if result["refused"]:
        raise RuleViolation([problem["message"] for problem in result["problems"]])
    return result


def _clock(story: Story) -> None:
    """What the daily jobs would have done: questions open, entries of the record become final."""
    at = story.calendar.after(1, 12, 7)
    while at < story.calendar.now:
        story.scene(at, lambda moment: (daily.open_questions(at=moment), record.finalise_due(at=moment)))
        at += timedelta(days=8)
    story.scene(story.calendar.now, lambda moment: (daily.open_questions(at=moment), record.finalise_due(at=moment)))


def set_passwords(password: str) -> int:
    """Only the cast signs in. Accounts whose password is this one already are left alone; how many were changed."""
    changed = 0
    emails = [f"{key}@contoh.jakarta.example" for key in SIGN_IN]
    for account in Account.objects.filter(is_demo=True).filter(email__in=emails) | Account.objects.filter(is_demo=True, nip=ADMIN_NAME):
        if account.has_usable_password() and account.check_password(password):
            continue
        account.set_password(password)
        account.activated_at = account.activated_at or timezone.now()
        account.save(update_fields=["password", "activated_at"])
        changed += 1
    return changed
