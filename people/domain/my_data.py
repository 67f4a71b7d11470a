"""What the product knows about a person, for herself (UU 27/2022: access to data and to the trail of its processing).

Each app adds its part: ``register("courses", _("Learning"), function)`` in ``AppConfig.ready``; ``function(person)`` returns what fits into JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.domain import audit
from core.models import AuditEvent
from people.models import Account

Part = Callable[[Account], Any]

_parts: dict[str, tuple[Any, Part]] = {}
_words: dict[str, Any] = {}


def register(key: str, label: Any, function: Part) -> None:
    """``key`` names the part in the file."""
    _parts[key] = (label, function)


def register_words(words: dict[str, Any]) -> None:
    """Sentences for audit verbs, as their subject reads them: ``{"evaluation.read": _("Opened your evaluation")}``."""
    _words.update(words)


@dataclass(frozen=True)
class Step:
    """One thing that was done with a person's data: when, by whom, what."""

    at: datetime
    actor: str
    what: str
    verb: str
    is_read: bool


def export(person: Account, *, at: datetime | None = None) -> dict[str, Any]:
    """Everything that any part of the product holds about ``person``, as JSON-ready values; asking for it leaves an audit line."""
    moment = at or timezone.now()
    audit.record("my_data.exported", person, by=person, subject=person, at=moment)
    parts = {key: plain(function(person)) for key, (_label, function) in _parts.items()}
    return {"made_at": moment.isoformat(), **parts, "trail": [plain(vars(step)) for step in trail_of(person)]}


def labels() -> list[str]:
    return [str(label) for label, _function in _parts.values()]


def trail_of(person: Account, *, reads_only: bool = False, limit: int | None = None) -> list[Step]:
    """Who did or read what about ``person``, newest first; what she did herself is left out of the reads."""
    events = AuditEvent.objects.filter(subject_id=person.pk).order_by("-pk")
    if reads_only:
        events = events.filter(is_read=True).exclude(actor_id=person.pk)
    listed = list(events[:limit] if limit else events)
    names = dict(Account.objects.filter(pk__in={event.actor_id for event in listed if event.actor_id}).values_list("pk", "name"))
    return [
        Step(event.at, names.get(event.actor_id or 0, str(_("The system"))), words_of(event.verb), event.verb, event.is_read)
        for event in listed
    ]


def words_of(verb: str) -> str:
    """The sentence of a verb, or the verb itself where nobody gave it one."""
    return str(_words.get(verb, verb))


def plain(value: Any) -> Any:
    """Values as JSON holds them: dates ISO, decimals as text, tuples as lists."""
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(entry) for entry in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


OWN_FIELDS = (
    "nip",
    "name",
    "title_front",
    "title_back",
    "email",
    "phone",
    "status",
    "grade",
    "rank",
    "grade_since_on",
    "education",
    "retires_on",
    "is_active",
    "activated_at",
    "created_at",
    "last_login",
    "language",
    "theme",
    "text_size",
    "saves_data",
    "wants_email",
)


def own_part(person: Account) -> dict[str, Any]:
    """What ``people`` itself holds."""
    placements = person.placements.select_related("unit", "position", "superior")
    return {
        "account": {name: getattr(person, name) for name in OWN_FIELDS},
        "placements": [
            {
                "unit": placement.unit.name,
                "post": str(placement.position or ""),
                "superior": str(placement.superior or ""),
                "from": placement.starts_on,
                "until": placement.ends_on,
            }
            for placement in placements
        ],
        "roles": list(person.grants.values("role", "unit__name", "starts_on", "ends_on", "created_at")),
        "notices": list(person.notices.values("kind", "title", "body", "created_at", "read_at", "emailed_at", "mail_to")),
        "address_changes": list(person.email_changes.values("new_email", "asked_at", "confirmed_at", "is_withdrawn")),
        "superior_changes": list(person.line_changes.values("superior__name", "asked_at", "decided_at", "is_approved")),
        "second_steps": list(Authenticator.objects.filter(user_id=person.pk).values("type", "created_at", "last_used_at")),
    }


OWN_WORDS = {
    "account.created": _("Brought you in by import"),
    "account.updated": _("Changed your data by import"),
    "account.import_undone": _("Took an import of your data back"),
    "account.closed": _("Closed your account"),
    "account.reopened": _("Opened your account again"),
    "account.viewed": _("Opened your account page"),
    "placement.began": _("Recorded a new place of work"),
    "placement.ended": _("Recorded the end of a place of work"),
    "placement.corrected": _("Corrected your place of work"),
    "import.viewed": _("Looked at a file that you imported"),
    "line_change.decided": _("Decided about your superior"),
    "grant.given": _("Gave you a role"),
    "grant.taken": _("Took a role from you"),
    "email.change_asked": _("Asked for a new e-mail address for you"),
    "email.changed": _("Confirmed your new e-mail address"),
    "sign_in.code_made": _("Made a one-time code for you"),
    "sign_in.link_used": _("Signed in with a one-time link or code"),
    "sign_in.admin_link_made": _("Made a link for the administrator"),
    "password.changed": _("Changed the password"),
    "password.set": _("Set a password"),
    "second_step.added": _("Added a second step"),
    "second_step.removed": _("Removed a second step"),
    "second_step.codes": _("Made new recovery codes"),
    "second_step.reset": _("Set your second step anew"),
    "sessions.ended": _("Ended sessions"),
    "profile.changed": _("Changed profile or preferences"),
    "my_data.exported": _("Downloaded this overview"),
}
