"""Taking a list of people back: what was made goes, what was changed gets its former values, while nothing hangs on it (decisions 10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import ForeignKey, ForeignObjectRel, Model
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.domain import audit
from people.enums import RowOutcome
from people.importers.people_columns import DATE_FIELDS
from people.models import Account, EmailChange, ImportRow, ImportRun, LineChange, OrgUnit, Placement

CHUNK = 500
NAMES_TOLD = 5
# What an import itself writes; it goes with the account.
OWN = {
    Placement._meta.label_lower,
    EmailChange._meta.label_lower,
    LineChange._meta.label_lower,
    "people.notice",
    "people.onetimelink",
}


def undo_blockers(run: ImportRun, rows: Sequence[ImportRow]) -> list[str]:
    """New people who signed in or whom something else names; people whom somebody changed or moved again."""
    reasons = []
    made = [row.object_id for row in rows if row.outcome == RowOutcome.CREATED and row.object_id]
    own = {row.before["placed"] for row in rows if row.before.get("placed")}
    reasons += _tell(_signed_in(made), _("signed in already"))
    for label, people in _references(made, own).items():
        reasons += _tell(people, _("something was recorded: %(what)s") % {"what": label})
    reasons += _tell(_changed_since(rows), _("was changed again since"))
    return reasons


def undo(rows: Sequence[ImportRow], *, run: ImportRun, by: Account | None, at: datetime) -> None:
    accounts = {account.pk: account for account in Account.objects.filter(pk__in=[row.object_id for row in rows])}
    Placement.objects.filter(pk__in=[row.before["placed"] for row in rows if row.before.get("placed")]).delete()
    Placement.objects.filter(pk__in=[row.before["closed"] for row in rows if row.before.get("closed")]).update(ends_on=None)
    events, gone = [], []
    for row in rows:
        account = accounts.get(row.object_id or 0)
        if account is None:
            continue
        events.append(audit.event("account.import_undone", account, by=by, subject=account, detail={"run": run.pk}, at=at))
        if row.outcome == RowOutcome.CREATED:
            gone.append(account.pk)
        else:
            _restore(account, row)
    audit.record_many(events)
    Account.objects.filter(pk__in=gone).delete()


def undo_finish(run: ImportRun) -> None:
    """Wishes of this run fall; units that it made and that are empty go, from the bottom up."""
    LineChange.objects.waiting().filter(run=run).delete()
    wishes = run.rows.order_by().filter(before__has_key="email_change").values_list("before__email_change", flat=True)
    for part in _parts(list(wishes)):
        EmailChange.objects.filter(pk__in=part, confirmed_at__isnull=True).update(is_withdrawn=True)
    for code in reversed(run.options.get("made_units", [])):
        unit = OrgUnit.objects.filter(code=code).first()
        if unit is not None and unit.is_leaf() and not any(_uses(unit)):
            unit.delete()


def _restore(account: Account, row: ImportRow) -> None:
    if fields := row.before.get("fields"):
        for name, value in fields.items():
            setattr(account, name, parse_date(value) if value and name in DATE_FIELDS.values() else value)
        account.save(update_fields=list(fields))
    if corrected := row.before.get("corrected"):
        values = {name: value for name, value in corrected.items() if name != "id"}
        values["starts_on"] = parse_date(values["starts_on"]) if values.get("starts_on") else None
        Placement.objects.filter(pk=corrected["id"]).update(**values)


def _signed_in(ids: Sequence[int]) -> list[str]:
    return [
        name
        for part in _parts(ids)
        for name in Account.objects.filter(pk__in=part, activated_at__isnull=False).values_list("name", flat=True)
    ]


def _references(ids: Sequence[int], own_placements: set[int]) -> dict[str, list[str]]:
    """Names of new people by what names them: any foreign key of any app, but for what the import wrote itself."""
    found: dict[str, list[str]] = {}
    for model, column in _columns_to(Account):
        is_own_person = model._meta.label_lower in OWN and column in ("person", "superior")
        for part in _parts(ids):
            hits = model._default_manager.filter(**{f"{column}__in": part})
            if is_own_person and model is Placement:
                # Placements of this run, or those it put below one of its own new people.
                hits = hits.exclude(pk__in=own_placements)
                if column == "superior":
                    hits = hits.exclude(person__in=part)
            elif is_own_person:
                continue
            names = Account.objects.filter(pk__in=hits.values(column)).values_list("name", flat=True)
            if names:
                found.setdefault(str(model._meta.verbose_name), []).extend(names)
    return found


def _columns_to(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Every foreign key to ``model``, also those without a way back (``related_name="+"``)."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, ForeignKey):
            if not relation.related_model._meta.auto_created:
                yield relation.related_model, relation.field.name


def _changed_since(rows: Sequence[ImportRow]) -> list[str]:
    names = []
    for part in _parts(rows):
        accounts = {account.pk: account for account in Account.objects.filter(pk__in=[row.object_id for row in part])}
        open_places = Placement.objects.current().in_bulk([place for row in part if (place := _place_of(row))])
        for row in part:
            account = accounts.get(row.object_id or 0)
            if account is None:
                continue
            became = row.before.get("became", {})
            same = all(_plain(getattr(account, name)) == value for name, value in became.items())
            if not same or not _stands_as_placed(row, open_places):
                names.append(account.name)
    return names


def _place_of(row: ImportRow) -> int | None:
    """The placement that this row made or corrected."""
    return row.before.get("placed") or row.before.get("corrected", {}).get("id")


def _stands_as_placed(row: ImportRow, open_places: dict[int, Placement]) -> bool:
    """Her placement is still open and as the import left it: a correction by a second person, also on the same day, is not overwritten."""
    place = _place_of(row)
    if place is None:
        return True
    found = open_places.get(place)
    facts = row.before.get("became_place", {})
    return found is not None and all(_plain(getattr(found, name)) == value for name, value in facts.items())


def _uses(unit: OrgUnit) -> Iterator[bool]:
    for model, column in _columns_to(OrgUnit):
        yield model._default_manager.filter(**{column: unit}).exists()


def _tell(names: Sequence[str], what: str) -> list[str]:
    if not names:
        return []
    shown = ", ".join(sorted(set(names))[:NAMES_TOLD])
    more = len(set(names)) - NAMES_TOLD
    text = f"{shown} {_('and %(count)d more') % {'count': more}}" if more > 0 else shown
    return [ngettext("%(names)s: %(what)s.", "%(names)s: %(what)s.", len(names)) % {"names": text, "what": what}]


def _parts(items: Sequence) -> Iterator[Sequence]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
