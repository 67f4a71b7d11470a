"""Figures of questions: all versions together, trials and pre-tests left out, small groups hidden, one query."""

import pytest

from assessments.domain import bank, quizzes
from assessments.domain.statistics import Facility, facility
from tests.factories.assessments import make_question, make_quiz, take_quiz
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db


def test_who_is_counted(tono, at_most):
    question, silent = make_question(), make_question()
    post, pre = make_quiz(questions=[question]), make_quiz(questions=[question], kind="pre")
    for number in range(4):
        take_quiz(AccountFactory(), post, right=number % 2)
    take_quiz(AccountFactory(), pre, right=0)
    take_quiz(tono, post, right=0, context_key="trial")
    assert facility([question]) == {question.pk: Facility(4, None)}
    bank.revise_question(question, stem="Lebih jelas?", by=tono)
    quizzes.publish_quiz(post, by=tono)
    take_quiz(AccountFactory(), post, right=1)
    with at_most(1):
        found = facility([question.pk, silent.pk])
    assert found[question.pk].n == 5 and found[question.pk].percent == 60 and found[silent.pk] == Facility(0, None)
    assert facility([question], kinds=["pre"])[question.pk].n == 1


@pytest.mark.parametrize(("percent", "flag"), [(None, ""), (39.9, "hard"), (40, ""), (95, ""), (95.1, "easy"), (0, "hard"), (100, "easy")])
def test_what_is_worth_a_look(percent, flag):
    assert Facility(20, percent).flag == flag
