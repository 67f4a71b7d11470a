"""The learner's screens: what stands on them, what they cost, and that every task works as a plain form."""

from __future__ import annotations

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Attempt
from courses.enums import EnrolmentOrigin, EnrolmentState
from courses.models import Enrolment, LessonEvent
from people.models import Account
from tests.factories.courses import enrolled, pass_course, pass_quiz, published_course, read_lessons, right_options

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client, sari):
    client.force_login(sari)
    return client


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_catalogue_finds_a_course_by_any_of_its_words(learner):
    published_course(title="Layanan Cepat di Loket Adminduk")
    published_course(title="Etika Pelayanan")
    text = page(learner, reverse("courses:catalogue") + "?q=LOKET+cepat")
    assert "Layanan Cepat di Loket Adminduk" in text and "Etika Pelayanan" not in text
    assert "Etika Pelayanan" in page(learner, reverse("courses:catalogue"))
    assert "Tidak ada pelatihan" in page(learner, reverse("courses:catalogue") + "?q=zebra")


def test_one_tap_starts_a_course_and_leads_to_the_first_lesson(learner, sari):
    course = published_course(quiz=False)
    text = page(learner, reverse("courses:course", args=[course.slug]))
    assert "Mulai" in text
    response = learner.post(reverse("courses:enrol", args=[course.slug]))
    assert response.url == reverse("courses:lesson", args=[course.slug, 1])
    enrolment = Enrolment.objects.get(person=sari)
    assert (enrolment.state, enrolment.origin) == (EnrolmentState.ACTIVE, EnrolmentOrigin.SELF)


def test_a_course_with_pretest_offers_it_first_and_lets_her_skip_it(learner, sari):
    course = published_course(pre_quiz=True)
    response = learner.post(reverse("courses:enrol", args=[course.slug]))
    assert response.url == reverse("courses:quiz_start", args=[course.slug, "pre"])
    assert "Lewati" in page(learner, reverse("courses:course", args=[course.slug]))
    assert page(learner, response.url)


def test_the_final_quiz_says_what_opens_it(learner, sari):
    course = published_course(lessons=2)
    enrolment = enrolled(sari, course)
    text = page(learner, reverse("courses:course", args=[course.slug]))
    assert "Terbuka setelah 2 materi selesai" in text
    door = reverse("courses:quiz_start", args=[course.slug, "post"])
    assert learner.post(door).status_code == 422
    read_lessons(enrolment)
    assert "Terbuka setelah" not in page(learner, reverse("courses:course", args=[course.slug]))
    assert "/kuis/percobaan/" in learner.post(door).url


def test_a_check_question_is_answered_on_the_server_with_its_explanation(learner, sari):
    course = published_course(lessons=1, quiz=False)
    enrolment = enrolled(sari, course)
    lesson = enrolment.release.lessons.get()
    check_id = lesson.checks[0]["id"]
    url = reverse("courses:lesson", args=[course.slug, 1])
    text = page(learner, url)
    assert "Kalimat ini menyebut apa yang kurang" not in text  # no key before a try

    response = learner.post(url, {"step": f"check:{check_id}"})
    assert response.status_code == 422 and "Pilih jawaban dahulu" in response.content.decode()

    response = learner.post(url, {"step": f"check:{check_id}", f"check-{check_id}": "o1"})
    assert response.url == f"{url}#{check_id}"
    text = page(learner, url)
    assert "Kalimat ini menyebut apa yang kurang" in text and "Belum tepat" in text

    answer = learner.post(
        url, {"step": f"check:{check_id}", f"check-{check_id}": right_options(lesson, check_id)}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200 and "<html" not in answer.content.decode() and "Tepat." in answer.content.decode()
    assert LessonEvent.objects.filter(enrolment=enrolment, kind="check").count() == 2


def test_finish_without_an_answer_says_so_and_with_a_chosen_one_shows_the_explanation_first(learner, sari):
    course = published_course(lessons=2, quiz=False)
    enrolled(sari, course)
    lesson = Enrolment.objects.get(person=sari).release.lessons.get(position=1)
    check_id = lesson.checks[0]["id"]
    url = reverse("courses:lesson", args=[course.slug, 1])
    response = learner.post(url, {"step": "finish"})
    assert response.status_code == 422 and "Jawab dahulu cek pemahaman" in response.content.decode()

    response = learner.post(url, {"step": "finish", f"check-{check_id}": "o2"})
    assert response.url == f"{url}#{check_id}"
    response = learner.post(url, {"step": "finish", f"check-{check_id}": "o2"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("courses:lesson", args=[course.slug, 2])
    assert "Materi 1 selesai: 1 dari 2" in response.content.decode()


def test_the_place_is_kept_and_the_button_leads_to_it(learner, sari):
    course = published_course(lessons=2, quiz=False)
    enrolled(sari, course)
    place = reverse("courses:place", args=[course.slug, 2])
    assert learner.post(place, {"anchor": "b1234abcd-2"}).status_code == 204
    assert f"{reverse('courses:lesson', args=[course.slug, 2])}#b1234abcd-2" in page(
        learner, reverse("courses:course", args=[course.slug])
    )
    learner.post(place, {"anchor": "'><script>"})
    learner.post(reverse("courses:place", args=[course.slug, 99]), {"anchor": "b1"})
    enrolment = Enrolment.objects.get(person=sari)
    assert (enrolment.resume_position, enrolment.resume_anchor) == (2, "b1234abcd-2")


def test_after_completion_everything_is_open_and_can_be_read_again(learner, sari):
    course = published_course(lessons=2)
    pass_course(enrolled(sari, course))
    text = page(learner, reverse("courses:course", args=[course.slug]))
    assert "Baca ulang" in text and "Terbuka setelah" not in text
    assert page(learner, reverse("courses:lesson", args=[course.slug, 2]))
    assert "Selesai" in page(learner, reverse("courses:mine"))


def test_strangers_and_wrong_addresses(learner, client, sari, wati):
    course = published_course(lessons=1)
    assert learner.get(reverse("courses:lesson", args=[course.slug, 1])).url == reverse("courses:course", args=[course.slug])
    enrolled(sari, course)
    for url in (
        reverse("courses:lesson", args=[course.slug, 2]),
        reverse("courses:course", args=["tidak-ada"]),
        reverse("courses:quiz_start", args=[course.slug, "pre"]),
        reverse("courses:lesson", args=[course.slug, 0]),
    ):
        assert learner.get(url).status_code == 404
    client.logout()
    assert "/akun/" in client.get(reverse("courses:course", args=[course.slug])).url


def test_an_unpublished_course_is_gone_for_new_people_but_not_for_those_who_read_it(client, sari, wati):
    course = published_course()
    enrolled(sari, course)
    course.unpublish()
    for person, status in ((sari, 200), (wati, 404)):
        client.force_login(person)
        assert client.get(reverse("courses:course", args=[course.slug])).status_code == status
    assert course.title not in page(client, reverse("courses:catalogue"))


@pytest.mark.parametrize("size", [1, 50])
def test_pages_cost_the_same_at_any_size_of_the_course(learner, sari, size):
    course = published_course(lessons=size, modules=1)
    enrolled(sari, course)
    page(learner, reverse("core:me"))  # the menu of a person is made once a minute
    for url in (
        reverse("courses:course", args=[course.slug]),
        reverse("courses:lesson", args=[course.slug, size]),
        reverse("courses:mine"),
        reverse("courses:catalogue"),
        reverse("courses:quiz_start", args=[course.slug, "post"]),
    ):
        with CaptureQueriesContext(connection) as queries:
            text = page(learner, url)
        # One less than the budget of six: outside of tests the menu lies in the database cache.
        assert len(queries) <= 5, (url, [query["sql"][:150] for query in queries])
        assert len(brotli.compress(text.encode(), quality=4)) < 20_000, url


def test_pages_cost_the_same_with_a_thousand_learners(learner, sari):
    """A thousand colleagues in the middle of the course, each with an attempt of its quiz and a read lesson; every page, same queries."""
    course = published_course(lessons=2)
    hers = read_lessons(enrolled(sari, course))
    attempt = pass_quiz(hers, right=1)
    addresses = [
        reverse("courses:course", args=[course.slug]),
        reverse("courses:lesson", args=[course.slug, 1]),
        reverse("courses:mine"),
        reverse("courses:catalogue"),
        reverse("courses:quiz_start", args=[course.slug, "post"]),
        reverse("assessments:result", args=[attempt.pk]),
        reverse("improvement:home"),
    ]
    for address in (reverse("core:me"), *addresses):  # the menu of a person and released lessons stay in memory
        page(learner, address)
    alone = [_queries(learner, address) for address in addresses]
    _fill_course(hers, attempt, 1_000)
    assert [_queries(learner, address) for address in addresses] == alone
    assert max(alone) <= 5, dict(zip(addresses, alone, strict=True))


def _queries(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        page(client, address)
    return len(queries)


def _fill_course(hers, attempt, count):
    """``count`` other people, each enrolled, with one lesson done and one failed attempt."""
    people = Account.objects.bulk_create(
        Account(nip=f"19900101{number:06d}1{number % 1000:03d}"[:18], email=f"p{number}@contoh.example", name=f"Peserta {number}")
        for number in range(count)
    )
    rows = Enrolment.objects.bulk_create(
        Enrolment(
            person=person, course=hers.course, release=hers.release, created_at=hers.created_at, started_at=hers.created_at,
            state="active", done_positions=[1], percent=33, best_score=50,
        )
        for person in people
    )
    lesson = hers.release.lessons.get(position=1)
    LessonEvent.objects.bulk_create(LessonEvent(enrolment=row, lesson=lesson, kind="done", at=hers.created_at) for row in rows)
    Attempt.objects.bulk_create(
        Attempt(
            person=row.person, quiz=attempt.quiz, version=attempt.version, context_key=row.context_key, number=1, state="finished",
            layout=attempt.layout, started_at=attempt.started_at, finished_at=attempt.finished_at, ending="tap", score=50, is_passed=False,
        )
        for row in rows
    )
