"""What final evaluations mean for gaps (decisions 14 to 18), told as stories about Sari."""

import pytest

from core.domain.errors import RuleViolation
from core.models import AuditEvent
from performance.domain import gaps
from performance.enums import GapStatus, Rating, Severity
from performance.models import Gap, GapChange, GapEvidence, GapRule
from tests.factories.performance import IndicatorFactory, apply, evaluate, gaps_of, reference

pytestmark = pytest.mark.django_db

Q1, Q2, Q3, Q4 = ("Triwulan I 2025", "Triwulan II 2025", "Triwulan III 2025", "Triwulan IV 2025")
BELOW, MEETS = Rating.BELOW, Rating.MEETS


@pytest.fixture(autouse=True)
def _rules():
    reference()


@pytest.fixture
def speed():
    return IndicatorFactory(name="Kecepatan")


@pytest.fixture
def accuracy():
    return IndicatorFactory(name="Ketelitian", aspect="quality")


def test_below_expectation_opens_a_case_with_its_indicators(sari, speed, accuracy):
    outcomes = apply(evaluate(sari, Q2, result=BELOW, scores=[(speed, 71), (accuracy, 95)]))

    assert outcomes == [("result", "opened", "2025-04/2025-06"), ("Kecepatan", "opened", "2025-04/2025-06")]
    case, child = Gap.objects.get(kind="result"), Gap.objects.get(kind="indicator")
    assert child.parent == case
    assert case.parent is None
    assert (child.value, child.target, child.misses, child.severity) == (71, 90, 1, Severity.MEDIUM)
    assert case.severity == Severity.MEDIUM
    assert child.rule.kind == "indicator"
    assert [(change.from_status, change.to_status) for change in child.changes.all()] == [("", "open")]
    assert AuditEvent.objects.filter(verb="gap.measured", subject_id=sari.pk).count() == 2


def test_at_or_above_expectation_opens_nothing(sari, speed):
    assert apply(evaluate(sari, Q2, scores=[(speed, 90)])) == []
    assert apply(evaluate(sari, Q3, result=Rating.ABOVE, behaviour=Rating.ABOVE, scores=[(speed, "90.0001")])) == []
    assert not Gap.objects.exists()


def test_behaviour_is_a_case_of_its_own(sari, speed):
    apply(evaluate(sari, Q2, result=BELOW, behaviour=BELOW, scores=[(speed, 50)]))
    assert {gap.kind: gap.parent and gap.parent.kind for gap in Gap.objects.all()} == {
        "result": None,
        "behaviour": None,
        "indicator": "result",
    }


def test_a_value_of_berakhlak_belongs_to_the_behaviour_case(sari):
    value = IndicatorFactory(name="Ramah", aspect="service")
    apply(evaluate(sari, Q2, result=BELOW, behaviour=BELOW, scores=[(value, 50)]))
    assert Gap.objects.get(kind="indicator").parent.kind == "behaviour"


def test_a_missed_indicator_without_a_missed_result_stands_alone(sari, speed):
    apply(evaluate(sari, Q2, scores=[(speed, 80)]))
    assert gaps_of(sari) == {"Kecepatan": ["open"]}
    assert list(Gap.objects.cases().values_list("kind", flat=True)) == ["indicator"]
    # A quarter later the result misses, too: the indicator now belongs to that case.
    apply(evaluate(sari, Q3, result=BELOW, scores=[(speed, 70)]))
    assert Gap.objects.get(kind="indicator").parent.kind == "result"


def test_an_untouched_gap_that_misses_again_stays_open(sari, speed):
    apply(evaluate(sari, Q2, result=BELOW, scores=[(speed, 71)]))
    outcomes = apply(evaluate(sari, Q3, result=BELOW, scores=[(speed, 60)]))
    assert [event for _name, event, _period in outcomes] == ["missed_again", "missed_again"]
    gap = Gap.objects.get(kind="indicator")
    assert (gap.status, gap.misses, gap.value, gap.severity) == ("open", 2, 60, Severity.LARGE)
    assert gap.judged_by.period.label == "Triwulan\N{NO-BREAK SPACE}III 2025"
    assert gap.evidence.filter(is_miss=True).count() == 2


def test_case_and_child_are_judged_separately(sari, speed):
    apply(evaluate(sari, Q2, result=BELOW, scores=[(speed, 71)]))
    outcomes = apply(evaluate(sari, Q3, result=MEETS, scores=[(speed, 80)]))
    assert outcomes == [("result", "improved", "2025-07/2025-09"), ("Kecepatan", "missed_again", "2025-07/2025-09")]
    case = Gap.objects.get(kind="result")
    assert case.closed_by_evaluation == case.judged_by
    assert case.closed_at is not None
    assert [change.to_status for change in case.changes.all()] == ["open", "improved"]


def test_what_was_addressed_and_misses_again_persists(sari, budi, speed):
    apply(evaluate(sari, Q2, result=BELOW, scores=[(speed, 71)]))
    child = Gap.objects.get(kind="indicator")
    gaps.move_gap(child, GapStatus.ADDRESSED, by=budi)
    gaps.move_gap(child, GapStatus.AWAITING_REVIEW, by=None)
    outcomes = apply(evaluate(sari, Q3, result=BELOW, scores=[(speed, 72)]))
    assert outcomes == [("result", "missed_again", "2025-07/2025-09"), ("Kecepatan", "persisting", "2025-07/2025-09")]
    gaps.move_gap(Gap.objects.get(pk=child.pk), GapStatus.ADDRESSED, by=budi)
    apply(evaluate(sari, Q4, scores=[(speed, 93)]))
    assert gaps_of(sari) == {"result": ["improved"], "Kecepatan": ["improved"]}


def test_a_late_miss_of_an_earlier_quarter_judges_nothing(sari, budi, speed):
    apply(evaluate(sari, Q3, result=BELOW, scores=[(speed, 71)]))
    child = Gap.objects.get(kind="indicator")
    gaps.move_gap(child, GapStatus.ADDRESSED, by=budi)
    outcomes = apply(evaluate(sari, Q2, result=BELOW, scores=[(speed, 50)]))
    assert {event for _name, event, _period in outcomes} == {"missed_again"}
    child.refresh_from_db()
    assert (child.status, child.misses, child.value, child.opened_by.period.code) == ("addressed", 2, 71, "2025-04/2025-06")


def test_a_miss_after_improvement_opens_a_new_gap_that_names_the_former(sari):
    for when, rating in ((Q1, BELOW), (Q2, MEETS), (Q3, BELOW)):
        apply(evaluate(sari, when, result=rating))
    first, second = Gap.objects.order_by("pk")
    assert (first.status, second.status, second.former) == ("improved", "open", first)


def test_only_the_same_type_of_period_judges(sari):
    apply(evaluate(sari, Q1, result=BELOW))
    assert apply(evaluate(sari, "Semester II 2025")) == []
    assert gaps_of(sari) == {"result": ["open"]}
    apply(evaluate(sari, "2025", result=BELOW))
    assert Gap.objects.get().misses == 2
    apply(evaluate(sari, "Triwulan I 2026"))
    assert gaps_of(sari) == {"result": ["improved"]}


def test_a_lower_value_is_better_where_the_indicator_says_so(sari):
    minutes = IndicatorFactory(name="Median waktu layanan loket", unit_of_measure="menit", direction="lower")
    apply(evaluate(sari, Q2, result=BELOW, scores=[(minutes, "17.45", 15)]))
    assert Gap.objects.get(kind="indicator").severity == Severity.MEDIUM
    apply(evaluate(sari, Q3, scores=[(minutes, 15, 15)]))
    assert gaps_of(sari)[minutes.name] == ["improved"]


def test_target_zero_has_no_percentage_and_waits_for_a_hand(sari, budi):
    complaints = IndicatorFactory(name="Pengaduan", direction="lower", unit_of_measure="kasus")
    apply(evaluate(sari, Q2, scores=[(complaints, 3, 0)]))
    gap = Gap.objects.get()
    assert gap.severity == ""
    gaps.set_severity(gap, Severity.LIGHT, by=budi)
    apply(evaluate(sari, Q3, scores=[(complaints, 2, 0)]))
    gap.refresh_from_db()
    assert (gap.severity, gap.misses) == (Severity.LIGHT, 2)


def test_applying_twice_changes_nothing(sari, speed):
    rows = [evaluate(sari, Q2, result=BELOW, scores=[(speed, 71)]), evaluate(sari, Q3, result=BELOW, scores=[(speed, 75)])]
    apply(*rows)
    before = [list(model.objects.order_by("pk").values()) for model in (Gap, GapChange, GapEvidence)]
    assert apply(*rows) == []
    assert [list(model.objects.order_by("pk").values()) for model in (Gap, GapChange, GapEvidence)] == before


def test_a_correction_that_is_no_longer_below_waives(sari, speed):
    apply(evaluate(sari, Q2, result=BELOW, scores=[(speed, 71)]))
    corrected = evaluate(sari, Q2, scores=[(speed, 91)], reason="Salah ketik")
    assert {event for _name, event, _period in apply(corrected)} == {"waived_by_correction"}
    gap = Gap.objects.get(kind="result")
    assert (gap.status, gap.closing_reason, gap.closed_by_evaluation) == ("waived", "koreksi penilaian", corrected)


def test_a_correction_of_the_first_miss_keeps_a_gap_with_a_second_one(sari):
    apply(evaluate(sari, Q2, result=BELOW), evaluate(sari, Q3, result=BELOW))
    apply(evaluate(sari, Q2, reason="Salah ketik"))
    gap = Gap.objects.get()
    assert (gap.status, gap.misses, gap.opened_by.period.code) == ("open", 1, "2025-07/2025-09")


def test_a_corrected_judgement_never_opens_a_closed_gap_again(sari):
    apply(evaluate(sari, Q2, result=BELOW), evaluate(sari, Q3))
    apply(evaluate(sari, Q3, result=BELOW, reason="Salah ketik"))
    first, second = Gap.objects.order_by("pk")
    assert (first.status, second.status, second.former) == ("improved", "open", first)


def test_a_gap_ended_by_a_person_stays_ended(sari, budi):
    apply(evaluate(sari, Q2, result=BELOW))
    gaps.move_gap(Gap.objects.get(), GapStatus.WAIVED, by=budi, reason="Pindah tugas")
    assert apply(evaluate(sari, Q1, result=BELOW)) == []
    assert gaps_of(sari) == {"result": ["waived"]}
    apply(evaluate(sari, Q3, result=BELOW))
    assert gaps_of(sari) == {"result": ["waived", "open"]}
    assert apply(evaluate(sari, Q4)) == [("result", "improved", "2025-10/2025-12")]


def test_two_misses_in_a_row_when_the_rule_says_so(sari):
    GapRule.objects.filter(kind="result").update(consecutive_misses=2)
    assert apply(evaluate(sari, Q1, result=BELOW)) == []
    apply(evaluate(sari, Q2))
    assert apply(evaluate(sari, Q3, result=BELOW)) == []
    apply(evaluate(sari, Q4, result=BELOW))
    gap = Gap.objects.get()
    assert (gap.misses, gap.opened_by.period.code, gap.evidence.count()) == (2, "2025-10/2025-12", 2)


def test_misses_outside_the_evidence_window_do_not_count_together(sari):
    GapRule.objects.filter(kind="result").update(consecutive_misses=2)
    apply(evaluate(sari, "Triwulan I 2023", result=BELOW), evaluate(sari, Q1, result=BELOW))
    assert not Gap.objects.exists()


def test_the_cool_down_after_an_improvement(sari):
    GapRule.objects.filter(kind="result").update(cool_down_days=120)
    apply(evaluate(sari, Q1, result=BELOW), evaluate(sari, Q2))
    assert apply(evaluate(sari, Q3, result=BELOW)) == []
    assert [event for _name, event, _period in apply(evaluate(sari, Q4, result=BELOW))] == ["opened"]


def test_a_rule_for_one_indicator_stands_before_the_general_one(sari, speed, accuracy):
    GapRule.objects.create(name="Dua kali", kind="indicator", consecutive_misses=2, is_active=True).indicators.add(speed)
    apply(evaluate(sari, Q2, scores=[(speed, 10), (accuracy, 10)]))
    assert gaps_of(sari) == {"Ketelitian": ["open"]}


def test_no_rule_no_gap_and_open_gaps_are_judged_all_the_same(sari):
    apply(evaluate(sari, Q2, result=BELOW))
    GapRule.objects.update(is_active=False)
    assert apply(evaluate(sari, Q3)) == [("result", "improved", "2025-07/2025-09")]
    assert apply(evaluate(sari, Q4, result=BELOW)) == []


def test_the_machine_of_states_refuses_with_sentences(sari, budi):
    apply(evaluate(sari, Q2, result=BELOW))
    gap = Gap.objects.get()
    for to, by, reason in (
        (GapStatus.PERSISTING, budi, "x"),  # not from open
        (GapStatus.AWAITING_REVIEW, budi, ""),
        (GapStatus.IMPROVED, None, "selesai belajar"),  # learning alone never judges
        (GapStatus.IMPROVED, budi, ""),
        (GapStatus.WAIVED, budi, " "),
        (GapStatus.ADDRESSED, sari, ""),  # never on oneself
        (GapStatus.WAIVED, sari, "malas"),
    ):
        with pytest.raises(RuleViolation):
            gaps.move_gap(gap, to, by=by, reason=reason)
    gap.refresh_from_db()
    assert gap.status == "open"
    assert GapChange.objects.count() == 1
    gaps.move_gap(gap, GapStatus.IMPROVED, by=budi, reason="Tiga berkas dilihat bersama, semua benar.")
    assert gap.is_final
    with pytest.raises(RuleViolation):
        gaps.move_gap(gap, GapStatus.OPEN, by=budi, reason="x")


def test_cause_and_context(sari, budi, ratna):
    apply(evaluate(sari, Q2, result=BELOW))
    gap = Gap.objects.get()
    with pytest.raises(RuleViolation):
        gaps.set_cause(gap, "skill", by=sari)
    with pytest.raises(RuleViolation):
        gaps.set_cause(gap, "laziness", by=budi)
    gaps.set_cause(gap, "tool", note="Pemindai rusak", by=budi)
    assert gap.cause == "tool"
    with pytest.raises(RuleViolation):
        gaps.add_context(gap, "context", "bukan saya", by=budi)
    with pytest.raises(RuleViolation):
        gaps.add_context(gap, "context", "   ", by=sari)
    with pytest.raises(RuleViolation):
        gaps.add_context(gap, "context", "x" * 2001, by=sari)
    context = gaps.add_context(gap, "objection", "Pemindai rusak dua minggu.", by=sari)
    with pytest.raises(RuleViolation):
        gaps.answer_context(context, "saya jawab sendiri", by=sari)
    gaps.answer_context(context, "Dicatat.", by=ratna)
    with pytest.raises(RuleViolation):
        gaps.answer_context(context, "Sekali lagi.", by=budi)
    assert AuditEvent.objects.filter(verb__startswith="gap.c").count() == 3
