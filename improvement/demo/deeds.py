"""What people of the demo do, each deed through the function that the screen calls, at its own time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from courses.domain.enrolment import enrol
from courses.models import CoursePage, Enrolment
from improvement.demo import learning
from improvement.demo.cast import Cast, Person
from improvement.domain import counselling, guidance, loop, transfer
from improvement.models import Guidance, TransferQuestion
from people.models import Account
from performance.models import Gap


class Deeds:
    """``Deeds.cause(person, ...)`` and the like; people are looked up once."""

    def __init__(self, cast: Cast, courses: dict[str, CoursePage]):
        self.cast, self.courses = cast, courses
        self._accounts = {account.nip: account for account in Account.objects.filter(nip__in=[one.nip for one in cast.people])}

    def account(self, one: Person) -> Account:
        return self._accounts[one.nip]

    def superior(self, one: Person) -> Account:
        return self._accounts[one.superior]

    def gap(self, one: Person, indicator: str = "", *, kind: str = "indicator") -> Gap:
        rows = Gap.objects.unfinished().filter(person=self.account(one)).select_related("person", "parent", "indicator", "last_missed_period")
        return rows.get(indicator__name=indicator) if indicator else rows.get(kind=kind)

    # --- gap, cause, assignment ------------------------------------------------------------------------------------------------------
    def cause(self, one: Person, indicator: str, cause: str, note: str, *, at: datetime, by: Account | None = None) -> None:
        loop.agree_on_cause(self.gap(one, indicator), cause, note=note, by=by or self.superior(one), at=at)

    def assign(self, one: Person, indicator: str, code: str, *, at: datetime, due_on: date | None = None, by: Account | None = None):
        return loop.assign_training(self.gap(one, indicator), course=self.courses[code], by=by or self.superior(one), due_on=due_on, at=at)

    def waive(self, one: Person, *, reason: str, at: datetime) -> None:
        for gap in Gap.objects.unfinished().filter(person=self.account(one)).order_by("-pk"):
            loop.waive(gap, reason=reason, by=self.superior(one), at=at)

    def review(self, one: Person, *, verdict: str, finding: str, value: int, at: datetime) -> None:
        for gap in Gap.objects.unfinished().filter(person=self.account(one)).order_by("-pk"):
            measured = Decimal(value) if gap.indicator_id else None
            loop.review(gap, verdict=verdict, finding=finding, value=measured, by=self.superior(one), at=at)

    # --- learning ----------------------------------------------------------------------------------------------------------------------
    def enrolment(self, one: Person, code: str) -> Enrolment:
        return Enrolment.objects.select_related("release", "person", "course").filter(person=self.account(one), course=self.courses[code]).first()

    def choose(self, one: Person, code: str, *, at: datetime) -> Enrolment:
        account = self.account(one)
        return enrol(account, self.courses[code], by=account, at=at)

    def complete(self, one: Person, code: str, *, at: datetime, wrong: int = 1, before: int | None = None) -> None:
        enrolment = self.enrolment(one, code) or self.choose(one, code, at=at - timedelta(days=8))
        learning.complete(enrolment, at=at, wrong=wrong, before=before)

    def read(self, one: Person, code: str, lessons: int, *, at: datetime, days: float = 3) -> None:
        enrolment = self.enrolment(one, code) or self.choose(one, code, at=at - timedelta(days=days + 1))
        learning.read(enrolment, until=at, lessons=lessons, days=days)

    def plan(self, one: Person, code: str, *, situation: str, action: str, at: datetime) -> None:
        transfer.save_plan(self.enrolment(one, code), situation=situation, action=action, starts_on=at.date() + timedelta(days=2),
                           by=self.account(one), at=at)

    def tried(self, one: Person, day: str, choice: str, *, at: datetime, **words: str) -> None:
        """The answer of that day for each course that is asked about."""
        questions = TransferQuestion.objects.filter(person=self.account(one), day=day, answered_at__isnull=True, cancelled_at__isnull=True)
        for question in questions:
            by = self.account(one) if day == "30" else self.superior(one)
            transfer.answer(question, choice, by=by, at=at, **words)

    # --- talks -----------------------------------------------------------------------------------------------------------------------------
    def plan_talk(self, one: Person, *, scheduled_at: datetime, at: datetime, place: str = "Ruang rapat kecil", indicator: str = "",
                  kind: str = "result") -> Guidance:
        account, by = self.account(one), self.superior(one)
        gap = self.gap(one, indicator, kind=kind) if indicator or kind else None
        return guidance.plan_guidance(account, conductor=by, scheduled_at=scheduled_at, place=place, gap=gap, by=by, at=at)

    def talk(
        self, one: Person, *, at: datetime, action: str, due_on: date, done_at: datetime | None = None, indicator: str = "", kind: str = "result",
        **words: str,
    ) -> Guidance:
        """Planned, held, agreed by both; and perhaps done."""
        by, account = self.superior(one), self.account(one)
        talk = self.plan_talk(one, scheduled_at=at, at=at - timedelta(days=3), indicator=indicator, kind=kind)
        talk = guidance.save_talk(talk, version=talk.version, by=by, action=action, action_due_on=due_on, asks_agreement=True, at=at, **words)
        talk = guidance.confirm_agreement(talk, by=account, at=at + timedelta(hours=5))
        if done_at is not None:
            guidance.mark_action_done(talk, by=account, at=done_at)
        return talk

    def counsel(self, one: Person, *, counsellor: Account, recipient: Account | None, at: datetime, summary: str, result: str, notes: str) -> None:
        session = counselling.plan_counselling(
            self.account(one), counsellor=counsellor, recipient=recipient, scheduled_at=at, gap=self.gap(one, kind="behaviour"),
            by=self.superior(one), at=at - timedelta(days=4),
        )
        session = counselling.save_session(session, version=1, by=counsellor, notes=notes, shared_summary=summary, agreed_result=result, at=at)
        counselling.close_session(session, by=counsellor, at=at + timedelta(hours=1))
