"""Courses for tests: written, published and taken through the same domain functions as the screens use.

course = published_course(lessons=3)                      # one module, three lessons with a check question each, a final quiz
course = published_course(modules=2, lessons=2, quiz=False, indicators=[(indicator, 2)])
enrolment = enrolled(sari, course)                        # on course.current_release
read_lessons(enrolment)                                   # answers the checks and finishes every lesson (or the first ``count``)
pass_course(enrolment)                                    # all of it, quiz included; returns the Completion
"""

from __future__ import annotations

from assessments.enums import QuizKind
from courses.domain import authoring, progress, releases, shelves
from courses.domain import enrolment as enrolments
from courses.enums import CompletionRule, EnrolmentOrigin
from courses.models import Completion, CoursePage, Enrolment, ReleasedLesson
from tests.factories.assessments import make_quiz, take_quiz

__all__ = [
    "CHECK",
    "draft_course",
    "enrolled",
    "finish_lesson",
    "pass_course",
    "pass_quiz",
    "published_course",
    "read_lessons",
    "released_lessons",
    "right_options",
]

_count = iter(range(1, 10**9))

CHECK = {
    "type": "check",
    "question": "Kalimat mana yang paling mudah dipahami warga?",
    "correct": 1,
    "options": [
        "Silakan lihat ketentuan yang berlaku.",
        "Berkas belum lengkap: mohon bawa fotokopi KK.",
        "Permohonan tidak dapat diproses.",
    ],
    "explanation": "<p>Kalimat ini menyebut apa yang kurang.</p>",
}


def draft_course(
    *,
    title: str = "",
    modules: int = 1,
    lessons: int = 2,
    blocks=None,
    quiz: bool = True,
    pre_quiz: bool = False,
    questions: int = 2,
    pass_mark: int = 70,
    shelf=None,
    by=None,
    **fields,
) -> CoursePage:
    """Live pages without a release. ``lessons`` are per module; ``blocks`` (a list, or a function of the lesson's number) as in ``authoring``."""
    number = next(_count)
    title = title or f"Pelatihan contoh {number}"
    if quiz:
        fields.setdefault(
            "post_quiz", make_quiz(questions, kind=QuizKind.POST, pass_mark=pass_mark, attempt_limit=None, is_shuffled=False)
        )
    else:
        fields.setdefault("completion_rule", CompletionRule.LESSONS)
    if pre_quiz:
        fields.setdefault("pre_quiz", make_quiz(questions, kind=QuizKind.PRE, pass_mark=pass_mark, attempt_limit=1))
    fields.setdefault("summary", f"Ringkasan {title.lower()}.")
    fields.setdefault("objectives", ["memeriksa berkas satu kali"])
    course = authoring.add_course(shelf or shelves.default_shelf(), title=title, pass_mark=pass_mark, by=by, **fields)
    for module_number in range(1, modules + 1):
        module = authoring.add_module(course, f"Modul {module_number}", by=by)
        for lesson_number in range(1, lessons + 1):
            name = f"Materi {module_number}.{lesson_number}"
            authoring.add_lesson(
                module, name, blocks(lesson_number) if callable(blocks) else blocks or _blocks(name), minutes=6, by=by
            )
    return CoursePage.objects.get(pk=course.pk)


def published_course(*, at=None, by=None, **options) -> CoursePage:
    """``draft_course`` with its first release (``course.current_release``)."""
    course = draft_course(by=by, **options)
    releases.publish_release(course, by=by, at=at)
    return CoursePage.objects.select_related("current_release").get(pk=course.pk)


def enrolled(person, course: CoursePage, *, by=None, origin=EnrolmentOrigin.SELF, due_on=None, at=None) -> Enrolment:
    return enrolments.enrol(person, course, by=by or person, origin=origin, due_on=due_on, at=at)


def released_lessons(enrolment: Enrolment) -> list[ReleasedLesson]:
    return list(enrolment.release.lessons.order_by("position"))


def right_options(lesson: ReleasedLesson, check_id: str) -> list[str]:
    return lesson.check_keys[check_id]["correct"]


def finish_lesson(enrolment: Enrolment, lesson: ReleasedLesson, *, at=None) -> Enrolment:
    """Answer every check question of the lesson rightly, then finish it."""
    for check in progress.unanswered(enrolment, lesson):
        progress.answer_check(enrolment, lesson, check["id"], right_options(lesson, check["id"]), by=enrolment.person, at=at)
    return progress.finish_lesson(enrolment, lesson, by=enrolment.person, at=at)


def read_lessons(enrolment: Enrolment, count: int | None = None, *, at=None) -> Enrolment:
    for lesson in released_lessons(enrolment)[:count]:
        enrolment = finish_lesson(enrolment, lesson, at=at)
    return enrolment


def pass_quiz(enrolment: Enrolment, *, right: int | None = None, at=None):
    """One attempt of the final quiz in the enrolment's context, all right by default."""
    return take_quiz(
        enrolment.person, enrolment.release.post_quiz_version.quiz, right=right, context_key=enrolment.context_key, at=at
    )


def pass_course(enrolment: Enrolment, *, at=None) -> Completion:
    read_lessons(enrolment, at=at)
    if enrolment.release.post_quiz_version_id and not Completion.objects.filter(enrolment=enrolment).exists():
        pass_quiz(enrolment, at=at)
    return Completion.objects.get(enrolment=enrolment)


def _blocks(title: str) -> list[dict]:
    return [
        {
            "type": "text",
            "html": f"<h2>Inti {title}</h2><p>Warga di loket sudah menunggu. Ia ingin tahu satu hal: apakah berkasnya lengkap.</p>",
        },
        {
            "type": "steps",
            "title": "Dua langkah",
            "items": ["<b>Sapa.</b> Tanya keperluan.", "<b>Susun berkas.</b> Yang kurang akan terlihat."],
        },
        {"type": "note", "tone": "care", "title": "Perhatian", "html": "<p>Sebutkan semua kekurangan sekaligus.</p>"},
        dict(CHECK),
    ]
