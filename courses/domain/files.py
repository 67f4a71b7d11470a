"""Files that lessons show: copied under the hash of their content, images made small for slow networks (experience.md §3b)."""

from __future__ import annotations

import hashlib
import io
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from PIL import Image, ImageOps

from courses.models import LessonFile

FOLDER = "lesson-files"
IMAGE_WIDTHS = (720, 600, 480)
IMAGE_QUALITIES = (82, 72, 62, 52)
IMAGE_BYTES = 60_000
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
    data, size = _smaller(image)
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


def _smaller(image: Any) -> tuple[bytes, tuple[int, int]]:
    with image.open_file() as handle:
        picture = ImageOps.exif_transpose(Image.open(handle))
        picture = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    best = b""
    for width in IMAGE_WIDTHS:
        small = picture.copy()
        small.thumbnail((width, width * 4))
        for quality in IMAGE_QUALITIES:
            target = io.BytesIO()
            small.save(target, "WEBP", quality=quality, method=4)
            best = target.getvalue()
            if len(best) <= IMAGE_BYTES:
                return best, small.size
    return best, small.size
