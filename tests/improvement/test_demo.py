"""The demo story: true, whole, and told the same way on whatever day it is installed."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from certificates.models import Certificate, PendingCertificate
from core.domain.dates import local_date
from core.domain.errors import RuleViolation
from core.domain.nip import parse
from courses.domain.hours import year_summary
from courses.models import CoursePage
from improvement.demo.build import fill, set_passwords
from improvement.demo.calendar import anchor_on, calendar_for
from improvement.demo.cast import SIGN_IN, make_cast, rows
from improvement.domain.check import check_trails
from improvement.domain.loop_summary import loop_summary
from improvement.domain.reconcile import reconcile_loop
from improvement.models import Counselling, DemoMark, Guidance, LearnerRequest, TrainingAssignment, TransferQuestion
from people.models import Account, ImportRun, OrgUnit
from performance.enums import GapStatus
from performance.models import Gap, PerformanceRecord
from tests.factories.improvement import jakarta
from tests.factories.people import AccountFactory

PASSWORD = "Contoh-Bina-2026"
NOW = jakarta(2026, 11, 24, 14)


@pytest.fixture
def demo(db):
    return fill(password=PASSWORD, now=NOW)


def test_the_story_holds_in_every_part(demo):
    """One filling, many looks: it takes a quarter of a minute."""
    sari = Account.objects.get(name="Sari Wulandari")
    gap = Gap.objects.get(person=sari, indicator__name="Permohonan KK selesai dalam 24 jam")
    entry = PerformanceRecord.objects.get(gap=gap, kind="improved")
    assert (entry.before["value"], entry.before["target"], entry.after["value"]) == ("71", "90", "93")
    assert entry.done_before == ["guidance", "course"] and entry.person_note
    assert Certificate.objects.filter(person=sari).count() == 2 and year_summary(sari, 2026).jp == 11
    assert Gap.objects.get(person=sari, indicator__name__startswith="Tanggapan").status == GapStatus.OPEN

    # Every state of a gap, every kind of work that waits, can be seen.
    assert set(Gap.objects.values_list("status", flat=True)) == set(GapStatus.values)
    assert {tuple(done) for done in PerformanceRecord.objects.values_list("done_before", flat=True)} >= {("none",), ("guidance",), ("course",)}
    today = local_date(NOW)
    assert TrainingAssignment.objects.overdue(on=today).count() >= 3
    assert Guidance.objects.filter(state="planned", scheduled_at__gt=NOW).exists() and Counselling.objects.filter(state="planned").exists()
    assert LearnerRequest.objects.filter(state="open").exists() and PendingCertificate.objects.count() == 4
    assert Certificate.objects.filter(state="revoked").count() == 1
    assert ImportRun.objects.filter(state="previewed").get().counts["refused"] >= 3
    waiting = TransferQuestion.objects.filter(answered_at__isnull=True, cancelled_at__isnull=True, opens_on__lte=today)
    assert waiting.filter(day="30", person__name="Wati Marpaung").exists()
    assert waiting.filter(day="60", person__placements__superior__name="Budi Santoso").count() >= 2
    assert CoursePage.objects.live().count() == 6 and OrgUnit.objects.count() == 10

    # It is whole and healthy, and a second filling changes nothing.
    assert check_trails().broken == []
    assert not any(reconcile_loop(at=NOW).values())
    before = loop_summary()
    assert fill(password=PASSWORD, now=jakarta(2027, 6, 1)).is_new is False
    assert loop_summary() == before and DemoMark.objects.get().anchor_on == anchor_on(NOW)

    # Only the cast can sign in, and only with this password.
    known = {account.email.split("@")[0] for account in Account.objects.all() if account.has_usable_password()}
    assert known == {*SIGN_IN, "admin"} and all(account.is_demo for account in Account.objects.all())
    assert sari.check_password(PASSWORD) and set_passwords(PASSWORD) == 0
    assert set_passwords("Lain-Contoh-2026") == len(known)


@pytest.mark.arena
@pytest.mark.parametrize("now", [jakarta(2026, 10, 1, 8), jakarta(2026, 12, 31, 23), jakarta(2027, 1, 3), jakarta(2028, 2, 29), jakarta(2027, 8, 15)])
def test_the_story_can_be_told_on_any_day(db, now):
    fill(password=PASSWORD, now=now)
    assert check_trails().broken == []
    assert not Gap.objects.filter(opened_at__gt=now).exists() and not PerformanceRecord.objects.filter(at__gt=now).exists()


def test_a_database_with_other_people_is_left_alone(db):
    AccountFactory()
    with pytest.raises(RuleViolation):
        fill(password=PASSWORD)
    assert not DemoMark.objects.exists()


def test_production_refuses_it(db, settings):
    from django.core.management.base import CommandError

    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("seed_demo")


def test_the_four_quarters_are_the_last_completed_ones():
    calendar = calendar_for(anchor_on(NOW), now=NOW)
    assert [str(span[1]) for span in calendar.quarters] == ["2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30"]
    assert str(anchor_on(jakarta(2026, 1, 1))) == "2025-12-31"
    assert calendar.after(4, 400) < NOW and calendar.recent(0.5) < NOW < calendar.ahead(3)


def test_the_people_are_fictitious_and_possible():
    cast = make_cast()
    listed = rows(cast)
    assert len(listed) == 300 and len({row[0] for row in listed}) == 300 and len({row[1] for row in listed}) == 300
    assert all(parse(row[0], on=local_date(NOW)) and 900 <= int(row[0][-3:]) <= 999 for row in listed)
    assert [one.nip for one in make_cast().people] == [one.nip for one in cast.people]
