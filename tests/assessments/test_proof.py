"""The log of an attempt proves itself: whatever is changed afterwards is found, and nothing of the key leaves with it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import tasks
from assessments.domain import attempts, hand_grading, key_correction, proof, regrading
from assessments.domain.hand_grading import Written
from assessments.models import AnswerKey, Attempt, Mark, Step
from core.domain import outbox
from core.models import AuditEvent
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, take_quiz
from tests.factories.people import AccountFactory
from tests.factories.questions import keywords_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(sari):
    return take_quiz(sari, make_quiz(3, pass_mark=60), right=2)


def _problems(attempt):
    return proof.problems(Attempt.objects.select_related("quiz", "version").get(pk=attempt.pk))


def test_every_way_of_ending_and_grading_fits(sari, tono):
    shelf = open_shelf_to_trainers()
    essay = make_quiz(questions=[make_question("essay", collection=shelf, **keywords_of("essay")), make_question(collection=shelf)], collection=shelf,
                      is_shuffled=False)
    waiting = attempts.start(sari, essay.current)
    attempts.answer(waiting, waiting.layout[0]["v"], "Saya jelaskan dasarnya.")
    attempts.flag(waiting, waiting.layout[1]["v"], True)
    attempts.finish(waiting, by=sari)
    assert _problems(waiting) == []
    hand_grading.give(waiting.marks.get(position=1), Written(given=[3, 1]), by=tono)
    assert _problems(waiting) == []
    running = attempts.start(sari, make_quiz(2).current)
    assert _problems(running) == []
    corrected = take_quiz(AccountFactory(), make_quiz(2, collection=shelf), right=1)
    version = corrected.marks.get(position=2).version
    key_correction.correct_key(version, what="full", reason="Soal ini tidak jelas.", by=tono)
    outbox.drain(kinds=[regrading.REGRADE])
    assert Attempt.objects.get(pk=corrected.pk).score == 100 and _problems(corrected) == []


@pytest.mark.parametrize(("forge", "words"), [
    (lambda attempt: Attempt.objects.filter(pk=attempt.pk).update(score=100), "Nilai"),
    (lambda attempt: Attempt.objects.filter(pk=attempt.pk).update(answers={}), "Jawaban"),
    (lambda attempt: Mark.objects.filter(attempt=attempt, fraction=0).update(fraction=1), "Poin"),
    (lambda attempt: Mark.objects.filter(attempt=attempt, position=1).delete(), "Poin"),
    (lambda attempt: Step.objects.filter(attempt=attempt, sequence=3).delete(), "Nomor"),
    (lambda attempt: Attempt.objects.filter(pk=attempt.pk).update(layout=[]), "Soal"),
])
def test_what_is_forged_is_found(attempt, forge, words):
    assert _problems(attempt) == []
    forge(attempt)
    assert any(words in sentence for sentence in _problems(attempt)), _problems(attempt)


def test_a_pass_that_no_grading_gave_is_found(sari):
    failed = take_quiz(sari, make_quiz(2, pass_mark=80), right=0)
    assert failed.is_passed is False and _problems(failed) == []
    Attempt.objects.filter(pk=failed.pk).update(is_passed=True)
    assert len(_problems(failed)) == 1


def test_who_forges_steps_and_row_alike_meets_the_audit_trail(attempt):
    assert proof.seal_attempts() == 1 and proof.seal_attempts() == 0
    step = Step.objects.get(attempt=attempt, sequence=2)
    Step.objects.filter(pk=step.pk).update(at=timezone.now())
    assert any("jejak audit" in sentence for sentence in _problems(attempt))


def test_a_later_grade_leaves_the_record_valid_and_is_recorded_too(sari, tono):
    shelf = open_shelf_to_trainers()
    done = take_quiz(sari, make_quiz(2, collection=shelf), right=1)
    proof.seal_attempts()
    key_correction.correct_key(done.marks.get(position=2).version, what="full", reason="Soal ini tidak jelas.", by=tono)
    outbox.drain(kinds=[regrading.REGRADE])
    assert _problems(done) == [] and proof.seal_attempts() == 1 and _problems(done) == []
    assert AuditEvent.objects.filter(verb=proof.SEALED, object_id=done.pk).count() == 2
    outbox.enqueue(tasks.SEAL, "seal:test")
    assert outbox.drain(kinds=[tasks.SEAL]) == 1


# --- The file ----------------------------------------------------------------------------------------------------------------------------
def _file(client, attempt, tmp_path):
    path = tmp_path / "riwayat.json"
    path.write_bytes(client.get(reverse("assessments:attempt_log_download", args=[attempt.pk])).content)
    return path


def test_a_person_takes_her_log_along_and_it_is_checked(client, sari, attempt, tmp_path, capsys):
    client.force_login(sari)
    page = client.get(reverse("assessments:attempt_log", args=[attempt.pk])).content.decode()
    assert "Soal 1: jawaban tersimpan" in page and "Dikirim" in page
    assert reverse("assessments:attempt_log", args=[attempt.pk]) in client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()
    path = _file(client, attempt, tmp_path)
    call_command("verify_attempts", "--file", str(path), "--json")
    assert json.loads(capsys.readouterr().out) == {"checked": 1, "problems": {}}

    document = json.loads(path.read_text())
    assert [entry["kind"] for entry in document["entries"]][-1] == "finish", "what each question earned stays here, and so does its hash"
    graded = attempt.steps.get(kind="grade")
    assert proof.entry_of(graded)["data_sha256"] not in path.read_text()
    assert proof.digest_of(attempt, attempt.steps.order_by("sequence")) not in path.read_text(), "a hash over the marks can be tried out"
    for spoil in (lambda found: found["entries"][1]["data"].update(r=["x"]), lambda found: found["entries"].pop(1),
                  lambda found: (found["entries"].pop(), found.update(digest=found["entries"][-1]["hash"])),
                  lambda found: found["entries"][1].update(at="2026-01-01T00:00:00+00:00"), lambda found: found.update(digest="0" * 64),
                  lambda found: found.update(attempt=10**12), lambda found: found.update(person=1),
                  lambda found: found.update(title="Kuis lain"), lambda found: found.update(entries=[7]), lambda found: found.update(form="x")):
        spoilt = json.loads(path.read_text())
        spoil(spoilt)
        path_two = tmp_path / "rusak.json"
        path_two.write_text(json.dumps(spoilt))
        with pytest.raises(CommandError) as raised:
            call_command("verify_attempts", "--file", str(path_two))
        assert raised.value.returncode == 1
    Step.objects.filter(attempt=attempt, sequence=2).update(at=timezone.now())
    with pytest.raises(CommandError):
        call_command("verify_attempts", "--file", str(path))


def test_nothing_of_the_key_leaves_with_the_log(client, sari):
    quiz = make_quiz(2, kind="post", pass_mark=100)
    AnswerKey.objects.update(explanation="KANARI-PEMBAHASAN")
    attempt = take_quiz(sari, quiz, right=0)
    client.force_login(sari)
    told = client.get(reverse("assessments:attempt_log", args=[attempt.pk])).content + client.get(
        reverse("assessments:attempt_log_download", args=[attempt.pk])).content
    assert b"KANARI" not in told and b'"marks"' not in told


def test_only_her_own_and_only_when_it_is_over(client, sari, attempt):
    running = attempts.start(sari, make_quiz(1).current)
    client.force_login(sari)
    assert client.get(reverse("assessments:attempt_log", args=[running.pk])).status_code == 404
    client.force_login(AccountFactory())
    for name in ("attempt_log", "attempt_log_download"):
        assert client.get(reverse(f"assessments:{name}", args=[attempt.pk])).status_code == 404


def test_the_page_asks_as_little_for_many_steps_as_for_few(client, sari):
    client.force_login(sari)
    counts = []
    for count in (1, 3):
        done = take_quiz(sari, make_quiz(count))
        client.get(reverse("assessments:attempt_log", args=[done.pk]))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("assessments:attempt_log", args=[done.pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def test_the_command_names_what_does_not_fit(attempt, capsys):
    other = take_quiz(AccountFactory(), make_quiz(1))
    call_command("verify_attempts")
    assert "Diperiksa 2, 0 tidak cocok" in capsys.readouterr().out
    Attempt.objects.filter(pk=other.pk).update(score=1)
    with pytest.raises(CommandError) as raised:
        call_command("verify_attempts", "--json")
    assert raised.value.returncode == 1 and list(json.loads(capsys.readouterr().out)["problems"]) == [str(other.pk)]
    call_command("verify_attempts", "--attempt", str(attempt.pk))
    for wrong in (["--attempt", "999999"], ["--since", "kemarin"], ["--file", "/tidak/ada.json"]):
        with pytest.raises(CommandError) as raised:
            call_command("verify_attempts", *wrong)
        assert raised.value.returncode == 2


def test_the_log_goes_round_no_setting_of_the_quiz(client, sari, tmp_path):
    """While another attempt runs, the result page tells no answers; the log does not either, and is checked all the same."""
    quiz = make_quiz(2, attempt_limit=None)
    done = take_quiz(sari, quiz)
    client.force_login(sari)
    url = reverse("assessments:attempt_log", args=[done.pk])
    assert "“Pilihan" in client.get(url).content.decode()
    attempts.start(sari, quiz.current, context_key="enrolment:1")
    assert "“Pilihan" not in client.get(url).content.decode()
    path = _file(client, done, tmp_path)
    assert all("data" not in entry for entry in json.loads(path.read_text())["entries"] if entry["kind"] == "answer")
    call_command("verify_attempts", "--file", str(path))
