"""The two quarters of the sample give what ``expected.json`` says; so does their twin: semicolons, SIASN's names, other order of columns."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from performance.models import Evaluation, Gap, Indicator, Score
from tests.factories.performance import apply, reference
from tests.performance.evaluation_files import OFFICE_INDICATORS, SAMPLES, SIASN_RATINGS, csv_text, sheets_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SAMPLES.exists(), reason="the samples of others are not here (never in the repository)"),
]
CODES = {"tw2": "2025-04/2025-06", "tw4": "2025-10/2025-12"}


@pytest.fixture
def expected():
    return json.loads((SAMPLES / "expected.json").read_text())


@pytest.fixture
def people():
    reference()
    call_command("import_people", SAMPLES / "pegawai.xlsx", "--json", stdout=io.StringIO())


@pytest.fixture
def twin(tmp_path):
    """The same quarter as two CSV files of other systems."""

    def make(quarter):
        sheets = sheets_of(SAMPLES / f"kinerja_{quarter}.xlsx")
        ratings = [{key: row[key] for key in reversed(row)} for row in sheets["Kinerja"]]
        for row in ratings:
            row["hasil_kerja"] = row["hasil_kerja"].upper().replace("DI ATAS", "diatas")
        indicators = [{key: row[key] for key in sorted(row)} for row in sheets["Indikator"]]
        for row in indicators:
            row["realisasi"] = f"{row['realisasi']}".replace(".", ",")
        paths = [tmp_path / f"periodik-{quarter}.csv", tmp_path / f"iki-{quarter}.csv"]
        paths[0].write_bytes(b"\xef\xbb\xbf" + csv_text(ratings, names=SIASN_RATINGS))
        paths[1].write_bytes(csv_text(indicators, names=OFFICE_INDICATORS, encoding="cp1252"))
        return paths

    return make


def run_command(*args) -> dict:
    out = io.StringIO()
    call_command("import_evaluations", *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def below(quarter):
    final = Evaluation.objects.final().filter(period__starts_on__year=2025, period__starts_on__month=int(CODES[quarter][5:7]))
    return {
        "count": final.count(),
        "result_below": final.filter(result_rating="below").count(),
        "behaviour_below": final.filter(behaviour_rating="below").count(),
        "indicator_below": Score.objects.filter(evaluation__in=final, is_met=False).count(),
    }


def judge(quarter):
    """What the loop would do when the quarter became final."""
    code = CODES[quarter]
    apply(*[one for one in Evaluation.objects.final().select_related("period") if one.period.code == code])


@pytest.mark.parametrize("which", ["sample", "twin"])
def test_the_quarters_give_what_is_expected(which, expected, people, twin):
    for quarter in ("tw2", "tw4"):
        files = [SAMPLES / f"kinerja_{quarter}.xlsx"] if which == "sample" else twin(quarter)
        first = run_command(*files)
        assert (
            first["kinds"]["evaluations"]["created"] == first["kinds"]["evaluations"]["read"] == expected["evaluations"][quarter]
        )
        assert (first["refused"], first["warnings"], first["problems"]) == (0, 0, [])
        assert first["read"] == first["created"] + first["updated"] + first["unchanged"] + first["refused"]
        assert below(quarter) == {
            "count": expected["evaluations"][quarter],
            **{key: expected[key][quarter] for key in ("result_below", "behaviour_below", "indicator_below")},
        }
        again = run_command(*files)
        assert (again["created"], again["updated"], again["refused"], again["unchanged"]) == (0, 0, 0, first["read"])
        judge(quarter)
        if quarter == "tw2":
            after_quarter_2(expected)
    after_quarter_4(expected)
    assert Indicator.objects.count() == 5
    assert not Evaluation.objects.exclude(version=1).exists()


def after_quarter_2(expected):
    """Exactly the people below expectation have open result gaps with their indicator gaps, and behaviour gaps; nobody else."""
    final = Evaluation.objects.final()
    assert set(Gap.objects.filter(kind="result").values_list("person", flat=True)) == set(
        final.filter(result_rating="below").values_list("person", flat=True)
    )
    assert set(Gap.objects.filter(kind="behaviour").values_list("person", flat=True)) == set(
        final.filter(behaviour_rating="below").values_list("person", flat=True)
    )
    children = Gap.objects.filter(kind="indicator")
    assert children.count() == expected["indicator_below"]["tw2"]
    assert set(children.values_list("person", "indicator")) == set(
        Score.objects.filter(is_met=False).values_list("evaluation__person", "indicator")
    )
    assert not children.exclude(parent__kind="result").exists()
    assert set(Gap.objects.values_list("status", flat=True)) == {"open"}


def after_quarter_4(expected):
    for kind in ("result", "behaviour"):
        gaps = Gap.objects.filter(kind=kind)
        assert {
            "improved": gaps.filter(status="improved").count(),
            "still_below": gaps.filter(status="open", misses=2).count(),
            "new": gaps.filter(status="open", misses=1).count(),
        } == expected[f"{kind}_judged"]
    indicators = Gap.objects.filter(kind="indicator")
    assert {
        "improved": indicators.filter(status="improved").count(),
        "still_below": indicators.filter(status="open", misses=2).count(),
    } == expected["indicator_judged"]


def test_both_quarters_in_one_command(expected, people, twin):
    """Each indicator sheet belongs to the ratings of its own workbook; loose files of two quarters are ambiguous."""
    files = [SAMPLES / "kinerja_tw4.xlsx", SAMPLES / "kinerja_tw2.xlsx"]
    result = run_command(*files)
    assert result["kinds"]["evaluations"]["created"] == sum(expected["evaluations"].values())
    assert result["refused"] == 0
    judge("tw2")
    judge("tw4")
    after_quarter_4(expected)
    loose = run_command(*twin("tw2"), *twin("tw4"))
    assert loose["kinds"]["evaluations"]["unchanged"] == loose["kinds"]["evaluations"]["read"]
    assert loose["kinds"]["indicators"]["refused"] == loose["kinds"]["indicators"]["read"], "which quarter would they belong to?"


def test_the_quarters_in_the_wrong_order_end_the_same(expected, people):
    for quarter in ("tw4", "tw2"):
        run_command(SAMPLES / f"kinerja_{quarter}.xlsx")
        judge(quarter)
    after_quarter_4(expected)


def test_a_dry_run_keeps_nothing(expected, people):
    result = run_command(SAMPLES / "kinerja_tw2.xlsx", "--dry-run")
    assert result["kinds"]["evaluations"]["created"] == expected["evaluations"]["tw2"]
    assert not Evaluation.objects.exists()
    assert not Indicator.objects.exists()


@pytest.mark.parametrize("damage", ["half", "nothing", "html", "people"])
def test_a_broken_file_gets_a_sentence(damage, tmp_path):
    content = (SAMPLES / "kinerja_tw2.xlsx").read_bytes()
    path = tmp_path / "kinerja.xlsx"
    path.write_bytes({"half": content[: len(content) // 2], "nothing": b"", "html": b"<html><table><tr><td>nip</td></tr></table></html>",
                      "people": (SAMPLES / "pegawai.xlsx").read_bytes()}[damage])  # fmt: skip
    out = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("import_evaluations", path, "--json", stdout=out)
    assert refusal.value.returncode == 2
    assert len(json.loads(out.getvalue())["problems"][0]["message"]) > 20
