"""The course behind an address, for the person who asks; strangers to it see 404."""

from __future__ import annotations

from django.http import Http404

from core.domain import menu
from courses.domain import reading
from courses.models import CoursePage, ReleasedLesson


def place_or_404(request, slug: str) -> reading.Place:
    try:
        return reading.place_of(request.user, slug)
    except CoursePage.DoesNotExist:
        raise Http404


def lesson_or_404(place: reading.Place, position: int) -> reading.Lesson:
    if not 1 <= position <= place.release.lesson_count:
        raise Http404
    try:
        return reading.lesson_at(place.release, position)
    except ReleasedLesson.DoesNotExist:
        raise Http404


def may_edit(request, course: CoursePage) -> bool:
    """Asked only of trainers, so that a learner's page pays nothing for it."""
    if "trainer" not in {area.key for area in menu.areas_of(request.user)}:
        return False
    return CoursePage.objects.taught_by(request.user).filter(pk=course.pk).exists()
