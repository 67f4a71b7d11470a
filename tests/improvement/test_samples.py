"""The real sample files (../shared/samples, never part of the repository): what follows from them is known beforehand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from improvement.domain.check import check_trails
from improvement.domain.loop_summary import loop_summary
from improvement.domain.reconcile import reconcile_loop
from performance.enums import GapStatus
from performance.models import Evaluation, Gap, PerformanceRecord

HR = Path(__file__).resolve().parents[3] / "shared" / "samples" / "hr"
pytestmark = pytest.mark.skipif(not HR.exists(), reason="the sample files are not on this machine")
FIRST, SECOND = "2025-04/2025-06", "2025-10/2025-12"


@pytest.fixture
def expected():
    return json.loads((HR / "expected.json").read_text())


@pytest.fixture
def agency(houses):
    call_command("import_people", str(HR / "pegawai.xlsx"), "--json")


def quarter(*names: str) -> None:
    for name in names:
        call_command("import_evaluations", str(HR / f"kinerja_{name}.xlsx"), "--json")


def standing(kind: str) -> Counter:
    return Counter(Gap.objects.filter(kind=kind).values_list("status", flat=True))


def test_after_the_second_quarter_exactly_those_below_have_open_gaps(agency, expected):
    quarter("tw2")
    below = set(Evaluation.objects.filter(result_rating="below").values_list("person_id", flat=True))
    assert set(Gap.objects.filter(kind="result").values_list("person_id", flat=True)) == below
    assert len(below) == expected["result_below"]["tw2"] == standing("result")[GapStatus.OPEN]
    assert standing("behaviour") == {GapStatus.OPEN: expected["behaviour_below"]["tw2"]}
    assert standing("indicator") == {GapStatus.OPEN: expected["indicator_below"]["tw2"]}
    assert not Gap.objects.filter(kind="indicator", parent__isnull=True).exists(), "each belongs to the result gap of its evaluation"
    summary = loop_summary()
    assert summary["people"] == expected["created"]
    assert summary["evaluations"] == [{
        "period": FIRST, "count": expected["evaluations"]["tw2"], "result_below": expected["result_below"]["tw2"],
        "behaviour_below": expected["behaviour_below"]["tw2"]}]


@pytest.mark.parametrize("order", [("tw2", "tw4"), ("tw4", "tw2")], ids=["in order", "newest first"])
def test_after_the_fourth_quarter_the_judgements_hold_in_any_order(agency, expected, order):
    quarter(*order)
    for kind in ("result", "indicator"):
        judged, found = expected[f"{kind}_judged"], standing(kind)
        assert found[GapStatus.IMPROVED] == judged["improved"]
        assert found[GapStatus.OPEN] == judged["still_below"] + judged.get("new", 0)
        assert Gap.objects.filter(kind=kind, status=GapStatus.OPEN, misses=2).count() == judged["still_below"]
    judged, found = expected["behaviour_judged"], standing("behaviour")
    assert found == {GapStatus.IMPROVED: judged["improved"], GapStatus.OPEN: judged["new"]}
    assert {entry.kind for entry in PerformanceRecord.objects.all()} == {"improved"}
    assert {tuple(entry.done_before) for entry in PerformanceRecord.objects.all()} == {("none",)}
    assert check_trails().broken == []
    assert not any(reconcile_loop().values())


def test_the_same_files_again_change_nothing(agency, expected):
    quarter("tw2", "tw4")
    before = list(Gap.objects.order_by("pk").values()), loop_summary()
    quarter("tw2", "tw4")
    assert (list(Gap.objects.order_by("pk").values()), loop_summary()) == before
