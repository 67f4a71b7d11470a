"""From a learner's page to the editor, for those who may write there."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from courses.models import CoursePage, LessonPage, ReleasedLesson


@require_safe
def edit(request, slug: str):
    """``?materi=3`` opens that lesson (of the present release), otherwise the course."""
    course = get_object_or_404(CoursePage.objects.taught_by(request.user), slug=slug)
    position, page = request.GET.get("materi", ""), course
    if position.isdecimal() and len(position) < 5:
        key = (
            ReleasedLesson.objects.filter(release=course.current_release_id, position=position)
            .values_list("key", flat=True)
            .first()
        )
        page = LessonPage.objects.descendant_of(course).filter(translation_key=key).first() or course
    return redirect("wagtailadmin_pages:edit", page.pk)
