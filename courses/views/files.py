"""Files leave the house through views only: those of released lessons for everybody who is signed in, the editor's pictures for its writers."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from courses.domain import files

PART = 2_000_000
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PICTURES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}


@require_safe
def lesson_file(request, name: str):
    """Named after the hash of its content, so it may be kept for ever; a video answers in parts."""
    content_type = files.CONTENT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    response = _answer(request, files.path_of(name), content_type)
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    if content_type not in files.INLINE:
        response["Content-Disposition"] = "attachment"
    return response


@require_safe
def editor_image(request, name: str):
    """A picture in the editor: only for those who may choose or change it there."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if ending not in _PICTURES or not name.startswith(("images/", "original_images/")):
        raise Http404
    image_model = get_image_model()
    image = image_model.objects.filter(file=name).first() or image_model.objects.filter(renditions__file=name).first()
    policy = policy_registry.get_by_type(image_model)
    if image is None or not policy.user_has_any_permission_for_instance(request.user, ["choose", "change"], image):
        raise Http404
    response = _answer(request, name, _PICTURES[ending])
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _answer(request, path: str, content_type: str) -> HttpResponse | FileResponse:
    if not default_storage.exists(path):
        raise Http404
    size = default_storage.size(path)
    first, last, is_part = _range(request.headers.get("Range", ""), size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    handle = default_storage.open(path, "rb")
    response: HttpResponse | FileResponse
    if is_part:
        with handle:
            handle.seek(first)
            response = HttpResponse(handle.read(last - first + 1), status=206, content_type=content_type)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    else:
        response = FileResponse(handle, content_type=content_type)
    response["Accept-Ranges"], response["X-Content-Type-Options"] = "bytes", "nosniff"
    return response


def _range(header: str, size: int) -> tuple[int, int, bool]:
    """First and last byte, and whether a part was asked for; at most 2 MB at once, so that a film never fills the memory."""
    found = _RANGE.fullmatch(header)
    if not found or not (found[1] or found[2]) or not size:
        return 0, max(size - 1, 0), False
    first = int(found[1]) if found[1] else max(size - int(found[2]), 0)
    last = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    return first, min(last, first + PART - 1), True
