"""Roles are given and taken by those who may, take effect at once, and leave an audit line."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from core.domain.errors import RuleViolation
from core.models import AuditEvent
from people.domain import grants
from people.enums import Role
from people.models import Account, AccountSession, Grant, scope_of
from tests.factories.people import AccountFactory


@pytest.fixture
def admin(db):
    account = AccountFactory(name="Admin")
    grants.grant(account, Role.ADMIN, by=None)
    return account


def test_central_hr_gives_the_daily_roles_and_not_the_great_ones(dewi, sari, melati):
    given = grants.grant(sari, Role.HR_UNIT, unit=melati, by=dewi)

    assert given.granted_by == dewi
    assert scope_of(Account.objects.get(pk=sari.pk)).hr_paths == (melati.path,)
    assert AuditEvent.objects.get(verb="grant.given", subject_id=sari.pk).detail["role"] == "hr_unit"
    for role in (Role.ADMIN, Role.AUDITOR, Role.HR_CENTRAL):
        with pytest.raises(RuleViolation):
            grants.grant(sari, role, by=dewi)


def test_nobody_changes_her_own_roles(dewi, admin):
    assert grants.may_grant(dewi, Role.TRAINER, unit=None, by=dewi)
    assert grants.may_grant(admin, Role.HR_CENTRAL, unit=None, by=admin)


def test_people_without_an_office_give_nothing(sari, budi, ratna, wati, melati):
    for nobody in (sari, budi, ratna):
        assert grants.may_grant(wati, Role.HR_UNIT, unit=melati, by=nobody)


def test_a_role_for_a_unit_needs_one_and_a_role_for_everywhere_takes_none(dewi, admin, sari, melati):
    assert grants.may_grant(sari, Role.HR_UNIT, unit=None, by=dewi)
    assert grants.may_grant(sari, Role.AUDITOR, unit=melati, by=admin)


def test_the_same_grant_twice_is_one_row_and_one_audit_line(dewi, sari):
    first = grants.grant(sari, Role.TRAINER, by=dewi)
    assert grants.grant(sari, Role.TRAINER, by=dewi) == first
    assert AuditEvent.objects.filter(verb="grant.given", subject_id=sari.pk).count() == 1


def test_a_trainer_enters_the_editor_and_leaves_it_with_the_role(dewi, sari):
    given = grants.grant(sari, Role.TRAINER, by=dewi)
    assert Account.objects.get(pk=sari.pk).has_perm("wagtailadmin.access_admin")

    grants.revoke(given, by=dewi)
    assert not Account.objects.get(pk=sari.pk).has_perm("wagtailadmin.access_admin")
    assert AuditEvent.objects.filter(verb="grant.taken", subject_id=sari.pk).exists()


def test_trainers_can_open_the_editor_and_nothing_of_users_and_groups(dewi, sari):
    grants.grant(sari, Role.TRAINER, by=dewi)
    assert list(Permission.objects.filter(group__name="Pengajar").values_list("codename", flat=True)) == ["access_admin"]


def test_a_role_that_ended_by_date_closes_the_editor_in_the_night(dewi, sari):
    given = grants.grant(sari, Role.TRAINER, by=dewi)
    Grant.objects.filter(pk=given.pk).update(ends_on="2020-01-01")
    assert grants.sync_all_trainer_groups() == 1
    assert not Account.objects.get(pk=sari.pk).has_perm("wagtailadmin.access_admin")


def test_sessions_end_when_roles_change(client, dewi, sari):
    client.force_login(sari)
    assert AccountSession.objects.filter(account_id=sari.pk).exists()
    grants.grant(sari, Role.TRAINER, by=dewi)
    assert not AccountSession.objects.filter(account_id=sari.pk).exists()


def test_the_last_administrator_stays(admin):
    other = AccountFactory()
    second = grants.grant(other, Role.ADMIN, by=admin)
    grants.revoke(second, by=admin)
    with pytest.raises(RuleViolation, match="terakhir|last"):
        grants.revoke(Grant.objects.get(person=admin), by=None)
