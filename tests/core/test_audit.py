"""The audit trail: append-only by triggers, chained by one sealer, and whatever is done to it is found."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core.domain import audit, audit_chain, audit_guard
from core.models import AuditEvent, AuditLink, Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def head_file(tmp_path, settings):
    settings.DATA_DIR = tmp_path


def write_events(count, start=0):
    job = Job(pk=1)
    for number in range(start, start + count):
        audit.record("test.done", job, by=None, detail={"number": number}, at=datetime(2026, 11, 24, 5, 0, number % 60, number, tzinfo=UTC))


def test_events_are_sealed_in_batches_and_the_chain_holds(monkeypatch):
    monkeypatch.setattr(audit_chain, "BATCH", 10)
    write_events(25)
    assert audit_chain.verify().unsealed == 25
    assert audit_chain.seal() == 25
    assert audit_chain.seal() == 0
    write_events(3, start=25)
    assert audit_chain.seal() == 3
    finding = audit_chain.verify()
    assert (finding.problems, finding.unsealed, finding.head.count) == ([], 0, 28)
    assert finding.head == audit_chain.head() == audit_chain.kept_head()


def test_an_event_that_a_slow_transaction_commits_late_is_sealed_too():
    write_events(3)
    late = AuditEvent.objects.order_by("pk").first()
    AuditEvent.objects.filter(pk=late.pk).delete()
    audit_chain.seal()
    late.save(force_insert=True)
    assert audit_chain.seal() == 1
    assert audit_chain.verify().problems == []


CHANGES = {
    "the verb": "UPDATE core_auditevent SET verb = 'test.other' WHERE id = {event}",
    "the time": "UPDATE core_auditevent SET at = '2020-01-01 00:00:00' WHERE id = {event}",
    "the actor": "UPDATE core_auditevent SET actor_id = 7 WHERE id = {event}",
    "the detail": "UPDATE core_auditevent SET detail = '{{}}' WHERE id = {event}",
    "the hash": "UPDATE core_auditlink SET hash = repeat_a WHERE event_id = {event}",
    "a link cut out": "DELETE FROM core_auditlink WHERE event_id = {event}",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("position", [0, 7, 18])
def test_whatever_is_changed_is_found(change, position):
    write_events(20)
    audit_chain.seal()
    event = AuditEvent.objects.order_by("pk").values_list("pk", flat=True)[position]
    with connection.cursor() as cursor:
        cursor.execute(CHANGES[change].format(event=event).replace("repeat_a", "'" + "a" * 64 + "'"))
    assert audit_chain.verify().problems


def test_an_event_that_is_gone_is_named_also_at_the_end():
    """Nobody needs the kept head to see it: the link is still there."""
    write_events(3)
    audit_chain.seal()
    audit_chain.head_file().unlink()
    last = AuditEvent.objects.order_by("pk").last()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditevent WHERE id = %s", [last.pk])
    (problem,) = audit_chain.verify().problems
    assert str(last.pk) in problem and "3" in problem
    AuditLink.objects.filter(event_id=last.pk).delete()


def test_two_sealers_do_not_write_into_one_draft_of_the_head():
    """The draft of another sealer, half written, is in nobody's way."""
    audit_chain.head_file().with_suffix(".new").mkdir()
    write_events(1)
    audit_chain.seal()
    assert audit_chain.kept_head() == audit_chain.head()
    assert not list(audit_chain.head_file().parent.glob(".audit_head*"))


def test_two_events_that_changed_places_are_found():
    write_events(5)
    audit_chain.seal()
    one, other = AuditLink.objects.order_by("sequence")[1:3]
    spare = AuditEvent.objects.create(at=datetime(2026, 1, 1, tzinfo=UTC), verb="x", object_kind="x")
    for link, event_id in ((one, spare.pk), (other, one.event_id), (one, other.event_id)):
        AuditLink.objects.filter(pk=link.pk).update(event_id=event_id)
    assert len(audit_chain.verify().problems) == 2


def test_an_end_that_was_cut_off_is_found_by_the_head_kept_outside():
    write_events(5)
    audit_chain.seal()
    printed = audit_chain.head()
    AuditLink.objects.filter(sequence__gt=3).delete()
    assert audit_chain.verify().problems  # by the kept file
    audit_chain.head_file().unlink()
    assert audit_chain.verify().problems == []  # nobody could know
    assert audit_chain.verify(known=printed).problems  # by the printed head


def test_a_forged_end_is_found_by_the_head_kept_outside():
    write_events(5)
    audit_chain.seal()
    printed = audit_chain.head()
    AuditLink.objects.filter(sequence=5).delete()
    AuditEvent.objects.filter(link__isnull=True).update(verb="test.forged")
    audit_chain.seal()
    assert audit_chain.verify(known=printed).problems


def test_the_command_prints_head_and_count_and_fails_on_a_change(capsys):
    write_events(2)
    audit_chain.seal()
    call_command("verify_audit", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["count"], told["head"]) == (True, 2, audit_chain.head().hash)
    AuditEvent.objects.update(verb="test.other")
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit")
    assert end.value.code == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_changes():
    write_events(1)
    audit_chain.seal()
    audit_guard.install()
    try:
        assert audit_guard.is_installed()
        for act in (
            lambda: AuditEvent.objects.update(verb="x"), lambda: AuditLink.objects.update(hash="x"),
            lambda: AuditLink.objects.all().delete(), lambda: AuditEvent.objects.filter(link__isnull=False)._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act()
        write_events(1, start=1)  # adding goes on
        assert audit_chain.seal() == 1
    finally:
        audit_guard.remove()
    assert not audit_guard.is_installed()


def test_names_do_not_stand_in_the_trail_only_keyed_hashes():
    event = audit.record("test.changed", Job(pk=1), by=None, before={"nip": "198609262015051001"}, after={"nip": "198609262015051002"})
    assert len(event.before_hash) == len(event.after_hash) == 64
    assert event.before_hash != event.after_hash
    assert "1986" not in json.dumps(event.detail)


def test_reading_ones_own_data_leaves_no_row_reading_anothers_does(django_user_model):
    sari = django_user_model.objects.create_user("198609262015051001", name="Sari")
    budi = django_user_model.objects.create_user("198609262015051002", name="Budi")
    assert audit.record_read("gap.read", sari, by=sari, subject=sari) is None
    row = audit.record_read("gap.read", sari, by=budi, subject=sari)
    assert (row.is_read, row.actor_id, row.subject_id) == (True, budi.pk, sari.pk)
