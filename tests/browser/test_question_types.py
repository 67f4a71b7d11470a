"""A quiz with one question of every type, as people answer it: by keyboard, by touch, without script, on a phone."""

import os

import pytest
from django.conf import settings
from django.urls import reverse

from assessments.domain import attempts
from assessments.models import Attempt, QuestionVersion
from assessments.question_types import TYPES, type_of
from tests.factories.assessments import make_question, make_quiz
from tests.factories.questions import SAMPLES, fill, keywords_of

pytestmark = pytest.mark.browser
CODES = list(TYPES)
SHOTS = os.environ.get("BINA_SHOTS")  # a folder: look at the pages yourself


@pytest.fixture
def attempt(sari, transactional_db):
    questions = [make_question(code, **keywords_of(code)) for code in CODES]
    quiz = make_quiz(questions=questions, is_shuffled=False, title="Semua jenis soal", kind="practice")
    return attempts.start(sari, quiz.current)


def _page(attempt, n=1):
    return reverse("assessments:attempt", args=[attempt.pk, n])


def _shot(page, name):
    if SHOTS:
        page.tab.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


def _values(attempt, n):
    """What the page has to post for the right answer to question ``n``."""
    laid, code = attempt.layout[n - 1], CODES[n - 1]
    return fill(type_of(code).form_field(QuestionVersion.objects.get(pk=laid["v"]).body, laid, None), SAMPLES[code].right)


def _answer(tab, values, act):
    """Each input of the question gets its value by ``act(input, value)``."""
    if tab.locator("[name=berkas]").count():  # a file goes its own way
        tab.locator("[name=berkas]").set_input_files([{"name": "surat balasan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 isi"}])
        tab.get_by_role("button", name="Unggah").click()
        tab.get_by_text("surat balasan.pdf").wait_for()
        return
    inputs = tab.locator("#answer [name=pilihan]")
    ticks = tab.locator("#answer [name=pilihan]:is([type=radio], [type=checkbox])")
    if ticks.count():
        for value in values:
            act(tab.locator(f'#answer [name=pilihan][value="{value}"]'), value)
        return
    assert inputs.count() == len(values)
    for index, value in enumerate(values):
        act(inputs.nth(index), value)


def _kind(box):
    return box.evaluate("element => element.tagName === 'SELECT' ? 'select' : element.type")


def until(tab, check):
    """Bounded, no fixed sleep."""
    for _turn in range(100):
        if check():
            return
        tab.wait_for_timeout(50)
    raise AssertionError("it never came about")


def _by_keyboard(box, value):
    box.focus()
    kind = _kind(box)
    if kind == "select":
        index = box.evaluate("(element, value) => [...element.options].findIndex(option => option.value === value)", value)
        for _press in range(index - box.evaluate("element => element.selectedIndex")):
            box.press("ArrowDown")
    elif kind in ("radio", "checkbox"):
        box.press("Space")
    else:
        box.press_sequentially(value)


def _by_touch(box, value):
    kind = _kind(box)
    if kind == "select":
        box.select_option(value)
    elif kind in ("radio", "checkbox"):
        box.locator("xpath=ancestor::label").click()
    else:
        box.click()
        box.fill(value)


def _all_right(attempt):
    attempt.refresh_from_db()
    assert attempt.state == "finished" and len(attempt.answers) == len(CODES)
    marks = {mark.version.question.type: mark.fraction for mark in attempt.marks.select_related("version__question")}
    by_machine = {code for code, kind in TYPES.items() if kind.is_graded and not kind.is_manual}
    assert {code for code, fraction in marks.items() if fraction == 1} == by_machine
    assert all(marks[code] is None for code, kind in TYPES.items() if kind.is_manual or not kind.is_graded)


@pytest.mark.parametrize(("act", "width"), [(_by_keyboard, 360), (_by_touch, 360), (_by_touch, 1280)])
def test_every_type_is_answered_and_reviewed(visit, sari, attempt, act, width):
    page = visit(_page(attempt), as_=sari, width=width)
    tab = page.tab
    for n, code in enumerate(CODES, 1):
        tab.locator("#quiz").and_(tab.locator(f'[data-n="{n}"]')).wait_for()
        if act is _by_keyboard:
            page.check()
        _answer(tab, _values(attempt, n), act)
        _shot(page, f"{n:02}-{code}")
        tab.locator("#answer [data-next]").press("Enter") if act is _by_keyboard else tab.locator("#answer [data-next]").click()
    tab.wait_for_url("**/tinjau/")
    page.check()
    assert "Belum dijawab" not in tab.locator("main").inner_text()
    tab.get_by_role("button", name="Kirim jawaban").click()
    tab.wait_for_url("**/hasil/")
    page.check()
    _shot(page, "hasil")
    _all_right(attempt)


def test_every_type_without_script(visit, sari, attempt):
    page = visit(_page(attempt), as_=sari, script=False)
    tab = page.tab
    for n in range(1, len(CODES) + 1):
        _answer(tab, _values(attempt, n), _by_touch)
        tab.locator("#answer [data-next]").click()
    tab.get_by_role("button", name="Kirim jawaban").click()
    assert tab.url.endswith("/hasil/")
    _all_right(attempt)


def test_nothing_is_wider_than_the_smallest_phone(visit, sari, attempt):
    page = visit(_page(attempt), as_=sari, width=320, text="150")
    for n in range(1, len(CODES) + 1):
        page.go(_page(attempt, n)).assert_fits()


def test_what_was_typed_survives_a_reload(visit, sari, attempt):
    n = CODES.index("essay") + 1
    page = visit(_page(attempt, n), as_=sari)
    tab = page.tab
    tab.locator("#typed").press_sequentially("Saya mulai dengan salam")
    tab.locator("#save-status").get_by_text("Tersimpan").wait_for(state="attached")
    tab.reload()
    until(tab, lambda: tab.locator("#typed").input_value() == "Saya mulai dengan salam")
    until(tab, lambda: Attempt.objects.get(pk=attempt.pk).answers.get(str(attempt.layout[n - 1]["v"])) == "Saya mulai dengan salam")


def test_a_lost_sign_in_without_script_keeps_what_was_typed(visit, sari, attempt):
    n = CODES.index("short_text") + 1
    page = visit(_page(attempt, n), as_=sari, script=False)
    tab = page.tab
    tab.locator("#typed").fill("pelayanan prima")
    tab.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    tab.locator("#answer [data-next]").click()
    assert "/masuk/" in tab.url and "prima" not in tab.url
