"""The 18 digits: what is accepted, what is refused with which sentence, what is only remarked (domain rules of NIP and NI PPPK)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import nip

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "198609262015051001", " 19860926 201505 1 001 ", "19860926.201505.1.001", "'198609262015051001", "19860926\u00a0201505\u00a01\u00a0001",
        "1986-09-26 2015-05 1 001",
    ],
)
def test_a_nip_is_read_however_it_is_grouped(text):
    found = nip.parse(text, on=TODAY)
    assert found.value == "198609262015051001"
    assert (found.birth_on, found.year, found.month, found.contract) == (date(1986, 9, 26), 2015, 5, None)
    assert (found.sex, found.serial, found.kind, found.remarks) == (nip.MAN, "001", nip.PNS, ())


def test_a_pppk_number_names_its_contract_instead_of_a_month():
    found = nip.parse("199402082016222955", on=TODAY)
    assert (found.kind, found.year, found.month, found.contract, found.sex) == (nip.PPPK, 2016, None, 2, nip.WOMAN)
    assert nip.grouped(found.value) == "19940208 2016 22 2 955"


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("", "empty", "belum diisi"), (None, "empty", "belum diisi"), ("  ", "empty", "belum diisi"),
        ("1.98609E+17", "scientific", "Excel"), ("1,98609E+17", "scientific", "Excel"), ("1.98609e17", "scientific", "Excel"),
        ("198609262015051000.0", "rounded", "Teks"),
        ("19681101199102294", "length", "17"), ("1968110119910229412", "length", "19"), ("470012345", "length", "9"),
        ("19860926201505100A", "letters", "0 sampai 9"), ("１９８６０９２６２０１５０５１００１", "letters", "0 sampai 9"),
        ("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", "letters", "0 sampai 9"), ("19860926201505100²", "letters", "0 sampai 9"),
        ("198602312015051001", "birth_date", "19860231"), ("198613012015051001", "birth_date", "19861301"),
        ("203001012050051001", "birth_date", "20300101"), ("000000000000000000", "birth_date", "00000000"),
        ("198609262015131001", "appointment", "201513"), ("198609262015001001", "appointment", "201500"),
        ("198609262015203001", "appointment", "201520"),
        ("198609262015053001", "sex", "3"), ("198609262015051000", "serial", "000"),
    ],
)
def test_what_is_no_nip_gets_a_code_and_a_sentence(text, code, part):
    with pytest.raises(nip.NipError) as refused:
        nip.parse(text, on=TODAY)
    assert refused.value.code == code
    assert part in refused.value.reasons[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [("194609261975051001", "age"), ("201509262033051001", "age"), ("198609261999051001", "young"), ("198609262028121001", "future")],
)
def test_what_is_only_unlikely_is_remarked(text, code):
    assert code in {remark.code for remark in nip.parse(text, on=TODAY).remarks}


def test_stored_facts_that_contradict_the_digits_are_remarked():
    found = nip.parse("198609262015051001", on=TODAY)
    remarks = nip.compare(found, birth_on=date(1986, 9, 27), sex=nip.WOMAN, status="pppk_pw")
    assert {remark.code for remark in remarks} == {"birth_differs", "sex_differs", "status_differs"}
    assert nip.compare(found, birth_on=date(1986, 9, 26), sex=nip.MAN, status="cpns") == []


def test_a_nip_is_shown_grouped_and_to_strangers_masked():
    assert nip.grouped("198609262015051001") == "19860926 201505 1 001"
    assert nip.grouped("admin") == "admin"
    assert nip.masked("19860926 201505 1 001") == "•••••••••••••••001"
    assert nip.masked("admin") == "•••"


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_reader(text):
    try:
        assert len(nip.parse(text, on=TODAY).value) == 18
    except nip.NipError as refused:
        assert refused.reasons[0]
    nip.grouped(text), nip.masked(text)
