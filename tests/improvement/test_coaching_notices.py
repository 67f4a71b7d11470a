"""Everybody concerned is told: appointments, moves, cancellations, results, words on a finding and their answers (S5 lists what waits)."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from core.domain.errors import RuleViolation
from improvement.domain import contexts, counselling, guidance, requests
from improvement.domain.approvals import filled, waiting_for
from people.models import Notice
from tests.factories.improvement import jakarta


def told(person, part: str) -> Notice:
    return Notice.objects.get(person=person, key__contains=part)


def test_both_sides_of_an_appointment_are_told_except_who_made_it(story, sari, budi, ratna, counsellor):
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, by=ratna, at=story.now)
    assert "Sari Wulandari" in told(budi, f"guidance:{talk.pk}:planned").body
    assert told(sari, f"guidance:{talk.pk}:planned").url == reverse("improvement:guidance", args=[talk.pk])
    own = guidance.plan_guidance(sari, conductor=budi, scheduled_at=jakarta(2099, 1, 1), by=budi, at=story.now)
    assert not Notice.objects.filter(person=budi, key__startswith=f"guidance:{own.pk}:").exists()
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, by=ratna, at=story.now)
    notice = told(counsellor, f"counselling:{session.pk}:planned")
    assert "Sari Wulandari" in notice.body and "Sari" not in notice.title, "titles also go out by e-mail"
    assert told(sari, f"counselling:{session.pk}:planned").url == reverse("improvement:counselling", args=[session.pk])


def test_a_moved_talk_is_told_each_time(story, sari, budi):
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=jakarta(2099, 1, 1), by=budi, at=story.now)
    for day in (2, 1):
        talk = guidance.move_guidance(talk, scheduled_at=jakarta(2099, 1, day), by=budi, at=story.now)
    titles = list(Notice.objects.filter(person=sari, key__contains=":moved:").order_by("pk").values_list("title", flat=True))
    assert ["2 Januari" in titles[0], "1 Januari" in titles[1]] == [True, True]


def test_nobody_waits_in_vain_for_a_cancelled_talk(story, sari, budi, ratna, counsellor):
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, by=budi, at=story.now)
    guidance.cancel_guidance(talk, by=budi, at=story.now)
    assert "dibatalkan" in told(sari, f"guidance:{talk.pk}:cancelled").title
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, by=ratna, at=story.now)
    counselling.cancel_session(session, by=counsellor, at=story.now)
    assert "dibatalkan" in told(sari, f"counselling:{session.pk}:cancelled").title


def test_the_recipient_is_told_that_a_result_is_there_and_not_what_it_is(story, sari, ratna, dewi, counsellor):
    session = counselling.plan_counselling(sari, counsellor=counsellor, recipient=dewi, scheduled_at=story.now, by=ratna, at=story.now)
    session = counselling.save_session(session, version=1, by=counsellor, notes="CATATAN", agreed_result="HASIL", at=story.now)
    assert not Notice.objects.filter(person=dewi).exists(), "not before the session is closed"
    counselling.close_session(session, by=counsellor, at=story.now)
    notice = told(dewi, ":result:")
    assert "HASIL" not in notice.title + notice.body and "CATATAN" not in notice.body and "Sari" not in notice.title
    assert notice.url == reverse("improvement:counselling", args=[session.pk])


def test_words_on_a_finding_reach_who_decides_and_their_answer_comes_back(client, story, sari, budi):
    child = story.missed("Triwulan II 2026", 71)
    client.force_login(sari)
    url = reverse("improvement:gap_context", args=[child.pk])
    assert client.post(url, {"kind": "objection", "text": "Pemindai rusak dua minggu."}).status_code == 302
    context = child.contexts.get()
    notice = told(budi, f"context:{context.pk}:")
    assert "keberatan" in notice.title and "Pemindai" in notice.body
    client.force_login(budi)
    assert client.get(notice.url).status_code == 200
    assert "Pemindai rusak" in client.get(reverse("improvement:approvals")).content.decode()
    assert client.post(notice.url, {"answer": "Dicatat, terima kasih."}).status_code == 302
    answer = told(sari, f"context-answer:{context.pk}")
    assert answer.body == "Dicatat, terima kasih." and answer.url == url
    assert "Pemindai rusak" not in client.get(reverse("improvement:approvals")).content.decode()


def test_what_waits_stands_in_one_list_oldest_first(story, sari, budi, wati, django_assert_num_queries):
    child = story.missed("Triwulan II 2026", 71)
    given = story.assigned(child)
    first = contexts.add_context(child, "context", "Loket ramai.", by=sari, at=story.now)
    asked = requests.ask(given, "context", text="Sedang cuti.", by=sari, at=story.clock.pass_time(hours=1))
    last = contexts.add_context(child, "objection", "Target keliru.", by=sari, at=story.clock.pass_time(hours=1))
    rows = list(waiting_for(budi))
    with django_assert_num_queries(2):
        shown = filled(rows)
        names = {one.context.gap.person.name if one.context else one.request.assignment.person.name for one in shown}
    assert [one.context or one.request for one in shown] == [first, asked, last] and names == {sari.name}
    assert list(waiting_for(wati)) == [] and list(waiting_for(sari)) == []


def test_the_way_back_from_the_list_is_open_to_superior_and_hr(client, story, budi, ratna):
    for reader in (budi, ratna):
        client.force_login(reader)
        page = client.get(reverse("improvement:approvals")).content.decode()
        assert client.get(re.search(r'<a class="back" href="([^"]+)"', page)[1]).status_code == 200


def test_only_who_decides_answers(story, sari, wati, budi):
    context = contexts.add_context(story.missed("Triwulan II 2026", 71), "context", "Loket ramai.", by=sari, at=story.now)
    for stranger in (sari, wati):
        with pytest.raises(RuleViolation):
            contexts.answer_context(context, "Tidak.", by=stranger, at=story.now)
    assert contexts.answer_context(context, "Baik.", by=budi, at=story.now).answered_by == budi
