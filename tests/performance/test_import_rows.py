"""What single rows of an evaluation file do: refused, warned about, created, completed, corrected, taken back."""

from datetime import date

import pytest

from core.domain.dates import instant_on
from core.domain.errors import RuleViolation
from people.domain import imports
from performance.domain import gaps
from performance.domain.evaluations import record_internal
from performance.enums import GapStatus
from performance.models import Evaluation, Gap, Indicator, Score
from performance.signals import evaluations_finalised
from tests.factories.performance import IndicatorFactory, PerformanceStandardFactory, gaps_of, period, reference
from tests.performance.evaluation_files import applied, checked, csv_text, indicator, messages, problems, rating, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules():
    reference()


@pytest.fixture
def loop():
    """Stands for the loop above: gaps are applied whenever evaluations become final."""
    evaluations_finalised.connect(lambda evaluations, at, **_more: gaps.apply_evaluations(evaluations, at=at), weak=False)


def told(run):
    return [(row, key, severity) for _sheet, row, key, severity in problems(run)]


# --- rows by themselves --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("column", "value"), [
    ("nip", ""), ("nip", "1.98609E+17"), ("nip", "12345678901234567"), ("hasil_kerja", "2"), ("hasil_kerja", "Istimewa"), ("perilaku_kerja", "²"),
    ("predikat", "1"), ("predikat", "Buruk"), ("tahun", "20x5"), ("tahun", ""), ("bulan_mulai", "13"), ("bulan_mulai", "9"), ("bulan_selesai", "0"),
    ("catatan", "x" * 2001),
])  # fmt: skip
def test_a_faulty_rating_is_refused_at_its_column(sari, column, value):
    run = applied(workbook([rating(sari.nip) | {column: value}]))
    assert told(run)[0][::2] == (2, "error")
    assert (run.counts["refused"], Evaluation.objects.count()) == (1, 0)


@pytest.mark.parametrize(("column", "value"), [
    ("indikator", ""), ("indikator", "123"), ("indikator", "x" * 201), ("aspek", "miring"), ("arah", "ke samping"), ("target", "banyak"),
    ("realisasi", ""), ("realisasi", "NaN"), ("realisasi", "1e400"), ("realisasi", "9" * 5000), ("satuan", "x" * 41), ("realisasi", "1.000"),
])  # fmt: skip
def test_a_faulty_indicator_is_refused_and_the_rest_stays(sari, column, value):
    run = applied(workbook([rating(sari.nip)], [indicator(sari.nip) | {column: value}]))
    assert run.counts["refused"] == 1
    assert Evaluation.objects.get().scores.count() == 0


def test_every_fault_of_a_row_is_told_at_once(sari):
    run = checked(workbook([rating("123", hasil_kerja="1", predikat="x", bulan_mulai="99")]))
    assert {key for _row, key, _severity in told(run)} == {"nip", "hasil_kerja", "predikat", "tahun"}
    assert "profil" in messages(run)


def test_unknown_people_and_technical_accounts(sari):
    from tests.factories.people import AccountFactory, make_nip

    AccountFactory(nip=make_nip(900), status="technical")
    run = applied(workbook([rating(make_nip(901)), rating(make_nip(900)), rating(sari.nip)]))
    assert told(run) == [(2, "nip", "error"), (3, "nip", "error")]
    assert Evaluation.objects.get().person == sari


def test_grouped_nips_words_in_any_shape_and_formulas_as_text(sari):
    grouped = f"{sari.nip[:8]} {sari.nip[8:14]} {sari.nip[14]} {sari.nip[15:]}"
    applied(csv_text([rating(grouped, hasil_kerja="DIBAWAH  ekspektasi", predikat="butuh perbaikan", catatan="'=HYPERLINK(1)")]))
    evaluation = Evaluation.objects.get()
    assert (evaluation.person, evaluation.result_rating, evaluation.predicate) == (sari, "below", "needs_improvement")
    assert evaluation.remarks == "=HYPERLINK(1)"


def test_codes_are_read_through_a_declared_profile(sari):
    row = {"nipBaru": sari.nip, "tahun": 2025, "bulanMulaiPenilaian": 4, "bulanSelesaiPenilaian": 6, "hasilKinerjaNilai": 3, "perilakuKerjaNilai": 2,
           "kuadranKinerjaNilai": 3}  # fmt: skip
    assert applied(workbook([row])).counts["refused"] == 1
    with pytest.raises(RuleViolation):
        applied(workbook([row]), profile="unknown")
    applied(workbook([row]), profile="atas-1")
    evaluation = Evaluation.objects.get()
    assert (evaluation.result_rating, evaluation.behaviour_rating, evaluation.predicate) == (
        "below",
        "meets",
        "needs_improvement",
    )


def test_words_are_read_before_codes(sari):
    row = rating(sari.nip) | {"hasilKinerjaNilai": 1, "perilakuKerjaNilai": 1, "kuadranKinerjaNilai": 1}
    applied(workbook([row]))
    assert Evaluation.objects.get().result_rating == "meets"


def test_an_id_of_another_system_alone_names_nobody(sari):
    row = {"pnsDinilaiId": "A5EB03E2", "tahun": 2025, "hasilKinerja": "Sesuai ekspektasi"}
    with pytest.raises(RuleViolation) as refusal:
        imports.make_plans(checked_upload(workbook([row])))
    assert "nip" in str(refusal.value)


def checked_upload(content):
    import io

    return imports.upload("evaluations", [("a.xlsx", io.BytesIO(content))], by=None)


def test_the_predicate_is_kept_when_it_contradicts_the_table(sari):
    run = applied(workbook([rating(sari.nip, predikat="Sangat Baik")]))
    assert told(run) == [(2, "predikat", "warning")]
    assert "Baik" in messages(run)
    evaluation = Evaluation.objects.get()
    assert (evaluation.predicate, evaluation.is_contradictory) == ("very_good", True)


def test_warnings_that_refuse_nothing(sari, budi):
    rows = [indicator(sari.nip, satuan="%", realisasi=130, target=120, jumlah_data="banyak")]
    run = applied(workbook([rating(sari.nip, nip_penilai="123", predikat="Cukup", hasil_kerja="di bawah")], rows))
    assert {key for _row, key, _severity in told(run)} == {"nip_penilai", "predikat", "realisasi", "target", "jumlah_data"}
    assert {severity for _row, _key, severity in told(run)} == {"warning"}
    assert Score.objects.get().realisation == 130


def test_the_appraiser(sari, budi):
    applied(workbook([rating(sari.nip, nip_penilai=budi.nip)]))
    assert Evaluation.objects.get().appraiser == budi
    run = applied(workbook([rating(budi.nip, nip_penilai=budi.nip, nama_penilai="Pak Wali")]))
    assert told(run) == [(2, "nip_penilai", "warning")]
    assert Evaluation.objects.get(person=budi).appraiser_name == "Pak Wali"


# --- periods -------------------------------------------------------------------------------------------------------------------
def test_indicator_rows_take_the_only_period_beside_them(sari):
    applied(workbook([rating(sari.nip)], [indicator(sari.nip)]))
    assert Score.objects.get().evaluation.period.code == "2025-04/2025-06"


def test_an_ambiguous_period_is_refused(sari, wati):
    run = applied(workbook([rating(sari.nip), rating(wati.nip, bulan_mulai=7, bulan_selesai=9)], [indicator(sari.nip)]))
    assert told(run) == [(2, "periode", "error")]
    assert applied(csv_text([indicator(sari.nip)])).counts["refused"] == 1


def test_the_period_can_be_stated(sari):
    applied(csv_text([indicator(sari.nip)]), period="2025-04:2025-06")
    assert Evaluation.objects.get().period.code == "2025-04/2025-06"
    with pytest.raises(RuleViolation):
        applied(csv_text([indicator(sari.nip)]), period="kapan-kapan")


def test_columns_of_the_row_state_it(sari):
    applied(csv_text([indicator(sari.nip, tahun=2025, bulan_mulai="Juli", bulan_selesai="September")]))
    assert Evaluation.objects.get().period.code == "2025-07/2025-09"
    applied(csv_text([{"nip": sari.nip, "Triwulan": "I", "tahun": 2025, "hasilKinerja": "Sesuai"}]))
    assert Evaluation.objects.filter(period__starts_on=date(2025, 1, 1)).exists()


def test_a_period_that_has_not_ended_warns_once_for_a_file(sari, wati):
    run = applied(workbook([rating(sari.nip), rating(wati.nip)]), at=instant_on(date(2025, 6, 30)))
    assert told(run) == [(2, "periode", "warning")]
    assert Evaluation.objects.count() == 2
    assert told(applied(workbook([rating(sari.nip)]), at=instant_on(date(2025, 7, 1)))) == []


# --- doubles -------------------------------------------------------------------------------------------------------------------
def test_one_person_twice_with_different_content_is_refused_twice(sari, wati):
    run = applied(workbook([rating(sari.nip), rating(wati.nip), rating(sari.nip, hasil_kerja="Di atas ekspektasi")]))
    assert told(run) == [(2, "nip", "error"), (4, "nip", "error")]
    assert Evaluation.objects.get().person == wati


def test_an_exact_copy_is_left_out(sari):
    run = applied(
        workbook(
            [rating(sari.nip), rating(sari.nip)], [indicator(sari.nip), indicator(sari.nip), indicator(sari.nip, realisasi=1)]
        )
    )
    assert run.counts["created"] == 1
    assert run.counts["refused"] == 3
    assert {key for _row, key, _severity in told(run)} == {"nip"}


# --- indicators ----------------------------------------------------------------------------------------------------------------
def test_spellings_of_an_indicator_are_one(sari, wati):
    rows = [indicator(sari.nip), indicator(wati.nip, indikator="  jumlah Permohonan dilayani per-hari", satuan="Permohonan ")]
    applied(workbook([rating(sari.nip), rating(wati.nip)], rows))
    assert Indicator.objects.count() == 1
    assert Score.objects.count() == 2


def test_what_is_known_of_an_indicator_fills_in(sari):
    minutes = IndicatorFactory(name="Median waktu layanan", unit_of_measure="menit", aspect="time", direction="lower")
    row = {"nip": sari.nip, "indikator": "median waktu layanan", "satuan": "menit", "realisasi": 17}
    run = applied(workbook([rating(sari.nip)], [row]))
    assert told(run) == [(2, "target", "error")]
    PerformanceStandardFactory(indicator=minutes, target=15)
    applied(workbook([rating(sari.nip)], [row]))
    score = Score.objects.get()
    assert (score.target, score.direction, score.is_met) == (15, "lower", False)


def test_a_new_indicator_needs_its_aspect_and_direction(sari):
    run = applied(workbook([rating(sari.nip)], [{"nip": sari.nip, "indikator": "Baru", "target": 1, "realisasi": 1}]))
    assert [key for _row, key, _severity in told(run)] == ["aspek", "arah"]


def test_another_direction_holds_for_the_row_only(sari):
    IndicatorFactory(name="Waktu", aspect="time", unit_of_measure="menit", direction="lower")
    run = applied(
        workbook([rating(sari.nip)], [indicator(sari.nip, indikator="Waktu", aspek="Waktu", satuan="menit", arah="tinggi")])
    )
    assert told(run) == [(2, "arah", "warning")]
    assert (Score.objects.get().direction, Indicator.objects.get().direction) == ("higher", "lower")


# --- again, corrected, completed, taken back -------------------------------------------------------------------------------------
def test_ratings_first_and_indicators_later_complete_an_evaluation(sari, loop):
    applied(workbook([rating(sari.nip, hasil_kerja="Di bawah ekspektasi", predikat="Butuh Perbaikan")]))
    run = applied(csv_text([indicator(sari.nip, realisasi=20)]), period="2025-04:2025-06")
    assert (run.counts["created"], run.counts["refused"]) == (1, 0)
    final = Evaluation.objects.final().get()
    assert (final.version, final.scores.count(), final.result_rating) == (2, 1, "below")
    assert Gap.objects.get(kind="indicator").parent.kind == "result"
    assert Gap.objects.get(kind="result").misses == 1


def test_a_correction_needs_a_reason(sari, loop):
    applied(
        workbook(
            [rating(sari.nip, hasil_kerja="Di bawah ekspektasi", predikat="Butuh Perbaikan")], [indicator(sari.nip, realisasi=30)]
        )
    )
    corrected = workbook([rating(sari.nip)], [indicator(sari.nip, realisasi=41)])
    run = applied(corrected)
    assert run.counts["refused"] == 2
    assert gaps_of(sari)["result"] == ["open"]
    preview = checked(corrected, reason="Salah unggah")
    assert preview.counts["updated"] == 2
    applied(corrected, reason="Salah unggah")
    final = Evaluation.objects.final().get()
    assert (final.version, final.reason, Evaluation.objects.count()) == (2, "Salah unggah", 2)
    assert {status for listed in gaps_of(sari).values() for status in listed} == {"waived"}


def test_an_empty_cell_takes_nothing_away(sari, budi):
    applied(workbook([rating(sari.nip, nip_penilai=budi.nip, catatan="Baik sekali")]))
    run = applied(workbook([rating(sari.nip, predikat="", nip_penilai="", catatan="")]))
    assert run.counts["unchanged"] == 1
    assert Evaluation.objects.get().remarks == "Baik sekali"


def test_taking_an_import_back(sari, wati, loop):
    first = applied(
        workbook(
            [rating(sari.nip, hasil_kerja="Di bawah ekspektasi", predikat="Butuh Perbaikan")], [indicator(sari.nip, realisasi=9)]
        )
    )
    second = applied(workbook([rating(sari.nip), rating(wati.nip)]), reason="Koreksi")
    with pytest.raises(RuleViolation):
        imports.undo(first, by=None)
    imports.undo(second, by=None)
    final = Evaluation.objects.final().get()
    assert (final.person, final.version, final.result_rating, final.scores.count()) == (sari, 3, "below", 1)
    assert gaps_of(sari) == {"result": ["waived", "open"], "Jumlah permohonan dilayani per hari": ["open"]}
    imports.undo(first, by=None)
    assert not Evaluation.objects.final().exists()
    assert Evaluation.objects.count() == 4
    assert set(Gap.objects.values_list("status", flat=True)) == {"waived"}
    again = applied(workbook([rating(sari.nip)]))
    assert again.counts["created"] == 1


def test_what_somebody_built_on_is_not_taken_back(sari, budi, loop):
    run = applied(workbook([rating(sari.nip, hasil_kerja="Di bawah ekspektasi", predikat="")]))
    gap = Gap.objects.get()
    gaps.set_cause(gap, "skill", by=budi)
    assert sari.name in " ".join(imports.may_undo(run, by=None))
    gaps.set_cause(gap, "tool", by=budi)
    gaps.move_gap(gap, GapStatus.ADDRESSED, by=budi)
    with pytest.raises(RuleViolation):
        imports.undo(run, by=None)
    assert Evaluation.objects.final().count() == 1


def test_an_import_does_not_touch_internal_measurements(sari, budi):
    record_internal(sari, period=period("Triwulan II 2025"), result_rating="below", by=budi)
    assert applied(workbook([rating(sari.nip)])).counts["created"] == 1
    assert Evaluation.objects.filter(source="internal", state="draft").count() == 1


# --- whose rows ----------------------------------------------------------------------------------------------------------------
def test_hr_of_a_unit_imports_her_people_only(sari, tono, ratna, budi):
    run = applied(workbook([rating(sari.nip), rating(tono.nip)]), by=ratna)
    assert told(run) == [(3, "nip", "error")]
    assert Evaluation.objects.get().created_by == ratna
    with pytest.raises(RuleViolation):
        applied(workbook([rating(sari.nip)]), by=budi)


def test_all_or_nothing(sari):
    run = applied(workbook([rating(sari.nip), rating("123")]), all_or_nothing=True)
    assert run.state == "previewed"
    assert not Evaluation.objects.exists()


def test_a_batch_never_parts_a_person(sari, wati, budi, monkeypatch):
    from performance.importers.evaluations import EvaluationsImporter

    monkeypatch.setattr(EvaluationsImporter, "batch_size", 2)
    people = [sari, wati, budi]
    rows = [indicator(person.nip, indikator=f"Indikator {letter}") for letter in "abc" for person in people]
    applied(workbook([rating(person.nip) for person in people], rows))
    assert Evaluation.objects.count() == 3
    assert {evaluation.scores.count() for evaluation in Evaluation.objects.all()} == {3}


def test_a_killed_import_goes_on_where_it_stopped(sari, wati, monkeypatch):
    from performance.importers.evaluations import EvaluationsImporter

    monkeypatch.setattr(EvaluationsImporter, "batch_size", 1)
    run = checked(workbook([rating(sari.nip), rating(wati.nip)]))
    imports.ask_apply(run, by=None)
    real, calls = EvaluationsImporter.write, []

    def dies_at_the_second(self, plans, context):
        calls.append(plans)
        if len(calls) == 2:
            raise ConnectionError
        real(self, plans, context)

    monkeypatch.setattr(EvaluationsImporter, "write", dies_at_the_second)
    with pytest.raises(ConnectionError):
        imports.apply(run)
    assert Evaluation.objects.count() == 1
    run.refresh_from_db()
    imports.apply(run)
    assert (Evaluation.objects.count(), run.counts["created"], run.state) == (2, 2, "applied")


def test_two_files_of_one_name(sari, wati):
    import io

    files = [("kinerja.csv", io.BytesIO(csv_text([rating(person.nip)]))) for person in (sari, wati)]
    run = imports.upload("evaluations", files, by=None)
    imports.ask_apply(run, by=None)
    imports.apply(run)
    assert Evaluation.objects.count() == 2
