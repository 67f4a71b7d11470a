"""What single rows do: what is refused, what is warned about, what changes and what stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.domain.errors import RuleViolation
from people.domain.imports import apply, ask_apply
from people.enums import RowOutcome
from people.models import Account, EmailChange, OrgUnit, Placement
from tests.factories.people import AccountFactory, OrgUnitFactory, make_nip
from tests.people.import_files import SIASN, applied, checked, csv_text, messages, person, problems, xlsx

pytestmark = pytest.mark.django_db

A, B, C = make_nip(5001), make_nip(5002), make_nip(5003)
UNIT = {"kode_unit": "90", "unit_kerja": "Dinas Contoh"}


@pytest.mark.parametrize(
    "nip",
    [
        "",
        "1.98609E+17",
        "12345678901234567",
        "1234567890123456789",
        "198602302010011901",
        "198613012010011901",
        "198601012010013901",
        "19860101x010011901",
        "١٩٨٦٠١٠١٢٠١٠٠١١٩٠١",
        "198601012010011000",
        "=1+1",
        "\ud800",
        "A" * 30000,
    ],
)
def test_what_is_no_nip_is_refused_with_a_sentence(nip):
    run = checked(
        csv_text([person(nip or " ", "Ada")], encoding="utf-8") if "\ud800" not in nip else xlsx([person("x\ufffd", "Ada")])
    )
    assert run.counts["refused"] == 1
    assert problems(run)[0][:2] == (2, "nip")


@pytest.mark.parametrize(
    "written", ["19860926 201505 1 001", "19860926.201505.1.001", "'198609262015051001", " 198609262015051001 "]
)
def test_nips_as_people_write_them(written):
    applied(csv_text([person(written, **UNIT)]))
    assert Account.objects.get().nip == "198609262015051001"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("nama", "   "),
        ("nama", "---"),
        ("nama", "x" * 151),
        ("status", "HONORER"),
        ("tmt_golongan", "31-02-2020"),
        ("tanggal_pensiun", "99/99/9999"),
        ("tmt_jabatan", "kemarin"),
        ("email_dinas", "bukan surel"),
        ("jabatan", "x" * 201),
        ("unit_kerja", "x" * 201),
        ("gelar_belakang", "x" * 61),
    ],
)
def test_what_a_row_is_refused_for(column, value):
    run = checked(xlsx([person(A, **{**UNIT, column: value})]))
    assert run.counts["refused"] == 1
    assert (2, column, "error") in problems(run)


def test_every_fault_of_a_row_is_told_at_once():
    run = checked(xlsx([{"nip": "12", "nama": "", "status": "HONORER"}]))
    assert {key for _row, key, _severity in problems(run)} == {"nip", "nama", "status"}


def test_kinds_of_superiors_that_cannot_be():
    run = applied(
        xlsx(
            [
                person(A, "Diri sendiri", atasan_nip=A, **UNIT),
                person(B, "Tidak dikenal", atasan_nip=make_nip(9999), **UNIT),
                person(C, "Bukan NIP", atasan_nip="123", **UNIT),
            ]
        )
    )
    assert problems(run) == [(2, "atasan_nip", "warning"), (3, "atasan_nip", "warning"), (4, "atasan_nip", "warning")]
    assert run.counts["created"] == 3 and run.counts["warnings"] == 3
    assert not Placement.objects.filter(superior__isnull=False).exists()


def test_a_line_in_a_circle_is_cut_where_the_file_closes_it():
    circle = [person(A, "A", atasan_nip=B, **UNIT), person(B, "B", atasan_nip=C, **UNIT), person(C, "C", atasan_nip=A, **UNIT)]
    below = person(make_nip(5004), "Di bawah", atasan_nip=A, **UNIT)
    run = applied(xlsx([*circle, below]))
    assert [row for row, _key, _severity in problems(run)] == [2, 3, 4]
    assert Placement.objects.get(person__nip=make_nip(5004)).superior.nip == A
    assert applied(xlsx([*circle, below])).counts["unchanged"] == 4


def test_a_circle_with_the_line_that_stands_is_found(sari, budi):
    run = applied(xlsx([{"nip": budi.nip, "nama": budi.name, "atasan_nip": sari.nip}]))
    assert problems(run) == [(2, "atasan_nip", "warning")]
    assert Account.objects.get(pk=budi.pk).placement.superior is None


def test_superiors_may_stand_anywhere_in_the_file():
    chain = [person(make_nip(6000 + n), f"P{n}", atasan_nip=make_nip(6001 + n) if n < 400 else "", **UNIT) for n in range(401)]
    run = applied(xlsx(chain))
    assert run.counts == {"read": 401, "created": 401, "updated": 0, "unchanged": 0, "refused": 0, "warnings": 0}
    assert Placement.objects.filter(superior__isnull=False).count() == 400


def test_one_nip_twice_with_different_content_refuses_both_and_a_copy_is_left_out():
    run = applied(
        xlsx([person(A, "Satu", **UNIT), person(A, "Dua", **UNIT), person(B, "Sama", **UNIT), person(B, "Sama", **UNIT)])
    )
    assert [row.outcome for row in run.rows.order_by("row")] == ["refused", "refused", "created", "unchanged"]
    assert problems(run) == [(2, "nip", "error"), (3, "nip", "error"), (5, "nip", "warning")]


def test_an_empty_cell_changes_nothing_and_a_dash_empties(sari, budi):
    applied(xlsx([{"nip": sari.nip, "nama": sari.name, "gelar_belakang": "", "atasan_nip": "", "email_dinas": ""}]))
    sari = Account.objects.get(pk=sari.pk)
    assert (sari.title_back, sari.placement.superior, sari.email) == ("A.Md.", budi, "sari@contoh.example")

    applied(xlsx([{"nip": sari.nip, "nama": sari.name, "gelar_belakang": "-", "atasan_nip": "-"}]))
    sari = Account.objects.get(pk=sari.pk)
    assert (sari.title_back, sari.placement.superior) == ("", None)


def test_columns_that_a_file_lacks_change_nothing(sari, budi):
    run = applied(xlsx([{"nip": sari.nip, "nama": "Sari Wulandari Putri"}]))
    sari = Account.objects.get(pk=sari.pk)
    assert (sari.name, sari.title_back, sari.placement.superior) == ("Sari Wulandari Putri", "A.Md.", budi)
    assert (
        run.rows.get().changes["fields"] == {"Nama": ["Sari Wulandari", "Sari Wulandari Putri"]}
        or len(run.rows.get().changes["fields"]) == 1
    )


def test_a_move_closes_the_old_placement_as_of_the_day(sari, cempaka):
    content = xlsx([{"nip": sari.nip, "nama": sari.name, "kode_unit": cempaka.code}])
    applied(content, options={"as_of": "2026-03-01"})

    old, new = sari.placements.order_by("pk")
    assert (old.ends_on, new.starts_on, new.unit) == (date(2026, 2, 28), date(2026, 3, 1), cempaka)
    assert new.superior == old.superior and new.position == old.position
    assert applied(content, options={"as_of": "2026-04-01"}).counts["unchanged"] == 1


def test_a_change_before_the_present_placement_is_refused(sari, cempaka, puspa):
    applied(xlsx([{"nip": sari.nip, "nama": sari.name, "kode_unit": cempaka.code}]), options={"as_of": "2026-03-01"})
    run = applied(xlsx([{"nip": sari.nip, "nama": sari.name, "kode_unit": puspa.code}]), options={"as_of": "2026-02-01"})
    assert run.counts["refused"] == 1


def test_the_beginning_in_the_post_fills_a_gap_and_overwrites_nothing(sari):
    content = xlsx([{"nip": sari.nip, "nama": sari.name, "tmt_jabatan": "01-04-2021"}])
    assert applied(content).counts["updated"] == 1
    assert sari.placements.get().starts_on == date(2021, 4, 1)
    assert applied(content).counts["unchanged"] == 1


def test_units_are_made_below_each_other_in_any_order():
    applied(
        xlsx(
            [
                person(A, kode_unit="1.1.1", unit_kerja="Seksi", kode_induk="1.1"),
                person(B, kode_unit="1.1", unit_kerja="Bidang", kode_induk="1"),
                person(C, kode_unit="1", unit_kerja="Dinas"),
            ]
        )
    )
    assert [(unit.code, unit.depth) for unit in OrgUnit.objects.order_by("path")] == [("1", 1), ("1.1", 2), ("1.1.1", 3)]


def test_units_without_a_known_way_up_are_refused():
    run = checked(
        xlsx(
            [
                person(A, kode_unit="9.9", unit_kerja="Yatim", kode_induk="9"),
                person(B, kode_unit="7", unit_kerja="", kode_induk=""),
                person(C, kode_unit="5", unit_kerja="Lima", kode_induk="6"),
                person(make_nip(5005), kode_unit="6", unit_kerja="Enam", kode_induk="5"),
                person(make_nip(5006), kode_unit="4", unit_kerja="Empat", kode_induk="4"),
            ]
        )
    )
    assert run.counts["refused"] == 5


def test_a_unit_known_by_name_only(melati, puspa):
    other = OrgUnitFactory(name="Kelurahan Kembar", parent=puspa)
    OrgUnitFactory(name="Kelurahan Kembar", parent=OrgUnitFactory(name="Kecamatan Lain"))
    run = applied(
        xlsx(
            [
                person(A, unit_kerja="kelurahan  MELATI"),
                person(B, unit_kerja="Kelurahan Kembar"),
                person(C, unit_kerja="Kelurahan Kembar", unit_induk="Kecamatan Puspa"),
            ]
        )
    )
    assert [row.outcome for row in run.rows.order_by("row")] == ["created", "refused", "created"]
    assert Placement.objects.get(person__nip=A).unit == melati and Placement.objects.get(person__nip=C).unit == other


def test_a_unit_that_only_a_name_describes_is_made_once():
    content = xlsx([person(A, unit_kerja="Balai Baru"), person(B, unit_kerja="Balai Baru")])
    run = applied(content)
    assert run.counts["created"] == 2 and run.counts["warnings"] == 1
    assert applied(content).counts["unchanged"] == 2 and OrgUnit.objects.count() == 1


def test_the_name_of_a_unit_is_not_changed_by_a_list_of_people(melati):
    run = applied(
        xlsx(
            [
                person(A, kode_unit=melati.code, unit_kerja="Kelurahan Salah Ketik"),
                person(B, kode_unit=melati.code, unit_kerja="Salah lagi"),
            ]
        )
    )
    assert problems(run) == [(2, "unit_kerja", "warning")]
    assert OrgUnit.objects.get(pk=melati.pk).name == "Kelurahan Melati"


def test_status_comes_from_the_form_of_the_number_when_the_file_is_silent():
    applied(xlsx([{"nip": A, "nama": "PNS"}, {"nip": make_nip(5, pppk=True), "nama": "PPPK"}]))
    assert set(Account.objects.values_list("name", "status")) == {("PNS", "pns"), ("PPPK", "pppk")}


def test_facts_against_the_digits_are_warned_about():
    run = checked(xlsx([person(A, tanggal_lahir="1999-01-01", jenis_kelamin="L", **UNIT) | {"status": "PPPK"}]))
    assert {key for _row, key, _severity in problems(run)} == {"tanggal_lahir", "jenis_kelamin", "status"}
    assert run.counts["created"] == 1


def test_an_address_belongs_to_one_person(sari):
    run = applied(
        xlsx(
            [
                person(A, email_dinas="SARI@contoh.example", **UNIT),
                person(B, email_dinas="kantor@contoh.example", **UNIT),
                person(C, email_dinas="kantor@contoh.example", **UNIT),
            ]
        )
    )
    assert problems(run) == [(2, "email_dinas", "warning"), (4, "email_dinas", "warning")]
    assert Account.objects.get(nip=B).email == "kantor@contoh.example" and Account.objects.get(nip=C).email == ""


def test_the_address_of_an_account_in_use_waits_for_its_owner(sari):
    Account.objects.filter(pk=sari.pk).update(activated_at=timezone.now())
    content = xlsx([{"nip": sari.nip, "nama": sari.name, "email_dinas": "lain@contoh.example"}])
    run = applied(content)

    assert Account.objects.get(pk=sari.pk).email == "sari@contoh.example"
    assert problems(run) == [(2, "email_dinas", "warning")] and run.counts["unchanged"] == 1
    assert EmailChange.objects.get().new_email == "lain@contoh.example"
    assert sari.notices.get().kind == "security"
    applied(content)
    assert EmailChange.objects.count() == 1 and sari.notices.count() == 1


def test_roles_and_rights_never_come_by_import(dewi):
    applied(xlsx([person(A, role="admin", is_superuser="1", peran="hr_central", **UNIT)]))
    account = Account.objects.get(nip=A)
    assert not account.is_superuser and not account.grants.exists() and not account.has_usable_password()


def test_a_technical_account_is_no_person_to_import():
    AccountFactory(nip=A, status="technical")
    assert checked(xlsx([person(A, **UNIT)])).counts["refused"] == 1


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x")', "Ni\u202eruB", "<script>alert(1)</script>", "{{ 7*7 }}", "Ñuñez é", "名前", "x\nY"]
)
def test_strange_names_are_kept_harmless_or_refused(name):
    run = applied(
        csv_text([person(A, name.replace(";", ","), **UNIT)], delimiter="\t")
        if "\n" not in name
        else xlsx([person(A, name, **UNIT)])
    )
    if run.counts["created"]:
        kept = Account.objects.get().name
        assert "\u202e" not in kept and "\n" not in kept and "\0" not in kept
    else:
        assert problems(run)[0][1] == "nama"


def test_a_list_with_a_title_above_the_header():
    run = applied(xlsx([person(A, **UNIT)], above=[["DAFTAR PEGAWAI", ""], ["Per 1 November 2026", ""]]))
    assert run.counts["created"] == 1 and run.rows.get().row == 4


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "cp1252"), (";", "utf-16")])
def test_shapes_of_csv(delimiter, encoding):
    rows = [person(A, "Siti Áminah", **UNIT)]
    applied(csv_text(rows, delimiter=delimiter, names=SIASN, encoding=encoding), name="x.csv")
    assert Account.objects.get().name == "Siti Áminah"


def test_too_many_rows_are_refused(settings):
    settings.BINA_IMPORT_MAX_ROWS = 2
    rows = [person(make_nip(n), **UNIT) for n in range(20)]
    with pytest.raises(RuleViolation):
        checked(xlsx(rows[:3]))
    settings.BINA_IMPORT_MAX_ROWS = 15
    run = checked(xlsx(rows))
    assert run.state == "failed" and "15" in run.options["error"][0]


def test_all_or_nothing_is_judged_before_the_first_row_is_written():
    run = applied(xlsx([person(A, **UNIT), person("12", **UNIT)]), all_or_nothing=True)
    assert run.state == "previewed" and run.options["error"] and not Account.objects.exists()
    assert run.counts["created"] == 1 and run.counts["refused"] == 1


def test_a_closed_account_stays_closed(sari):
    Account.objects.filter(pk=sari.pk).update(is_active=False)
    run = applied(xlsx([{"nip": sari.nip, "nama": "Sari Baru"}]))
    assert run.counts["warnings"] == 1 and not Account.objects.get(pk=sari.pk).is_active


def test_a_killed_run_goes_on_where_it_stopped(monkeypatch):
    from people.domain import import_rows, imports
    from people.importers.people import PeopleImporter

    rows = [person(make_nip(7000 + n), f"P{n}", **UNIT) for n in range(30)]
    monkeypatch.setattr(PeopleImporter, "batch_size", 10)
    run = imports.upload("people", [("x.xlsx", __import__("io").BytesIO(xlsx(rows)))], by=None)
    ask_apply(run, by=None)
    calls, real = [], import_rows.mark_written

    def killed(run, plans):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(run, plans)

    monkeypatch.setattr(import_rows, "mark_written", killed)
    with pytest.raises(KeyboardInterrupt):
        apply(run)
    assert Account.objects.count() == 10

    run.refresh_from_db()
    apply(run)
    assert run.counts["created"] == 30 and Account.objects.count() == 30
    assert run.rows.filter(is_applied=True, outcome=RowOutcome.CREATED).count() == 30


def test_an_audit_line_for_each_person_and_each_run(django_assert_max_num_queries):
    from core.models import AuditEvent

    applied(xlsx([person(A, **UNIT), person(B, **UNIT)]))
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["import.uploaded", "account.created", "account.created", "import.applied"]
    assert A not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_files_go_after_thirty_days(settings):
    from django.core.files.storage import default_storage

    from people.domain.imports import delete_old_files

    run = applied(xlsx([person(A, **UNIT)]))
    name = run.stored_name
    assert default_storage.exists(name)
    assert delete_old_files(at=timezone.now() + timedelta(days=29)) == 0
    assert delete_old_files(at=timezone.now() + timedelta(days=31)) == 1
    run.refresh_from_db()
    assert not default_storage.exists(name) and not run.stored_name and run.rows.exists()
    assert not delete_old_files(at=timezone.now() + timedelta(days=31))


def test_messages_are_sentences():
    run = checked(xlsx([person("12", "", status="X")]))
    assert all(line.endswith(".") for line in messages(run).splitlines())
