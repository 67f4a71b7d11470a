"""What a person is given holds in every quiz, is never cut by a window, and is nobody's business but her HR's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.access_rules import RULES
from assessments.domain import accommodations, attempts
from assessments.models import Accommodation
from core.domain.dates import local_date
from core.domain.errors import RuleViolation
from core.models import AuditEvent
from tests.factories.assessments import make_quiz, take_quiz

pytestmark = pytest.mark.django_db


def give(person, by, **more):
    now = timezone.now()
    values = {"starts_on": local_date(now) - timedelta(days=30), "reason": "Pembaca layar", "time_percent": 150, **more}
    return accommodations.give_accommodation(person, by=by, **values)


def test_more_time_in_every_quiz_and_in_words(sari, wati):
    give(sari, wati)
    now = timezone.now()
    for minutes, hers in ((20, 30), (15, 23)):
        quiz = make_quiz(1, time_limit_minutes=minutes)
        found = attempts.situation(sari, quiz.current, context_key="enrolment:1", at=now)
        said = [sentence for rule in RULES for sentence in rule.words(found)]
        assert _("Your time: %(minutes)d minutes (%(factor)s times).") % {"minutes": hers, "factor": "1,5"} in said
        assert attempts.start(sari, quiz.current, context_key="enrolment:1", at=now).due_at == now + timedelta(minutes=hers)
        assert attempts.start(wati, quiz.current, context_key="enrolment:1", at=now).due_at == now + timedelta(minutes=minutes)


def test_a_window_never_cuts_what_she_was_given(sari, wati):
    now = timezone.now()
    give(sari, wati)
    quiz = make_quiz(1, time_limit_minutes=20, closes_at=now + timedelta(minutes=5))
    assert attempts.start(wati, quiz.current, at=now).due_at == now + timedelta(minutes=5)
    hers = attempts.start(sari, quiz.current, at=now)
    assert hers.due_at == now + timedelta(minutes=30)
    attempts.settle(hers, at=now + timedelta(hours=1))
    assert hers.ending == "time", "her own time ended it, not the window"
    other = make_quiz(1, time_limit_minutes=20, closes_at=now - timedelta(minutes=5))
    assert attempts.may_start(sari, other.current, at=now), "she begins inside the window, like everybody"


def test_no_time_limit_and_more_attempts(sari, wati):
    give(sari, wati, time_percent=100, has_no_time_limit=True, extra_attempts=1)
    quiz = make_quiz(1, time_limit_minutes=20, attempt_limit=1)
    for _number in range(2):
        assert take_quiz(sari, quiz, right=0).due_at is None
    assert attempts.may_start(sari, quiz.current, context_key="enrolment:1")


def test_it_holds_on_its_days_until_it_is_ended(sari, wati):
    now = timezone.now()
    given = give(sari, wati, starts_on=local_date(now), ends_on=local_date(now) + timedelta(days=1))
    assert accommodations.allowance_of(sari, at=now - timedelta(days=1)) is None
    assert accommodations.allowance_of(sari, at=now).time_percent == 150
    assert accommodations.allowance_of(sari, at=now + timedelta(days=2)) is None
    assert accommodations.end_accommodation(given, by=wati) and not accommodations.end_accommodation(given, by=wati)
    assert accommodations.allowance_of(sari, at=now) is None


def test_a_new_one_takes_the_place_of_the_earlier_and_the_trail_holds_no_reason(sari, wati):
    give(sari, wati)
    give(sari, wati, time_percent=200, reason="Rahasia pribadi")
    assert Accommodation.objects.filter(ended_at__isnull=True).count() == 1
    entries = AuditEvent.objects.filter(verb="accommodation.given")
    assert entries.count() == 2 and "Rahasia" not in str(list(entries.values()))


@pytest.mark.parametrize("bad", [
    {"time_percent": 99}, {"time_percent": 501}, {"extra_attempts": -1}, {"extra_attempts": 21}, {"time_percent": 100}, {"reason": " "},
    {"reason": "x" * 1001}, {"ends_on": local_date(timezone.now()) - timedelta(days=31)},
])
def test_what_cannot_be_is_refused_in_words(sari, wati, bad):
    with pytest.raises(RuleViolation):
        give(sari, wati, **bad)
    assert not Accommodation.objects.exists()


def test_nobody_gives_herself_one(sari):
    with pytest.raises(RuleViolation):
        give(sari, sari)


def test_hr_gives_one_by_screens_and_a_trainer_never_meets_it(client, sari, dewi, tono):
    client.force_login(dewi)
    found = client.post(reverse("assessments:accommodations"), {"cari": sari.name})
    address = reverse("assessments:accommodation", args=[sari.pk])
    assert f'href="{address}"' in found.content.decode()
    refused = client.post(address, {"time_percent": "90", "extra_attempts": "0", "starts_on": "2026-01-01", "reason": "Pembaca layar"})
    assert refused.status_code == 422 and "Pembaca layar" in refused.content.decode() and not Accommodation.objects.exists()
    given = client.post(address, {"time_percent": "150", "extra_attempts": "1", "starts_on": "2026-01-01", "reason": "Pembaca layar"}, follow=True)
    text = given.content.decode()
    assert "150" in text and "Pembaca layar" in text
    assert sari.full_name in client.get(reverse("assessments:accommodations")).content.decode()
    client.force_login(tono)
    assert client.get(address).status_code == 404 and client.get(reverse("assessments:accommodations")).status_code == 404
    client.force_login(dewi)
    client.post(reverse("assessments:accommodation_end", args=[sari.pk]))
    assert not Accommodation.objects.filter(ended_at__isnull=True).exists()


def test_hr_gives_herself_none(client, dewi):
    client.force_login(dewi)
    own = client.post(reverse("assessments:accommodation", args=[dewi.pk]),
                      {"time_percent": "150", "extra_attempts": "0", "starts_on": "2026-01-01", "reason": "x"})
    assert own.status_code == 422 and _("Nobody gives herself an accommodation; ask a colleague.") in own.content.decode()
