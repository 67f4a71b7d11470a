"""Parts of a quiz keep their order and their share; a part may take its questions from the bank by itself."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.domain import attempts, quizzes, sections
from assessments.models import Question
from core.domain.errors import RuleViolation
from tests.factories.assessments import default_shelf, make_question, make_quiz, open_shelf_to_trainers, take_quiz

pytestmark = pytest.mark.django_db


def quiz_with_parts():
    """Two loose questions, then a part of four (draws two), then a part of three from the bank (draws two)."""
    quiz = make_quiz(6, publish=False, attempt_limit=None)
    items = list(quiz.items.all())
    sections.save_section(quiz, title="Dasar", introduction="Jawab dengan tenang.", draw=2, items=items[2:], by=None)
    for _number in range(3):
        make_question(tags=["loket"], difficulty=3)
    sections.save_section(quiz, title="Loket", draw=2, has_source=True, tag="LOKET", difficulty=3, by=None)
    quizzes.publish_quiz(quiz, by=None)
    return quiz


def test_every_attempt_has_its_share_of_each_part_in_order(sari):
    quiz = quiz_with_parts()
    spec = quiz.current.spec
    assert [part["title"] for part in spec["sections"]] == ["Dasar", "Loket"] and quizzes.question_count(spec) == 6
    number = {entry["v"]: entry.get("s", 0) for entry in spec["questions"]}
    orders = set()
    for _number in range(12):
        attempt = take_quiz(sari, quiz)
        assert [number[laid["v"]] for laid in attempt.layout] == [0, 0, 1, 1, 2, 2]
        assert attempt.is_passed and attempt.score == 100
        orders.add(tuple(laid["v"] for laid in attempt.layout))
    assert len(orders) > 1, "shuffled and drawn inside the parts"


def test_a_source_is_frozen_at_publishing_and_says_that_it_grew(sari):
    quiz = quiz_with_parts()
    assert not quizzes.has_unpublished_changes(quiz)
    make_question(tags=["loket"], difficulty=3)
    make_question(tags=["loket"], difficulty=1)
    Question.objects.filter(tags__name="loket", difficulty=1).update(is_active=True)
    assert quizzes.has_unpublished_changes(quiz) and len(quiz.current.spec["questions"]) == 9
    assert len(quizzes.spec_of(quiz)["questions"]) == 10, "the easy one does not fit"


def test_a_source_never_reaches_into_another_shelf(sari):
    other = default_shelf().get_parent().add_child(name="Rak lain") if default_shelf().get_parent() else None
    make_question(collection=other, tags=["loket"], difficulty=3)
    assert len(quiz_with_parts().current.spec["questions"]) == 9


def test_too_few_or_none_keep_a_quiz_from_being_published():
    quiz = make_quiz(2, publish=False)
    empty = sections.save_section(quiz, title="Kosong", by=None)
    assert _("The part “%(title)s” has no questions.") % {"title": "Kosong"} in quizzes.may_publish(quiz)
    sections.save_section(quiz, empty, draw=3, items=quiz.items.all(), by=None)
    assert any("3" in sentence and "2" in sentence for sentence in quizzes.may_publish(quiz))
    sections.save_section(quiz, empty, draw=2, by=None)
    assert quizzes.may_publish(quiz) == [], "all questions stand in a part, none before it"


def test_parts_are_moved_and_removed_and_their_questions_stay(sari):
    quiz = make_quiz(4, publish=False)
    items = list(quiz.items.all())
    first = sections.save_section(quiz, title="Satu", items=items[:2], by=None)
    second = sections.save_section(quiz, title="Dua", items=items[2:], by=None)
    sections.move_section(second, is_up=True, by=None)
    sections.move_section(second, is_up=True, by=None)
    assert [one.title for one in quiz.sections.all()] == ["Dua", "Satu"]
    sections.remove_section(first, by=None)
    assert quiz.items.count() == 4 and quiz.items.filter(section=None).count() == 2
    quizzes.publish_quiz(quiz, by=None)
    assert len(attempts.start(sari, quiz.current).layout) == 4


@pytest.mark.parametrize("bad", [{"title": " "}, {"title": "Satu", "draw": 0}, {"title": "Satu", "draw": 201}])
def test_a_part_that_cannot_be_is_refused(bad):
    quiz = make_quiz(1)
    with pytest.raises(RuleViolation):
        sections.save_section(quiz, **bad, by=None)
    assert not quiz.sections.exists()


def test_a_version_from_before_sections_is_drawn_as_ever(sari):
    quiz = make_quiz(5, draw=3)
    assert "sections" not in quiz.current.spec and all("s" not in entry for entry in quiz.current.spec["questions"])
    assert len(attempts.start(sari, quiz.current).layout) == 3


def test_tono_makes_parts_on_screen_and_sees_what_fits(client, tono):
    shelf = open_shelf_to_trainers()
    quiz = make_quiz(4, collection=shelf, publish=False)
    make_question(collection=shelf, tags=["loket"])
    client.force_login(tono)
    page, new = reverse("assessments:quiz", args=[quiz.pk]), reverse("assessments:section_new", args=[quiz.pk])
    assert f'href="{new}"' in client.get(page).content.decode()
    first = quiz.items.first()
    assert client.post(new, {"title": "Dasar", "draw": "1", "items": [first.pk]}).status_code == 302
    assert client.post(new, {"title": "Loket", "draw": "5", "has_source": "on", "tag": "loket"}).status_code == 302
    [one, two] = quiz.sections.all()
    text = client.get(page).content.decode()
    assert "Dasar" in text and "Loket" in text and (_("%(draw)s are to be drawn: add questions, or draw fewer.") % {"draw": 5}) in text
    refused = client.post(reverse("assessments:section_edit", args=[quiz.pk, two.pk]), {"title": "", "draw": "0"})
    assert refused.status_code == 422
    client.post(reverse("assessments:section_move", args=[quiz.pk, two.pk]), {"arah": "naik"})
    assert [part.title for part in quiz.sections.all()] == ["Loket", "Dasar"]
    stranger = make_quiz(1, collection=shelf).items.get()
    assert client.post(reverse("assessments:section_edit", args=[quiz.pk, one.pk]), {"title": "Dasar", "items": [stranger.pk]}).status_code == 422
    client.post(reverse("assessments:section_remove", args=[quiz.pk, two.pk]))
    assert client.post(reverse("assessments:quiz_publish", args=[quiz.pk])).status_code == 302
    assert quiz.versions.get().spec["sections"][0]["title"] == "Dasar"


def test_the_heading_stands_on_the_question_and_in_the_review(client, sari):
    attempt = attempts.start(sari, quiz_with_parts().current)
    client.force_login(sari)

    def text(name, *arguments):
        return client.get(reverse(f"assessments:{name}", args=[attempt.pk, *arguments])).content.decode()

    assert "Dasar" not in text("attempt", 1)
    assert "Dasar" in text("attempt", 3) and "Jawab dengan tenang." in text("attempt", 3)
    assert "Dasar" in text("attempt", 4) and "Jawab dengan tenang." not in text("attempt", 4), "said once"
    assert text("review").count("Dasar") == 1 and text("review").count("Loket") == 1


def test_a_case_stands_above_each_of_its_questions_and_can_be_read_again(client, sari):
    quiz = make_quiz(4, publish=False, is_shuffled=False)
    items = list(quiz.items.all())
    with pytest.raises(RuleViolation, match="Tulis kasusnya"):
        sections.save_section(quiz, title="Kasus", is_case=True, items=items[2:], by=None)
    with pytest.raises(RuleViolation, match="lebih panjang"):
        sections.save_section(quiz, title="Kasus", introduction="x" * 6_001, by=None)
    case = "Senin pagi.\nTiga puluh warga menunggu."
    sections.save_section(quiz, title="Kasus: antrean pagi", introduction=case, is_case=True, items=items[2:], by=None)
    quizzes.publish_quiz(quiz, by=None)
    attempt = attempts.start(sari, quiz.current)
    client.force_login(sari)
    pages = [client.get(reverse("assessments:attempt", args=[attempt.pk, n])).content.decode() for n in range(1, 5)]
    assert "Tiga puluh warga" not in pages[0] + pages[1]
    assert all("Senin pagi.<br>Tiga puluh warga menunggu." in page for page in pages[2:])
    assert '<details class="mb5" open>' in pages[2] and '<details class="mb5">' in pages[3], "open where it begins, at hand afterwards"
