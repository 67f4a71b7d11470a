"""The menu: areas follow from roles, absent screens are left out, a page pays no query for it."""

import pytest
from django.core.cache import caches
from django.test import RequestFactory
from django.urls import reverse

from core.domain import menu
from core.templatetags import bina
from people.enums import Role
from tests.factories.people import GrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered():
    """The real areas, with items of our own; what the apps registered comes back afterwards."""
    kept = dict(menu._items)
    menu._items.clear()
    menu._links.clear()
    menu.register("learner", "Bantuan", "core:help", "info", order=1, short="Bantuan")
    menu.register("learner", "Privasi", "core:privacy", "lock", order=2, also=("core:terms", "people:notice"))
    menu.register("learner", "Tidak ada", "no:such_page", "x", order=3)
    menu.register("superior", "Aksesibilitas", "core:accessibility", "users", short="Tim")
    yield
    menu._items.clear()
    menu._items.update(kept)
    menu._links.clear()


def keys(user) -> list[str]:
    return [area.key for area in menu.areas_of(user)]


def test_areas_follow_from_roles_and_the_reporting_line(sari, budi, ratna, tono, agus):
    assert keys(sari) == ["learner"]
    assert keys(budi)[:2] == ["learner", "superior"]
    assert "hr" in keys(ratna)
    assert "trainer" in keys(tono)
    assert "auditor" in keys(agus)


def test_strangers_have_no_area(client):
    from django.contrib.auth.models import AnonymousUser

    assert menu.areas_of(AnonymousUser()) == ()


def test_absent_screens_are_left_out(registered):
    assert [link.label for link in menu.links_of("learner")] == ["Bantuan", "Privasi"]


def test_the_current_item_is_the_exact_one_or_one_that_claims_the_page(registered):
    links = menu.links_of("learner")
    assert menu.current_link(links, "core:help").label == "Bantuan"
    assert menu.current_link(links, "core:terms").label == "Privasi"
    assert menu.current_link(links, "core:offline") is None


def test_the_area_of_the_page_wins_over_the_chosen_one(registered, budi, sari):
    assert menu.current_area(budi, wanted="superior", view_name="core:help").key == "learner"
    assert menu.current_area(budi, wanted="learner", view_name="core:me").key == "learner"


def test_without_a_choice_she_acts_where_she_carries_most(registered, budi, sari):
    assert menu.current_area(budi, view_name="core:me").key == "superior"
    assert menu.current_area(budi, wanted="hr", view_name="core:me").key == "superior"  # not hers
    assert menu.current_area(sari, view_name="core:me").key == "learner"


def test_a_page_of_several_areas_stays_in_the_one_at_hand(registered, budi, sari):
    menu.register("superior", "Bantuan", "core:help", "info")
    assert menu.current_area(budi, view_name="core:help").key == "superior"
    assert menu.current_area(budi, wanted="learner", view_name="core:help").key == "learner"


def test_a_way_into_another_area_does_not_own_its_page(registered, budi, sari):
    menu.register("superior", "Belajar saya", "core:help", "house", owns=False)
    assert menu.current_area(budi, view_name="core:help").key == "learner"


def test_areas_without_screens_are_not_offered(registered, ratna):
    assert "hr" in keys(ratna)
    assert [area.key for area in menu.acting_areas(ratna)] == ["learner"]


def test_home_is_that_of_the_weightiest_area(budi, sari, ratna):
    assert menu.home_of(sari) == reverse("improvement:home")
    assert menu.home_of(budi) == reverse("improvement:team")
    assert menu.home_of(budi, wanted="learner") == reverse("improvement:home")
    assert menu.home_of(ratna) == reverse("improvement:overview")


def test_the_menu_costs_no_query_once_it_is_known(registered, sari, django_assert_num_queries):
    menu.areas_of(sari)
    again = type(sari).objects.get(pk=sari.pk)
    with django_assert_num_queries(0):
        assert keys(again) == ["learner"]
        menu.line_of(again)
        menu.unread_of(again)


def test_a_new_role_shows_after_forget(sari):
    assert keys(sari) == ["learner"]
    GrantFactory(person=sari, role=Role.TRAINER)
    menu.forget(sari.pk)
    assert "trainer" in keys(type(sari).objects.get(pk=sari.pk))


def test_a_person_without_several_areas_is_offered_no_other(registered, client, sari):
    client.force_login(sari)
    assert "Lihat sebagai" not in client.get(reverse("core:me")).content.decode()


def test_choosing_an_area_is_remembered_and_refused_where_it_is_not_hers(client, budi, sari):
    client.force_login(budi)
    assert client.post(reverse("core:area"), {"area": "superior"}).cookies["bina_area"].value == "superior"
    client.force_login(sari)
    assert "bina_area" not in client.post(reverse("core:area"), {"area": "superior"}).cookies


def test_the_frame_is_drawn_with_the_current_place(registered, budi):
    request = RequestFactory().get("/bantuan/")
    request.user, request.resolver_match = budi, type("Match", (), {"view_name": "core:help"})
    html = bina.frame({"request": request})
    assert html["current"].label == "Bantuan" and html["area"].key == "learner"


def test_the_cache_of_the_menu_belongs_to_one_process():
    assert caches[menu.CACHE].__class__.__name__ == "LocMemCache"
