"""H9, E1 and the page of an evaluation in a browser: phone and desktop, both themes, and the tasks played through."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse

from performance.models import Evaluation, GapRule
from tests.factories.people import AccountFactory, PlacementFactory
from tests.factories.performance import IndicatorFactory, PerformanceStandardFactory, apply, evaluate, period, reference

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("BINA_SHOTS", "")
OFFICE_KB = 150


@pytest.fixture
def told(transactional_db, sari, budi, ratna, dewi, melati):
    reference()
    speed = IndicatorFactory(name="Permohonan KK selesai dalam 24 jam")
    minutes = IndicatorFactory(name="Median waktu layanan loket", unit_of_measure="menit", direction="lower")
    PerformanceStandardFactory(indicator=speed, target=90, position=sari.placement.position, legal_basis="Keputusan Lurah 12/2026")
    PerformanceStandardFactory(indicator=minutes, target=15, unit=melati)
    found = evaluate(
        sari, "Triwulan II 2026", result="below", predicate="good", scores=[(speed, 71, 90, 312), (minutes, 17.5, 15)], appraiser=budi
    )
    apply(found)
    GapRule.objects.filter(kind="indicator").update(is_active=False)
    for number in range(4):
        colleague = AccountFactory(name=f"Petugas Contoh {number}")
        PlacementFactory(person=colleague, unit=melati, position=sari.placement.position, superior=budi)
        evaluate(colleague, "Triwulan II 2026", scores=[(speed, 60 + number * 7)])
    period("Triwulan III 2026")
    rule = GapRule.objects.create(name="KK dua kali berturut-turut", kind="indicator", consecutive_misses=1)
    rule.indicators.add(speed)
    return {"evaluation": found, "rule": rule, "sari": sari, "budi": budi, "dewi": dewi, "speed": speed}


def address(name, *args):
    return reverse(f"performance:{name}", args=args)


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (360, "dark"), (1280, "light")])
def test_every_screen(visit, told, width, theme):
    rule, indicator = told["rule"].pk, told["speed"].pk
    pages = {
        told["dewi"]: [address(name) for name in ("standards", "indicators", "periods", "predicates", "rules", "standard_new", "rule_new")]
        + [address("rule_simulation", rule), address("indicator", indicator)],
        told["budi"]: [address("measuring"), address("measure", told["sari"].pk), address("evaluation", told["evaluation"].pk)],
    }
    for person, paths in pages.items():
        page = visit(paths[0], as_=person, width=width, theme=theme)
        for place, path in enumerate(paths):
            if place:
                page.go(path)
            if SHOTS:
                name = path.strip("/").replace("/", "-")
                page.tab.screenshot(path=f"{SHOTS}/{name}-{width}-{theme}.png", full_page=True)
            page.check()
            page.assert_weight(OFFICE_KB, requests=6)


@pytest.mark.parametrize("script", [True, False])
def test_measuring_from_list_to_final(visit, told, script):
    page = visit(address("measuring"), as_=told["budi"], width=360, script=script)
    page.tab.get_by_role("link", name="Nilai Sari Wulandari").click()
    page.tab.get_by_label("Permohonan KK selesai dalam 24 jam").fill("93,5")
    page.tab.get_by_label("Cara mengukurnya").fill("Dari buku loket")
    page.tab.get_by_role("button", name="Simpan sebagai draf").click()
    page.tab.wait_for_url("**/penilaian/*/")
    page.tab.get_by_role("button", name="Tetapkan").first.click()
    page.tab.get_by_role("button", name="Ya, tetapkan").click()
    page.tab.wait_for_load_state()
    assert Evaluation.objects.get(source="internal").state == "final"
    page.check(axe=script)


def test_a_rule_from_form_to_on(visit, told):
    page = visit(address("rule", told["rule"].pk), as_=told["dewi"], width=1280)
    page.tab.get_by_label("Nama", exact=True).fill("KK meleset")
    page.tab.get_by_role("button", name="Simpan").click()
    page.tab.wait_for_url("**/simulasi/")
    page.tab.get_by_role("button", name="Aktifkan dan buka").click()
    page.tab.wait_for_url("**/aturan/")
    assert GapRule.objects.get(pk=told["rule"].pk).is_active
