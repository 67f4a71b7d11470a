"""The improvement record: proposed, answered by the person or final after seven days, never changed again."""

from datetime import date, timedelta

import pytest

from core.domain import outbox, schedule
from core.domain.dates import instant_on
from core.domain.errors import RuleViolation
from core.models import AuditEvent
from performance.domain import record
from performance.models import PerformanceRecord

pytestmark = pytest.mark.django_db


def draft(person, key="gap:1:improved", **more):
    facts = {
        "kind": "improved",
        "gap": None,
        "summary": "KK 24 jam: dari 71 % menjadi 93 %.",
        "before": {"value": "71"},
        "after": {"value": "93"},
        "evidence": [{"kind": "evaluation", "id": 1, "sha256": "0" * 64, "snapshot": {}}],
        "done_before": ["course"],
        "by": None,
    }
    return record.Entry(person, key=key, **facts | more)


def entry(person, key="gap:1:improved", at=None, **more):
    return record.append(draft(person, key, **more), at=at)


def test_the_same_fact_is_recorded_once(sari):
    first = entry(sari)
    assert entry(sari, summary="anders").pk == first.pk
    assert PerformanceRecord.objects.get().summary.startswith("KK 24 jam")


def test_many_entries_keep_their_order_and_cost_as_much_as_one(sari, budi, django_assert_num_queries):
    known = entry(sari, key="b")
    drafts = [draft(sari, "a"), draft(budi, "b", summary="anders"), draft(budi, "c"), draft(sari, "a")]
    with django_assert_num_queries(5):  # savepoint, known ones, entries, audit rows, release
        written = record.append_many(drafts)
    assert [(row.key, row.person_id) for row in written] == [("a", sari.pk), ("b", sari.pk), ("c", budi.pk), ("a", sari.pk)]
    assert written[1] == known and written[0].pk == written[3].pk
    proposed = AuditEvent.objects.filter(verb="record.proposed").values_list("object_id", flat=True)
    assert sorted(proposed) == sorted(PerformanceRecord.objects.values_list("pk", flat=True))


def test_nothing_done_is_said_in_words(sari):
    assert entry(sari, done_before=[]).done_before == ["none"]
    assert entry(sari, key="b", done_before=["course", "course", "guidance"]).done_before == ["course", "guidance"]


@pytest.mark.parametrize("wrong", [{"kind": "praise"}, {"key": ""}, {"done_before": ["luck"]}, {"evidence": [{"kind": "x"}]}])
def test_malformed_entries_are_a_bug(sari, wrong):
    with pytest.raises(ValueError):
        entry(sari, **wrong)


def test_the_person_answers_and_it_is_final(sari, budi):
    proposed = entry(sari)
    with pytest.raises(RuleViolation):
        record.acknowledge(proposed, by=budi)
    with pytest.raises(RuleViolation):
        record.acknowledge(proposed, note="x" * 2001, by=sari)
    record.acknowledge(proposed, note=" Terima kasih. ", by=sari)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.person_note) == ("final", "Terima kasih.")
    with pytest.raises(RuleViolation):
        record.acknowledge(proposed, note="lain", by=sari)


def test_after_seven_days_it_is_final_without_a_word(sari):
    now = instant_on(date(2026, 5, 4), 12)
    old, fresh = entry(sari, at=now - timedelta(days=7)), entry(sari, key="b", at=now - timedelta(days=6))
    schedule.tick(at=now)
    outbox.drain(at=now)
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.state, old.acknowledged_at, fresh.state) == ("final", None, "proposed")
    assert record.finalise_due(at=now) == 0


def test_many_entries_become_final_in_short_transactions(sari, monkeypatch):
    now, sizes = instant_on(date(2026, 5, 4), 12), []
    for number in range(5):
        entry(sari, key=f"old:{number}", at=now - timedelta(days=8))
    finalise_some = record._finalise_some
    monkeypatch.setattr(record, "_finalise_some", lambda *args, **more: sizes.append(finalise_some(*args, **more)) or sizes[-1])
    assert record.finalise_due(at=now, at_once=2) == 5
    assert sizes == [2, 2, 1, 0]
    assert AuditEvent.objects.filter(verb="record.became_final").count() == 5


def test_who_reads_the_record(sari, budi, wati):
    entry(sari)
    assert [person.name for person in (sari, budi, wati) if PerformanceRecord.objects.visible_to(person)] == [
        sari.name,
        budi.name,
    ]
