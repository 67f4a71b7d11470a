"""Trainers: what they may write, what they see, and how the editor leads to learners."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Comment, Page

from assessments.models import Question
from core.domain import outbox, schedule
from core.domain.dates import instant_on, local_today
from courses.domain import files, releases, reviewing, shelves, studio
from courses.models import CataloguePage, CoursePage, CourseRelease, LessonFile, LessonPage, ModulePage, ReleasedLesson
from people.domain.grants import sync_trainer_group
from people.enums import Role
from people.models import Grant
from tests.factories.assessments import make_quiz
from tests.factories.courses import (
    CHECK,
    draft_course,
    enrolled,
    finish_lesson,
    pass_quiz,
    published_course,
    read_lessons,
    released_lessons,
)
from tests.factories.people import AccountFactory, GrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tono_client(client, tono):
    client.force_login(tono)
    return client


@pytest.fixture
def tini(cempaka):
    """A trainer of one unit only."""
    account = AccountFactory(name="Tini Kartika")
    GrantFactory(person=account, role=Role.TRAINER, unit=cempaka)
    sync_trainer_group(account)
    return account


def text_of(response, status=200):
    assert response.status_code == status, (response.status_code, getattr(response, "url", ""))
    return response.content.decode()


# --- shelves --------------------------------------------------------------------------------------------------------------------------
def test_membership_of_shelves_follows_the_grants(tono, tini, melati, cempaka):
    everybody, own = shelves.default_shelf(), shelves.create_shelf("Pelatihan Cempaka", unit=cempaka, by=None)
    other = shelves.create_shelf("Pelatihan Melati", unit=melati, by=None)

    def members(shelf):
        return set(shelf.group.user_set.values_list("name", flat=True))

    assert (members(everybody), members(own), members(other)) == ({tono.name}, {tono.name, tini.name}, {tono.name})
    Grant.objects.get(person=tini).delete()
    assert members(own) == {tono.name}
    Grant.objects.filter(person=tono).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert shelves.sync_members() == CataloguePage.objects.count() and members(everybody) == set()


def test_a_grant_that_ends_by_its_date_leaves_the_shelf_that_night(tono):
    shelf = shelves.default_shelf()
    last = local_today()
    Grant.objects.filter(person=tono).update(ends_on=last)
    for day, is_member in ((last, True), (last + timedelta(days=1), False)):
        night = instant_on(day, 2)
        schedule.tick(at=night)
        outbox.drain(at=night, kinds=["courses.shelf_members"])
        assert shelf.group.user_set.filter(pk=tono.pk).exists() == is_member


def test_a_trainer_of_a_unit_gets_a_shelf_of_it(tini, tono, cempaka):
    shelf = CataloguePage.objects.get(unit=cempaka)
    assert shelf.title == cempaka.name and set(shelf.group.user_set.all()) >= {tini}
    assert studio.shelves_for_new(tini) == [shelf]
    assert shelves.ensure_shelf(cempaka, by=None) == shelf


def test_a_shelf_comes_with_its_collection_group_and_review(cempaka):
    shelf = shelves.create_shelf("Pelatihan Cempaka", unit=cempaka, by=None)
    assert shelf.collection.name == "Pelatihan Cempaka" and shelf.get_workflow().name == "Tinjauan materi: Pelatihan Cempaka"
    codes = set(shelf.group.collection_permissions.values_list("permission__codename", flat=True))
    assert {"add_image", "choose_document", "change_question"} <= codes
    with pytest.raises(shelves.RuleViolation):
        shelves.create_shelf("pelatihan  cempaka", unit=cempaka, by=None)


def test_seeding_twice_changes_nothing():
    shelves.seed_shelves()
    before = (Page.objects.count(), CataloguePage.objects.count())
    shelves.seed_shelves()
    assert (Page.objects.count(), CataloguePage.objects.count()) == before
    assert not Page.objects.filter(title__startswith="Welcome").exists()


# --- only what is theirs ----------------------------------------------------------------------------------------------------------------
def test_a_trainer_of_another_shelf_finds_nothing(client, tini, tono, cempaka):
    course = published_course(title="Layanan Cepat", by=tono)
    lesson = LessonPage.objects.descendant_of(course).first()
    client.force_login(tini)
    for url in (reverse("courses:studio_course", args=[course.slug]), reverse("courses:edit", args=[course.slug])):
        assert client.get(url).status_code == 404
    assert client.post(reverse("courses:studio_publish", args=[course.slug])).status_code == 404
    assert course.title not in text_of(client.get(reverse("courses:studio")))
    for name, pk in (("edit", course.pk), ("edit", lesson.pk), ("delete", course.pk)):
        assert client.get(reverse(f"wagtailadmin_pages:{name}", args=[pk])).status_code in (302, 403, 404)
    assert "Ubah halaman ini" not in text_of(client.get(reverse("courses:course", args=[course.slug])))


def test_people_without_the_role_have_no_studio_and_no_editor(client, sari, budi, dewi):
    for person in (sari, budi, dewi):
        client.force_login(person)
        assert client.get(reverse("courses:studio")).status_code == 404
        assert client.get("/kelola/").status_code in (302, 403, 404)


def test_the_page_chooser_hides_a_colleagues_drafts(client, tini, tono, cempaka):
    shelves.create_shelf("Pelatihan Cempaka", unit=cempaka, by=None)
    draft = draft_course(title="Rahasia Tono", by=tono)
    CoursePage.objects.filter(pk=draft.pk).update(live=False)
    open_one = published_course(title="Terbuka untuk semua", by=tono)
    client.force_login(tini)
    text = text_of(client.get(reverse("wagtailadmin_choose_page_child", args=[shelves.default_shelf().pk])))
    assert "Rahasia Tono" not in text and open_one.title in text


def test_quizzes_of_another_collection_cannot_be_chosen(tini, tono, cempaka):
    shelf = shelves.create_shelf("Pelatihan Cempaka", unit=cempaka, by=None)
    own, foreign = (
        make_quiz(1, collection=shelf.collection, title="Milik Cempaka", kind="post"),
        make_quiz(1, collection=shelves.default_shelf().collection, kind="post"),
    )
    form = CoursePage.get_edit_handler().get_form_class()(instance=CoursePage(), for_user=tini)
    offered = set(form.fields["post_quiz"].queryset)
    assert own in offered and foreign not in offered
    assert set(form.fields["trainer"].queryset) == {tini, tono}


# --- writing -----------------------------------------------------------------------------------------------------------------------------
def test_tono_publishes_a_correction_in_the_editor_and_learners_get_it(tono_client, tono):
    course = published_course(lessons=1, by=tono)
    lesson = LessonPage.objects.descendant_of(course).get()
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    text = text_of(tono_client.get(url))
    assert "Cek pemahaman" in text and 'name="slug"' not in text
    child = lesson.body[0]
    paragraph = {"key": "a", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    data = {
        "title": "Materi 1.1, lebih jelas",
        "minutes": "6",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": child.id,
        "body-0-value": json.dumps({"blocks": [{**paragraph, "text": "Baru."}], "entityMap": {}}),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "action-publish": "1",
    }
    response = tono_client.post(url, data, follow=True)
    assert "Peserta yang mulai sekarang mendapat versi 2." in text_of(response)
    release = CourseRelease.objects.get(course=course, number=2)
    assert release.created_by == tono and "<p id=" in release.lessons.get().html and "Baru." in release.lessons.get().html


def test_a_picture_without_words_is_saved_as_a_draft_but_not_published(tono_client, tono):
    course = published_course(lessons=1, by=tono)
    lesson = LessonPage.objects.descendant_of(course).get()
    data = {
        "title": "Materi 1.1",
        "minutes": "6",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "image",
        "body-0-id": "x",
        "body-0-value-image": str(_image().pk),
        "body-0-value-alt": "",
        "body-0-value-caption": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    text = text_of(tono_client.post(url, {**data, "action-publish": "1"}))
    assert "Jelaskan isi gambar" in text and CourseRelease.objects.filter(course=course).count() == 1
    assert tono_client.post(url, data).status_code == 302
    lesson.refresh_from_db()
    assert lesson.has_unpublished_changes


def test_the_preview_in_the_editor_is_the_learners_lesson_with_the_key(tono_client, tono):
    course = published_course(lessons=1, by=tono)
    lesson = LessonPage.objects.descendant_of(course).get()
    response = tono_client.get(reverse("wagtailadmin_pages:view_draft", args=[lesson.pk]))
    text = text_of(response)
    assert "Kalimat ini menyebut apa yang kurang" in text and "bina.css" in text
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"] and response["X-Frame-Options"] == "SAMEORIGIN"
    assert "Inti Materi" in text and "wagtail-userbar" not in text


def test_view_live_leads_to_the_learners_address(tono):
    course = published_course(lessons=2, by=tono, slug="layanan")
    second = LessonPage.objects.descendant_of(course).get(title="Materi 1.2")
    assert second.get_url() == reverse("courses:lesson", args=["layanan", 2])
    assert course.get_url() == reverse("courses:course", args=["layanan"])
    assert ModulePage.objects.descendant_of(course).get().get_url() == course.get_url()


def test_a_slug_is_unique_across_shelves(cempaka):
    first = draft_course(title="Etika Pelayanan")
    other = draft_course(title="Etika Pelayanan", shelf=shelves.create_shelf("Cempaka", unit=cempaka, by=None))
    assert (first.slug, other.slug) == ("etika-pelayanan", "etika-pelayanan-2")


FORMSET = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": ""}


def test_tono_writes_a_course_from_nothing_in_the_editor(tono_client, tono, sari):
    shelf = shelves.default_shelf()
    quiz = make_quiz(2, kind="post", title="Kuis akhir", collection=shelf.collection)
    course = {
        "title": "Layanan Ramah",
        "summary": "Dua kalimat.",
        "why": "null",
        "level": "2",
        "learning_minutes": "90",
        "completion_rule": "lessons_quiz",
        "pass_mark": "70",
        "certificate_months": "",
        "pre_quiz": "",
        "post_quiz": str(quiz.pk),
        "trainer": str(tono.pk),
        "course_objectives-0-text": "menyapa warga",
        "course_objectives-0-objective": "",
        "course_objectives-0-ORDER": "1",
        **{f"course_objectives-{key}": value for key, value in {**FORMSET, "TOTAL_FORMS": "1"}.items()},
        **{f"course_indicators-{key}": value for key, value in FORMSET.items()},
        **{f"comments-{key}": value for key, value in FORMSET.items()},
        "action-publish": "1",
    }
    response = tono_client.post(reverse("wagtailadmin_pages:add", args=["courses", "coursepage", shelf.pk]), course, follow=True)
    assert "Peserta belum melihatnya. Yang masih kurang: Terbitkan paling sedikit satu materi." in text_of(response)
    page = CoursePage.objects.get(slug="layanan-ramah")
    comments = {f"comments-{key}": value for key, value in FORMSET.items()}
    add = reverse("wagtailadmin_pages:add", args=["courses", "modulepage", page.pk])
    assert tono_client.post(add, {"title": "Menyapa", **comments, "action-publish": "1"}).status_code == 302
    module = ModulePage.objects.get()
    paragraph = {
        "key": "a",
        "text": "Senyum dahulu.",
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [],
    }
    lesson = {
        "title": "Senyum",
        "minutes": "5",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": json.dumps({"blocks": [paragraph], "entityMap": {}}),
        **comments,
        "action-publish": "1",
    }
    response = tono_client.post(reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", module.pk]), lesson, follow=True)
    assert "Peserta yang mulai sekarang mendapat versi 1." in text_of(response)
    tono_client.force_login(sari)
    assert "Senyum" in text_of(tono_client.get(reverse("courses:course", args=["layanan-ramah"])))


def test_a_colleague_reviews_and_approves_a_lesson(tono, sari):
    course = published_course(lessons=1, by=tono)
    colleague = AccountFactory(name="Tari Rahayu")
    GrantFactory(person=colleague, role=Role.TRAINER)
    lesson = LessonPage.objects.descendant_of(course).get()
    lesson.title = "Ditinjau"
    lesson.save_revision(user=tono)
    state = lesson.get_workflow().start(lesson, tono)
    assert studio.reviews_waiting(colleague) == [lesson] and studio.reviews_waiting(tono) == []
    assert studio.cards(tono)[0].reviews == 1
    state.current_task_state.approve(user=colleague)
    assert CoursePage.objects.get(pk=course.pk).current_release.number == 2 and studio.reviews_waiting(colleague) == []


def test_a_copy_of_a_course_begins_without_a_release(tono):
    course = published_course(title="Asli", lessons=1, by=tono)
    copy = course.copy(recursive=True, update_attrs={"title": "Salinan", "slug": "salinan"}, user=tono)
    copy = CoursePage.objects.get(pk=copy.pk)
    assert copy.current_release is None
    release = releases.publish_release(copy, by=tono)
    assert release.number == 1 and release.lessons.get().key != course.current_release.lessons.get().key


def test_a_course_that_was_used_is_not_deleted(tono_client, tono, sari):
    course = published_course(by=tono)
    enrolled(sari, course)
    response = tono_client.post(reverse("wagtailadmin_pages:delete", args=[course.pk]), follow=True)
    assert "jangan dihapus" in text_of(response) and CoursePage.objects.filter(pk=course.pk).exists()


# --- Kelas saya -----------------------------------------------------------------------------------------------------------------------------
def test_the_studio_shows_what_needs_her(tono_client, tono, sari):
    course = published_course(title="Layanan Cepat", lessons=2, by=tono)
    lesson = LessonPage.objects.descendant_of(course).first()
    lesson.title = "Baru"
    lesson.save_revision(user=tono)
    Comment.objects.create(page=lesson, user=sari, text="Kalimat ini panjang.", contentpath="title")
    enrolled(sari, course)
    text = text_of(tono_client.get(reverse("courses:studio")))
    for part in (
        "Layanan Cepat",
        "1 halaman belum terbit",
        "1 komentar belum ditanggapi",
        "1 sedang belajar · 0 selesai",
        "Pelatihan baru",
    ):
        assert part in text
    text = text_of(tono_client.get(reverse("courses:studio_course", args=[course.slug])))
    assert "Terbitkan perubahan" in text and "Draf" in text


def test_one_tap_publishes_all_drafts(tono_client, tono):
    course = published_course(lessons=2, by=tono)
    for lesson in LessonPage.objects.descendant_of(course):
        lesson.title += "!"
        lesson.save_revision(user=tono)
    url = reverse("courses:studio_publish", args=[course.slug])
    assert "Versi 2 sudah terbit" in text_of(tono_client.post(url, follow=True))
    assert "Tidak ada perubahan sejak versi 2" in text_of(tono_client.post(url, follow=True))
    CoursePage.objects.filter(pk=course.pk).update(summary="")
    assert "Tuliskan ringkasan" in text_of(tono_client.post(url), 422)


def test_questions_are_flagged_from_five_people_on(tono, sari):
    course = published_course(lessons=1, questions=1, by=tono)
    people = [AccountFactory() for _number in range(5)]
    for number, person in enumerate(people):
        row = enrolled(person, course)
        finish_lesson(row, released_lessons(row)[0])
        pass_quiz(row, right=1 if number == 0 else 0)
        if number == 3:
            assert studio.cards(tono)[0].flagged == []
    flagged = studio.cards(tono)[0].flagged
    assert [(entry.is_hard, entry.is_quiz, entry.n, entry.percent) for entry in flagged] == [
        (True, True, 5, 20),
        (False, False, 5, 100),
    ]
    assert flagged[0].text == Question.objects.get().name and CHECK["question"] in flagged[1].text


def test_the_studio_costs_the_same_with_more_courses(tono_client, tono, django_assert_max_num_queries):
    for _number in range(4):
        read_lessons(enrolled(AccountFactory(), published_course(lessons=1, by=tono)))
    tono_client.get(reverse("courses:studio"))
    with django_assert_max_num_queries(26):
        text_of(tono_client.get(reverse("courses:studio")))


# --- a second pair of eyes --------------------------------------------------------------------------------------------------------------------
def test_a_reviewer_without_rights_reads_the_draft_and_remarks(client, tono, wati):
    course = published_course(title="Layanan Cepat", lessons=1, by=tono)
    lesson = LessonPage.objects.descendant_of(course).get()
    lesson.title = "Draf baru"
    lesson.save_revision(user=tono)
    client.force_login(wati)
    token = reviewing.ticket(course)
    assert "Draf baru" in text_of(client.get(reverse("courses:review", args=[token])))
    url = reverse("courses:review_lesson", args=[token, lesson.pk])
    assert "Kalimat ini menyebut apa yang kurang" in text_of(client.get(url))
    assert "Tuliskan komentar Anda" in text_of(client.post(url, {"text": "  "}), 422)
    assert "x" * 2001 in text_of(client.post(url, {"text": "x" * 2001}), 422)
    assert "Kalimat kedua" in text_of(client.post(url, {"text": "Kalimat kedua terlalu panjang."}, follow=True))
    remark = Comment.objects.get()
    assert (remark.user, remark.page_id, remark.contentpath) == (wati, lesson.pk, "title")


def test_a_made_up_or_old_ticket_is_refused(client, tono, wati):
    course, other = published_course(by=tono), published_course(by=tono)
    client.force_login(wati)
    token = reviewing.ticket(course)
    foreign = LessonPage.objects.descendant_of(other).first()
    for bad in (token[:-1] + "x", "1", "abc:def"):
        assert client.get(reverse("courses:review", args=[bad])).status_code == 404
    assert client.get(reverse("courses:review_lesson", args=[token, foreign.pk])).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        assert reviewing.course_behind(token) is None
    client.logout()
    assert client.get(reverse("courses:review", args=[token])).status_code == 302


def test_moved_lessons_wait_for_the_next_publishing(tono):
    course = published_course(lessons=2, by=tono)
    first, second = LessonPage.objects.descendant_of(course).order_by("path")
    second.move(first, pos="left")
    assert studio.cards(tono)[0].is_rearranged
    releases.publish_course(CoursePage.objects.get(pk=course.pk), by=tono)
    assert not studio.cards(tono)[0].is_rearranged


def test_a_lesson_that_was_taken_out_stays_out(tono):
    course = published_course(lessons=2, by=tono)
    LessonPage.objects.descendant_of(course).get(title="Materi 1.2").unpublish()
    card = studio.cards(tono)[0]
    assert (card.drafts, card.is_rearranged) == (0, True)
    assert releases.publish_course(course, by=tono).lesson_count == 1
    assert [line.is_taken_out for line in studio.outline(course)] == [False, False, False, True]


# --- files -----------------------------------------------------------------------------------------------------------------------------------
def _image(size=(1600, 900), collection=None):
    target = io.BytesIO()
    Picture.effect_noise(size, 90).convert("RGB").save(target, "PNG")
    collection = collection or shelves.default_shelf().collection
    return get_image_model().objects.create(
        title="Loket", file=ContentFile(target.getvalue(), "loket.png"), collection=collection, width=size[0], height=size[1]
    )


def _document(name="formulir.pdf", body=b"%PDF-1.4 isi", collection=None):
    collection = collection or shelves.default_shelf().collection
    return get_document_model().objects.create(title=name, file=SimpleUploadedFile(name, body), collection=collection)


def test_pictures_become_small_copies_that_are_kept_for_ever(client, sari, tono):
    image = _image()
    blocks = [
        {"type": "image", "image": image, "alt": "Loket <pagi>", "caption": "Pukul delapan"},
        {"type": "text", "html": "<p>x</p>"},
    ]
    course = published_course(lessons=1, quiz=False, blocks=blocks, by=tono)
    kept = LessonFile.objects.get()
    assert kept.content_type == "image/webp" and kept.width <= 720 and kept.size < 200_000
    lesson = course.current_release.lessons.get()
    assert f'width="{kept.width}" height="{kept.height}" alt="Loket &lt;pagi&gt;" loading="lazy"' in lesson.html
    client.force_login(sari)
    response = client.get(files.address(kept))
    assert response.status_code == 200 and response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert b"".join(response.streaming_content)[:4] == b"RIFF"
    client.logout()
    assert client.get(files.address(kept)).status_code == 302


def test_a_replaced_file_does_not_change_an_old_release(tono):
    document = _document(body=b"%PDF-1.4 lama")
    blocks = [{"type": "download", "file": document, "title": "Formulir KK"}, {"type": "text", "html": "<p>x</p>"}]
    course = published_course(lessons=1, quiz=False, blocks=blocks, by=tono)
    first = course.current_release.lessons.get().html
    document.file.save("formulir.pdf", ContentFile(b"%PDF-1.4 baru"))
    document.file_hash = ""
    document.save()
    lesson = LessonPage.objects.descendant_of(course).get()
    lesson.save_revision().publish()
    second = ReleasedLesson.objects.get(release__number=2).html
    assert 'download="formulir.pdf"' in first and first != second and LessonFile.objects.count() == 2


def test_downloads_leave_as_attachments_and_films_in_parts(client, sari, tono):
    client.force_login(sari)
    pdf, film = files.keep_document(_document()), files.keep_document(_document("film.mp4", b"0123456789"))
    strange = files.keep_document(_document("aneh.html", b"<script>"))
    assert client.get(files.address(pdf))["Content-Disposition"] == "attachment"
    response = client.get(files.address(strange))
    assert (response["Content-Type"], response["Content-Disposition"], response["X-Content-Type-Options"]) == (
        "application/octet-stream",
        "attachment",
        "nosniff",
    )
    part = client.get(files.address(film), headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert client.get(files.address(film), headers={"Range": "bytes=-3"}).content == b"789"
    assert client.get(files.address(film), headers={"Range": "bytes=99-"}).status_code == 416
    assert client.get("/berkas-materi/" + "0" * 32 + ".pdf").status_code == 404


def test_the_editors_files_are_for_their_writers_only(client, sari, tono, tini, cempaka):
    image, document = _image((40, 40)), _document()
    for person, status in ((sari, 404), (tini, 404), (tono, 200)):
        client.force_login(person)
        assert client.get(f"/media/{image.file.name}").status_code == status
        assert client.get(reverse("wagtaildocs_serve", args=[document.pk, document.filename])).status_code == status
    assert (
        client.get("/media/../settings.py").status_code == 404 and client.get("/media/documents/formulir.pdf").status_code == 404
    )
