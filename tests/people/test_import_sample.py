"""A list of people gives what ``expected.json`` beside it says, and so does its twin: other headers, other order, semicolons, no workbook.

Two samples: our own in ``sample/`` (12 people, each fault once, made for these tests) and the large one of others where it is at hand.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from people.models import Account, ImportRun, OrgUnit, Placement, Position
from tests.people.import_files import SAMPLES, SIASN, csv_text, xlsx

OWN = Path(__file__).parent / "sample"
FIELDS = (
    "nip nama gelar_belakang status golongan jenis_jabatan jabatan kode_unit unit_kerja kode_induk atasan_nip email_dinas"
).split()


@pytest.fixture(
    params=[
        "own",
        pytest.param("others", marks=pytest.mark.skipif(not SAMPLES.exists(), reason="the large sample is never in the repository")),
    ]
)
def sample(request, tmp_path):
    """The workbook and what is expected of it."""
    if request.param == "others":
        return SAMPLES / "pegawai.xlsx", json.loads((SAMPLES / "expected.json").read_text())
    lines = [line.split(";") for line in (OWN / "pegawai.csv").read_text().splitlines()[1:]]
    path = tmp_path / "pegawai.xlsx"
    path.write_bytes(xlsx([dict(zip(FIELDS, line, strict=True)) for line in lines], columns=FIELDS))
    return path, json.loads((OWN / "expected.json").read_text())


@pytest.fixture
def workbook(sample):
    return sample[0]


@pytest.fixture
def expected(sample):
    return sample[1]


@pytest.fixture
def twin(tmp_path, workbook):
    """The same people as an export from another system: SIASN's names, columns reversed, a column nobody knows, grouped NIPs."""
    sheet = openpyxl.load_workbook(workbook, read_only=True).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    records = []
    for row in rows:
        record = {key: value or "" for key, value in zip(header, row, strict=True)}
        nip = str(record["nip"])
        if nip.isdigit() and len(nip) == 18:
            record["nip"] = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
        records.append({"nomor": str(len(records) + 1), **{key: record[key] for key in reversed(header)}})
    path = tmp_path / "data pegawai.csv"
    path.write_bytes(b"\xef\xbb\xbf" + csv_text(records, names=SIASN | {"nomor": "No"}))
    return path


def run_command(*args) -> dict:
    out = io.StringIO()
    call_command("import_people", *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def facts_of(result: dict) -> dict:
    errors = sorted({problem["row"] for problem in result["problems"] if problem["severity"] == "error"})
    warned = sorted({problem["row"] for problem in result["problems"] if problem["severity"] == "warning"})
    return {
        "people": result["read"],
        "created": result["created"],
        "refused": result["refused"],
        "refused_rows": errors,
        "warned_rows": warned,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("which", ["sample", "twin"])
def test_the_file_gives_what_is_expected_and_the_second_time_nothing(which, workbook, expected, twin):
    path = workbook if which == "sample" else twin

    first = run_command(path)
    assert facts_of(first) == {key: expected[key] for key in ("people", "created", "refused", "refused_rows", "warned_rows")}
    assert first["read"] == first["created"] + first["updated"] + first["unchanged"] + first["refused"]
    assert set(first["problems"][0]) == {"row", "column", "severity", "message"}

    stands = list(
        Placement.objects.order_by("pk").values_list("person__nip", "unit__code", "superior__nip", "starts_on", "ends_on")
    )
    again = run_command(path)
    assert (again["created"], again["updated"], again["unchanged"], again["refused"]) == (
        0,
        0,
        expected["created"],
        expected["refused"],
    )
    assert (
        list(Placement.objects.order_by("pk").values_list("person__nip", "unit__code", "superior__nip", "starts_on", "ends_on"))
        == stands
    )
    assert OrgUnit.find_problems() == ([], [], [], [], [])


@pytest.mark.django_db
def test_sample_and_twin_make_the_same_people(workbook, expected, twin):
    run_command(workbook)
    result = run_command(twin)
    assert (result["created"], result["updated"], result["unchanged"]) == (0, 0, expected["created"])


@pytest.mark.django_db
def test_a_dry_run_tells_everything_and_keeps_nothing(workbook, expected):
    result = run_command(workbook, "--dry-run")
    assert result["created"] == expected["created"]
    assert (
        not Account.objects.exists()
        and not OrgUnit.objects.exists()
        and not Position.objects.exists()
        and not ImportRun.objects.exists()
    )


@pytest.mark.django_db
def test_all_or_nothing_writes_nothing_when_a_row_is_refused(workbook, expected):
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_people", workbook, "--all-or-nothing", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert error.value.returncode == 1
    assert (result["created"], result["refused"], result["unchanged"]) == (0, expected["refused"], expected["created"])
    assert not Account.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("half.xlsx", None),
        ("page.xlsx", b"<!doctype html><table><tr><td>nip</td></tr></table>"),
        ("nothing.xlsx", b""),
        ("words.csv", b"satu;dua\n1;2\n"),
        ("only-header.csv", b"nip;nama\n"),
    ],
)
def test_a_file_that_is_no_list_gets_a_sentence(name, content, workbook, tmp_path):
    path = tmp_path / name
    whole = (workbook).read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_people", path, "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert error.value.returncode == 2
    assert result["read"] == 0 and result["problems"][0]["message"]
    assert not Account.objects.exists() and not ImportRun.objects.exists()
