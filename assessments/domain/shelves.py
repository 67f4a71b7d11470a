"""Where questions and quizzes are kept: Wagtail collections. The default shelf is open to every trainer."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from wagtail.models import Collection, GroupCollectionPermission

from people.domain.grants import trainer_group

SHELF = "Bank soal"
VERBS = ("add", "change")
MODELS = ("question", "quiz")


def default_shelf() -> Collection:
    """The collection that trainers share, made once. Central HR may make others in the editor and give them to groups of their own."""
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    found = root.get_children().filter(name=SHELF).first()
    return found or root.add_child(name=SHELF)


def seed_shelf() -> None:
    """The shelf exists and trainers may write there. Idempotent."""
    shelf, group = default_shelf(), trainer_group()
    codenames = [f"{verb}_{model}" for verb in VERBS for model in MODELS]
    for permission in Permission.objects.filter(content_type__app_label="assessments", codename__in=codenames):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=shelf, permission=permission)
