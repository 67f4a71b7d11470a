"""T1 "Kelas saya": what needs the trainer, outside the editor; publishing a whole course with one tap."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.domain.errors import RuleViolation
from courses.domain import checklist, extra_attempts, releases, reviewing
from courses.domain import studio as desk
from courses.models import CoursePage, Enrolment
from people.enums import Role
from people.models import scope_of

MOST_SHOWN = 50  # people who wait for another attempt; the others follow when these have theirs


@require_safe
def studio(request):
    """Only for trainers; everybody else has no such page."""
    if not scope_of(request.user).has(Role.TRAINER):
        raise Http404
    context = {
        "cards": desk.cards(request.user),
        "reviews": desk.reviews_waiting(request.user),
        "shelves": desk.shelves_for_new(request.user),
    }
    return render(request, "courses/studio.html", context)


@require_safe
def course(request, slug: str):
    return render(request, "courses/studio_course.html", _course_context(request, _taught(request, slug)))


@require_POST
def publish(request, slug: str):
    """Everything that is drafted becomes one release; what is missing is said, and nothing is published then."""
    page = _taught(request, slug)
    before = page.current_release_id
    try:
        release = releases.publish_course(page, by=request.user, is_minor=request.POST.get("minor") == "yes")
    except RuleViolation as violation:
        return render(
            request, "courses/studio_course.html", {**_course_context(request, page), "reasons": violation.reasons}, status=422
        )
    if release.pk == before:
        messages.info(request, _("Nothing has changed since version %(number)d.") % {"number": release.number})
    else:
        messages.success(request, _("Version %(number)d is published.") % {"number": release.number})
    return redirect("courses:studio_course", slug)


@require_POST
def grant_attempt(request, slug: str, pk: int):
    """One more attempt of the final quiz for a participant who has used all of hers."""
    page = _taught(request, slug)
    enrolment = get_object_or_404(Enrolment.objects.filter(course=page).select_related("person"), pk=pk)
    try:
        extra_attempts.grant_attempt(enrolment, by=request.user)
    except RuleViolation as violation:
        context = {**_course_context(request, page), "grant_reasons": violation.reasons}
        return render(request, "courses/studio_course.html", context, status=422)
    messages.success(request, _("%(name)s has another attempt and is told.") % {"name": enrolment.person.full_name})
    return redirect("courses:studio_course", slug)


def _taught(request, slug: str) -> CoursePage:
    courses = CoursePage.objects.taught_by(request.user).select_related("current_release", "pre_quiz", "post_quiz")
    return get_object_or_404(courses, slug=slug)


def _course_context(request, page: CoursePage) -> dict:
    lines = desk.outline(page)
    return {
        "course": page,
        "card": desk.cards(request.user, [page])[0],
        "lines": lines,
        "lacks": checklist.musts(page),
        "waiting": extra_attempts.waiting(page)[:MOST_SHOWN],
        "has_drafts": any(line.has_draft for line in lines),
        "releases": page.releases.select_related("created_by").order_by("-number")[:10],
        "review_url": request.build_absolute_uri(reverse("courses:review", args=[reviewing.ticket(page)])),
    }
