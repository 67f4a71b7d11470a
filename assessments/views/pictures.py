"""Pictures of questions, for everybody who is signed in: their names are hashes of what they show, nobody guesses one."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from assessments.domain import pictures


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    place = pictures.path_of(name)
    if not default_storage.exists(place):
        raise Http404
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return FileResponse(default_storage.open(place, "rb"), content_type="image/webp", headers=headers)
