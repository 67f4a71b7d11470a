"""A quiz in a real browser: one request an answer, nothing lost when the line is cut, the page is reloaded or the browser dies."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.domain import attempts
from assessments.models import Attempt
from tests.factories.assessments import make_question, make_quiz

pytestmark = pytest.mark.browser


def _attempt(person, count=4, **settings):
    questions = [make_question(topic="Mengukur: median dan persentil 90", stem=f"Pertanyaan ke-{index}: ukuran mana yang ikut dilaporkan?")
                 for index in range(count)]
    return attempts.start(person, make_quiz(questions=questions, is_shuffled=False, title="Kuis akhir", **settings).current)


def _page(attempt, n=1):
    return reverse("assessments:attempt", args=[attempt.pk, n])


def _stored(attempt):
    return Attempt.objects.get(pk=attempt.pk)


def _until(tab, check):
    """The database sees what the page has sent; bounded, no fixed sleep."""
    for _turn in range(100):
        if check():
            return
        tab.wait_for_timeout(50)
    raise AssertionError("the answer never arrived")


def _choose(tab, option):
    tab.locator(".opt [name=pilihan]").nth(option).check()


def _run_out_in_seconds(person, **more):
    """An attempt of one minute that began 50 seconds ago; its grace is a minute."""
    return attempts.start(person, make_quiz(2, time_limit_minutes=1).current, at=timezone.now() - timedelta(seconds=50), **more)


def _status(tab):
    return tab.locator("#save-status").inner_text()


def test_a_whole_quiz_on_a_phone(visit, sari):
    attempt = _attempt(sari)
    page = visit(_page(attempt), as_=sari)
    page.check()
    page.assert_weight(60, requests=6)
    tab, posts = page.tab, []
    tab.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    for n in range(1, 5):
        tab.get_by_text(f"Pertanyaan ke-{n - 1}").wait_for()
        _choose(tab, 0)
        if n == 2:
            tab.get_by_label("Tandai untuk ditinjau").check()
        _until(tab, lambda n=n: len(_stored(attempt).answers) == n)
        if n < 4:
            tab.get_by_role("button", name="Lanjut", exact=True).click()
    assert len(posts) == 5, f"one request an answer and one for the mark: {posts}"
    assert _status(tab) == "Tersimpan"
    assert tab.url.endswith(_page(attempt, 4)) and "Soal 4 dari 4" in tab.title()
    tab.go_back()
    tab.get_by_text("Pertanyaan ke-2").wait_for()
    assert tab.locator(".opt [name=pilihan]").nth(0).is_checked(), "the browser's arrow shows the answer that was given"
    tab.get_by_role("button", name="Soal 4, dijawab").click()
    tab.get_by_role("button", name="Tinjau jawaban").click()
    tab.wait_for_url("**/tinjau/")
    page.check()
    assert "4 dari 4 soal dijawab" in tab.inner_text("main") and "Ditandai" in tab.inner_text("main")
    tab.get_by_role("button", name="Kirim jawaban").click()
    tab.wait_for_url("**/hasil/")
    page.check()
    assert _stored(attempt).state == "finished" and len(_stored(attempt).answers) == 4


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_desk(visit, sari, theme):
    attempt = _attempt(sari, time_limit_minutes=20)
    page = visit(_page(attempt), as_=sari, width=1280, theme=theme)
    page.check()
    assert "Sisa 20 menit" in page.tab.inner_text("#timer")
    page.go(reverse("assessments:review", args=[attempt.pk]))
    page.check()
    attempts.finish(_stored(attempt), by=sari)
    page.go(reverse("assessments:result", args=[attempt.pk])).check()


def test_at_320_and_by_keyboard(visit, sari):
    attempt = _attempt(sari, count=2)
    page = visit(_page(attempt), as_=sari, width=320)
    page.check()
    tab = page.tab
    tab.locator(".opt [name=pilihan]").first.focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")  # a form's Enter goes on to the next question
    tab.get_by_text("Pertanyaan ke-1").wait_for()
    _until(tab, lambda: len(_stored(attempt).answers) == 1)
    assert tab.evaluate("document.activeElement.id") == "stem", "the focus stands at the new question"


def test_ten_cuts_a_reload_and_a_crash_lose_nothing(visit, sari):
    attempt = _attempt(sari, count=12)
    page = visit(_page(attempt), as_=sari)
    tab = page.tab
    tab.wait_for_load_state("networkidle")
    for n in range(1, 11):
        tab.context.set_offline(True)
        _choose(tab, n % 4)
        tab.locator("#save-status", has_text="Menunggu sinyal").wait_for()
        tab.get_by_role("button", name="Lanjut", exact=True).click()
        tab.get_by_text(f"Pertanyaan ke-{n}:").wait_for()  # going on needs no line
        if n % 2 == 0:
            tab.context.set_offline(False)
            _until(tab, lambda n=n: len(_stored(attempt).answers) == n)
        if n == 4:
            tab.reload(wait_until="networkidle")  # the sheet with the next questions has come
    tab.context.set_offline(True)
    _choose(tab, 1)
    tab.locator("#save-status", has_text="(1)").wait_for()
    # The browser dies with the answer on the device; the next visit of the quiz sends it.
    context = tab.context
    tab.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(page.base + _page(attempt, 12))
    _until(again, lambda: len(_stored(attempt).answers) == 11)
    stored = _stored(attempt)
    assert attempts.replay(stored).answers == stored.answers
    assert stored.steps.filter(kind="answer").count() == 11, "none doubled"


def test_the_review_waits_for_the_signal(visit, sari):
    attempt = _attempt(sari, count=2)
    page = visit(_page(attempt), as_=sari)
    tab = page.tab
    tab.wait_for_load_state("networkidle")  # the sheet with the next questions has come
    tab.context.set_offline(True)
    _choose(tab, 0)
    tab.get_by_role("button", name="Lanjut", exact=True).click()
    tab.get_by_text("Pertanyaan ke-1").wait_for()
    tab.get_by_role("button", name="Tinjau jawaban").click()
    tab.get_by_text("Jawaban Anda aman di gawai ini").first.wait_for()
    assert tab.url.endswith(_page(attempt, 2))
    tab.context.set_offline(False)
    tab.get_by_role("button", name="Tinjau jawaban").click()
    tab.wait_for_url("**/tinjau/")
    assert "1 dari 2 soal dijawab" in tab.inner_text("main")


def test_a_sign_in_that_ran_out_keeps_the_answer_on_the_device(visit, sari):
    from people.models import AccountSession

    attempt = _attempt(sari, count=2)
    page = visit(_page(attempt), as_=sari)
    tab = page.tab
    AccountSession.objects.all().delete()
    _choose(tab, 2)
    tab.get_by_text("Anda sudah keluar").wait_for()
    assert not _stored(attempt).answers
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(sari)
    tab.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                              "url": page.base}])
    tab.reload()
    _until(tab, lambda: len(_stored(attempt).answers) == 1)
    assert tab.locator(".opt [name=pilihan]").nth(2).is_checked()


def test_two_tabs_are_one_attempt(visit, sari):
    attempt = _attempt(sari, count=2)
    page = visit(_page(attempt), as_=sari)
    other = page.tab.context.new_page()
    other.goto(page.base + _page(attempt))
    _choose(page.tab, 0)
    _until(page.tab, lambda: len(_stored(attempt).answers) == 1)
    first = dict(_stored(attempt).answers)
    _choose(other, 3)
    _until(other, lambda: _stored(attempt).answers != first)
    page.tab.reload()
    assert page.tab.locator(".opt [name=pilihan]").nth(3).is_checked(), "the last word counts, in both"


def test_without_script(visit, sari):
    attempt = _attempt(sari, count=2)
    page = visit(_page(attempt), as_=sari, script=False)
    tab = page.tab
    _choose(tab, 0)
    tab.get_by_role("button", name="Lanjut", exact=True).click()
    assert tab.url.endswith(_page(attempt, 2))
    _choose(tab, 1)
    tab.get_by_role("button", name="Soal 1, dijawab").click()
    assert tab.locator(".opt [name=pilihan]").nth(0).is_checked()
    tab.get_by_role("button", name="Lanjut", exact=True).click()
    tab.get_by_role("button", name="Tinjau jawaban").click()
    tab.get_by_role("button", name="Kirim jawaban").click()
    assert tab.url.endswith("/hasil/") and len(_stored(attempt).answers) == 2


def test_time_runs_out_on_the_page(visit, sari):
    attempt = _run_out_in_seconds(sari)
    page = visit(_page(attempt), as_=sari)
    _choose(page.tab, 0)
    page.tab.wait_for_url("**/hasil/", timeout=30000)
    stored = _stored(attempt)
    assert stored.ending == "time" and len(stored.answers) == 1


def test_time_runs_out_while_an_answer_still_waits(visit, sari):
    """The line fails at the end and comes back a moment later: the answer arrives within the grace, and only then the page hands in."""
    attempt = _run_out_in_seconds(sari)
    tab = visit(_page(attempt), as_=sari).tab
    tab.route("**/soal/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    _choose(tab, 0)
    tab.locator("#timer", has_text=re.compile(r"\b0 detik")).wait_for(timeout=30000)
    tab.get_by_text("Jawaban Anda aman di gawai ini").first.wait_for(timeout=30000)
    assert _stored(attempt).state == "open" and "/soal/" in tab.url
    tab.unroute("**/soal/**")
    tab.wait_for_url("**/hasil/", timeout=30000)
    stored = _stored(attempt)
    assert (stored.state, stored.ending, len(stored.answers)) == ("finished", "time", 1)


@pytest.mark.parametrize("status", [200, 404, 503])
def test_only_our_servers_word_takes_an_answer_off_the_device(visit, sari, status):
    """A hotel's sign-in page, a proxy's error, a server that is too busy: none of them has stored anything."""
    attempt = _attempt(sari, count=2)
    tab = visit(_page(attempt), as_=sari).tab
    tab.route("**/soal/**", lambda route: route.fulfill(status=status, body="<h1>Selamat datang di Wi-Fi</h1>", content_type="text/html")
              if route.request.method == "POST" else route.continue_())
    _choose(tab, 0)
    tab.get_by_text("Server belum dapat menerimanya").first.wait_for()
    assert not _stored(attempt).answers
    tab.unroute("**/soal/**")
    tab.get_by_role("button", name="Coba lagi").click()
    _until(tab, lambda: len(_stored(attempt).answers) == 1)


def test_the_next_question_is_asked_for_without_a_new_choice(visit, sari):
    """Before the sheet has come the server gives the next question; what was chosen once is not stored twice."""
    attempt = _attempt(sari, count=3)
    page = visit("/", as_=sari)
    tab = page.tab
    tab.route(f"**{reverse('assessments:sheet', args=[attempt.pk])}", lambda route: route.abort())
    page.go(_page(attempt))
    _choose(tab, 0)
    _until(tab, lambda: len(_stored(attempt).answers) == 1)
    tab.get_by_role("button", name="Lanjut", exact=True).click()
    tab.get_by_text("Pertanyaan ke-1").wait_for()
    tab.get_by_role("button", name="Lanjut", exact=True).click()
    tab.get_by_text("Pertanyaan ke-2").wait_for()
    assert _stored(attempt).steps.filter(kind="answer").count() == 1 and len(_stored(attempt).answers) == 1
