"""The page of a course: why, what, how far, and one button."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.domain.errors import RuleViolation
from courses.domain import completion, enrolment, next_step, panels, progress, renewal
from courses.enums import EnrolmentOrigin, EnrolmentState
from courses.views.places import may_edit, place_or_404


@require_safe
def course(request, slug: str):
    place = place_or_404(request, slug)
    return render(request, "courses/course.html", course_context(request, place))


def course_context(request, place) -> dict:
    """Everything but the panels comes from the rows that are there already."""
    enrolled, release = place.enrolment, place.release
    places = panels.panels_for(request.user, place.course, enrolled)
    return {
        "course": place.course,
        "release": release,
        "enrolment": enrolled,
        "panels": places,
        "action": next(iter(places["action"]), None),
        "step": next_step.next_step(place.course, release, enrolled),
        "outline": outline_of(place.course, release, enrolled),
        "rule": completion.rule_words(release),
        "quiz_lock": next_step.quiz_lock(release, enrolled),
        "may_leave": bool(enrolled) and not enrolment.may_withdraw(enrolled, by=request.user),
        "may_edit": may_edit(request, place.course),
    }


def outline_of(course, release, enrolled, now: int | None = None) -> list[dict]:
    """Modules with their lessons, an address and a state each: done, now (the place to go on), or nothing."""
    done = set(enrolled.done_positions) if enrolled else set()
    here = now or (enrolled.resume_position if enrolled and enrolled.is_running else None)
    base = reverse("courses:lesson", args=[course.slug, 0]).removesuffix("0/")

    def line(entry: dict) -> dict:
        position = entry["position"]
        return {**entry, "url": f"{base}{position}/", "is_done": position in done, "is_now": position == here}

    return [{"title": module["title"], "lessons": [line(entry) for entry in module["lessons"]]} for module in release.outline]


@require_POST
def enrol(request, slug: str):
    """A course chosen by oneself begins with this tap; assigned ones only start; a completed one when its validity has ended."""
    place = place_or_404(request, slug)
    try:
        if place.enrolment and place.enrolment.is_completed and (reasons := renewal.may_renew(place.course, place.enrolment)):
            raise RuleViolation(reasons)
        enrolled = enrolment.enrol(request.user, place.course, by=request.user, origin=EnrolmentOrigin.SELF)
        step = next_step.next_step(place.course, enrolled.release, enrolled)
        if step.kind != "pre" and enrolled.state == EnrolmentState.NOT_STARTED:
            progress.start(enrolled, by=request.user)
    except RuleViolation as violation:
        return render(
            request, "courses/course.html", {**course_context(request, place), "reasons": violation.reasons}, status=422
        )
    return redirect(step.url)


@require_POST
def leave(request, slug: str):
    place = place_or_404(request, slug)
    if place.enrolment is None:
        return redirect("courses:course", slug)
    try:
        enrolment.withdraw(place.enrolment, by=request.user, reason=request.POST.get("reason", ""))
    except RuleViolation as violation:
        return render(
            request, "courses/course.html", {**course_context(request, place), "reasons": violation.reasons}, status=422
        )
    messages.success(request, _("You have left the course. You may begin again at any time."))
    return redirect("courses:mine")
