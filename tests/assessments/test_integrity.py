"""Signs for a talk: found where they are, quiet where chance or small numbers would speak, seen by the trainers of the quiz only."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from assessments.domain import attempts, integrity
from assessments.models import Attempt, QuestionVersion
from core.models import AuditEvent
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    return open_shelf_to_trainers()


def _quiz(shelf, count=8, **more):
    stem = "Warga datang tanpa berkas lengkap dan sudah menunggu lama di ruang tunggu. Apa langkah pertama petugas loket"
    questions = [make_question(collection=shelf, options=4, stem=f"{stem} nomor {index}?") for index in range(count)]
    return make_quiz(questions=questions, collection=shelf, is_shuffled=False, attempt_limit=None, **more)


def _taken(quiz, rows, *, seconds=600):
    """A person a row, an option number a question."""
    began, done = timezone.now() - timedelta(days=1), []
    for index, row in enumerate(rows):
        attempt = attempts.start(AccountFactory(), quiz.current, context_key=f"enrolment:{index}", at=began)
        for laid, choice in zip(attempt.layout, row, strict=True):
            options = [option["id"] for option in QuestionVersion.objects.get(pk=laid["v"]).body["options"]]
            attempts.answer(attempt, laid["v"], [options[choice]], at=began)
        took = seconds if isinstance(seconds, int) else seconds[index]
        done.append(attempts.finish(attempt, by=attempt.person, at=began + timedelta(seconds=took)))
    return done


def _spread(count, questions=8):
    """Everybody errs once or twice, at other places and in other ways."""
    return [tuple((index + place) % 4 if (index + 3 * place) % questions < 2 else 0 for place in range(questions)) for index in range(count)]


def test_who_is_faster_than_anybody_can_read_is_named(shelf):
    quiz = _quiz(shelf)
    done = _taken(quiz, _spread(24), seconds=[600] * 22 + [8, 149])
    found = integrity.signs(quiz)
    assert found.median == 600 and [one.attempt.pk for one in found.fast] == [done[22].pk], "149 seconds are fast, but one can read in them"


def test_below_twenty_nothing_is_told(client, tono, shelf):
    quiz = _quiz(shelf)
    _taken(quiz, [(1, 2, 3, 1, 2, 3, 0, 0)] * 19, seconds=2)
    found = integrity.signs(quiz)
    assert not found.is_told and found.fast == []
    client.force_login(tono)
    assert "Terlalu sedikit percobaan" in client.get(reverse("assessments:quiz_integrity", args=[quiz.pk])).content.decode()
    assert not AuditEvent.objects.filter(verb="quiz.patterns_read").exists()


def test_trainers_of_the_quiz_read_names_and_that_is_recorded(client, tono, shelf):
    quiz = _quiz(shelf)
    done = _taken(quiz, _spread(24), seconds=[600] * 23 + [4])
    client.force_login(tono)
    url = reverse("assessments:quiz_integrity", args=[quiz.pk])
    assert url in client.get(reverse("assessments:quiz_statistics", args=[quiz.pk])).content.decode()
    page = client.get(url).content.decode()
    assert str(done[-1].person) in page and "bicarakan dahulu" in page
    assert AuditEvent.objects.filter(verb="quiz.patterns_read", actor_id=tono.pk, is_read=True).count() == 1
    elsewhere = Collection.get_first_root_node().add_child(name="Rak lain")
    assert client.get(reverse("assessments:quiz_integrity", args=[make_quiz(1, collection=elsewhere).pk])).status_code == 404


def test_it_asks_as_little_for_many_attempts_as_for_few(shelf):
    quiz = _quiz(shelf)
    counts = []
    for _turn in range(2):
        _taken(quiz, _spread(20))
        with CaptureQueriesContext(connection) as asked:
            integrity.signs(quiz)
        counts.append(len(asked))
    assert counts[0] == counts[1] and Attempt.objects.count() == 40
