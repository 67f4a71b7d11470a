"""HTML to PDF/A-3 with tags. No Django and no database here: this file also runs alone in the press (``press.py``).

What costs time is done once in a process: fonts, style sheet, wave. Nothing is ever fetched: the fetcher knows the files of ``assets``
and data addresses, everything else stops the work (reliability T12). The same HTML gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pydyf
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

ASSETS = Path(__file__).resolve().parent.parent / "assets"
BASE = "asset:///"
OURS = {"cert-400.woff2": "font/woff2", "cert-600.woff2": "font/woff2", "cert-700.woff2": "font/woff2"}
VARIANT = "pdf/a-3a"
POINTS = 72 / 25.4
WAVE_LEFT = 8  # mm


class Forbidden(FatalURLFetchingError):
    """Something asked for an address that is not ours: no document comes out."""


class OurFiles(URLFetcher):
    def __init__(self) -> None:
        super().__init__(timeout=1, allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        if url.startswith("data:image/png;base64,"):
            return super().fetch(url, headers)
        name = url.removeprefix(BASE)
        if name not in OURS:
            raise Forbidden(f"not one of our files: {url[:80]}")
        return URLFetcherResponse(url, (ASSETS / name).read_bytes(), {"Content-Type": OURS[name]})


class Paper(HTML):
    """Our sheet in the place of the one for all of HTML."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_kept()[1]]

    def _ph_stylesheets(self) -> list[CSS]:
        return []


@lru_cache(maxsize=1)
def _kept() -> tuple[FontConfiguration, CSS, OurFiles, bytes]:
    fonts, fetcher = FontConfiguration(), OurFiles()
    style = (ASSETS / "certificate.css").read_text()
    css = CSS(string=style, base_url=BASE, url_fetcher=fetcher, font_config=fonts)
    return fonts, css, fetcher, _wave()


def render_pdf(html: str) -> bytes:
    """The document. ``Forbidden`` when the HTML points anywhere."""
    fonts, _css, fetcher, wave = _kept()
    document = Paper(string=html, base_url=BASE, url_fetcher=fetcher).render(
        font_config=fonts,
        pdf_variant=VARIANT,
        pdf_tags=True,
        cache={},
        uncompressed_pdf=False,
    )
    return document.write_pdf(
        pdf_variant=VARIANT,
        pdf_tags=True,
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        finisher=lambda _document, pdf: _put_wave(pdf, wave),
    )


def _put_wave(pdf: pydyf.PDF, wave: bytes) -> None:
    """The wave is drawn once and shown on each page, marked as decoration for screen readers."""
    box = pydyf.Array([0, -20, 130, 620])
    form = pydyf.Stream([wave], {"Type": "/XObject", "Subtype": "/Form", "BBox": box, "Filter": "/FlateDecode"})
    pdf.add_object(form)
    show = pydyf.Stream([b"/Artifact BMC /BinaWave Do EMC"])
    pdf.add_object(show)
    for page in pdf.objects:
        if isinstance(page, dict) and page.get("Type") == "/Page":
            resources: Any = pdf.objects[int(page["Resources"].split()[0])]
            resources.setdefault("XObject", pydyf.Dictionary())["BinaWave"] = form.reference
            page["Contents"] = pydyf.Array([show.reference, page["Contents"]])


def _wave() -> bytes:
    """The paths of wave.svg (only M and C, solid strokes) as PDF operators, millimetres from the top turned into points from below."""
    lines = [f"{POINTS:.5f} 0 0 -{POINTS:.5f} {WAVE_LEFT * POINTS:.3f} {210 * POINTS:.3f} cm"]
    for colour, width, start, curve in re.findall(
        r'stroke="#(\w{6})" stroke-width="([\d.]+)" d="M([-\d. ]+)C([-\d. ]+)"', (ASSETS / "wave.svg").read_text()
    ):
        rgb = " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (0, 2, 4))
        lines.append(f"{rgb} RG {width} w {start.strip()} m")
        numbers = curve.split()
        lines += [f"{' '.join(numbers[at : at + 6])} c" for at in range(0, len(numbers), 6)]
        lines.append("S")
    return zlib.compress("\n".join(lines).encode(), 9)
