"""Guidance (bimbingan): an agenda by both, four boxes, one agreed action that both confirm (domain.md §1.5, experience §5 S3).

``goal, reality, options, agreement`` are shared by the two; ``private_note`` is read by its writer alone; ``formal_summary`` and the agreed
action are the formal record. Until the talk is closed it belongs to the two; then HR of the unit and central HR read it too, nobody else.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from improvement.domain import loop, notices, remedies
from improvement.domain.evidence import case_of
from improvement.enums import ProposalState, Remedy, SessionState
from improvement.models import AgendaItem, Guidance
from improvement.rules import is_hr_of, may_decide, people_of_hr
from people.models import Account
from performance.models import Gap

SHARED = frozenset({"goal", "reality", "options", "agreement"})
FORMAL = frozenset({"formal_summary", "action", "action_due_on", "action_done_at"})
PRIVATE = frozenset({"private_note"})


def fields_for(guidance: Guidance, user: Account) -> frozenset[str]:
    """Which written fields ``user`` may read: the two what they share, the writer her own note, HR the formal record of a closed talk."""
    if user.pk == guidance.conductor_id:
        return SHARED | FORMAL | PRIVATE
    if user.pk == guidance.person_id:
        return SHARED | FORMAL
    is_agreed = guidance.state == SessionState.CLOSED
    return FORMAL if is_agreed and is_hr_of(user, guidance.person) else frozenset()


def may_read_action(guidance: Guidance, user: Account | None) -> bool:
    """Outside the talk's own page (trail, text for *bukti dukung*): agreed by both, and ``user`` is one of its readers."""
    return user is not None and guidance.state == SessionState.CLOSED and "action" in fields_for(guidance, user)


def formal_records(user: Account) -> QuerySet[Guidance]:
    """H4: closed talks of the people whose HR ``user`` is; what was said is not loaded."""
    return (
        Guidance.objects.filter(person__in=people_of_hr(user), state=SessionState.CLOSED)
        .select_related("person", "conductor", "gap").defer(*SHARED, *PRIVATE)
    )


def agreed_before(talk: Guidance) -> Guidance | None:
    """The latest earlier talk of the same two that has an action."""
    earlier = Guidance.objects.filter(person=talk.person_id, conductor=talk.conductor_id, scheduled_at__lt=talk.scheduled_at)
    return earlier.exclude(action="").exclude(state=SessionState.CANCELLED).order_by("-scheduled_at").first()


def talks_of(user: Account) -> QuerySet[Guidance]:
    """L8 and S3: the talks in which ``user`` takes part, newest first; only what a list shows."""
    people = [f"{who}__{name}" for who in ("person", "conductor") for name in ("name", "title_front", "title_back")]
    return (
        Guidance.objects.visible_to(user).exclude(state=SessionState.CANCELLED).select_related("person", "conductor")
        .only("state", "scheduled_at", *FORMAL - {"formal_summary"}, "confirmed_by_person_at", "confirmed_by_conductor_at", *people)
    )


# --- planning ------------------------------------------------------------------------------------------------------------------------------
def may_plan(person: Account, *, conductor: Account, by: Account) -> list[str]:
    """The superior or HR of the unit plans; conductor is the superior, or another person given this task."""
    reasons = may_decide(person, by=by)
    if conductor.pk == person.pk:
        reasons.append(_("Nobody guides herself."))
    if not conductor.is_active:
        reasons.append(_("This account is closed."))
    return reasons


@transaction.atomic
def plan_guidance(
    person: Account, *, conductor: Account, scheduled_at: datetime, place: str = "", gap: Gap | None = None, by: Account, at: datetime | None = None,
) -> Guidance:
    """A talk on a day, for a gap (kept on its case) or without one. For a gap it confirms the remedy: the gap is addressed.

    The same talk asked for twice (a double tap) is one talk: who plans for a person waits for the other, and finds it.
    """
    moment = at or timezone.now()
    reasons = may_plan(person, conductor=conductor, by=by)
    case = case_of(gap) if gap is not None else None
    if case is not None and case.is_final:
        reasons.append(_("This gap is closed."))
    if reasons:
        raise RuleViolation(reasons)
    Account.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    same = Guidance.objects.filter(person=person, conductor=conductor, gap=case, scheduled_at=scheduled_at, state=SessionState.PLANNED).first()
    if same is not None:
        return same
    proposal = remedies.coaching_proposal(case, Remedy.GUIDANCE) if case is not None else None
    talk = Guidance.objects.create(
        person=person, conductor=conductor, gap=case, proposal=proposal, scheduled_at=scheduled_at, place=place.strip()[:200], created_at=moment,
    )
    if proposal is not None:
        remedies.settle(proposal, ProposalState.CONFIRMED, by=by, at=moment)
    if case is not None:
        loop.remedy_confirmed(case, by=by, at=moment)
    audit.record("guidance.planned", talk, by=by, subject=person, detail={"gap": talk.gap_id}, at=moment)
    notices.tell_planned(talk, conductor, by=by, at=moment)
    return talk


def _locked(talk: Guidance) -> Guidance:
    """The row as it stands now, kept from others until the transaction ends."""
    return Guidance.objects.select_for_update(of=("self",)).select_related("person", "conductor", "gap__parent", "gap__person").get(pk=talk.pk)


def may_move(talk: Guidance, *, by: Account) -> list[str]:
    return _may_write(talk, by=by, states=(SessionState.PLANNED,))


@transaction.atomic
def move_guidance(talk: Guidance, *, scheduled_at: datetime, place: str = "", by: Account, at: datetime | None = None) -> Guidance:
    """Another time or place; only the conductor moves it, and only before it was held."""
    moment = at or timezone.now()
    talk = _locked(talk)
    if reasons := may_move(talk, by=by):
        raise RuleViolation(reasons)
    talk.scheduled_at, talk.place, talk.version = scheduled_at, place.strip()[:200], talk.version + 1
    talk.save(update_fields=["scheduled_at", "place", "version"])
    audit.record("guidance.moved", talk, by=by, subject=talk.person, at=moment)
    notices.tell_moved(talk, talk.conductor, at=moment)
    return talk


@transaction.atomic
def cancel_guidance(talk: Guidance, *, by: Account, at: datetime | None = None) -> Guidance:
    """Not held: nothing of it counts. A gap that has nothing else waits for a new decision."""
    moment = at or timezone.now()
    talk = _locked(talk)
    if reasons := may_move(talk, by=by):
        raise RuleViolation(reasons)
    talk.state, talk.closed_at = SessionState.CANCELLED, moment
    talk.save(update_fields=["state", "closed_at"])
    audit.record("guidance.cancelled", talk, by=by, subject=talk.person, at=moment)
    notices.tell_cancelled(talk, talk.conductor, at=moment)
    if talk.gap_id:
        loop.remedy_called_off(talk.gap, by=by, at=moment)
    return talk


@transaction.atomic
def add_agenda_item(talk: Guidance, text: str, *, by: Account, at: datetime | None = None) -> AgendaItem:
    """Both may write before they meet."""
    reasons = []
    if by.pk not in (talk.person_id, talk.conductor_id):
        reasons.append(_("Only the two who meet write the agenda."))
    if talk.state not in (SessionState.PLANNED, SessionState.HELD):
        reasons.append(_("This talk is closed."))
    if not text.strip():
        reasons.append(_("Write what you want to talk about."))
    if reasons:
        raise RuleViolation(reasons)
    return AgendaItem.objects.create(guidance=talk, by=by, text=text.strip()[:300], at=at or timezone.now())


# --- the talk ------------------------------------------------------------------------------------------------------------------------------
def may_write_talk(talk: Guidance, *, by: Account) -> list[str]:
    return _may_write(talk, by=by, states=(SessionState.PLANNED, SessionState.HELD))


def _may_write(talk: Guidance, *, by: Account, states: tuple) -> list[str]:
    reasons = []
    if by.pk != talk.conductor_id:
        reasons.append(_("Only the one who leads the talk writes here."))
    if talk.state not in states:
        reasons.append(_("This talk is closed.") if talk.state in (SessionState.CLOSED, SessionState.CANCELLED) else _("This talk was already held."))
    return reasons


@transaction.atomic
def save_talk(
    talk: Guidance, *, version: int, by: Account, goal: str = "", reality: str = "", options: str = "", agreement: str = "", private_note: str = "",
    formal_summary: str = "", action: str = "", action_due_on: date | None = None, asks_agreement: bool = False, at: datetime | None = None,
) -> Guidance:
    """What was said and agreed. ``version`` is the one the form was opened with: a newer one on the server refuses the save, nothing is lost.

    ``asks_agreement``: the conductor stands by the agreed words and asks the other to confirm them. Other words need both confirmations
    anew; where the other confirmed these very words before, the talk is closed.
    """
    moment = at or timezone.now()
    talk = _locked(talk)
    reasons = may_write_talk(talk, by=by)
    if talk.version != version:
        reasons.append(_("This talk was changed in another window meanwhile. Compare before you save again."))
    if asks_agreement and (not action.strip() or action_due_on is None):
        reasons.append(_("An agreement names one action and its date."))
    if reasons:
        raise RuleViolation(reasons)
    before = _agreed_words(talk)
    talk.goal, talk.reality, talk.options, talk.agreement = goal.strip(), reality.strip(), options.strip(), agreement.strip()
    talk.private_note, talk.formal_summary = private_note.strip(), formal_summary.strip()[:1000]
    talk.action, talk.action_due_on = action.strip()[:300], action_due_on
    if _agreed_words(talk) != before:
        talk.confirmed_by_person_at = talk.confirmed_by_conductor_at = None
    talk.state, talk.held_at, talk.version = SessionState.HELD, talk.held_at or moment, talk.version + 1
    if asks_agreement:
        talk.confirmed_by_conductor_at = moment
    talk.save()
    audit.record("guidance.written", talk, by=by, subject=talk.person, detail={"asks": asks_agreement}, at=moment)
    return _close_or_ask(talk, talk.person, by=by, at=moment) if asks_agreement else talk


def _agreed_words(talk: Guidance) -> tuple:
    """What the two confirm: the agreement in their words, the action with its date, and the formal record that goes to HR."""
    return talk.agreement, talk.action, talk.action_due_on, talk.formal_summary


def _close_or_ask(talk: Guidance, other: Account, *, by: Account, at: datetime) -> Guidance:
    """With the second confirmation the talk is closed; with the first the other is asked."""
    if talk.confirmed_by_person_at and talk.confirmed_by_conductor_at:
        return _close(talk, by=by, at=at)
    notices.tell_agreement(talk, other, at=at)
    return talk


# --- the agreement ---------------------------------------------------------------------------------------------------------------------------
def may_confirm(talk: Guidance, *, by: Account) -> list[str]:
    if by.pk not in (talk.person_id, talk.conductor_id):
        return [_("Only the two who met confirm the agreement.")]
    if talk.state != SessionState.HELD or not talk.action:
        return [_("There is no agreement to confirm.")]
    return []


@transaction.atomic
def confirm_agreement(talk: Guidance, *, by: Account, version: int | None = None, at: datetime | None = None) -> Guidance:
    """Each confirms for herself; with the second confirmation the talk is closed.

    ``version``: the one that was read (left out: that of ``talk``). Nobody confirms words that were changed since.
    """
    moment = at or timezone.now()
    seen, talk = talk.version if version is None else version, _locked(talk)
    reasons = may_confirm(talk, by=by)
    if not reasons and talk.version != seen:
        reasons.append(_("The words were changed meanwhile. Please read them again before you confirm."))
    if reasons:
        raise RuleViolation(reasons)
    is_person = by.pk == talk.person_id
    if is_person:
        talk.confirmed_by_person_at = talk.confirmed_by_person_at or moment
    else:
        talk.confirmed_by_conductor_at = talk.confirmed_by_conductor_at or moment
    talk.save(update_fields=["confirmed_by_person_at", "confirmed_by_conductor_at"])
    audit.record("guidance.confirmed", talk, by=by, subject=talk.person, at=moment)
    return _close_or_ask(talk, talk.conductor if is_person else talk.person, by=by, at=moment)


@transaction.atomic
def close_without_action(talk: Guidance, *, by: Account, at: datetime | None = None) -> Guidance:
    """A talk that needed no action is closed by its conductor alone."""
    talk = _locked(talk)
    reasons = _may_write(talk, by=by, states=(SessionState.HELD,))
    if talk.action:
        reasons.append(_("The agreed action must be confirmed by both."))
    if reasons:
        raise RuleViolation(reasons)
    return _close(talk, by=by, at=at or timezone.now())


def _close(talk: Guidance, *, by: Account, at: datetime) -> Guidance:
    talk.state, talk.closed_at = SessionState.CLOSED, at
    talk.save(update_fields=["state", "closed_at"])
    audit.record("guidance.closed", talk, by=by, subject=talk.person, at=at)
    loop.guidance_closed(talk, at=at)
    return talk


def may_mark_done(talk: Guidance, *, by: Account) -> list[str]:
    if by.pk not in (talk.person_id, talk.conductor_id):
        return [_("Only the two who met say that the action is done.")]
    if talk.state != SessionState.CLOSED or not talk.action or talk.action_done_at is not None:
        return [_("There is no agreed action to finish.")]
    return []


@transaction.atomic
def mark_action_done(talk: Guidance, *, by: Account, at: datetime | None = None) -> Guidance:
    """The agreed action has been carried out; it may have been the last thing the gap waited for."""
    moment = at or timezone.now()
    talk = _locked(talk)
    if reasons := may_mark_done(talk, by=by):
        raise RuleViolation(reasons)
    talk.action_done_at = moment
    talk.save(update_fields=["action_done_at"])
    audit.record("guidance.action_done", talk, by=by, subject=talk.person, at=moment)
    if talk.gap_id:
        loop.await_family_if_ready(talk.gap, at=moment)
    return talk


def overdue_actions(user: Account, *, on: date) -> QuerySet[Guidance]:
    """H4: agreements past their date, of the people whose HR ``user`` is."""
    return formal_records(user).filter(action_done_at__isnull=True, action_due_on__lt=on).exclude(action="")
