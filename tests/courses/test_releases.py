"""Publishing: immutable releases, who gets which, and that nothing an author writes can run in a reader's browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Page

from core.domain.errors import RuleViolation
from courses.domain import checklist, hours, releases
from courses.enums import EnrolmentState
from courses.models import CoursePage, CourseRelease, Enrolment, LessonPage, ModulePage, ReleasedLesson
from tests.factories.assessments import make_quiz
from tests.factories.courses import draft_course, enrolled, pass_course, published_course, read_lessons

pytestmark = pytest.mark.django_db


def retitle(course, old, new, *, is_minor=False):
    """As the editor does: a revision with the new title is published."""
    lesson = LessonPage.objects.descendant_of(course).get(title=old)
    lesson.title, lesson.is_minor_update = new, is_minor
    lesson.save_revision().publish()
    return CoursePage.objects.get(pk=course.pk)


def titles(release):
    return [entry["title"] for module in release.outline for entry in module["lessons"]]


def test_the_first_release_holds_everything_learners_read(tono, sari):
    course = published_course(modules=2, lessons=2, trainer=tono, learning_minutes=270, why="<p>Agar <b>jelas</b>.</p>", by=tono)
    release = course.current_release
    assert (release.number, release.lesson_count, release.jp, release.reading_minutes) == (1, 4, 6, 24)
    assert titles(release) == ["Materi 1.1", "Materi 1.2", "Materi 2.1", "Materi 2.2"]
    assert [module["title"] for module in release.outline] == ["Modul 1", "Modul 2"]
    assert release.trainer_name == tono.full_name and release.why == "<p>Agar <b>jelas</b>.</p>" and release.created_by == tono
    lesson = release.lessons.get(position=1)
    assert (
        "explanation" not in str(lesson.checks) and "correct" not in str(lesson.checks) and "apa yang kurang" not in lesson.html
    )
    assert lesson.check_keys[lesson.checks[0]["id"]]["correct"] == ["o2"]
    assert release.quizzes["post"]["questions"] == 2 and release.post_quiz_version == course.post_quiz.current


def test_a_release_is_never_changed():
    release = published_course().current_release
    release.title = "Lain"
    with pytest.raises(RuleViolation):
        release.save()
    with pytest.raises(RuleViolation):
        release.lessons.first().save()


def test_publishing_unchanged_content_makes_no_new_release():
    course = published_course()
    assert releases.publish_release(course, by=None) == course.current_release
    retitle(course, "Materi 1.1", "Materi 1.1")
    assert CourseRelease.objects.filter(course=course).count() == 1


def test_sari_keeps_her_version_while_tono_writes_on(sari, wati):
    course = published_course(lessons=2)
    hers = enrolled(sari, course)
    course = retitle(course, "Materi 1.2", "Materi 1.2, lebih jelas")
    assert course.current_release.number == 2
    hers.refresh_from_db()
    assert titles(hers.release) == ["Materi 1.1", "Materi 1.2"]
    assert titles(enrolled(wati, course).release) == ["Materi 1.1", "Materi 1.2, lebih jelas"]


def test_a_small_correction_reaches_sari_at_her_place_even_when_lessons_move(sari):
    course = published_course(lessons=3, quiz=False)
    hers = read_lessons(enrolled(sari, course), 1)
    assert hers.resume_position == 2
    # A new lesson before hers: what she has read becomes lesson 2, her place lesson 3.
    module = ModulePage.objects.descendant_of(course).get()
    first = LessonPage.objects.descendant_of(course).order_by("path").first()
    new = LessonPage(title="Pembuka", minutes=3, is_minor_update=True)
    module.add_child(instance=new)
    new.body = first.body
    new.save()
    new.move(first, pos="left")
    new = LessonPage.objects.get(pk=new.pk)
    new.save_revision().publish()
    hers.refresh_from_db()
    assert titles(hers.release) == ["Pembuka", "Materi 1.1", "Materi 1.2", "Materi 1.3"]
    assert (hers.done_positions, hers.resume_position, hers.percent) == ([2], 3, 25)
    new.refresh_from_db()
    assert not new.is_minor_update and not new.get_latest_revision_as_object().is_minor_update


def test_whoever_has_done_all_of_the_corrected_version_completes(sari):
    course = published_course(lessons=2, quiz=False)
    hers = read_lessons(enrolled(sari, course), 1)
    last = LessonPage.objects.descendant_of(course).get(title="Materi 1.2")
    last.unpublish()
    assert releases.publish_release(course, by=None, is_minor=True).lesson_count == 1
    hers.refresh_from_db()
    assert hers.state == EnrolmentState.COMPLETED and hours.year_summary(sari, hers.completed_at.year).minutes == 45


def test_a_course_that_lacks_something_stays_with_its_last_release(sari):
    course = published_course(lessons=1)
    course.summary, course.post_quiz = " ", None
    course.save_revision().publish()
    course = CoursePage.objects.get(pk=course.pk)
    assert course.current_release.number == 1
    with pytest.raises(RuleViolation) as refused:
        releases.publish_release(course, by=None)
    assert refused.value.reasons == ["Tuliskan ringkasan untuk katalog.", "Syarat selesai meminta kuis akhir; pilih satu kuis."]


def test_the_checklist_asks_for_words_to_pictures_and_for_whole_questions():
    course = draft_course(
        lessons=1,
        quiz=False,
        objectives=[],
        blocks=[
            {"type": "check", "question": "Benar?", "options": ["Ya", "Tidak"], "correct": [], "explanation": ""},
        ],
    )
    assert checklist.publish_requirements(course) == [
        "Tuliskan paling sedikit satu hasil belajar: apa yang dapat dilakukan peserta sesudahnya?",
        "“Materi 1.1”: setiap cek pemahaman memerlukan jawaban tepat, jawaban keliru, dan pembahasan.",
    ]


def test_pass_marks_of_course_and_quiz_must_agree():
    course = draft_course(lessons=1, post_quiz=make_quiz(2, kind="post", pass_mark=80), pass_mark=70)
    assert checklist.publish_requirements(course) == [
        "Nilai ambang pelatihan (70 %) berbeda dari nilai ambang kuis akhir (80 %)."
    ]


def test_hints_name_long_sentences_and_unexplained_abbreviations():
    text = "<p>" + " ".join(["kata"] * 30) + ". Gunakan SPBE dan Customer Relationship Management (CRM) dengan baik.</p>"
    course = draft_course(lessons=1, blocks=[{"type": "text", "html": text}])
    lesson = LessonPage.objects.descendant_of(course).get()
    hints = [point.text for point in checklist.hints(lesson)]
    assert "1 kalimat lebih dari 25 kata. Pecahlah." in hints
    assert "Tuliskan kepanjangannya saat pertama dipakai: SPBE." in hints


def test_all_drafts_become_one_release(tono):
    course = published_course(lessons=3, by=tono)
    for lesson in LessonPage.objects.descendant_of(course):
        lesson.title += " baru"
        lesson.save_revision(user=tono)
    assert CoursePage.objects.get(pk=course.pk).current_release.number == 1
    release = releases.publish_course(course, by=tono)
    assert release.number == 2 and titles(release) == ["Materi 1.1 baru", "Materi 1.2 baru", "Materi 1.3 baru"]
    assert not Page.objects.descendant_of(course).filter(has_unpublished_changes=True).exists()


def test_links_between_lessons_lead_to_where_learners_read():
    course = published_course(lessons=2, slug="tautan")
    first, second = LessonPage.objects.descendant_of(course).order_by("path")
    other = draft_course(title="Rahasia")
    other.unpublish()
    html = f'<p><a linktype="page" id="{second.pk}">lanjut</a> <a linktype="page" id="{other.pk}">draf</a> <a href="https://contoh.example/">luar</a></p>'
    first.body = [("text", html)]
    first.save_revision().publish()
    lesson = ReleasedLesson.objects.get(release__course=course, release__number=2, position=1)
    assert f'href="{reverse("courses:lesson", args=["tautan", 2])}"' in lesson.html
    assert "rahasia" not in lesson.html.lower() and 'href="https://contoh.example/" rel="noopener"' in lesson.html


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "{{ 7|add:7 }}{% now %}",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "</form><form action=//evil>",
    "<!--check:x-->",
    "<style>*{display:none}</style>",
    "<math><mtext></p><img src onerror=alert(1)>",
    "<embed embedtype='image' id='1'/>",
    "<p onclick=alert(1)>x</p>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_an_author_writes_runs_in_a_readers_browser(client, sari, payload):
    blocks = [
        {"type": "text", "html": f"<p>Awal {payload} akhir</p>"},
        {"type": "case", "title": payload, "html": payload},
        {"type": "note", "title": payload, "html": payload},
        {"type": "steps", "title": payload, "items": [payload, "<p>satu</p>"]},
        {"type": "table", "caption": payload, "rows": [[payload, "b"], [payload, payload]]},
        {
            "type": "check",
            "question": payload,
            "options": [payload, "lain"],
            "correct": 0,
            "explanation": f"<p>{payload}</p>kata",
            "feedback": {0: payload},
        },
    ]
    course = published_course(
        title=f"Uji {payload}"[:200],
        slug="uji",
        lessons=1,
        quiz=False,
        blocks=blocks,
        summary=payload,
        why=payload,
        objectives=[payload],
    )
    client.force_login(sari)
    hers = enrolled(sari, course)
    url = reverse("courses:lesson", args=["uji", 1])
    check_id = hers.release.lessons.get().checks[0]["id"]
    client.post(url, {"step": f"check:{check_id}", f"check-{check_id}": "o1"})
    for address in (url, reverse("courses:course", args=["uji"]), reverse("courses:catalogue"), reverse("courses:mine")):
        assert not _live_markup(client.get(address).content.decode()), address


def _live_markup(page: str) -> list[str]:
    """Elements, handlers and addresses that only an attack could have put on our pages."""
    from html.parser import HTMLParser

    found = []

    class Look(HTMLParser):
        def handle_starttag(self, tag, attributes):
            values = dict(attributes)
            found.extend(name for name in values if name.startswith("on") or name == "srcdoc")
            if tag in ("iframe", "embed", "math", "style", "object") or (
                tag == "script" and "src" not in values and values.get("type") != "application/json"
            ):
                found.append(tag)
            if tag == "form" and (values.get("action") or "/").startswith("//"):
                found.append("form")
            if (values.get("href") or "").strip().lower().startswith(("javascript:", "data:")):
                found.append("href")

    Look().feed(page)
    return found


def test_completing_the_same_course_again_earns_no_second_hours(sari):
    course = published_course(lessons=1, quiz=False, certificate_months=12)
    first = pass_course(enrolled(sari, course))
    pass_course(enrolled(sari, course))
    assert hours.year_summary(sari, first.completed_at.year).minutes == 45
    assert Enrolment.objects.filter(person=sari, state=EnrolmentState.COMPLETED).count() == 2
