"""What people are told: once, at the right time, at most two mails a week, and back to the thing after sign-in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.domain import outbox, schedule
from core.domain.dates import JAKARTA
from core.models import Job
from people.domain.digests import SPACING, enqueue_digests, is_mailing_time, people_due, send_digest
from people.domain.notices import Draft, cancel_notice, mark_all_read, notify, notify_many, unread_count
from people.enums import NoticeKind
from people.models import Notice

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=JAKARTA)


def tell(person, key="assignment:1", **more):
    more = {"kind": NoticeKind.ASSIGNMENT, "title": "Pelatihan baru untuk Anda", "url": "/pelatihan/", "at": TUESDAY, **more}
    return notify(person, key=key, **more)


def digest(at):
    """One turn of the clock: collect and send."""
    enqueue_digests(at=at)
    outbox.drain(at=at)
    return len(mail.outbox)


# --- telling ---
def test_the_same_fact_is_told_once(sari):
    first = tell(sari)
    again = tell(sari, title="Sama lagi")

    assert again.pk == first.pk
    assert again.title == "Pelatihan baru untuk Anda"
    assert Notice.objects.count() == 1


def test_many_notices_are_two_statements(sari, wati):
    drafts = [Draft(person, NoticeKind.REMINDER, f"r:{person.pk}", "Pengingat") for person in (sari, wati)]
    with CaptureQueriesContext(connection) as captured:
        found = notify_many(drafts, at=TUESDAY)

    assert [notice.person for notice in found] == [sari, wati]
    assert len([query for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]) == 2


def test_texts_are_in_the_language_of_the_reader(sari, wati):
    wati.language = "en"
    wati.save(update_fields=["language"])

    notify_many([Draft(p, NoticeKind.SYSTEM, f"n:{p.pk}", _("Notices")) for p in (sari, wati)], at=TUESDAY)

    assert Notice.objects.get(person=wati).title == "Notices"
    assert Notice.objects.get(person=sari).title == "Pemberitahuan"


def test_a_foreign_address_is_refused(sari):
    for address in ("https://jahat.example/", "//jahat.example/", "javascript:alert(1)"):
        with pytest.raises(ValueError):
            tell(sari, url=address)


def test_a_very_long_title_is_cut(sari):
    assert len(tell(sari, title="kata " * 60).title) <= 160


# --- the ten minutes of undo ---
def test_a_waiting_notice_is_seen_by_nobody_until_its_time(sari, client):
    now = timezone.now()
    notice = tell(sari, at=now, not_before=now + timedelta(minutes=10))
    client.force_login(sari)

    assert unread_count(sari) == 0
    assert notice.title not in client.get(reverse("people:notices")).content.decode()
    assert client.get(reverse("people:notice", args=[notice.pk])).status_code == 404
    assert unread_count(sari, at=now + timedelta(minutes=10)) == 1


def test_undo_takes_a_waiting_notice_back(sari):
    tell(sari, not_before=TUESDAY + timedelta(minutes=10))

    assert cancel_notice("assignment:1") == 1
    assert not Notice.objects.exists()


def test_what_was_told_stays_told(sari):
    tell(sari)
    mark_all_read(sari, at=TUESDAY)

    assert cancel_notice("assignment:1") == 0
    assert Notice.objects.count() == 1


# --- e-mail ---
@pytest.mark.parametrize(("moment", "may"), [
    (datetime(2026, 11, 24, 8, 0, tzinfo=JAKARTA), True),
    (datetime(2026, 11, 24, 15, 59, tzinfo=JAKARTA), True),
    (datetime(2026, 11, 24, 16, 0, tzinfo=JAKARTA), False),
    (datetime(2026, 11, 24, 7, 59, tzinfo=JAKARTA), False),
    (datetime(2026, 11, 28, 10, 0, tzinfo=JAKARTA), False),
])
def test_mail_keeps_to_working_hours(moment, may):
    assert is_mailing_time(moment) is may


def test_one_digest_for_everything_that_waits(sari):
    tell(sari, "a")
    tell(sari, "b", title="Jadwal bimbingan", body="Isi yang tidak perlu lewat surel")

    assert digest(TUESDAY + timedelta(hours=1)) == 1
    message = mail.outbox[0]
    html = message.alternatives[0].content
    assert message.to == [sari.email]
    assert message.subject == "Bina: 2 pemberitahuan untuk Anda"
    assert "Pelatihan baru untuk Anda" in message.body
    assert "Jadwal bimbingan" in html
    assert "Isi yang tidak perlu" not in message.body + html
    assert "src=" not in html  # nothing is fetched when a mail is opened
    assert Notice.objects.filter(emailed_at__isnull=True).count() == 0


def test_a_simulated_year_stays_in_the_budget(sari):
    """Something new every day, a look four times a day: never more than two mails in any seven days, all in working hours."""
    sent = []
    for day in range(365):
        tell(sari, f"n:{day}", at=TUESDAY + timedelta(days=day))
        for hours in (-2, 0, 3, 6):
            moment = TUESDAY + timedelta(days=day, hours=hours)
            if send_digest(sari, at=moment):
                sent.append(moment)

    assert len(sent) > 70
    assert all(is_mailing_time(at) for at in sent)
    assert all(later - first >= timedelta(days=7) for first, later in zip(sent, sent[2:], strict=False))


def test_a_second_call_of_the_day_sends_nothing_more(sari):
    tell(sari, "a")
    digest(TUESDAY)
    tell(sari, "b", at=TUESDAY + timedelta(minutes=5))

    assert digest(TUESDAY + timedelta(hours=2)) == 1
    assert digest(TUESDAY + SPACING) == 1  # Friday evening
    assert digest(TUESDAY + timedelta(days=6)) == 2


def test_read_silent_stale_and_unwanted_notices_are_not_mailed(sari, wati, budi):
    tell(sari, "read")
    mark_all_read(sari, at=TUESDAY)
    tell(sari, "silent", by_email=False)
    tell(sari, "stale", at=TUESDAY - timedelta(days=20))
    wati.wants_email = False
    wati.save(update_fields=["wants_email"])
    tell(wati, "unwanted")
    budi.email = ""
    budi.save(update_fields=["email"])
    tell(budi, "no address")

    assert list(people_due(at=TUESDAY + timedelta(hours=1))) == []


def test_security_is_mailed_at_once_at_night_and_against_the_preference(sari):
    night = datetime(2026, 11, 28, 23, 0, tzinfo=JAKARTA)
    sari.wants_email = False
    sari.save(update_fields=["wants_email"])
    tell(sari, "security:1", kind=NoticeKind.SECURITY, title="Perangkat baru", body="Masuk dari perangkat baru.", at=night)

    outbox.drain(at=night)

    assert [message.subject for message in mail.outbox] == ["Bina: Perangkat baru"]
    assert "Masuk dari perangkat baru." in mail.outbox[0].body


def test_a_job_that_runs_twice_mails_once(sari):
    tell(sari)
    enqueue_digests(at=TUESDAY)
    outbox.drain(at=TUESDAY)
    Job.objects.filter(kind="people.digest").update(state="waiting", finished_at=None)
    outbox.drain(at=TUESDAY)

    assert len(mail.outbox) == 1


def test_a_line_break_in_a_title_cannot_stop_or_forge_a_mail(sari):
    tell(sari, title="Pelatihan\r\nBcc: orang@lain.example")

    digest(TUESDAY)

    assert mail.outbox[0].subject == "Bina: Pelatihan Bcc: orang@lain.example"
    assert mail.outbox[0].bcc == []


def test_the_clock_collects_digests():
    assert "people.digests" in {turn.kind for turn in schedule.turns()}


# --- the screen ---
def test_the_link_of_a_mail_survives_signing_in(sari, client):
    notice = tell(sari, at=timezone.now() - timedelta(minutes=1), url="/bantuan/")
    address = reverse("people:notice", args=[notice.pk])

    asked = client.get(address)
    assert asked.status_code == 302
    assert f"next={address}" in asked["Location"]

    client.force_login(sari)
    assert client.get(address)["Location"] == "/bantuan/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_the_list_counts_what_is_unread_and_marks_it(sari, client):
    moment = timezone.now() - timedelta(minutes=1)
    tell(sari, "a", at=moment)
    tell(sari, "b", at=moment)
    client.force_login(sari)

    page = client.get(reverse("people:notices")).content.decode()
    assert "2 belum dibaca" in page
    assert len(re.findall("<h1", page)) == 1

    client.post(reverse("people:notices_read"))
    assert unread_count(sari) == 0
    assert "Semua sudah dibaca" in client.get(reverse("people:notices")).content.decode()


def test_an_empty_list_says_what_will_come(sari, client):
    client.force_login(sari)
    assert "Belum ada pemberitahuan" in client.get(reverse("people:notices")).content.decode()


def test_another_persons_notice_does_not_exist(sari, wati, client):
    notice = tell(sari, at=timezone.now() - timedelta(minutes=1))
    client.force_login(wati)

    assert client.get(reverse("people:notice", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_list_asks_the_database_the_same_for_one_and_fifty(sari, client, django_assert_max_num_queries):
    moment = timezone.now() - timedelta(minutes=1)
    notify_many([Draft(sari, NoticeKind.SYSTEM, f"s:{n}", f"Hal {n}") for n in range(50)], at=moment)
    client.force_login(sari)
    client.get(reverse("people:notices"))
    with django_assert_max_num_queries(6):
        client.get(reverse("people:notices"))
