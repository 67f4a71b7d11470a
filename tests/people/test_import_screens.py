"""H8: from the file to the saved rows by plain forms, without script."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.domain import outbox
from core.models import AuditEvent
from people.models import Account, ImportMapping, ImportRun, LineChange
from tests.factories.people import make_nip
from tests.people.import_files import applied, checked, csv_text, person, xlsx

pytestmark = pytest.mark.django_db

A, B = make_nip(8501), make_nip(8502)


def upload(client, content: bytes, name: str = "pegawai.xlsx", **more):
    return client.post(
        reverse("people:import_new_kind", args=["people"]), {"files": SimpleUploadedFile(name, content), **more}, follow=True
    )


def test_from_file_to_saved_rows(client, ratna, sari, melati):
    client.force_login(ratna)
    page = upload(client, xlsx([person(A, "Orang Baru", kode_unit=melati.code), {"nip": sari.nip, "nama": "Sari Diubah"}]))
    run = ImportRun.objects.get()
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == reverse("people:import_preview", args=[run.pk])
    assert "Orang Baru" in text and "Sari Wulandari" in text and "Sari Diubah" in text
    assert len(re.findall("<h1", text)) == 1
    assert not Account.objects.filter(nip=A).exists()

    page = client.post(reverse("people:import_apply", args=[run.pk]), follow=True)
    assert Account.objects.get(nip=A).placement.unit == melati
    run.refresh_from_db()
    assert run.state == "applied"

    client.post(reverse("people:import_undo", args=[run.pk]), follow=True)
    assert not Account.objects.filter(nip=A).exists() and Account.objects.get(pk=sari.pk).name == "Sari Wulandari"


def test_who_may_not_take_an_import_back_is_told_on_its_page_and_it_stays(client, ratna, agus, melati):
    run = checked(xlsx([person(A, "Orang Baru", kode_unit=melati.code)]), by=ratna)
    client.force_login(agus)
    early = client.post(reverse("people:import_undo", args=[run.pk]))
    assert early.status_code == 422
    client.force_login(ratna)
    client.post(reverse("people:import_apply", args=[run.pk]))

    client.force_login(agus)
    page = client.post(reverse("people:import_undo", args=[run.pk]))
    assert page.status_code == 422
    assert page.content.decode().count("Hanya pengimpor atau SDM pusat") == 2  # on top, and where the button would be
    run.refresh_from_db()
    assert run.state == "applied" and Account.objects.filter(nip=A).exists()


def test_whoever_sends_without_a_file_is_told_at_the_field(client, ratna):
    client.force_login(ratna)
    page = client.post(reverse("people:import_new_kind", args=["people"]), {"csrfmiddlewaretoken": "x"})
    assert page.status_code == 422 and 'aria-invalid="true"' in page.content.decode()
    assert not ImportRun.objects.exists()


def test_a_faulty_cell_is_repaired_on_the_page(client, ratna, melati):
    client.force_login(ratna)
    upload(client, xlsx([person("1.98609E+17", "Rusak", kode_unit=melati.code), person(A, "", kode_unit=melati.code)]))
    run = ImportRun.objects.get()
    page = client.get(reverse("people:import_preview", args=[run.pk])).content.decode()
    names = re.findall(r'name="(c\d+_\w+)" value="([^"]*)"', page)
    assert [value for _name, value in names] == ["1.98609E+17", ""]

    client.post(
        reverse("people:import_repair", args=[run.pk]), {names[0][0]: "19860926 201505 1 001", names[1][0]: "Sudah Lengkap"}
    )
    run.refresh_from_db()
    assert run.counts["refused"] == 0 and run.counts["created"] == 2
    client.post(reverse("people:import_apply", args=[run.pk]))
    assert Account.objects.filter(nip__in=["198609262015051001", A]).count() == 2


def test_all_or_nothing_says_why_nothing_was_saved(client, ratna, melati):
    client.force_login(ratna)
    upload(client, xlsx([person("12", "Rusak", kode_unit=melati.code), person(A, "Baik", kode_unit=melati.code)]))
    run = ImportRun.objects.get()
    page = client.post(reverse("people:import_apply", args=[run.pk]), {"all_or_nothing": "1"}, follow=True).content.decode()
    assert 'role="alert"' in page and not Account.objects.filter(nip=A).exists()


def test_unknown_headers_are_mapped_once_and_remembered(client, ratna, melati):
    client.force_login(ratna)
    content = csv_text([{"Kolom 1": A, "Kolom 2": "Orang Satu", "Kolom 3": melati.name}])
    page = upload(client, content, "aneh.csv")
    run = ImportRun.objects.get()
    assert page.redirect_chain[-1][0] == reverse("people:import_mapping", args=[run.pk])
    again = client.post(reverse("people:import_mapping", args=[run.pk]), {"s0_nip": "Kolom 1"})
    assert again.status_code == 422
    page = client.post(
        reverse("people:import_mapping", args=[run.pk]),
        {"s0_nip": "Kolom 1", "s0_nama": "Kolom 2", "s0_unit_kerja": "Kolom 3"},
        follow=True,
    )
    assert "Orang Satu" in page.content.decode()
    assert ImportMapping.objects.count() == 1

    page = upload(client, csv_text([{"Kolom 1": B, "Kolom 2": "Orang Dua", "Kolom 3": melati.name}]), "aneh lagi.csv")
    assert page.redirect_chain[-1][0] == reverse("people:import_preview", args=[ImportRun.objects.latest("pk").pk])
    assert "Orang Dua" in page.content.decode()


@pytest.mark.parametrize(
    "content", [b"", b"<html><table></table></html>", b"PK\x03\x04rusak", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xx"]
)
def test_what_is_no_table_is_told_at_the_field(client, ratna, content):
    client.force_login(ratna)
    page = upload(client, content)
    assert page.status_code == 422 and "id_files_error" in page.content.decode()
    assert not ImportRun.objects.exists()


def test_a_seventh_file_is_refused_and_not_left_out_silently(client, ratna, melati):
    client.force_login(ratna)
    files = [SimpleUploadedFile(f"{number}.xlsx", xlsx([person(make_nip(8510 + number), kode_unit=melati.code)])) for number in range(7)]
    page = client.post(reverse("people:import_new_kind", args=["people"]), {"files": files})
    assert page.status_code == 422 and "6" in re.search(r'id="id_files_error".*?</', page.content.decode(), re.DOTALL)[0]
    assert not ImportRun.objects.exists()


def test_the_faulty_rows_come_back_as_a_workbook(client, ratna, melati):
    client.force_login(ratna)
    run = checked(
        xlsx([person("12", '=HYPERLINK("x")', kode_unit=melati.code), person(A, "Baik", kode_unit=melati.code)]), by=ratna
    )
    answer = client.get(reverse("people:import_faulty", args=[run.pk]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][1:3] == ("nip", "nama") and rows[1][0] == 2 and "17" not in str(rows[1][0])
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


def test_a_large_file_is_worked_off_by_a_worker(client, ratna, melati, monkeypatch):
    from people.domain import imports

    monkeypatch.setattr(imports, "SMALL_BYTES", 10)
    client.force_login(ratna)
    page = upload(client, xlsx([person(A, "Orang Baru", kode_unit=melati.code)]))
    run = ImportRun.objects.get()
    assert run.state == "uploaded" and "htmx" in page.content.decode()
    assert client.get(reverse("people:import_state", args=[run.pk])).status_code == 200
    outbox.drain(kinds=["people.import_check"])
    assert client.get(reverse("people:import_state", args=[run.pk])).headers["HX-Refresh"] == "true"
    client.post(reverse("people:import_apply", args=[run.pk]))
    assert not Account.objects.filter(nip=A).exists()
    outbox.drain(kinds=["people.import_apply"])
    assert Account.objects.filter(nip=A).exists()


def test_strangers_see_no_import(client, sari, budi, tono, ratna, agus, dewi, melati):
    run = checked(xlsx([person(A, kode_unit=melati.code)]), by=ratna)
    addresses = [reverse(f"people:{name}", args=[run.pk]) for name in ("import_preview", "import_faulty", "import_state")]
    posts = [
        reverse(f"people:{name}", args=[run.pk]) for name in ("import_repair", "import_apply", "import_undo", "import_discard")
    ]
    for stranger in (sari, budi, tono):
        client.force_login(stranger)
        assert {
            client.get(address).status_code
            for address in [*addresses, reverse("people:import_list"), reverse("people:import_new")]
        } == {404}
        assert {client.post(address).status_code for address in posts} == {404}
    for reader in (agus, dewi):
        client.force_login(reader)
        assert {client.get(address).status_code for address in addresses} == {200}
        assert {client.post(address).status_code for address in (posts[0], posts[1], posts[3])} == {404}
    client.logout()
    assert client.get(addresses[0]).status_code == 302


def test_who_looks_at_another_persons_import_leaves_a_mark(client, ratna, agus, melati):
    run = checked(xlsx([person("12", kode_unit=melati.code), person(A, kode_unit=melati.code)]), by=ratna)
    pages = [reverse(f"people:{name}", args=[run.pk]) for name in ("import_preview", "import_faulty")]
    pages.append(reverse("people:import_rows", args=[run.pk, "baru"]))
    for reader, marks in ((ratna, 0), (agus, 3)):
        client.force_login(reader)
        assert {client.get(page).status_code for page in pages} == {200}
        seen = AuditEvent.objects.filter(verb="import.viewed", object_id=run.pk, is_read=True, subject_id=ratna.pk)
        assert seen.count() == marks


def test_the_page_of_an_applied_import_costs_the_same_for_many_rows(client, dewi, melati):
    def queries(run) -> int:
        client.get(reverse("people:import_preview", args=[run.pk]))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("people:import_preview", args=[run.pk]))
        return len(seen)

    client.force_login(dewi)
    few = applied(xlsx([person(A, kode_unit=melati.code)]), by=dewi)
    assert queries(few) <= 16
    many = applied(xlsx([person(make_nip(8520 + number), kode_unit=melati.code) for number in range(40)]), by=dewi)
    assert queries(many) <= 16


def test_the_second_person_decides_on_the_list(client, ratna, dewi, sari, budi):
    applied(xlsx([{"nip": sari.nip, "nama": sari.name, "atasan_nip": ratna.nip}]), by=ratna)
    change = LineChange.objects.get()
    client.force_login(ratna)
    assert client.post(reverse("people:line_change", args=[change.pk]), {"decision": "agree"}).status_code == 422
    client.force_login(dewi)
    assert "Sari Wulandari" in client.get(reverse("people:import_list")).content.decode()
    client.post(reverse("people:line_change", args=[change.pk]), {"decision": "agree"})
    assert Account.objects.get(pk=sari.pk).placement.superior == ratna


def test_the_list_costs_the_same_for_many_runs(client, dewi, django_assert_max_num_queries):
    for number in range(5):
        ImportRun.objects.create(kind="people", by=dewi, file_name=f"{number}.xlsx", counts={"created": 1})
    client.force_login(dewi)
    client.get(reverse("people:import_list"))
    with django_assert_max_num_queries(10):
        client.get(reverse("people:import_list"))


def test_the_empty_workbook_can_be_filled_and_uploaded(client, ratna):
    client.force_login(ratna)
    answer = client.get(reverse("people:import_example", args=["people"]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["nip", "nama"]
