"""From the stored facts to the pages of the paper: only text and the QR picture, nothing is looked up, nothing depends on today."""

from __future__ import annotations

import base64
import io
from decimal import Decimal
from typing import Any

import segno
from django.template.loader import render_to_string

Facts = dict[str, Any]

LAYOUTS = {1: "certificates/paper_1.html"}
# A fixed mask spares the search for the best one (three quarters of the time); readers do not mind.
QR_MASK = 4
MOST_SUBJECTS = 20


def paper_html(facts: Facts) -> str:
    """Both pages as HTML. ``KeyError`` for an unknown layout number."""
    subjects = _fitting(facts["subjects"])
    return render_to_string(
        LAYOUTS[facts["layout"]],
        {
            "f": facts,
            "qr": qr_picture(facts["verify_url"]),
            "subjects": subjects,
            "person": [
                cell
                for cell in ((facts["rank_label"], facts["rank"]), ("Jabatan", facts["post"]), ("Unit kerja", facts["unit"]))
                if cell[1]
            ],
            "about": [
                cell
                for cell in (
                    ("Indikator kinerja", facts["indicators"]),
                    ("Nilai dasar ASN", facts["values"]),
                    ("Penilai", facts["assessor"]),
                )
                if cell[1]
            ],
            "size": {
                "type": _step(facts["type_name"], 22),
                "name": _step(facts["name"], 38, 56),
                "title": _step(facts["title"], 62, 110),
                "subjects": "s" if len(subjects) > 12 else "m" if len(subjects) > 7 else "",
            },
        },
    )


def qr_picture(address: str) -> str:
    """A one-bit grey PNG as a data address; error correction M, fixed mask: the same address gives the same bytes."""
    buffer = io.BytesIO()
    segno.make(address, error="m", mask=QR_MASK, micro=False, boost_error=False).save(
        buffer, kind="png", scale=1, border=0
    )
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _step(text: str, *limits: int) -> str:
    """Longer texts get a smaller letter: '' up to the first limit, then 'm', then 's'."""
    return ("", "m", "s")[sum(len(text) > limit for limit in limits)]


def _fitting(subjects: list[dict[str, str]]) -> list[dict[str, str]]:
    """What one page holds; the rest becomes one line with its hours, so that the sum stays true."""
    if len(subjects) <= MOST_SUBJECTS:
        return subjects
    shown, rest = subjects[: MOST_SUBJECTS - 1], subjects[MOST_SUBJECTS - 1 :]
    hours = sum((Decimal(subject["jp"].replace(".", "").replace(",", ".")) for subject in rest if subject["jp"]), Decimal(0))
    return [*shown, {"title": f"dan {len(rest)} materi lainnya", "jp": f"{hours.normalize():f}".replace(".", ",") if hours else ""}]
