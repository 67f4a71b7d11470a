"""Every component on a few pages, to look at and to test (`/gaya/`; only in development and tests, see core/urls.py)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from core.domain.menu import Area, Link
from core.forms.styleguide import SampleForm
from core.views.access import public

PAGES = {"komponen": "app", "ikhtisar": "app", "orang": "app", "materi": "focus", "kosong": "app", "ringkas": "quiet", "cetak": "print"}
LINKS = tuple(
    Link(label, short, f"/gaya/{name}/", symbol, (name,))
    for label, short, name, symbol in (
        ("Komponen", "Komponen", "komponen", "layout-list"),
        ("Ikhtisar", "Ikhtisar", "ikhtisar", "gauge"),
        ("Pembinaan", "Pembinaan", "orang", "messages-square"),
        ("Materi", "", "materi", "book-open"),
        ("Keadaan kosong", "", "kosong", "circle-dashed"),
    )
)


@public
def show(request, name: str = "komponen"):
    if name not in PAGES:
        raise Http404
    areas = (Area("learner", "Pegawai", bool, "", 0), Area("superior", "Atasan", bool, "", 1))
    current = next((link for link in LINKS if link.view_names[0] == name), None)
    request._bina_frame = {"areas": areas, "area": areas[0], "links": LINKS, "current": current, "view_name": name}
    bound = SampleForm({"goal": "", "nip": "1986092620150510", "answer": "b", "password": ""}, auto_id="galat_%s")
    people = Paginator(range(130), 25).page(2)
    return render(request, f"core/styleguide/{name}.html", {"form": SampleForm(), "bound": bound, "page": people, "sample": SAMPLE})


SAMPLE = {
    "tabs": [
        {"label": "Semua", "url": "#", "current": True, "count": 205},
        {"label": "Terbuka", "url": "#", "current": False, "count": 33},
        {"label": "Menunggu nilai ulang", "url": "#", "current": False, "count": 15},
        {"label": "Membaik", "url": "#", "current": False, "count": None},
    ],
    "figures": [
        {"value": "205", "label": "pegawai", "url": "#"},
        {"value": "33", "label": "kesenjangan terbuka", "url": "#"},
        {"value": "53", "label": "sedang ditangani", "url": "#"},
        {"value": "15", "label": "menunggu penilaian ulang", "url": "#"},
        {"value": "46", "label": "membaik tahun ini", "url": "#"},
        {"value": "14,2", "unit": "JP", "label": "rata-rata, dari 20", "url": "#"},
    ],
    "units": [
        {"label": "Kelurahan Anggrek", "url": "#", "values": [5, 9, 3]},
        {"label": "Kelurahan Cempaka", "url": "#", "values": [7, 11, 2]},
        {"label": "Kelurahan Melati", "url": "#", "values": [8, 13, 5]},
        {"label": "Kantor Kecamatan", "url": "#", "values": [9, 0, 4]},
    ],
    "parts": ["Terbuka", "Ditangani", "Menunggu nilai ulang"],
    "bars": [
        {"label": "Persyaratan (U1)", "value": 3.21, "note": "132 jawaban"},
        {"label": "Prosedur (U2)", "value": 3.02, "note": "131 jawaban"},
        {"label": "Waktu penyelesaian (U3)", "value": 2.71, "note": "132 jawaban"},
        {"label": "Biaya (U4)", "value": None, "note": "kurang dari 10 jawaban"},
    ],
    "months": ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt"],
    "hours": [{"label": "JP", "values": [0.8, 1.9, 3.1, 4.6, 5.9, 7.4, 8.8, 10.1, 12.3, 14.2]}],
    "waits": [
        {"label": "Median", "values": [22, 21, 23, 22, 20, 21, None, 15, 14, 12]},
        {"label": "9 dari 10", "values": [58, 55, 61, 57, 54, 56, None, 38, 34, 28]},
    ],
}
