"""Small copies of pictures for slow networks (experience.md §3b): WebP, at most 720 px wide, without what cameras write into them."""

from __future__ import annotations

import io
import threading
from typing import IO, Any

from PIL import Image, ImageFile, ImageOps

WIDTHS = (720, 600, 480)
QUALITIES = (82, 72, 62, 52)
BYTES = 60_000
_ONE_AT_A_TIME = threading.Lock()


class TooManyPixels(ValueError):
    """Known from the head of the file, before anything is unpacked."""


def small_copy(handle: IO[bytes], formats: tuple[str, ...] | None = None, most_pixels: int = 0) -> tuple[bytes, tuple[int, int]]:
    """A WebP and its size in px: where the picture allows it at most ``BYTES``. ``formats`` are those of Pillow that are taken (None: all).
    ``TooManyPixels``: more than ``most_pixels`` (0: any). ``ValueError`` or ``OSError``: no such picture."""
    found: Any = Image.open(handle, formats=formats)
    if most_pixels and found.width * found.height > most_pixels:
        raise TooManyPixels
    _load_whole(found)
    picture = ImageOps.exif_transpose(found)
    picture = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    best = b""
    for width in WIDTHS:
        small = picture.copy()
        small.thumbnail((width, width * 4))
        for quality in QUALITIES:
            target = io.BytesIO()
            small.save(target, "WEBP", quality=quality, method=4)
            best = target.getvalue()
            if len(best) <= BYTES:
                return best, small.size
    return best, small.size


def _load_whole(picture: Any) -> None:
    """Unpack it, and refuse what was cut off: WeasyPrint tells Pillow, for the whole process, to make do with half a picture."""
    with _ONE_AT_A_TIME:
        was, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            picture.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = was
