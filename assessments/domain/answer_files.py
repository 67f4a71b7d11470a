"""Files as answers: judged by their content, stored under a name of our own, always given out as a download."""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import zipfile
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from assessments.domain import attempts
from assessments.models import AnswerFile, Attempt
from assessments.question_types.file import KINDS, LONGEST_NAME
from assessments.question_types.texts import clean_line
from core.domain.errors import RuleViolation

LARGEST = 5_000_000  # bytes
MOST = 10  # uploads for one question of one attempt
MOST_PIXELS = 60_000_000
MOST_ENTRIES, LARGEST_UNPACKED = 2_000, 100_000_000
ENDINGS = {"pdf": ("pdf",), "picture": ("jpg", "jpeg", "png"), "document": ("docx", "xlsx", "pptx")}
_OFFICE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


def store(attempt: Attempt, version_id: int, upload: UploadedFile, *, kinds: list[str], client_revision: int | None = None,
          at: datetime | None = None) -> AnswerFile:
    """Keep an uploaded file and make it the answer of the question; both or neither. ``RuleViolation``: too large, not of ``kinds``, not what
    its name says, too many; ``AttemptClosed`` after the hand-in."""
    at = at or timezone.now()
    if upload.size is None or upload.size > LARGEST:
        raise RuleViolation(_("The file is larger than %(limit)d MB. Make it smaller, then try again.") % {"limit": LARGEST // 1_000_000})
    data, name = upload.read(), name_of(upload.name or "")
    if reason := problem(name, data, kinds):
        raise RuleViolation(reason)
    if AnswerFile.objects.filter(attempt=attempt, version=version_id).count() >= MOST:
        raise RuleViolation(_("You have uploaded %(most)d files for this question; the last one counts.") % {"most": MOST})
    place = f"answers/{attempt.pk}/{secrets.token_hex(16)}"
    storage = AnswerFile._meta.get_field("file").storage
    try:
        with transaction.atomic():
            stored = AnswerFile.objects.create(
                attempt=attempt, version_id=version_id, file=storage.save(place, ContentFile(data)), name=name, size=len(data),
                sha256=hashlib.sha256(data).hexdigest(), at=at)
            attempts.answer(attempt, version_id, f"{stored.pk}:{name}", client_revision=client_revision, at=at)
    except Exception:
        storage.delete(place)
        raise
    return stored


def name_of(given: str) -> str:
    """A file name as it may be shown: no folders, nothing invisible, its ending kept."""
    name = clean_line(re.split(r"[/\\]", given)[-1]).replace(":", " ")
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
    return (stem[: LONGEST_NAME - len(ending)] + ending)[-LONGEST_NAME:] or "berkas"


def problem(name: str, data: bytes, kinds: list[str]) -> str:
    """Why this file is no answer; empty: it is one."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    allowed = [one for kind in kinds for one in ENDINGS[kind]]
    if not data:
        return _("The file is empty.")
    if ending not in allowed:
        return _("This kind of file is not asked for. Choose: %(kinds)s.") % {"kinds": ", ".join(str(KINDS[kind]) for kind in kinds)}
    return "" if _is_what_it_says(ending, data) else _("The file is damaged, or its ending does not fit its content.")


def _is_what_it_says(ending: str, data: bytes) -> bool:
    if ending == "pdf":
        return data[:1024].lstrip().startswith(b"%PDF-")
    if ending in _OFFICE:
        return _is_office(ending, data)
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as picture:
            fits = picture.width * picture.height <= MOST_PIXELS and (picture.format == "PNG") == (ending == "png")
            picture.verify()
    except Exception:  # noqa: BLE001 (Pillow raises many kinds for what is no picture)
        return False
    return fits


def _is_office(ending: str, data: bytes) -> bool:
    """An Office file is a zip of a known shape; it is looked into, never unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    names = {entry.filename for entry in entries}
    return (len(entries) <= MOST_ENTRIES and sum(entry.file_size for entry in entries) <= LARGEST_UNPACKED
            and "[Content_Types].xml" in names and any(name.startswith(_OFFICE[ending]) for name in names))
