"""Quiz and course agree on who has passed: the exact points decide, the rounded score is only shown."""

from __future__ import annotations

import pytest

from assessments.domain import attempts
from assessments.enums import QuizKind
from courses.enums import EnrolmentState
from courses.models import Completion, LearningHours
from tests.factories.assessments import make_question, make_quiz, right_answer, wrong_answer
from tests.factories.courses import enrolled, pass_quiz, published_course, read_lessons

pytestmark = pytest.mark.django_db

POINTS = (68, 68, 67)  # the first two: 136 of 203, 66.995 %, shown as 67


@pytest.fixture
def place(sari):
    quiz = make_quiz(
        questions=[make_question(points=points) for points in POINTS], kind=QuizKind.POST, pass_mark=67, attempt_limit=None, is_shuffled=False
    )
    return read_lessons(enrolled(sari, published_course(lessons=1, pass_mark=67, post_quiz=quiz)))


def just_below(place):
    attempt = attempts.start(place.person, place.release.post_quiz_version, context_key=place.context_key)
    for laid, points in zip(attempt.layout, POINTS, strict=True):
        attempts.answer(attempt, laid["v"], (right_answer if points == 68 else wrong_answer)(laid["v"]))
    return attempts.finish(attempt, by=place.person)


def test_a_score_that_is_only_rounded_up_to_the_mark_completes_nothing(place):
    attempt = just_below(place)
    place.refresh_from_db()

    assert (attempt.score, attempt.is_passed) == (67, False)
    assert (place.best_score, place.is_quiz_passed, place.state) == (67, False, EnrolmentState.ACTIVE)
    assert not Completion.objects.exists()
    assert not LearningHours.objects.exists()


def test_the_next_attempt_that_passes_completes_and_is_the_one_on_record(place):
    just_below(place)
    passed = pass_quiz(place)
    place.refresh_from_db()

    assert (place.is_quiz_passed, place.state) == (True, EnrolmentState.COMPLETED)
    assert Completion.objects.get().attempt_id == passed.pk
