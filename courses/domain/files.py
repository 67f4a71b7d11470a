"""Files that lessons show: copied under the hash of their content, images made small for slow networks (experience.md §3b)."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from core.domain.pictures import small_copy
from courses.models import LessonFile

FOLDER = "lesson-files"
#: Endings that may leave the house; everything else goes out as ``application/octet-stream``.
CONTENT_TYPES = {
    "webp": "image/webp",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt; charset=utf-8",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
INLINE = ("image/webp", "video/mp4", "video/webm", "text/vtt; charset=utf-8")


def keep_image(image: Any) -> LessonFile:
    """A WebP copy of a Wagtail image: at most 720 px wide and, where the picture allows it, 60 KB; without its metadata."""
    source = f"image:{image.pk}:{image.file.name}:{image.get_file_hash()}"[:300]
    if known := LessonFile.objects.filter(source=source).first():
        return known
    with image.open_file() as handle:
        data, size = small_copy(handle)
    return _keep(source, data, "webp", width=size[0], height=size[1])


def keep_document(document: Any) -> LessonFile:
    """A copy of a Wagtail document as it is."""
    source = f"document:{document.pk}:{document.file.name}:{document.get_file_hash()}"[:300]
    if known := LessonFile.objects.filter(source=source).first():
        return known
    with document.open_file() as handle:
        return _keep(source, handle.read(), PurePosixPath(document.filename).suffix.lower().lstrip(".")[:8])


def address(kept: LessonFile) -> str:
    return reverse("courses:file", args=[kept.name])


def path_of(name: str) -> str:
    """Where a kept file lies in the storage."""
    return f"{FOLDER}/{name[:2]}/{name}"


def _keep(source: str, data: bytes, ending: str, **size: int) -> LessonFile:
    name = hashlib.sha256(data).hexdigest()[:32] + (f".{ending}" if ending.isalnum() else "")
    if not default_storage.exists(path_of(name)):
        default_storage.save(path_of(name), ContentFile(data))
    with transaction.atomic():
        content_type = CONTENT_TYPES.get(ending, "application/octet-stream")
        return LessonFile.objects.get_or_create(
            source=source, defaults={"name": name, "content_type": content_type, "size": len(data), **size}
        )[0]
