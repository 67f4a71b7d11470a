"""Many hands at one counter: no number twice, none left out. The control takes the row lock away and must show doubles."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from certificates.domain.issue import issue_for_completion
from certificates.domain.numbers import take_serial
from certificates.models import Certificate, SerialCounter
from tests.factories.certificates import ISSUED_AT, certified_course, completed, default_design
from tests.factories.people import AccountFactory
from tests.parallel import together

pytestmark = pytest.mark.django_db(transaction=True)

HANDS, EACH = 6, 5


def test_parallel_issuing_gives_every_number_once():
    default_design()
    course = certified_course()
    piles = [[completed(AccountFactory(), course) for _paper in range(EACH)] for _hand in range(HANDS)]

    results = together(lambda index: [issue_for_completion(completion, at=ISSUED_AT).serial for completion in piles[index]], HANDS)

    assert sorted(serial for pile in results for serial in pile) == list(range(1, HANDS * EACH + 1))
    assert SerialCounter.objects.get().last == HANDS * EACH
    assert Certificate.objects.values("number").distinct().count() == HANDS * EACH


def test_many_issuers_of_one_completion_make_one_certificate():
    """A signal, the reconciliation and a second tab at the same moment."""
    default_design()
    completion = completed(AccountFactory(), certified_course())

    results = together(lambda _index: issue_for_completion(completion, at=ISSUED_AT).pk, HANDS)

    assert len(set(results)) == 1, results
    assert SerialCounter.objects.get().last == 1


def test_numbers_that_are_rolled_back_are_given_again():
    design = default_design()

    class Change(Exception):
        pass

    def take(index):
        try:
            with transaction.atomic():
                serial = take_serial(design, year=2026)
                if index % 2:
                    raise Change
                return serial
        except Change:
            return None

    kept = sorted(serial for serial in together(take, HANDS) if serial)
    assert kept == list(range(1, HANDS // 2 + 1))


def test_the_control_without_the_lock_gives_doubles():
    """Read, then write: what the product would do without the UPDATE that waits."""
    design = default_design()
    key = {"issuer": design.issuer, "type": design.type, "year": 2026}
    SerialCounter.objects.create(**key)
    everybody_has_read = threading.Barrier(HANDS)

    def take(_index):
        last = SerialCounter.objects.values_list("last", flat=True).get(**key)
        everybody_has_read.wait(30)
        SerialCounter.objects.filter(**key).update(last=last + 1)
        return last + 1

    assert len(set(together(take, HANDS))) < HANDS
