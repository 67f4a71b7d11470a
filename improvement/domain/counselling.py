"""Counselling (konseling): confidential (decisions 24). Each reader has her own fields; superior and trail learn only that support was given.

The notes are encrypted and read by the counsellor alone; the recipient gets the agreed result; the counselled person the shared summary,
and she is told who the recipient is.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit, crypto
from core.domain.errors import RuleViolation
from improvement.domain import loop, notices, remedies
from improvement.domain.evidence import case_of
from improvement.enums import ProposalState, Remedy, SessionState
from improvement.models import Counselling
from improvement.rules import is_superior_of, may_decide, people_decided_by
from people.enums import Role
from people.models import Account, Grant
from performance.models import Gap

DATES = frozenset({"state", "scheduled_at", "held_at", "closed_at"})
COUNSELLOR_FIELDS = DATES | {"person", "counsellor", "recipient", "gap", "notes", "shared_summary", "agreed_result"}
RECIPIENT_FIELDS = DATES | {"person", "counsellor", "agreed_result"}
PERSON_FIELDS = DATES | {"person", "counsellor", "recipient", "shared_summary"}


def fields_for(session: Counselling, user: Account) -> frozenset[str]:
    """The field names ``user`` may read; nothing for everybody else, HR and superior included."""
    if user.pk == session.counsellor_id:
        return COUNSELLOR_FIELDS
    if user.pk == session.recipient_id:
        return RECIPIENT_FIELDS
    return PERSON_FIELDS if user.pk == session.person_id else frozenset()


def read(session: Counselling, *, by: Account, at: datetime | None = None) -> dict:
    """What ``by`` may see of the session, as a dict with exactly the allowed keys; notes are decrypted for the counsellor only. Audited."""
    allowed = fields_for(session, by)
    if not allowed:
        raise RuleViolation(_("This session is confidential."))
    audit.record_read("counselling.read", session, by=by, subject=session.person, at=at)
    shown = {name: getattr(session, name) for name in allowed - {"notes"}}
    return shown | ({"notes": crypto.decrypt(session.notes_encrypted)} if "notes" in allowed else {})


def took_place(user: Account) -> QuerySet[Counselling]:
    """HR sees that it took place: person and dates of those ``user`` decides for; no word is loaded."""
    return (
        Counselling.objects.filter(person__in=people_decided_by(user)).exclude(state=SessionState.CANCELLED).select_related("person")
        .only("pk", "state", "scheduled_at", "held_at", "closed_at", "person")
    )


def sessions_of(user: Account) -> QuerySet[Counselling]:
    """Appointments in which ``user`` has a part, newest first; no word is loaded."""
    return (
        Counselling.objects.visible_to(user).exclude(state=SessionState.CANCELLED).select_related("person", "counsellor")
        .defer("notes_encrypted", "shared_summary", "agreed_result")
    )


def counsellors_for(person: Account) -> list[Account]:
    """Who may counsel this person: holders of the role for her unit or everywhere, never herself or her superior."""
    return _holders(person, Role.COUNSELLOR)


def recipients_for(person: Account) -> list[Account]:
    """Who may be told an agreed result: HR of her unit and central HR by a grant that is valid today, never herself or her superior."""
    return _holders(person, Role.HR_UNIT, Role.HR_CENTRAL)


def _holders(person: Account, *roles: Role) -> list[Account]:
    placement = person.placement
    path = placement.unit.path if placement else ""
    excluded = {person.pk, placement.superior_id if placement else None}
    grants = Grant.objects.valid().filter(role__in=roles, person__is_active=True).select_related("person", "unit")
    found = {g.person_id: g.person for g in grants if g.person_id not in excluded and (g.unit_id is None or path.startswith(g.unit.path))}
    return sorted(found.values(), key=lambda account: account.name)


def may_plan(person: Account, *, counsellor: Account, recipient: Account | None = None, by: Account) -> list[str]:
    """Superior or HR asks for it; an independent counsellor holds it; the result never goes to the direct superior."""
    reasons = may_decide(person, by=by)
    if counsellor.pk not in {account.pk for account in counsellors_for(person)}:
        reasons.append(_("This person is not an independent counsellor for the unit."))
    if recipient is None or recipient.pk in {account.pk for account in recipients_for(person)}:
        return reasons
    if recipient.pk == person.pk:
        reasons.append(_("The result goes to somebody other than the person herself."))
    elif is_superior_of(recipient, person):
        reasons.append(_("The result does not go to the direct superior."))
    else:
        reasons.append(_("The result goes to HR of the unit or to central HR only."))
    return reasons


@transaction.atomic
def plan_counselling(
    person: Account, *, counsellor: Account, scheduled_at: datetime, recipient: Account | None = None, gap: Gap | None = None, by: Account,
    at: datetime | None = None,
) -> Counselling:
    """An appointment, for a gap or without one. For a gap it confirms the remedy: the gap is addressed. Asked for twice, it is one."""
    moment = at or timezone.now()
    reasons = may_plan(person, counsellor=counsellor, recipient=recipient, by=by)
    case = case_of(gap) if gap is not None else None
    if case is not None and case.is_final:
        reasons.append(_("This gap is closed."))
    if reasons:
        raise RuleViolation(reasons)
    Account.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    planned = Counselling.objects.filter(person=person, counsellor=counsellor, gap=case, scheduled_at=scheduled_at, state=SessionState.PLANNED)
    if (same := planned.filter(recipient=recipient).first()) is not None:
        return same
    proposal = remedies.coaching_proposal(case, Remedy.COUNSELLING) if case is not None else None
    session = Counselling.objects.create(
        person=person, counsellor=counsellor, recipient=recipient, gap=case, proposal=proposal, scheduled_at=scheduled_at, created_at=moment,
    )
    if proposal is not None:
        remedies.settle(proposal, ProposalState.CONFIRMED, by=by, at=moment)
    if case is not None:
        loop.remedy_confirmed(case, by=by, at=moment)
    audit.record("counselling.planned", session, by=by, subject=person, at=moment)
    notices.tell_planned(session, counsellor, by=by, at=moment)
    return session


def _locked(session: Counselling) -> Counselling:
    """The row as it stands now, kept from others until the transaction ends."""
    rows = Counselling.objects.select_for_update(of=("self",)).select_related("person", "counsellor", "recipient", "gap__parent", "gap__person")
    return rows.get(pk=session.pk)


def may_write(session: Counselling, *, by: Account) -> list[str]:
    reasons = []
    if by.pk != session.counsellor_id:
        reasons.append(_("Only the counsellor writes here."))
    if session.state not in (SessionState.PLANNED, SessionState.HELD):
        reasons.append(_("This session is closed."))
    return reasons


@transaction.atomic
def save_session(
    session: Counselling, *, version: int, by: Account, notes: str = "", shared_summary: str = "", agreed_result: str = "",
    at: datetime | None = None,
) -> Counselling:
    """What was talked about (encrypted), what both share, what the recipient is told. ``version`` as in ``guidance.save_talk``."""
    moment = at or timezone.now()
    session = _locked(session)
    reasons = may_write(session, by=by)
    if session.version != version:
        reasons.append(_("This session was changed in another window meanwhile. Compare before you save again."))
    if reasons:
        raise RuleViolation(reasons)
    session.notes_encrypted = crypto.encrypt(notes.strip())
    session.shared_summary, session.agreed_result = shared_summary.strip()[:2000], agreed_result.strip()[:1000]
    session.state, session.held_at, session.version = SessionState.HELD, session.held_at or moment, session.version + 1
    session.save(update_fields=["notes_encrypted", "shared_summary", "agreed_result", "state", "held_at", "version"])
    audit.record("counselling.written", session, by=by, subject=session.person, at=moment)
    return session


@transaction.atomic
def close_session(session: Counselling, *, by: Account, at: datetime | None = None) -> Counselling:
    """The session ends; the gap learns that support was given, and when; the recipient that she may read the agreed result."""
    moment = at or timezone.now()
    session = _locked(session)
    reasons = may_write(session, by=by)
    if session.state == SessionState.PLANNED:
        reasons.append(_("Write the summary before you close the session."))
    if reasons:
        raise RuleViolation(reasons)
    session.state, session.closed_at = SessionState.CLOSED, moment
    session.save(update_fields=["state", "closed_at"])
    audit.record("counselling.closed", session, by=by, subject=session.person, at=moment)
    if session.recipient_id and session.agreed_result:
        notices.tell_result(session, at=moment)
    loop.counselling_closed(session, at=moment)
    return session


@transaction.atomic
def cancel_session(session: Counselling, *, by: Account, at: datetime | None = None) -> Counselling:
    """The appointment does not take place; the person is told."""
    moment = at or timezone.now()
    session = _locked(session)
    if reasons := may_write(session, by=by):
        raise RuleViolation(reasons)
    session.state, session.closed_at = SessionState.CANCELLED, moment
    session.save(update_fields=["state", "closed_at"])
    audit.record("counselling.cancelled", session, by=by, subject=session.person, at=moment)
    notices.tell_cancelled(session, session.counsellor, at=moment)
    if session.gap_id:
        loop.remedy_called_off(session.gap, by=by, at=moment)
    return session
