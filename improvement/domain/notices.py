"""Every notice of the loop and its words, in one place. Who reads it gets it in her own language; each fact is told once (its key)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.domain.dates import format_day, format_daytime, local_date
from improvement.domain.words import gap_title, language_of
from people.domain.notices import Draft, cancel_notice, notify, notify_many
from people.enums import NoticeKind, Role
from people.models import Account, Grant
from performance.models import Gap

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def address(name: str, *args) -> str:
    """A path of ours; empty where the screen is switched off, so that a fact never fails for want of its screen."""
    try:
        return reverse(f"improvement:{name}", args=args)
    except NoReverseMatch:
        return ""


# --- assignments -----------------------------------------------------------------------------------------------------------------------
def assigned_key(assignment) -> str:
    return f"assignment:{assignment.pk}"


def tell_assigned(assignments: Sequence, *, at: datetime, not_before: datetime | None = None) -> None:
    """The reason in plain words, and that context or another course may be asked for. Waits until the undo time has ended (decisions 25)."""
    drafts = []
    for assignment in assignments:
        with language_of(assignment.person):
            until = _(" Please finish it by %(day)s.") % {"day": format_day(assignment.due_on)} if assignment.due_on else ""
            drafts.append(Draft(
                assignment.person, NoticeKind.ASSIGNMENT, assigned_key(assignment),
                _("A course for you: %(course)s") % {"course": assignment.course.title},
                _("%(reason)s%(until)s You may add context or ask for another course or date.") % {"reason": assignment.reason, "until": until},
                address("home"),
            ))
    notify_many(drafts, at=at, not_before=not_before)


def take_back_assigned(assignments: Sequence) -> None:
    cancel_notice(*[assigned_key(assignment) for assignment in assignments])


def tell_now_voluntary(assignment, *, at: datetime) -> None:
    with language_of(assignment.person):
        notify(
            assignment.person, kind=NoticeKind.ASSIGNMENT, key=f"voluntary:{assignment.pk}",
            title=_("Now voluntary: %(course)s") % {"course": assignment.course.title},
            body=_("A new measurement has closed the reason for this course. There is no due date any more and you get no reminders. "
                   "If you finish it, learning hours and certificate still count."),
            url=address("home"), at=at,
        )


def tell_reminder(assignment, text: str, *, at: datetime) -> None:
    with language_of(assignment.person):
        notify(
            assignment.person, kind=NoticeKind.REMINDER, key=f"reminder:{assignment.pk}:{local_date(at).isoformat()}",
            title=_("Reminder: %(course)s") % {"course": assignment.course.title}, body=text, url=address("home"), at=at,
        )


def tell_request(learner_request, deciders: Sequence[Account], *, at: datetime) -> None:
    assignment, drafts = learner_request.assignment, []
    for decider in deciders:
        with language_of(decider):
            drafts.append(Draft(
                decider, NoticeKind.REQUEST, f"request:{learner_request.pk}:{decider.pk}",
                _("%(person)s asks: %(kind)s") % {"person": assignment.person.full_name, "kind": learner_request.get_kind_display().lower()},
                learner_request.text, address("approvals"),
            ))
    notify_many(drafts, at=at)


def tell_answer(learner_request, *, at: datetime) -> None:
    person = learner_request.assignment.person
    with language_of(person):
        notify(
            person, kind=NoticeKind.REQUEST, key=f"answer:{learner_request.pk}",
            title=_("Your request was answered: %(state)s") % {"state": learner_request.get_state_display().lower()},
            body=learner_request.answer, url=address("home"), at=at,
        )


# --- gaps and reviews --------------------------------------------------------------------------------------------------------------------
def tell_gaps_opened(superior: Account, *, key: str, at: datetime) -> None:
    with language_of(superior):
        notify(
            superior, kind=NoticeKind.REVIEW, key=key, title=_("New gaps to talk about in your team"),
            body=_("Talk about the cause first. Only a lack of skill is answered by a course."), url=address("team"), at=at,
        )


def tell_review_due(gap: Gap, deciders: Sequence[Account], *, at: datetime) -> None:
    drafts = []
    for decider in deciders:
        with language_of(decider):
            drafts.append(Draft(
                decider, NoticeKind.REVIEW, f"review:{gap.pk}:{gap.awaiting_since:%Y%m%d}:{decider.pk}",
                _("Time to look again: %(person)s") % {"person": gap.person.full_name},
                _("%(what)s: 90 days have passed since the learning ended. Say what you see now.") % {"what": gap_title(gap)},
                address("trail", gap.pk),
            ))
    notify_many(drafts, at=at)


def tell_records_proposed(entries: Sequence, *, at: datetime) -> None:
    """Each person once, however many entries came with one measurement."""
    of_person: dict[int, list] = {}
    for entry in entries:
        of_person.setdefault(entry.person_id, []).append(entry)
    drafts = []
    for mine in of_person.values():
        person, summaries = mine[0].person, " ".join(entry.summary for entry in mine)
        with language_of(person):
            drafts.append(Draft(
                person, NoticeKind.RECORD, f"record:{mine[0].pk}", _("A new entry in your improvement record"),
                _("%(summary)s You may add a note within 7 days; then the entry is final.") % {"summary": summaries}, address("my_performance"),
            ))
    notify_many(drafts, at=at)


# --- coaching and application ----------------------------------------------------------------------------------------------------------
def _tell_appointment(session, readers: Sequence[tuple[Account, Account]], *, fact: str, title: _StrPromise, body: _StrPromise, at: datetime) -> None:
    """``readers``: who is told, and with whom she meets. The titles name nobody: they also go out by e-mail."""
    screen, drafts = session._meta.model_name, []
    for reader, other in readers:
        with language_of(reader):
            drafts.append(Draft(
                reader, NoticeKind.COACHING, f"{screen}:{session.pk}:{fact}:{reader.pk}",
                str(title) % {"when": format_daytime(session.scheduled_at)}, str(body) % {"person": other.full_name}, address(screen, session.pk),
            ))
    notify_many(drafts, at=at)


def tell_planned(session, leader: Account, *, by: Account, at: datetime) -> None:
    """The two who will meet; not whoever planned it."""
    pair = [(session.person, leader), (leader, session.person)]
    _tell_appointment(
        session, [(reader, other) for reader, other in pair if reader.pk != by.pk], fact="planned",
        title=gettext_lazy("A talk is planned: %(when)s"), body=gettext_lazy("With %(person)s. You may prepare your notes."), at=at,
    )


def tell_moved(session, leader: Account, *, at: datetime) -> None:
    _tell_appointment(
        session, [(session.person, leader)], fact=f"moved:{session.version}", title=gettext_lazy("The talk has a new time: %(when)s"),
        body=gettext_lazy("With %(person)s. The earlier appointment no longer holds."), at=at,
    )


def tell_cancelled(session, leader: Account, *, at: datetime) -> None:
    """Whoever leads the talk has cancelled it; the other must not wait in vain."""
    _tell_appointment(
        session, [(session.person, leader)], fact="cancelled", title=gettext_lazy("The talk is cancelled: %(when)s"),
        body=gettext_lazy("The talk with %(person)s does not take place at that time."), at=at,
    )


def tell_result(counselling, *, at: datetime) -> None:
    """The recipient may read the agreed result; nothing of it stands in the notice."""
    recipient = counselling.recipient
    with language_of(recipient):
        notify(
            recipient, kind=NoticeKind.COACHING, key=f"counselling:{counselling.pk}:result:{recipient.pk}",
            title=_("An agreed result has been shared with you"),
            body=_("From the support of %(person)s. You read the agreed result, not what was talked about.")
            % {"person": counselling.person.full_name},
            url=address("counselling", counselling.pk), at=at,
        )


def tell_agreement(guidance, other: Account, *, at: datetime) -> None:
    """The other side is asked to confirm the agreed action."""
    with language_of(other):
        notify(
            other, kind=NoticeKind.COACHING, key=f"agreement:{guidance.pk}:{guidance.version}:{other.pk}", title=_("Please confirm the agreement"),
            body=guidance.action, url=address("guidance", guidance.pk), at=at,
        )


def tell_context(context, deciders: Sequence[Account], *, at: datetime) -> None:
    """The person's own words on a finding wait for an answer (S5)."""
    drafts = []
    for decider in deciders:
        with language_of(decider):
            drafts.append(Draft(
                decider, NoticeKind.REQUEST, f"context:{context.pk}:{decider.pk}",
                _("%(person)s writes on a finding: %(kind)s")
                % {"person": context.gap.person.full_name, "kind": context.get_kind_display().lower()},
                context.text, address("answer_context", context.pk),
            ))
    notify_many(drafts, at=at)


def tell_context_answer(context, *, at: datetime) -> None:
    with language_of(context.by):
        notify(
            context.by, kind=NoticeKind.REQUEST, key=f"context-answer:{context.pk}", title=_("Your words on a finding were answered"),
            body=context.answer, url=address("gap_context", context.gap_id), at=at,
        )


def tell_question(question, reader: Account, *, at: datetime) -> None:
    is_own = reader.pk == question.person_id
    with language_of(reader):
        title = _("Have you tried it at work?") if is_own else _("Have you seen it at work? %(person)s") % {"person": question.person.full_name}
        notify(
            reader, kind=NoticeKind.TRANSFER, key=f"transfer:{question.pk}:{reader.pk}", title=title, body=question.enrolment.release.title,
            url=address("transfer", question.pk) if is_own else address("transfer_confirm"), at=at,
        )


def tell_help_wanted(question, helper: Account, *, at: datetime) -> None:
    with language_of(helper):
        notify(
            helper, kind=NoticeKind.COACHING, key=f"help:{question.pk}:{helper.pk}",
            title=_("%(person)s could use your help") % {"person": question.person.full_name},
            body=_("Not yet tried at work: %(course)s. Barrier: %(barrier)s.")
            % {"course": question.enrolment.release.title, "barrier": str(question.get_barrier_display() or _("not named")).lower()},
            url=address("person", question.person_id), at=at,
        )


def tell_help_offered(question, *, at: datetime) -> None:
    with language_of(question.person):
        notify(
            question.person, kind=NoticeKind.COACHING, key=f"help-offered:{question.pk}", title=_("Help is on its way"),
            body=question.help_offered, url=address("home"), at=at,
        )


# --- who is told -------------------------------------------------------------------------------------------------------------------------
def deciders_for(person: Account) -> list[Account]:
    """The superior; without one, HR of the unit (nearest grant above); without one, central HR."""
    placement = person.placement
    if placement is not None and placement.superior_id and placement.superior.is_active:
        return [placement.superior]
    grants = Grant.objects.valid().filter(person__is_active=True).exclude(person_id=person.pk).select_related("person", "unit")
    if placement is not None:
        above = [grant for grant in grants.filter(role=Role.HR_UNIT) if placement.unit.path.startswith(grant.unit.path)]
        if above:
            nearest = max(len(grant.unit.path) for grant in above)
            return [grant.person for grant in above if len(grant.unit.path) == nearest]
    return [grant.person for grant in grants.filter(role=Role.HR_CENTRAL)]
