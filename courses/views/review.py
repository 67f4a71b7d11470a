"""T4: the drafts of a course for a second pair of eyes, by a link; no rights in the editor are needed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.domain.errors import RuleViolation
from courses.domain import reviewing


@require_safe
def review(request, token: str):
    course = _course(token)
    return render(request, "courses/review.html", {"course": course, "token": token, "lessons": reviewing.draft_lessons(course)})


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request, token: str, pk: int):
    """A lesson as saved last; POST leaves a remark."""
    course = _course(token)
    lessons = reviewing.draft_lessons(course)
    index = next((number for number, (_module, page) in enumerate(lessons) if page.pk == pk), None)
    if index is None:
        raise Http404
    module, page = lessons[index]
    context = {
        "course": course,
        "token": token,
        "page": page,
        "count": len(lessons),
        "next": lessons[index + 1][1] if index + 1 < len(lessons) else None,
    }
    if request.method == "POST":
        try:
            reviewing.remark(page, request.POST.get("text", ""), by=request.user)
        except RuleViolation as violation:
            context |= {"reasons": violation.reasons, "text": request.POST.get("text", "")}
        else:
            messages.success(request, _("Your remark is saved. The author sees it beside the lesson."))
            return redirect(request.path)
    shown = reviewing.preview(page, module_title=module, position=index + 1)
    context |= {"lesson": shown, "parts": reviewing.preview_parts(shown), "remarks": reviewing.remarks_on(page)}
    return render(request, "courses/review_lesson.html", context, status=422 if "reasons" in context else 200)


def _course(token: str):
    course = reviewing.course_behind(token)
    if course is None:
        raise Http404
    return course
