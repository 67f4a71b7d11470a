"""Questions leave the bank: what comes back is equal, what a format cannot hold is named; nobody takes what is not hers."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from wagtail.models import Collection

from assessments.domain import bank
from assessments.domain.export_questions import export_questions, item_of, writable
from assessments.domain.import_questions import import_questions
from assessments.formats import FORMATS
from assessments.models import Question
from core.domain.errors import RuleViolation
from core.models import AuditEvent
from tests.factories.assessments import make_question, open_shelf_to_trainers
from tests.factories.questions import SAMPLES, keywords_of

pytestmark = pytest.mark.django_db
CODES = [kind.code for kind in writable()]
NASTY = [
    "= ~ # { } : \\", "[html]<b>tebal</b>", "%50%setengah", "a -> b", "<script>alert(1)</script> & ]]> \"'", "=1+1", "TRUE", "A) satu",
    "ANSWER: B", "//", "$CATEGORY: x", "::nama::", "\\n", "é ∑ 日本", "12,5 ± 0,5", "#remark", "@@PLUGINFILE@@/x.png", "{1:MC:=a~b}", "&lt;b&gt;",
]


@pytest.fixture
def shelf():
    return open_shelf_to_trainers()


def _chosen(**where):
    return Question.objects.filter(**where).select_related("current__answer_key").order_by("pk")


def _draft(question):
    return bank.present_draft(question)


@pytest.mark.parametrize("code", CODES)
def test_every_sample_comes_back_equal_or_is_named(code, shelf):
    for type in SAMPLES:
        make_question(type, collection=shelf, name=f"Contoh {type}", **keywords_of(type)) if type != "hotspot" else None
    found = export_questions(_chosen(), code, by=None)
    named = {problem.where for problem in found.problems}
    assert found.written + found.skipped == Question.objects.count() and found.written
    elsewhere = Collection.get_first_root_node().add_child(name="Rak lain")
    back = import_questions(found.data, elsewhere, by=None, format=code)
    assert back.imported == found.written == len(back.questions) and back.skipped == 0
    by_stem = {(question.type, question.current.stem): question for question in _chosen(collection=shelf)}
    for question in _chosen(collection=elsewhere):
        original = by_stem[question.type, question.current.stem]
        assert _draft(question) == _draft(original) or original.name in named, (code, question.type)
    assert code not in ("qti", "qti3", "moodle-xml") or len(named) == found.skipped, "these formats lose nothing of what they hold"


_line = st.one_of(st.sampled_from(NASTY), st.text(st.characters(blacklist_categories=("Cc", "Cs", "Co", "Cn")), max_size=30))
_CALMLY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("code", CODES)
@_CALMLY
@given(stem=_line, explanation=_line, texts=st.lists(_line, min_size=2, max_size=5), remark=_line, right=st.integers(0, 1),
       type=st.sampled_from(["single", "multiple", "short_text", "matching"]))
def test_whatever_stands_in_a_question_it_comes_back_or_is_named(code, stem, explanation, texts, remark, right, type):
    content = {"short_text": {"answers": [{"text": text, "percent": 100 if not index else 50, "remark": remark} for index, text in enumerate(texts)]},
               "matching": {"pairs": [{"left": f"{index} {text}", "right": text} for index, text in enumerate(texts)], "extra": []}}
    written = {"content": content[type]} if type in content else {
        "options": [{"text": text, "is_correct": index == right, "feedback": remark} for index, text in enumerate(texts)]}
    draft = bank.make_draft(type=type, stem=stem, explanation=explanation, **written)
    assume(not bank.problems(type, draft))
    question = make_question(type, stem=stem, explanation=explanation, **{"options": [], **written})
    found = export_questions([question], code, by=None, is_trial=True)
    if not found.written:
        assert found.skipped == 1 and found.problems
        return
    (back,) = FORMATS[code].read(found.data).items
    again = bank.make_draft(type=back.type, **back.keywords)
    assert back.type == type and (again == draft or found.problems), (again, draft)
    assert again.stem == draft.stem


def test_a_taking_is_recorded_and_a_look_is_not(shelf, tono):
    make_question(collection=shelf)
    export_questions(_chosen(), "gift", by=tono, is_trial=True)
    assert not AuditEvent.objects.filter(verb="questions.exported").exists()
    export_questions(_chosen(), "gift", by=tono)
    assert AuditEvent.objects.get(verb="questions.exported").detail == {"format": "gift", "count": 1}


def test_none_too_many_and_unknown_are_refused(shelf):
    for chosen, code, words in ((_chosen(), "gift", "Tidak ada soal"), (_chosen(), "docx", "tidak dapat ditulis")):
        with pytest.raises(RuleViolation, match=words):
            export_questions(chosen, code, by=None)


def test_the_command_tells_what_is_in_the_file(shelf, tmp_path, capsys):
    make_question(collection=shelf, points=2)
    make_question("scale", collection=shelf, **keywords_of("scale"))
    file = tmp_path / "soal.gift"
    call_command("export_questions", str(file), "--format", "gift", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["written"], told["skipped"], len(told["problems"])) == (1, 1, 2) and file.read_text().count("::") == 2
    with pytest.raises(CommandError, match="Rak ini tidak ada|Tidak ada rak"):
        call_command("export_questions", str(file), "--format", "gift", "--category", "Rak hantu")


def test_one_that_cannot_be_written_does_not_hold_up_the_others(shelf):
    """Two of one name, one of which the format cannot hold: the other one is in the file."""
    make_question(collection=shelf, name="Sama")
    make_question("scale", collection=shelf, name="Sama", **keywords_of("scale"))
    make_question(collection=shelf, name="Lain")
    found = export_questions(_chosen(), "gift", by=None)
    assert (found.written, found.skipped) == (2, 1) and [problem.where for problem in found.problems] == ["Sama"]
    only = export_questions(_chosen(type="scale"), "gift", by=None)
    assert (only.written, only.skipped) == (0, 1)
    assert AuditEvent.objects.filter(verb="questions.exported").count() == 1, "nothing left the house the second time"


# --- On screen ---------------------------------------------------------------------------------------------------------------------------
def test_a_trainer_looks_first_and_takes_only_what_is_hers(client, tono, shelf):
    mine = make_question(collection=shelf, stem="Soal milik rak ini?", points=3, tags=["loket"])
    make_question(collection=shelf, stem="Soal tanpa tag?")
    make_question(collection=Collection.get_first_root_node().add_child(name="Rak lain"), stem="Soal rak lain?", tags=["loket"])
    client.force_login(tono)
    url = reverse("assessments:export_file")
    assert url in client.get(reverse("assessments:questions")).content.decode()
    assert client.get(url).status_code == 200
    look = client.get(url, {"format": "gift", "tag": "loket"})
    page = look.content.decode()
    assert look.context["found"].written == 1 and mine.name in page and "poin" in page
    assert 'name="tag" value="loket"' in page
    file = client.post(url, {"format": "gift", "tag": "loket"})
    assert "Soal milik rak ini?" in file.content.decode() and "rak lain" not in file.content.decode()
    assert file["Content-Disposition"].startswith('attachment; filename="soal-gift-')
    for wrong in ({"format": "docx"}, {"format": ""}, {"format": "gift", "tag": "tidak ada"}, {"format": "gift", "type": "²"}):
        assert client.post(url, wrong).status_code == 422


def test_the_look_asks_as_little_for_three_questions_as_for_one(client, tono, shelf):
    client.force_login(tono)
    counts = []
    for _turn in range(3):
        make_question(collection=shelf)
        client.get(reverse("assessments:export_file"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("assessments:export_file"), {"format": "moodle-xml"})
        counts.append(len(asked))
    assert counts[0] == counts[2], counts


def test_an_item_holds_the_whole_question(shelf):
    question = make_question("multiple", right=(0, 1), collection=shelf, points="2.50", scoring="exact")
    item = item_of(_chosen().get(pk=question.pk))
    assert (item.type, item.name, item.keywords["scoring"], str(item.keywords["points"])) == ("multiple", question.name, "exact", "2.50")
