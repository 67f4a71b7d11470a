"""Shelves: where trainers write. Each has a page, a collection for its files and questions, and a group that follows the grants.

Membership follows the grant, never the other way round (reliability T18): a trainer of the whole agency writes on every shelf,
a trainer of a unit on the shelves of that unit and all below it.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from core.domain import audit
from core.domain.dates import local_date
from core.domain.errors import RuleViolation
from courses.models import CataloguePage, HomePage
from people.enums import Role
from people.models import Account, Grant, OrgUnit

DEFAULT_TITLE = "Pelatihan"
PAGE_VERBS = ("add", "change", "publish", "bulk_delete")
COLLECTION_PERMISSIONS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
    "add_question",
    "change_question",
    "add_quiz",
    "change_quiz",
)
COLLECTION_APPS = ("wagtailimages", "wagtaildocs", "assessments")


@transaction.atomic
def home_page() -> HomePage:
    """The root of what is authored, made once; it becomes the root of the site, and Wagtail's welcome page goes."""
    if found := HomePage.objects.first():
        return found
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Bina", slug="bina"))
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", is_default_site=True, root_page=home, site_name="Bina")
    else:
        welcome, site.root_page, site.site_name = site.root_page, home, "Bina"
        site.save()
        if welcome.specific_class is Page and welcome.depth == 2 and not welcome.get_children().exists():
            welcome.delete()
    return HomePage.objects.get(pk=home.pk)


def default_shelf() -> CataloguePage:
    """The shelf of the whole agency, made once."""
    return CataloguePage.objects.filter(unit__isnull=True).order_by("path").first() or create_shelf(DEFAULT_TITLE, by=None)


@transaction.atomic
def create_shelf(title: str, *, unit: OrgUnit | None = None, by: Account | None, at: datetime | None = None) -> CataloguePage:
    """A shelf with its collection, its group and its review. ``RuleViolation``: the unit has one with this title."""
    title = " ".join(title.split())
    if not title:
        raise RuleViolation(_("Give the shelf a name."))
    if CataloguePage.objects.filter(unit=unit, title__iexact=title).exists():
        raise RuleViolation(_("There is a shelf “%(title)s” already.") % {"title": title})
    shelf = home_page().add_child(instance=CataloguePage(title=title, unit=unit))
    group = Group.objects.create(name=f"Pengajar: {title}"[:130] + f" #{shelf.pk}")
    collection = Collection.get_first_root_node().add_child(name=title[:255])
    CataloguePage.objects.filter(pk=shelf.pk).update(collection=collection, group=group)
    shelf.refresh_from_db()
    _give_permissions(group, shelf, collection)
    _give_review(group, shelf)
    audit.record("shelf.made", shelf, by=by, detail={"unit": unit.pk if unit else None}, at=at)
    sync_members()
    return shelf


def ensure_shelf(unit: OrgUnit, *, by: Account | None) -> CataloguePage:
    """A trainer of a unit has a place to write: a shelf of the unit or of one below it, otherwise a new one with the unit's name."""
    below = CataloguePage.objects.filter(unit__path__startswith=unit.path).order_by("unit__path", "path").first()
    return below or create_shelf(unit.name[:200], unit=unit, by=by)


def sync_members(person: Account | None = None, *, at: datetime | None = None) -> int:
    """Bring the groups of all shelves in line with the grants, for one person or for everybody; returns how many memberships changed."""
    shelves = list(CataloguePage.objects.filter(group__isnull=False).select_related("unit", "group"))
    grants = Grant.objects.valid(local_date(at or timezone.now())).filter(role=Role.TRAINER).select_related("unit")
    grants = grants.filter(person=person) if person is not None else grants
    changed, rows = 0, list(grants)
    for shelf in shelves:
        wanted = {row.person_id for row in rows if _covers(row.unit, shelf.unit)}
        members = shelf.group.user_set.filter(pk=person.pk) if person is not None else shelf.group.user_set.all()
        present = set(members.values_list("pk", flat=True))
        shelf.group.user_set.add(*(wanted - present))
        shelf.group.user_set.remove(*(present - wanted))
        changed += len(wanted ^ present)
    return changed


def seed_shelves() -> None:
    """The tree and the shelf of the whole agency exist; memberships are right. Idempotent."""
    home_page()
    default_shelf()
    sync_members()


def _covers(granted: OrgUnit | None, owner: OrgUnit | None) -> bool:
    return granted is None or (owner is not None and owner.path.startswith(granted.path))


def _give_permissions(group: Group, shelf: CataloguePage, collection: Collection) -> None:
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=[f"{verb}_page" for verb in PAGE_VERBS]
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=shelf.page_ptr, permission=permission)
    for permission in Permission.objects.filter(content_type__app_label__in=COLLECTION_APPS, codename__in=COLLECTION_PERMISSIONS):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def _give_review(group: Group, shelf: CataloguePage) -> None:
    """ "Tinjauan materi": a colleague of the shelf looks at a page before it is published, when its author asks for it."""
    task = GroupApprovalTask.objects.create(name=f"Tinjauan rekan: {shelf.title}"[:255])
    task.groups.add(group)
    workflow = Workflow.objects.create(name=f"Tinjauan materi: {shelf.title}"[:255])
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=shelf.page_ptr)
