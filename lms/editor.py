"""Who opens what of Wagtail's editor: trainers the screens they write with, nobody else anything.

Wagtail shows reports over the whole site, choosers of every snippet and its own management of people to whoever may enter; with those screens
a trainer reads what is not hers. So nothing is open unless it is named here: what a later Wagtail or another package adds is closed until
somebody has thought about it (tests/permissions/test_third_party.py). Which pages, images and documents a trainer reaches inside an open screen
is decided by her shelves (courses.domain.shelves), as Wagtail's permissions. Superusers, whom the product itself never makes, open all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

#: Screens for writing, by the name of their route; ``WRITING[""]`` are those without a namespace.
WRITING = {
    "": frozenset(
        "wagtailadmin_home wagtailadmin_explore_root wagtailadmin_explore wagtailadmin_explore_results wagtail_bulk_action"
        " wagtailadmin_choose_page wagtailadmin_choose_page_child wagtailadmin_choose_page_search wagtailadmin_choose_page_chosen_multiple"
        " wagtailadmin_choose_page_external_link wagtailadmin_choose_page_email_link wagtailadmin_choose_page_phone_link"
        " wagtailadmin_choose_page_anchor_link wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete wagtailadmin_dismissibles"
        " wagtailadmin_block_preview wagtailadmin_sprite wagtailadmin_javascript_catalog wagtaildocs_serve".split()
    ),
    "wagtailadmin_api:pages": frozenset(["listing", "detail", "find"]),  # the page tree in the side menu
    "wagtailadmin_editing_sessions": frozenset(["ping", "release"]),
    "wagtailadmin_pages": frozenset(
        "add preview_on_add choose_parent usage edit preview_on_edit view_draft set_privacy add_subpage delete unpublish convert_alias search"
        " search_results move move_confirm set_page_position copy workflow_action collect_workflow_action_data"
        " confirm_workflow_cancellation workflow_preview lock unlock revisions_index revisions_view revisions_revert"
        " revisions_unschedule revisions_compare workflow_history workflow_history_detail history history_results".split()
    ),
    "wagtaildocs": frozenset(
        "index index_results add edit delete document_usage add_multiple edit_multiple create_multiple_from_uploaded_document"
        " delete_multiple delete_upload_multiple".split()
    ),
    "wagtaildocs_chooser": frozenset(["choose", "choose_results", "chosen", "chosen_multiple", "create"]),
    "wagtailimages": frozenset(
        "index index_results add edit delete preview image_usage add_multiple edit_multiple create_multiple_from_uploaded_image"
        " delete_multiple delete_upload_multiple".split()
    ),
    "wagtailimages_chooser": frozenset(["choose", "choose_results", "chosen", "chosen_multiple", "create", "select_format"]),
}
#: What a bulk action may touch; the same route also serves people and groups.
IN_BULK = frozenset([("wagtailcore", "page"), ("wagtailimages", "image"), ("wagtaildocs", "document")])
#: Wagtail's pages for trying out its error screens: for nobody.
TRIALS = frozenset(["kelola/failwhale/", "kelola/test404/"])


def guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Whoever may not open the screen is told that there is none (404), as everywhere in the house."""

    @wraps(view)
    def door(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.resolver_match is None or not may_open(request.user, request.resolver_match):
            raise Http404
        return view(request, *args, **kwargs)

    return door


def may_open(user, match: ResolverMatch) -> bool:
    """Whether this screen of the editor is for ``user``; anonymous people have been sent to the sign-in page before."""
    if not user.is_active or match.route in TRIALS:
        return False
    if user.is_superuser:
        return True
    if not user.has_perm("wagtailadmin.access_admin"):
        return False
    if match.url_name == "wagtail_bulk_action":
        return (match.kwargs["app_label"], match.kwargs["model_name"]) in IN_BULK
    return (match.url_name or "") in WRITING.get(match.namespace, ()) or _has_the_snippet(user, match.namespace)


def _has_the_snippet(user, namespace: str) -> bool:
    """Snippets are for those who were given a permission on exactly that kind of thing."""
    kind, _sep, name = namespace.partition("_")
    app, _sep, model = name.partition("_")
    if kind not in ("wagtailsnippets", "wagtailsnippetchoosers") or not apps.is_installed(app):
        return False
    return any(user.has_perm(f"{app}.{verb}_{model}") for verb in ("add", "change", "delete", "view"))
