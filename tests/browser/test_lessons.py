"""Courses and lessons in a real browser: light, accessible, answered without a reload, and reopened where one stopped reading."""

import pytest
from django.urls import reverse

from courses.domain import reviewing
from courses.models import Enrolment, LessonPage
from people.models import AccountSession
from tests.factories.courses import CHECK, enrolled, published_course
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser

TOP_OF_FIFTH = "[...document.querySelectorAll('h2')].find(h => h.textContent === 'Bagian 5').getBoundingClientRect().top"
LONG = [
    {"type": "text", "html": "".join(f"<h2>Bagian {number}</h2><p>{'Warga di loket sudah menunggu. ' * 12}</p>" for number in range(1, 9))},
    {"type": "table", "caption": "Catatan", "rows": [["Langkah", "Dikerjakan", "Menunggu"], ["Ambil nomor", "1 menit", "18 menit"]]},
    dict(CHECK),
]


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (360, "dark"), (1280, "light")])
def test_course_and_lesson_keep_the_promises_of_every_page(visit, sari, width, theme):
    course = published_course(title="Layanan Cepat di Loket Adminduk", modules=2, lessons=4, pre_quiz=True, blocks=LONG)
    enrolled(sari, course)
    page = visit(reverse("courses:course", args=[course.slug]), as_=sari, width=width, theme=theme)
    for address in (reverse("courses:lesson", args=[course.slug, 3]), reverse("courses:mine"), reverse("courses:catalogue")):
        page.check()
        page.assert_weight(60, requests=6)
        page.go(address)
    page.check()


def test_fifty_lessons_weigh_no_more_than_the_budget(visit, sari):
    course = published_course(lessons=50)
    enrolled(sari, course)
    page = visit(reverse("courses:lesson", args=[course.slug, 25]), as_=sari)
    page.assert_weight(60, requests=6)
    page.go(reverse("courses:course", args=[course.slug])).assert_weight(60, requests=6)


def test_an_answer_shows_its_explanation_without_loading_the_page_again(visit, sari):
    course = published_course(lessons=2, quiz=False)
    enrolled(sari, course)
    page = visit(reverse("courses:lesson", args=[course.slug, 1]), as_=sari)
    tab, loads = page.tab, []
    tab.on("framenavigated", lambda _frame: loads.append(1))
    tab.get_by_role("button", name="Selesai, lanjut").click()
    tab.get_by_text("Ada jawaban yang belum diisi").or_(tab.get_by_text("Jawab dahulu cek pemahaman")).first.wait_for()
    loads.clear()
    tab.get_by_text("Silakan lihat ketentuan yang berlaku.").click()
    tab.get_by_role("button", name="Periksa jawaban").click()
    tab.get_by_text("Belum tepat").wait_for()
    assert "Belum tepat" in tab.evaluate("document.activeElement.textContent")
    tab.get_by_text("Berkas belum lengkap").click()
    tab.get_by_role("button", name="Jawab lagi").click()
    tab.get_by_text("Tepat.", exact=True).wait_for()
    assert not loads and tab.locator("#save-status").inner_text() == "Tersimpan"
    page.console.clear()  # the browser notes the 422 above
    page.check()
    tab.get_by_role("button", name="Selesai, lanjut").click()
    tab.get_by_text("Materi 1 selesai: 1 dari 2").wait_for()


def test_a_choice_survives_a_sign_in_that_ran_out(visit, sari):
    """Her session ends while she reads; the button leads to the sign-in and back, and what she had chosen is still chosen."""
    sari.set_password(PASSWORD)
    sari.save()
    course = published_course(lessons=1, quiz=False)
    enrolled(sari, course)
    lesson = reverse("courses:lesson", args=[course.slug, 1])
    tab = visit(lesson, as_=sari).tab
    AccountSession.objects.all().delete()
    tab.get_by_text("Silakan lihat ketentuan yang berlaku.").click()
    tab.get_by_role("button", name="Periksa jawaban").click()
    tab.get_by_label("NIP atau surel dinas").fill(sari.nip)
    tab.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Masuk", exact=True).click()
    tab.wait_for_url(f"**{lesson}")
    tab.get_by_text("Pilihan Anda masih di sini").first.wait_for()
    assert tab.get_by_label("Silakan lihat ketentuan yang berlaku.").is_checked()
    tab.get_by_role("button", name="Periksa jawaban").click()
    tab.get_by_text("Belum tepat").wait_for()


def test_an_answer_of_somebody_on_the_way_does_not_take_the_choice(visit, sari):
    course = published_course(lessons=1, quiz=False)
    enrolled(sari, course)
    lesson = reverse("courses:lesson", args=[course.slug, 1])
    tab = visit(lesson, as_=sari).tab
    tab.route(f"**{lesson}", lambda route: route.fulfill(status=200, body="<h1>Wi-Fi</h1>", content_type="text/html"))
    tab.get_by_text("Silakan lihat ketentuan yang berlaku.").click()
    tab.get_by_role("button", name="Periksa jawaban").click()
    tab.locator("#save-status[data-state=failed]").wait_for()
    assert tab.get_by_label("Silakan lihat ketentuan yang berlaku.").is_checked()
    tab.unroute(f"**{lesson}")
    tab.get_by_role("button", name="Periksa jawaban").click()
    tab.get_by_text("Belum tepat").wait_for()


def test_the_lesson_opens_where_she_stopped_reading(visit, sari):
    course = published_course(lessons=2, quiz=False, blocks=LONG)
    enrolled(sari, course)
    lesson = reverse("courses:lesson", args=[course.slug, 2])
    page = visit(lesson, as_=sari)
    tab, told = page.tab, []
    tab.clock.install()
    tab.on("request", lambda request: told.append(request.url) if "/tempat/" in request.url else None)
    with tab.expect_event("console", lambda message: message.text == "scrolled"):
        tab.evaluate("addEventListener('scroll', () => console.log('scrolled'), {once: true})")
        tab.evaluate(f"scrollTo(0, {TOP_OF_FIFTH} + scrollY - 80)")
    tab.clock.fast_forward(3000)  # she reads on
    tab.evaluate("scrollTo(0, 0)")
    tab.get_by_role("link", name="Kembali").first.click()
    tab.get_by_role("link", name="Lanjutkan Materi 2").click()
    tab.get_by_role("heading", name="Bagian 5").wait_for()
    top = tab.evaluate(TOP_OF_FIFTH)
    assert -200 < top < 740, top
    assert Enrolment.objects.get(person=sari).resume_anchor and len(told) == 1


def test_everything_works_without_script(visit, sari):
    course = published_course(lessons=1, quiz=False)
    page = visit(reverse("courses:course", args=[course.slug]), as_=sari, script=False)
    tab = page.tab
    tab.get_by_role("button", name="Mulai").click()
    tab.get_by_text("Silakan lihat ketentuan yang berlaku.").click()
    tab.get_by_role("button", name="Selesai, lanjut").click()
    tab.get_by_text("Jawaban Anda tersimpan").wait_for()
    tab.get_by_text("Belum tepat").wait_for()
    tab.get_by_role("button", name="Selesai, lanjut").click()
    tab.get_by_text("Anda telah menyelesaikan").wait_for()
    assert Enrolment.objects.get(person=sari).is_completed


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1280, "dark")])
def test_the_trainers_screens_keep_the_promises_too(visit, tono, sari, width, theme):
    course = published_course(title="Layanan Cepat di Loket Adminduk", modules=2, lessons=2, blocks=LONG, by=tono)
    lesson = LessonPage.objects.descendant_of(course).first()
    lesson.title = "Judul yang sedang ditulis"
    lesson.save_revision(user=tono)
    token = reviewing.ticket(course)
    page = visit(reverse("courses:studio"), as_=tono, width=width, theme=theme)
    for address in (
        reverse("courses:studio_course", args=[course.slug]),
        reverse("courses:review", args=[token]),
        reverse("courses:review_lesson", args=[token, lesson.pk]),
        reverse("courses:course", args=[course.slug]),
    ):
        page.check()
        page.go(address)
    page.check()
    page.tab.get_by_role("link", name="Ubah halaman ini").wait_for()
