"""The settings of a quiz on screen: grouped, each field once; feedback by score reaches the learner."""

import pytest
from django.urls import reverse

from assessments.domain import bands, quizzes
from assessments.forms.quizzes import GROUPS, MATRIX, QuizForm
from assessments.models import Quiz
from core.domain.errors import RuleViolation
from tests.factories.assessments import make_quiz, open_shelf_to_trainers, take_quiz

pytestmark = pytest.mark.django_db


def test_each_field_stands_in_one_group():
    grouped = [name for _title, _text, names in GROUPS for name in names]
    assert sorted([*grouped, *MATRIX]) == sorted(QuizForm(shelves=Quiz.objects.none()).fields)


def test_feedback_by_score_is_typed_kept_and_read(client, tono, sari):
    quiz = make_quiz(2, collection=open_shelf_to_trainers())
    client.force_login(tono)
    address = reverse("assessments:quiz_edit", args=[quiz.pk])
    settings = {"title": "Kuis", "kind": "practice", "pass_mark": "70", "cool_down_hours": "0", "collection": quiz.collection_id,
                "closes_at": "2030-01-31T16:00", "counted": "last", "feedback": "0: Buka lagi materi 1\n50 %: Hampir"}
    refused = client.post(address, {**settings, "feedback": "banyak: Hebat"})
    assert refused.status_code == 422 and "banyak: Hebat" in refused.content.decode()
    assert client.post(address, settings).status_code == 302
    quiz.refresh_from_db()
    assert quiz.bands == [{"from": 50, "text": "Hampir"}, {"from": 0, "text": "Buka lagi materi 1"}] and quiz.counted == "last"
    text = client.get(address).content.decode()
    assert "50: Hampir" in text and 'value="2030-01-31T16:00"' in text, "Jakarta time, as it was typed"
    quizzes.publish_quiz(quiz, by=tono)
    client.force_login(sari)
    for right, words in ((2, "Hampir"), (1, "Hampir"), (0, "Buka lagi materi 1")):
        attempt = take_quiz(sari, quiz, right=right)
        assert words in client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()


def test_a_score_below_all_bands_has_no_words():
    assert bands.words_for({"bands": [{"from": 50, "text": "Hampir"}]}, 49) == bands.words_for({}, 90) == bands.words_for({}, None) == ""


@pytest.mark.parametrize("bad", [
    [{"from": 101, "text": "x"}], [{"from": 5, "text": "x"}, {"from": 5, "text": "y"}], [{"from": 5, "text": "x" * 301}],
    [{"from": number, "text": "x"} for number in range(11)],
])
def test_feedback_that_cannot_be_is_refused(bad):
    with pytest.raises(RuleViolation):
        make_quiz(1, bands=bad)


@pytest.mark.parametrize("line", ["80", ": Baik", "²: Baik", "-1: Baik", "1e2: Baik", "80:  "])
def test_a_line_that_cannot_be_read_is_named(line):
    with pytest.raises(ValueError, match="1"):
        bands.parsed(line)
