"""Routes that came with other packages: every one x every identity x GET and POST, against exact names (reliability T1).

What a trainer opens, she opens with her own things; the same address with a colleague's page, image or document is closed to her.
"""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site, Task, Workflow

from courses.domain import shelves
from people.domain.grants import sync_trainer_group
from people.enums import Role
from tests.factories.courses import draft_course
from tests.factories.people import AccountFactory, GrantFactory
from tests.permissions.identities import IDENTITIES, reading
from tests.permissions.policy import ROWS
from tests.permissions.routes import Route, all_routes
from tests.permissions.third_party import DOORS, IN_ANOTHER_STATE, SENT, WRITING_GET, WRITING_POST

pytestmark = pytest.mark.django_db


def others() -> list[Route]:
    return [route for route in all_routes() if route.name not in ROWS]


def _things(shelf, by, word: str) -> SimpleNamespace:
    """A course in review, an image and a document of one shelf; ``word`` stands in every title."""
    course = draft_course(title=f"Pelatihan {word}", shelf=shelf, by=by, lessons=1)
    revision = course.save_revision(user=by)
    Page.objects.filter(pk=course.pk).update(live=False)
    review = shelf.get_workflow().start(Page.objects.get(pk=course.pk).specific, by)
    picture = io.BytesIO()
    Picture.new("RGB", (40, 40), "navy").save(picture, "PNG")
    image = get_image_model().objects.create(
        title=f"Gambar {word}", file=ContentFile(picture.getvalue(), f"{word}.png"), collection=shelf.collection, uploaded_by_user=by
    )
    document = get_document_model().objects.create(
        title=f"Berkas {word}", file=ContentFile(b"isi", f"{word}.txt"), collection=shelf.collection, uploaded_by_user=by
    )
    return SimpleNamespace(shelf=shelf, course=course, revision=revision, review=review, image=image, document=document)


@pytest.fixture
def desk(people, cempaka):
    """A trainer of one unit with her things, and a colleague's on another shelf. She takes the place of the identity ``trainer``."""
    tini = AccountFactory(name="Tini Kartika")
    GrantFactory(person=tini, role=Role.TRAINER, unit=cempaka)
    sync_trainer_group(tini)
    tono, people["trainer"] = people["trainer"], tini
    own = _things(shelves.ensure_shelf(cempaka, by=None), tini, "MILIK-SENDIRI")
    shelves.sync_members(tini)
    for person in people.values():
        person.set_password("kata-sandi-untuk-uji")
        person.save()
    return SimpleNamespace(own=own, colleague=_things(shelves.default_shelf(), tono, "MILIK-REKAN"))


def _values(route: Route, things) -> dict:
    """The arguments of a route, filled with ``things``."""
    course, image, document = things.course, things.image, things.document
    state = things.review
    named = {
        "parent_page_id": things.shelf.pk, "page_id": course.pk, "page_pk": course.pk, "page_to_move_id": course.pk,
        "destination_id": things.shelf.pk, "revision_id": things.revision.pk, "revision_id_a": "earliest", "revision_id_b": "latest",
        "workflow_state_id": state.pk, "task_state_id": state.current_task_state_id, "task_id": state.current_task_state.task_id,
        "workflow_pk": state.workflow_id, "content_type_app_name": "courses", "content_type_model_name": "coursepage",
        "image_id": image.pk, "document_id": document.pk, "doc_id": document.pk, "collection_id": things.shelf.collection_id,
        "filter_spec": "max-165x165", "app_label": "wagtailcore", "model_name": "page", "action": "publish", "action_name": "approve",
        "app_name": "taggit", "object_id": course.pk, "session_id": 1, "uploaded_file_id": 1, "restriction_id": 1,
        "uidb64": "MQ", "token": "x-y", "0": document.pk, "1": document.filename,
    }  # fmt: skip
    kinds = {
        "wagtailadmin_pages": course.pk, "wagtailadmin_api:pages": course.pk, "wagtailadmin_api:documents": document.pk,
        "wagtailadmin_api:images": image.pk, "wagtaildocs_chooser": document.pk, "wagtailimages_chooser": image.pk,
        "wagtailadmin_collections": things.shelf.collection_id, "wagtailadmin_workflows": Workflow.objects.values_list("pk", flat=True)[0],
        "wagtailsites": Site.objects.values_list("pk", flat=True)[0], "wagtailusers_users": things.revision.user_id,
        "wagtailusers_groups": Group.objects.values_list("pk", flat=True)[0],
    }  # fmt: skip
    here = {
        "wagtailadmin_pages:choose_parent": {"app_label": "courses", "model_name": "coursepage"},
        "wagtailadmin_pages:add": {"content_type_model_name": "coursepage"},
        "wagtailadmin_tag_model_autocomplete": {"model_name": "tag"},
        "wagtailadmin_workflows:add_task": {"app_label": "wagtailcore", "model_name": "groupapprovaltask"},
        "wagtailadmin_workflows:edit_task": {"pk": Task.objects.values_list("pk", flat=True)[0]},
    }.get(route.name, {})
    found = {name: here.get(name, named.get(name, kinds.get(route.name.rpartition(":")[0], 1))) for name in route.arguments}
    return found


def address(route: Route, things) -> str:
    if not route.has_name:
        return {"kelola/test404/": "/kelola/test404/", "kelola/^.*/$": "/kelola/tidak-ada/"}[route.path]
    values = _values(route, things)
    if "0" in values:
        return reverse(route.name, args=list(values.values()))
    return reverse(route.name, kwargs=values)


def answer(client, method: str, url: str, data: dict | None = None):
    """The response, read as in the matrix; Wagtail says no by leading back to its first page."""
    with transaction.atomic():
        response = getattr(client, method)(url, data if method == "post" else None)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    led_to = response["Location"] if response.status_code == 302 else ""
    seen = "closed" if led_to == reverse("wagtailadmin_home") else "sign_in" if led_to.startswith("/kelola/login/") else reading(response)
    return seen, response.status_code, body.decode("utf-8", errors="replace")


def allowed(route: Route, method: str) -> frozenset[str]:
    if route.name in DOORS:
        return DOORS[route.name][method == "post"]
    return frozenset({"trainer"}) if route.name in (WRITING_GET if method == "get" else WRITING_POST) else frozenset()


def test_no_route_is_without_a_name_unless_it_is_known():
    nameless = {route.path for route in all_routes() if not route.has_name}
    assert nameless == {"kelola/test404/", "kelola/^.*/$"}


def test_what_has_no_row_belongs_to_another_package():
    ours = [route.name for route in others() if not route.is_third_party]
    assert not ours, "routes of ours without a row: " + ", ".join(ours)


def test_every_exempted_name_exists():
    assert not (set(DOORS) | WRITING_GET | WRITING_POST | IN_ANOTHER_STATE) - {route.name for route in all_routes()}


def deviations(identity: str, things, client_of) -> list[str]:
    wrong, client = [], client_of(identity)
    for route in others():
        url = address(route, things)
        for method in ("get", "post"):
            seen, status, _text = answer(client, method, url, SENT.get(route.name))
            expected = {"open"} if identity in allowed(route, method) else {"sign_in", "closed"} if identity == "anonymous" else {"closed"}
            if route.name in DOORS:
                client = client_of(identity)  # signing out is one of them
                expected = expected | {"sign_in"} if "open" in expected else expected
            # a form sent empty is refused to those who may send it
            expected = expected | {"refused"} if "open" in expected and method == "post" else expected
            if seen not in expected:
                wrong.append(f"{identity}: {method.upper()} {route.name} ({url}): {seen} {status}")
    return wrong


def test_what_other_packages_brought_is_closed_unless_it_is_named(desk, client_of):
    wrong = [line for identity in IDENTITIES if identity != "trainer" for line in deviations(identity, desk.own, client_of)]
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_trainer_opens_the_screens_for_writing_and_no_other(desk, client_of):
    wrong = deviations("trainer", desk.own, client_of)
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_editor_opens_what_the_table_names_and_no_more():
    """A screen added to the product's list without a row here would be found open above; one that only this table names is found here."""
    from lms.editor import WRITING

    listed = {f"{space}:{name}" if space else name for space, names in WRITING.items() for name in names}
    assert listed == WRITING_GET | WRITING_POST | IN_ANOTHER_STATE


def test_a_trainer_meets_nothing_of_another_shelf(desk, client_of):
    """With the address of a colleague's page, image or document; and no list shows them. Led elsewhere is not let in."""
    wrong, client = [], client_of("trainer")
    for route in others():
        if route.name in DOORS:
            continue
        for things in (desk.own, desk.colleague):
            url = address(route, things)
            for method in ("get", "post"):
                seen, status, text = answer(client, method, url, SENT.get(route.name))
                is_in = seen in ("open", "refused") and not (method == "get" and status == 302)
                if "MILIK-REKAN" in text or (is_in and things is desk.colleague and _is_an_object_of(route)):
                    wrong.append(f"{method.upper()} {route.name} ({url}): {seen} {status}")
    assert not wrong, "\n" + "\n".join(wrong)


HARMLESS = {
    "wagtailadmin_choose_page_child",  # shows the courses in the catalogue, which everybody may link to (courses.wagtail_hooks)
    "wagtailadmin_pages:confirm_workflow_cancellation",  # the words of a question, without the page
    "wagtailadmin_pages:revisions_index",  # leads to the history, which is closed
}


def _is_an_object_of(route: Route) -> bool:
    """Whether an argument names one page, image or document."""
    things = {"page_id", "parent_page_id", "page_to_move_id", "pk", "image_id", "document_id", "doc_id", "0"}
    return route.name not in HARMLESS and bool(things & set(route.arguments))


@pytest.mark.parametrize("path", ["/kelola/failwhale/", "/kelola/test404/"])
def test_pages_for_trying_out_errors_are_for_nobody(client, tono, path):
    for person in (tono, AccountFactory(name="Pemilik mesin", is_superuser=True)):
        client.force_login(person)
        assert client.get(path).status_code == 404


def test_a_stranger_to_the_editor_is_not_sent_round_in_circles(client, sari):
    """Wagtail sent her to the sign-in page, which sent her back, as she was signed in."""
    client.force_login(sari)
    assert client.get("/kelola/").status_code == 404


def test_a_certificate_design_is_for_those_who_were_given_it(client, tono):
    from django.contrib.auth.models import Permission

    client.force_login(tono)
    assert client.get("/kelola/snippets/certificates/certificatetype/").status_code == 404
    tono.user_permissions.add(Permission.objects.get(content_type__app_label="certificates", codename="change_certificatetype"))
    assert client.get("/kelola/snippets/certificates/certificatetype/").status_code == 200
    assert client.get("/kelola/snippets/certificates/issuer/").status_code == 404
