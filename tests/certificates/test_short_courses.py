"""A course may be shorter than one JP: its certificate says minutes, and no learner waits for hours that cannot be spread."""

from __future__ import annotations

import re
import subprocess

import pytest
from django.urls import reverse

from certificates.domain.facts import spread_hours
from certificates.domain.layout import paper_html
from certificates.domain.rendering import render_pdf
from certificates.domain.verification import check_token, internal_facts, public_facts
from certificates.models import Certificate
from courses.domain import hours
from courses.models import LearningHours
from tests.factories.certificates import ISSUED_AT, default_design
from tests.factories.courses import enrolled, pass_course, published_course

pytestmark = pytest.mark.django_db


def certificate_after(person, minutes: int, *, modules: int = 2) -> Certificate:
    """Through the learner's own hand-in, with the design of an empty installation."""
    default_design()
    course = published_course(modules=modules, lessons=1, learning_minutes=minutes)
    return Certificate.objects.get(completion=pass_course(enrolled(person, course, at=ISSUED_AT), at=ISSUED_AT))


def paper(certificate: Certificate) -> str:
    pdf = render_pdf(paper_html(certificate.facts))
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(text.split())


def screen(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


@pytest.mark.parametrize(("minutes", "jp", "duration"), [(0, 0, ""), (30, 0, "30\xa0menit"), (44, 0, "44\xa0menit"), (45, 1, "")])
def test_a_course_of_any_length_is_completed_with_its_certificate(sari, minutes, jp, duration):
    certificate = certificate_after(sari, minutes)

    assert (certificate.facts["jp"], certificate.facts["duration_text"]) == (jp, duration)
    assert [subject["title"] for subject in certificate.facts["subjects"]] == ["Modul 1", "Modul 2"]
    assert hours.year_summary(sari, 2026).minutes == minutes
    assert LearningHours.objects.filter(minutes=minutes).exists() is bool(minutes)


def test_the_paper_of_half_an_hour_says_its_minutes_and_no_hours(sari):
    text = paper(certificate_after(sari, 30))

    assert "Lama belajar" in text
    assert "30 menit" in text
    assert "1. Modul 1" in text
    assert "lebih singkat daripada 1 JP" in text
    for word in ("Jam pelajaran", "nol", "Jumlah"):
        assert word not in text, word


def test_without_any_duration_the_paper_says_nothing_of_it(sari):
    text = paper(certificate_after(sari, 0))

    assert "Lama belajar" not in text
    assert "Jam pelajaran" not in text
    assert "menit" not in text.replace("1 JP = 45 menit", "")


def test_many_subjects_of_a_short_course_end_in_one_line(sari):
    text = paper(certificate_after(sari, 30, modules=23))

    assert "dan 4 materi lainnya" in text


def test_the_screens_say_minutes_too(client, sari):
    certificate = certificate_after(sari, 30)
    for lines in (public_facts(check_token(certificate.token)), internal_facts(certificate)):
        assert "30\xa0menit" in [value for _label, value in lines]
    client.force_login(sari)
    page = screen(client.get(reverse("certificates:list")))

    assert "· 30 menit" in page
    assert "· 0 JP" not in page


def test_no_hours_are_spread_over_any_number_of_subjects():
    assert spread_hours(0, [("a", 5), ("b", 0)]) == [{"title": "a", "jp": ""}, {"title": "b", "jp": ""}]
    assert spread_hours(0, []) == []
