"""Who may import whom, four eyes, taking an import back, and two imports at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.utils import timezone

from core.domain.errors import RuleViolation
from core.models import AuditEvent
from people.domain import imports, line_changes, placements
from people.domain.email_changes import ask_email_change
from people.models import Account, ImportRun, LineChange, OrgUnit, Placement, Position
from tests.factories.people import AccountFactory, GrantFactory, PlacementFactory, make_nip
from tests.people.import_files import applied, checked, person, problems, run_of, xlsx

A, B = make_nip(8001), make_nip(8002)


@pytest.mark.django_db
def test_only_hr_imports(sari, budi, tono, agus, wati):
    for nobody in (sari, budi, tono, agus, wati):
        with pytest.raises(RuleViolation):
            run_of(xlsx([person(A)]), by=nobody)


@pytest.mark.django_db
def test_hr_of_a_unit_stays_in_her_units(ratna, sari, wati, dewi, bkd, melati):
    run = applied(
        xlsx(
            [
                person(A, "Baru di Melati", kode_unit=melati.code),
                person(B, "Baru di BKD", kode_unit=bkd.code),
                person(make_nip(8003), "Tanpa unit"),
                person(make_nip(8004), "Unit baru", kode_unit="31.10.09", unit_kerja="Kelurahan Kenanga", kode_induk="31.10"),
                person(make_nip(8005), "Unit puncak", kode_unit="99", unit_kerja="Dinas Sendiri"),
                {"nip": dewi.nip, "nama": "Dewi Diubah"},
                {"nip": sari.nip, "nama": "Sari Diubah"},
                {"nip": wati.nip, "nama": wati.name, "kode_unit": bkd.code},
            ]
        ),
        by=ratna,
    )
    assert [row.outcome for row in run.rows.order_by("row")] == [
        "created",
        "refused",
        "refused",
        "created",
        "refused",
        "refused",
        "updated",
        "refused",
    ]
    assert Account.objects.get(pk=dewi.pk).name == "Dewi Lestari"
    assert OrgUnit.objects.get(code="31.10.09").get_parent().code == "31.10"


@pytest.mark.django_db
def test_a_private_address_of_an_office_holder_is_not_changed_by_a_unit(ratna, melati):
    counsellor = AccountFactory(nip=A)
    PlacementFactory(person=counsellor, unit=melati)
    GrantFactory(person=counsellor, role="counsellor")
    run = applied(xlsx([{"nip": A, "nama": counsellor.name, "email_dinas": "saya@contoh.example"}]), by=ratna)
    assert (2, "email_dinas", "warning") in problems(run)
    assert Account.objects.get(pk=counsellor.pk).email == counsellor.email


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["hr_central", "counsellor", "trainer"])
@pytest.mark.parametrize("activated_at", [None, timezone.now()])
def test_a_unit_does_not_come_into_an_account_with_a_role_by_bringing_its_first_address(ratna, melati, role, activated_at):
    holder = AccountFactory(nip=A, email="", activated_at=activated_at)
    PlacementFactory(person=holder, unit=melati)
    GrantFactory(person=holder, role=role)
    run = applied(xlsx([{"nip": A, "nama": "Nama Baru", "email_dinas": "ratna.dua@contoh.example"}]), by=ratna)
    assert problems(run) == [(2, "email_dinas", "warning")]
    holder.refresh_from_db()
    assert (holder.name, holder.email) == ("Nama Baru", "") and not holder.email_changes.exists()


@pytest.mark.django_db
def test_the_address_of_an_office_holder_is_brought_by_who_decides_about_the_role(dewi, melati):
    counsellor, auditor = AccountFactory(nip=A, email=""), AccountFactory(nip=B, email="")
    GrantFactory(person=counsellor, role="counsellor")
    GrantFactory(person=auditor, role="auditor")
    rows = [{"nip": account.nip, "nama": account.name, "email_dinas": f"{account.nip}@contoh.example"} for account in (counsellor, auditor)]
    applied(xlsx(rows), by=dewi)
    # Also then it holds only once its owner has confirmed it.
    assert counsellor.email_changes.get().new_email == f"{A}@contoh.example"
    assert not auditor.email_changes.exists()
    admin = AccountFactory()
    GrantFactory(person=admin, role="admin")
    applied(xlsx(rows), by=admin)
    assert auditor.email_changes.get().new_email == f"{B}@contoh.example"
    assert not Account.objects.filter(nip__in=[A, B]).exclude(email="").exists()


@pytest.mark.django_db
def test_the_first_address_of_a_person_who_signed_in_waits_for_her_confirmation(ratna, melati):
    person_in_use, newcomer = AccountFactory(nip=A, email="", activated_at=timezone.now()), AccountFactory(nip=B, email="")
    for account in (person_in_use, newcomer):
        PlacementFactory(person=account, unit=melati)
    run = applied(xlsx([{"nip": nip, "nama": "Nama", "email_dinas": f"{nip}@contoh.example"} for nip in (A, B)]), by=ratna)
    assert problems(run) == [(2, "email_dinas", "warning")]
    assert person_in_use.email_changes.get().new_email == f"{A}@contoh.example"
    assert [Account.objects.get(nip=nip).email for nip in (A, B)] == ["", f"{B}@contoh.example"]


@pytest.mark.django_db
def test_nobody_makes_herself_a_superior_alone(ratna, sari, budi, dewi, wati):
    run = applied(xlsx([{"nip": sari.nip, "nama": sari.name, "atasan_nip": ratna.nip}]), by=ratna)
    assert problems(run) == [(2, "atasan_nip", "warning")]
    assert Account.objects.get(pk=sari.pk).placement.superior == budi

    wish = LineChange.objects.get()
    assert list(LineChange.objects.visible_to(dewi)) == [wish] and not LineChange.objects.visible_to(wati).exists()
    for nobody in (ratna, sari, wati, budi):
        with pytest.raises(RuleViolation):
            line_changes.decide(wish, is_approved=True, by=nobody)
    line_changes.decide(wish, is_approved=True, by=dewi)
    assert Account.objects.get(pk=sari.pk).placement.superior == ratna
    assert applied(xlsx([{"nip": sari.nip, "nama": sari.name, "atasan_nip": ratna.nip}]), by=ratna).counts["unchanged"] == 1


@pytest.mark.django_db
def test_runs_are_seen_by_their_owner_and_central_hr(ratna, dewi, agus, sari, melati):
    run = checked(xlsx([person(A, kode_unit=melati.code)]), by=ratna)
    assert (
        list(ImportRun.objects.visible_to(ratna))
        == [run]
        == list(ImportRun.objects.visible_to(dewi))
        == list(ImportRun.objects.visible_to(agus))
    )
    assert not ImportRun.objects.visible_to(sari).exists()
    with pytest.raises(RuleViolation):
        imports.ask_apply(run, by=dewi)


@pytest.mark.django_db
def test_a_run_is_applied_once(ratna, melati):
    run = checked(xlsx([person(A, kode_unit=melati.code)]), by=ratna)
    imports.ask_apply(run, by=ratna)
    with pytest.raises(RuleViolation):
        imports.ask_apply(run, by=ratna)


# --- Taking back ---------------------------------------------------------------------------------------------------------------------------


def state_of_people():
    return (
        sorted(Account.objects.values_list("nip", "name", "title_back", "email")),
        sorted(Placement.objects.values_list("person__nip", "unit__code", "superior__nip", "starts_on", "ends_on"), key=str),
        sorted(OrgUnit.objects.values_list("code", flat=True)),
    )


@pytest.mark.django_db
def test_undo_brings_back_exactly_what_was(sari, wati, budi, dewi, cempaka, melati):
    before = state_of_people()
    run = applied(
        xlsx(
            [
                {"nip": sari.nip, "nama": "Sari Lain", "gelar_belakang": "S.E.", "kode_unit": cempaka.code, "atasan_nip": A},
                {"nip": wati.nip, "nama": wati.name, "tmt_jabatan": "2020-01-01"},
                person(A, "Atasan baru", kode_unit="77", unit_kerja="Dinas Baru"),
                person(B, "Bawahan baru", kode_unit="77", unit_kerja="Dinas Baru", atasan_nip=A),
            ]
        ),
        by=dewi,
    )
    assert run.counts["created"] == 2 and run.counts["updated"] == 2 and state_of_people() != before

    assert imports.may_undo(run, by=dewi) == []
    imports.undo(run, by=dewi)
    assert state_of_people() == before
    run.refresh_from_db()
    assert run.state == "undone"
    with pytest.raises(RuleViolation):
        imports.undo(run, by=dewi)


@pytest.mark.django_db
def test_undo_is_for_a_day_for_the_latest_and_for_its_owner(ratna, dewi, budi, melati):
    run = applied(xlsx([person(A, kode_unit=melati.code)]), by=ratna)
    assert imports.may_undo(run, by=budi)
    assert imports.may_undo(run, by=dewi) == []
    assert imports.may_undo(run, by=ratna, at=timezone.now() + timedelta(hours=25))
    applied(xlsx([person(B, kode_unit=melati.code)]), by=ratna, at=timezone.now() + timedelta(seconds=1))
    assert imports.may_undo(run, by=ratna)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "why", ["signed in", "named elsewhere", "superior of an old colleague", "changed again", "moved again", "has a role", "gave a role",
            "corrected the same day"]
)
def test_undo_is_refused_with_the_blockers_while_something_hangs_on_it(why, sari, wati, budi, dewi, melati, cempaka):
    run = applied(
        xlsx([person(A, "Baru", kode_unit=melati.code), {"nip": sari.nip, "nama": "Sari Lain", "kode_unit": cempaka.code}]),
        by=dewi,
    )
    new = Account.objects.get(nip=A)
    if why == "signed in":
        Account.objects.filter(pk=new.pk).update(activated_at=timezone.now())
    elif why == "named elsewhere":
        from wagtail.models import Page

        Page.objects.create(
            title="x", slug="x", path="00019999", depth=2, owner=new, content_type=ContentType.objects.get_for_model(Page)
        )
    elif why == "superior of an old colleague":
        Placement.objects.filter(person=wati).update(superior=new)
    elif why == "changed again":
        Account.objects.filter(pk=sari.pk).update(name="Sari Lagi")
    elif why == "moved again":
        Placement.objects.filter(person=sari, ends_on__isnull=True).update(ends_on="2030-01-01")
    elif why == "gave a role":
        GrantFactory(person=budi, role="trainer", granted_by=new)
    elif why == "corrected the same day":
        placements.place(Account.objects.get(pk=sari.pk), unit=cempaka, superior=budi, by=dewi)
    else:
        GrantFactory(person=new, role="trainer")
    before = state_of_people()
    reasons = imports.may_undo(run, by=dewi)
    assert reasons and all("Baru" in reason or "Sari" in reason for reason in reasons)
    with pytest.raises(RuleViolation):
        imports.undo(run, by=dewi)
    assert state_of_people() == before


@pytest.mark.django_db
def test_an_undone_import_can_be_made_again(dewi, melati):
    content = xlsx([person(A, kode_unit=melati.code)])
    imports.undo(applied(content, by=dewi), by=dewi)
    assert applied(content, by=dewi).counts["created"] == 1


@pytest.mark.django_db
def test_an_import_is_not_taken_back_while_another_one_is_being_applied(dewi, melati, monkeypatch):
    """Also when the other one begins after it was asked whether this one may be taken back."""
    run = applied(xlsx([person(A, kode_unit=melati.code)]), by=dewi)
    other = checked(xlsx([person(B, kode_unit=melati.code)]), by=dewi)
    real = imports.lock_organisation

    def begin_the_other():
        imports.ask_apply(other, by=dewi)
        real()

    with monkeypatch.context() as late:
        late.setattr(imports, "lock_organisation", begin_the_other)
        with pytest.raises(RuleViolation):
            imports.undo(run, by=dewi)
    assert Account.objects.filter(nip=A).exists()
    imports.ask_apply(other, by=dewi)
    assert len(imports.may_undo(run, by=dewi)) == 1
    imports.apply(other)
    assert imports.may_undo(run, by=dewi)
    imports.undo(other, by=dewi)
    assert imports.may_undo(run, by=dewi) == []


@pytest.mark.django_db
def test_undo_withdraws_addresses_that_wait_for_a_confirmation(dewi, melati):
    hers, brought = (AccountFactory(nip=nip, activated_at=timezone.now()) for nip in (A, B))
    own_wish = ask_email_change(hers, "lain.a@contoh.example", by=hers)
    rows = [{"nip": A, "nama": hers.name, "email_dinas": "lain.a@contoh.example"}, {"nip": B, "nama": "Nama", "email_dinas": "lain.b@contoh.example"}]
    run = applied(xlsx(rows), by=dewi)
    wish = brought.email_changes.get()
    imports.undo(run, by=dewi)
    for change in (own_wish, wish):
        change.refresh_from_db()
    assert wish.is_withdrawn and not own_wish.is_withdrawn


@pytest.mark.django_db
def test_cells_of_refused_rows_go_with_the_file(dewi):
    run = applied(xlsx([person("12", "Nama Rahasia"), person(A, "Baik")]), by=dewi)
    assert "Nama Rahasia" in str(list(run.rows.values("changes")))
    imports.delete_old_files(at=timezone.now() + timedelta(days=29))
    assert "Nama Rahasia" in str(list(run.rows.values("changes")))
    imports.delete_old_files(at=timezone.now() + timedelta(days=31))
    assert "Nama Rahasia" not in str(list(run.rows.values("changes"))) and run.rows.count() == 2


# --- Two at once -----------------------------------------------------------------------------------------------------------------------------


def _both(work) -> list[Exception]:
    """Runs ``work`` in two threads with their own connections, released together."""
    start, failures = threading.Barrier(2), []

    def one():
        try:
            start.wait(10)
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_double_nobody(monkeypatch):
    from people.importers.people import PeopleImporter

    monkeypatch.setattr(PeopleImporter, "batch_size", 10)
    content = xlsx(
        [
            person(
                make_nip(8100 + n),
                f"P{n}",
                kode_unit=f"K{n % 7}",
                unit_kerja=f"Unit {n % 7}",
                jabatan=f"Jabatan {n % 3}",
                atasan_nip=make_nip(8100) if n else "",
            )
            for n in range(60)
        ]
    )
    runs: list[ImportRun] = []
    failures = _both(lambda: runs.append(applied(content)))

    assert failures == []
    assert Account.objects.count() == 60 == Placement.objects.count()
    assert OrgUnit.objects.count() == 7 and Position.objects.count() == 3 and OrgUnit.find_problems() == ([], [], [], [], [])
    assert sum(run.counts["created"] for run in runs) == 60
    assert sum(run.counts["created"] + run.counts["unchanged"] + run.counts["updated"] for run in runs) == 120


class Stopped(BaseException):
    """The worker is killed."""


@pytest.mark.django_db
@pytest.mark.parametrize("the_other", ["applies it whole", "is killed after its first batch"])
def test_one_run_applied_by_two_workers_can_still_be_taken_back(the_other, sari, wati, melati, monkeypatch):
    """A worker that lost its lease goes on with what it planned; its successor has written rows meanwhile."""
    from people.importers.people import PeopleImporter

    before, real, workers = state_of_people(), PeopleImporter.batches, []
    rows = [{"nip": sari.nip, "nama": "Sari Lain"}, {"nip": wati.nip, "nama": "Wati Lain"}, person(A, "Baru", kode_unit=melati.code)]
    run = run_of(xlsx(rows))
    imports.ask_apply(run, by=None)

    def batches(self, plans):
        workers.append(1)
        number = len(workers)
        if number == 1:
            try:
                imports.apply(ImportRun.objects.get(pk=run.pk))
            except Stopped:
                pass
        for place, batch in enumerate(real(self, plans)):
            if number == 2 and place == 1 and the_other.startswith("is killed"):
                raise Stopped
            yield batch

    monkeypatch.setattr(PeopleImporter, "batches", batches)
    monkeypatch.setattr(PeopleImporter, "batch_size", 1)
    imports.apply(run)
    run = ImportRun.objects.get(pk=run.pk)
    assert (run.state, run.counts["updated"], run.counts["created"], len(workers)) == ("applied", 2, 1, 2)
    assert AuditEvent.objects.filter(verb="import.applied").count() == 1
    assert state_of_people() != before
    imports.undo(run, by=None)
    assert state_of_people() == before


@pytest.mark.django_db(transaction=True)
def test_the_control_without_looking_again_under_the_lock_does_double(monkeypatch):
    """The test above means something: with the plan of the preview written blindly, the second import fails or doubles."""
    from people.importers.people import PeopleImporter

    content = xlsx([person(make_nip(8200 + n), f"P{n}", kode_unit="K", unit_kerja="Unit") for n in range(20)])
    real, ready = PeopleImporter.plan, threading.Barrier(2)

    def plan(self, plans, context, *, is_final):
        if not is_final:
            real(self, plans, context, is_final=False)
            ready.wait(10)

    monkeypatch.setattr(PeopleImporter, "plan", plan)
    assert _both(lambda: applied(content))


@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_long_import_runs(monkeypatch, sari):
    """Between two batches nothing is locked: a write of somebody else gets through in the middle of a run."""
    from people.domain import import_rows

    real, seen = import_rows.mark_written, []

    def after_a_batch(run, plans):
        real(run, plans)
        seen.append(len(seen))

    monkeypatch.setattr(import_rows, "mark_written", after_a_batch)
    written: list[int] = []

    def write_meanwhile():
        for number in range(5):
            Account.objects.filter(pk=sari.pk).update(phone=str(number))
            written.append(len(seen))

    content = xlsx([person(make_nip(8300 + n), f"P{n}", kode_unit="K", unit_kerja="Unit") for n in range(600)])
    writer = threading.Thread(target=lambda: (write_meanwhile(), connections.close_all()))
    run = run_of(content)
    imports.ask_apply(run, by=None)
    writer.start()
    imports.apply(run)
    writer.join(60)
    assert len(written) == 5 and Account.objects.get(pk=sari.pk).phone == "4"
    assert run.counts["created"] == 600
    assert not connection.in_atomic_block
