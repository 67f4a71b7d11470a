"""Questions, quizzes and attempts for tests, made through the same domain functions as the screens use."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from wagtail.models import Collection, GroupCollectionPermission

from assessments.domain import attempts, bank, quizzes
from assessments.models import AnswerKey, Attempt, Question, Quiz
from people.domain.grants import trainer_group

__all__ = ["default_shelf", "make_question", "make_quiz", "open_shelf_to_trainers", "right_answer", "take_quiz", "wrong_answer"]

_count = iter(range(1, 10**9))


def default_shelf() -> Collection:
    """A collection of its own, made once (in the product, ``courses`` makes a collection with each shelf)."""
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    return root.get_children().filter(name="Bank soal").first() or root.add_child(name="Bank soal")


def open_shelf_to_trainers() -> Collection:
    """The same, with permission for the group that every trainer is in."""
    shelf, group = default_shelf(), trainer_group()
    for permission in Permission.objects.filter(content_type__app_label="assessments", codename__regex="^(add|change)_(question|quiz)$"):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=shelf, permission=permission)
    return shelf


def make_question(type: str = "single", *, collection=None, right: tuple[int, ...] = (0,), options: int | list = 4, **more) -> Question:
    """A question whose options number ``right`` are right: ``make_question("multiple", right=(0, 2), topic="Mengukur")``.

    ``options`` is how many, or the list itself as ``bank.create_question`` takes it.
    """
    number = next(_count)
    if isinstance(options, int):
        texts = ["Benar", "Salah"] if type == "true_false" else [f"Pilihan {number}-{index}" for index in range(options)]
        options = [{"text": text, "is_correct": index in right} for index, text in enumerate(texts)]
    values = {"stem": f"Soal nomor {number}?", "explanation": f"Pembahasan soal {number}.", "by": None, "options": options, **more}
    return bank.create_question(collection or default_shelf(), type=type, **values)


def make_quiz(count: int = 3, *, questions=None, collection=None, publish: bool = True, options: int = 4, **settings) -> Quiz:
    """A published quiz of ``count`` new single-choice questions, or of ``questions``."""
    collection = collection or default_shelf()
    pool = questions if questions is not None else [make_question(collection=collection, options=options) for _index in range(count)]
    settings.setdefault("title", f"Kuis {next(_count)}")
    quiz = quizzes.create_quiz(collection, questions=pool, by=None, **settings)
    if publish:
        quizzes.publish_quiz(quiz, by=None)
    return quiz


def right_answer(version_id: int) -> list[str]:
    return AnswerKey.objects.get(pk=version_id).data["correct"]


def wrong_answer(version_id: int) -> list[str]:
    """One option that is not right."""
    key = AnswerKey.objects.select_related("version").get(pk=version_id)
    return [option["id"] for option in key.version.body["options"] if option["id"] not in key.data["correct"]][:1]


def take_quiz(person, quiz: Quiz, *, right: int | None = None, context_key: str = "enrolment:1", at=None) -> Attempt:
    """Start, answer (the first ``right`` questions rightly, the others wrongly; all right by default) and hand in."""
    attempt = attempts.start(person, quiz.current, context_key=context_key, at=at)
    right = len(attempt.layout) if right is None else right
    for index, laid in enumerate(attempt.layout):
        attempts.answer(attempt, laid["v"], right_answer(laid["v"]) if index < right else wrong_answer(laid["v"]), at=at)
    return attempts.finish(attempt, by=person, at=at)
