"""Who can see what, in sentences (A3): the same scope that ``visible_to`` uses, told in words. No impersonation (decisions 12)."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.domain.dates import format_day
from people.enums import EmploymentStatus, Role
from people.models import Account, Grant, Placement

# What a role opens, everywhere or for its unit and all below it. Upper apps add theirs by ``register``.
ROLE_WORDS: dict[str, list] = {
    Role.HR_UNIT: [
        gettext_lazy("Sees people, evaluations, gaps, assignments and results in the unit and below."),
        gettext_lazy("Imports people and evaluations of these units, assigns training, makes one-time codes."),
        gettext_lazy("Reads the formal record of closed guidance talks; of a counselling only that it took place."),
    ],
    Role.HR_CENTRAL: [
        gettext_lazy("Sees people, evaluations, gaps, assignments and results of all units."),
        gettext_lazy(
            "Gives the roles of HR of a unit, trainer, evaluator and counsellor; sets standards and rules; revokes certificates."
        ),
        gettext_lazy("Reads the formal record of closed guidance talks; of a counselling only that it took place."),
    ],
    Role.TRAINER: [
        gettext_lazy("Writes and publishes courses and questions of the shelves given to her, in the editor."),
        gettext_lazy("Sees learners and results of her courses, no evaluation and no reason for an assignment."),
    ],
    Role.EVALUATOR: [
        gettext_lazy("Records ratings and indicator values of people in the unit and below as an internal measurement.")
    ],
    Role.COUNSELLOR: [
        gettext_lazy("Reads and writes the counselling cases that name her; the notes are encrypted and hers alone.")
    ],
    Role.AUDITOR: [
        gettext_lazy(
            "Reads everything but what is said and agreed in guidance and counselling, changes nothing, and checks the audit trail."
        ),
    ],
    Role.ADMIN: [
        gettext_lazy("Looks after accounts, roles, jobs and the health of the installation."),
        gettext_lazy("Sees names and places of all people; writes no evaluation, no course, no record."),
    ],
}
Sentence = Callable[[Account], list[str]]
_more: list[Sentence] = []


def register(function: Sentence) -> None:
    """``function(person)`` gives further sentences on what ``person`` may see."""
    _more.append(function)


def what_she_sees(person: Account) -> list[str]:
    """Her own data, her direct staff by name, her roles, and what other apps add."""
    if not person.is_active:
        return [_("Nothing: the account is closed.")]
    told = []
    if person.status != EmploymentStatus.TECHNICAL:
        told.append(_("Her own profile, gaps, courses, certificates and record."))
    staff = Placement.objects.current().filter(superior=person).count()
    if staff:
        told.append(
            ngettext(
                "As superior: the evaluation, gaps and learning of %(n)d direct staff member by name; further down only groups of ten or more.",
                "As superior: the evaluation, gaps and learning of %(n)d direct staff members by name; further down only groups of ten or more.",
                staff,
            )
            % {"n": staff}
        )
    for given in person.grants.valid().select_related("unit"):
        told += [f"{_name(given)}: {sentence}" for sentence in ROLE_WORDS.get(given.role, [])]
    for function in _more:
        told += function(person)
    return told


def who_sees_her(person: Account) -> list[str]:
    """Who may open the data of ``person``, and why."""
    told = []
    placement = person.placement
    if placement is not None and placement.superior is not None:
        told.append(_("%(name)s, as her superior.") % {"name": placement.superior.full_name})
    valid = Grant.objects.valid().select_related("person", "unit").filter(person__is_active=True).exclude(person=person)
    if placement is not None:
        for given in valid.filter(role__in=[Role.HR_UNIT, Role.EVALUATOR]).annotate(path=F("unit__path")):
            if placement.unit.path.startswith(given.path):  # type: ignore[attr-defined]
                told.append(_("%(name)s, as %(role)s.") % {"name": given.person.full_name, "role": _name(given)})
    for role in (Role.HR_CENTRAL, Role.AUDITOR, Role.ADMIN):
        names = [given.person.full_name for given in valid.filter(role=role)[:10]]
        if names:
            told.append(_("%(names)s, as %(role)s.") % {"names": ", ".join(names), "role": Role(role).label})
    told.append(_("Each time one of them opens her evaluation, gaps or record, it is written down, and she can see it."))
    return told


def _name(given: Grant) -> str:
    where = f" {given.unit.name}" if given.unit else ""
    until = _(" until %(day)s") % {"day": format_day(given.ends_on)} if given.ends_on else ""
    return f"{given.get_role_display()}{where}{until}"
