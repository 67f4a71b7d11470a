"""The fixed cast of tests and demo (architecture §7), each person a fixture of her own; who asks for one gets all she hangs on.

Kecamatan Puspa
├── Kelurahan Melati    Budi (superior), Sari (at the counter), Ratna (HR of the whole kecamatan)
└── Kelurahan Cempaka   Wati
Badan Kepegawaian       Dewi (central HR), Agus (auditor), Tono (trainer)
"""

from __future__ import annotations

import pytest

from people.enums import PostKind, Role
from tests.factories.people import AccountFactory, GrantFactory, OrgUnitFactory, PlacementFactory, PositionFactory


def _person(nip, name, email, *, unit, post, superior=None, **more):
    account = AccountFactory(nip=nip, name=name, email=email, **more)
    position = PositionFactory(name=post, kind=PostKind.SUPERVISOR if post.startswith("Lurah") else PostKind.EXECUTIVE)
    PlacementFactory(person=account, unit=unit, position=position, superior=superior)
    return account


@pytest.fixture
def province(db):
    return OrgUnitFactory(code="31", name="Pemerintah Provinsi Contoh")


@pytest.fixture
def puspa(province):
    return OrgUnitFactory(code="31.10", name="Kecamatan Puspa", parent=province)


@pytest.fixture
def melati(puspa):
    return OrgUnitFactory(code="31.10.01", name="Kelurahan Melati", parent=puspa)


@pytest.fixture
def cempaka(puspa):
    return OrgUnitFactory(code="31.10.02", name="Kelurahan Cempaka", parent=puspa)


@pytest.fixture
def bkd(province):
    return OrgUnitFactory(code="31.03", name="Badan Kepegawaian Contoh", parent=province)


@pytest.fixture
def budi(melati):
    return _person(
        "197805122003121902", "Budi Santoso", "budi@contoh.example", unit=melati, post="Lurah Melati", title_back="S.Sos."
    )


@pytest.fixture
def sari(budi, melati):
    return _person(
        "199304172019032914",
        "Sari Wulandari",
        "sari@contoh.example",
        unit=melati,
        post="Petugas loket",
        superior=budi,
        title_back="A.Md.",
    )


@pytest.fixture
def ratna(puspa):
    account = _person("198502202010012905", "Ratna Hapsari", "ratna@contoh.example", unit=puspa, post="Analis SDM aparatur")
    GrantFactory(person=account, role=Role.HR_UNIT, unit=puspa)
    return account


@pytest.fixture
def wati(cempaka):
    return _person("199111232016022921", "Wati Marpaung", "wati@contoh.example", unit=cempaka, post="Petugas loket")


@pytest.fixture
def tono(bkd):
    from people.domain.grants import sync_trainer_group

    account = _person("198009102005011907", "Tono Prakoso", "tono@contoh.example", unit=bkd, post="Widyaiswara Ahli Muda")
    GrantFactory(person=account, role=Role.TRAINER)
    sync_trainer_group(account)
    return account


@pytest.fixture
def dewi(bkd):
    account = _person("197604042001122903", "Dewi Lestari", "dewi@contoh.example", unit=bkd, post="Kepala Bidang Pembinaan")
    GrantFactory(person=account, role=Role.HR_CENTRAL)
    return account


@pytest.fixture
def agus(bkd):
    account = _person("197202152000031911", "Agus Firmansyah", "agus@contoh.example", unit=bkd, post="Auditor Ahli Madya")
    GrantFactory(person=account, role=Role.AUDITOR)
    return account
