"""People, units, placements and grants for tests. Numbers of service are valid and fictitious (serials 900 to 999)."""

from __future__ import annotations

from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from people.enums import EmploymentStatus, ImportKind, Role
from people.models import Account, Grant, ImportRun, OrgUnit, Placement, Position

# Hashed once: hashing is slow on purpose, and tests that sign in by force need no password at all.
PASSWORD = "Bina-uji-coba-2026"


def make_nip(number: int, *, pppk: bool = False) -> str:
    """The ``number``-th fictitious NIP (or NI PPPK): all its parts are possible."""
    birth_on = date(1980, 1, 1) + timedelta(days=number // 100)
    return f"{birth_on:%Y%m%d}{'202121' if pppk else '201001'}2{900 + number % 100}"


class OrgUnitFactory(DjangoModelFactory):
    """``OrgUnitFactory(parent=unit)`` makes a child; without a parent a root."""

    class Meta:
        model = OrgUnit

    code = factory.Sequence(lambda n: f"U{n:05d}")
    name = factory.Sequence(lambda n: f"Unit {n}")

    @classmethod
    def _create(cls, model_class, *args, parent=None, **kwargs):
        if parent is None:
            return model_class.add_root(**kwargs)
        return model_class.objects.get(pk=parent.pk).add_child(**kwargs)


class PositionFactory(DjangoModelFactory):
    class Meta:
        model = Position
        django_get_or_create = ["name", "kind"]

    name = factory.Sequence(lambda n: f"Pengelola layanan {n}")
    kind = "pelaksana"


class AccountFactory(DjangoModelFactory):
    """``AccountFactory(password=PASSWORD)`` can sign in with it; without, only ``client.force_login`` opens a session."""

    class Meta:
        model = Account

    nip = factory.Sequence(make_nip)
    name = factory.Sequence(lambda n: f"Pegawai Contoh {n}")
    email = factory.Sequence(lambda n: f"pegawai{n}@contoh.example")
    status = EmploymentStatus.PNS

    @classmethod
    def _create(cls, model_class, *args, password=None, **kwargs):
        account = model_class(*args, **kwargs)
        if password is None:
            account.set_unusable_password()
        else:
            account.set_password(password)
        account.save()
        return account


class PlacementFactory(DjangoModelFactory):
    class Meta:
        model = Placement

    person = factory.SubFactory(AccountFactory)
    unit = factory.SubFactory(OrgUnitFactory)
    position = factory.SubFactory(PositionFactory)
    superior = None
    starts_on = None


class GrantFactory(DjangoModelFactory):
    """A bare row. ``people.domain.grants.grant`` also syncs groups and writes the audit line."""

    class Meta:
        model = Grant

    person = factory.SubFactory(AccountFactory)
    role = Role.HR_CENTRAL


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = ImportRun

    kind = ImportKind.PEOPLE
    by = factory.SubFactory(AccountFactory)
    file_name = "pegawai.xlsx"
