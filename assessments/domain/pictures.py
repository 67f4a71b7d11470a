"""Pictures in questions: a small copy is kept under the hash of its content, so a version always shows what it showed, whatever happens
to the file it came from.

A picture of a draft or a body is ``{"file": "<32 hex digits>.webp", "alt": "...", "width": px, "height": px}``; ``{}`` is none.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image

from assessments.formats.base import PictureFile
from core.domain.errors import RuleViolation
from core.domain.pictures import TooManyPixels, small_copy

FOLDER = "question-pictures"
LARGEST = 10_000_000  # bytes of an upload
MOST_PIXELS = 40_000_000
LONGEST_ALT = 500
FORMATS = ("JPEG", "PNG", "WEBP")
_NAME = re.compile(r"[0-9a-f]{32}\.webp")


def made_small(data: bytes) -> tuple[bytes, dict[str, Any]]:
    """The copy that would be kept, and its picture without words; nothing is stored. ``RuleViolation``: too large, or no JPEG, PNG or WebP
    that can be read."""
    if len(data) > LARGEST:
        raise RuleViolation(_("The picture is larger than %(limit)d MB.") % {"limit": LARGEST // 1_000_000})
    try:
        small, (width, height) = small_copy(io.BytesIO(data), FORMATS, MOST_PIXELS)
    except TooManyPixels:
        raise RuleViolation(_("The picture has more than %(limit)d megapixels. Make it smaller, then choose it again.")
                            % {"limit": MOST_PIXELS // 1_000_000}) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # What Pillow raises for a file that is none, broken, of another kind or too large to unpack.
        raise RuleViolation(_("This is no picture that can be read: choose a JPEG, PNG or WebP.")) from None
    return small, {"file": hashlib.sha256(small).hexdigest()[:32] + ".webp", "alt": "", "width": width, "height": height}


def keep(data: bytes, alt: str) -> dict[str, Any]:
    """The picture of an upload or of a file with questions, its copy stored. ``RuleViolation`` as in ``made_small``."""
    small, picture = made_small(data)
    place = path_of(picture["file"])
    if not default_storage.exists(place):
        default_storage.save(place, ContentFile(small))
    return {**picture, "alt": alt}


def cleaned(picture: Mapping[str, Any] | None) -> dict[str, Any]:
    """In canonical form; what names no kept copy is none."""
    picture = picture or {}
    if not _NAME.fullmatch(str(picture.get("file", ""))):
        return {}
    alt = " ".join(str(picture.get("alt", "")).split())
    return {"file": picture["file"], "alt": alt, "width": int(picture["width"]), "height": int(picture["height"])}


def path_of(name: str) -> str:
    """Where a kept copy lies in the storage."""
    return f"{FOLDER}/{name[:2]}/{name}"


def file_of(picture: Mapping[str, Any]) -> PictureFile | None:
    """The picture as it goes into a file with questions; None where there is none, or its copy is lost."""
    if not picture or not default_storage.exists(path_of(picture["file"])):
        return None
    with default_storage.open(path_of(picture["file"]), "rb") as handle:
        return PictureFile(picture["file"], handle.read(), picture["alt"])
