"""Reading, answering, finishing. One form a lesson: without script POST-redirect-GET, with it the answered question alone comes back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.domain.errors import RuleViolation
from courses.domain import answering, next_step, progress, reading
from courses.views.course import outline_of
from courses.views.places import lesson_or_404, may_edit, place_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request, slug: str, position: int):
    place = place_or_404(request, slug)
    shown = lesson_or_404(place, position)
    if place.enrolment is None:
        messages.info(request, _("Start the course first; it takes one tap."))
        return redirect("courses:course", slug)
    if request.method == "POST":
        return _post(request, place, shown)
    return _show(request, place, shown)


def _post(request, place, shown):
    """``check:<id>`` answers a question; anything else finishes the lesson. Answers that were chosen but not sent are kept in both cases."""
    action, chosen = request.POST.get("step", ""), _chosen(request, shown)
    asked = action.partition(":")[2]
    fresh, errors = answering.keep(place.enrolment, shown, chosen, asked=asked, by=request.user)
    if errors:
        return _show(request, place, shown, errors=errors, chosen=chosen, status=422)
    if asked:
        return _one_check(request, place, shown, asked) if request.htmx else redirect(f"{request.path}#{asked}")
    if fresh:
        messages.info(request, _("Your answer is saved. Read the explanation, then tap “Finish” again."))
        return redirect(f"{request.path}#{fresh[0]}")
    try:
        enrolled = progress.finish_lesson(place.enrolment, answering.row_of(shown), by=request.user)
    except RuleViolation as violation:
        return _show(request, place, shown, reasons=violation.reasons, status=422)
    return _onwards(request, place, shown, enrolled)


def _onwards(request, place, shown, enrolled):
    """Say what was reached, and go to the next step."""
    if enrolled.is_completed:
        messages.success(request, _("You have completed “%(title)s”.") % {"title": place.release.title})
        return redirect("courses:course", place.course.slug)
    facts = {"position": shown.position, "done": len(enrolled.done_positions), "count": place.release.lesson_count}
    messages.success(request, _("Lesson %(position)d is finished: %(done)d of %(count)d.") % facts)
    return redirect(next_step.next_step(place.course, place.release, enrolled).url)


def _chosen(request, shown) -> dict[str, list[str]]:
    return {check["id"]: request.POST.getlist(f"check-{check['id']}")[:20] for check in shown.checks}


def _show(request, place, shown, *, errors=None, reasons=(), chosen=None, status=200):
    parts = answering.with_answers(place.enrolment, shown, errors=errors or {}, chosen=chosen or {})
    if request.user.saves_data or request.headers.get("Save-Data") == "on":
        label = _("Show the picture")
        parts = [{"html": reading.frugal(part["html"], label)} if "html" in part else part for part in parts]
    context = {
        "course": place.course,
        "release": place.release,
        "enrolment": place.enrolment,
        "lesson": shown,
        "parts": parts,
        "reasons": reasons,
        "errors": errors,
        "is_done": shown.position in place.enrolment.done_positions,
        "quiz_lock": next_step.quiz_lock(place.release, place.enrolment),
        "outline": outline_of(place.course, place.release, place.enrolment, now=shown.position),
        "is_last": shown.position == place.release.lesson_count,
        "next": next_step.after_lesson(place.course, place.release, place.enrolment, shown.position),
        "may_edit": may_edit(request, place.course),
    }
    context["rail"] = render_to_string("courses/rail.html", context)  # drawn once, shown beside the lesson and in its sheet
    return render(request, "courses/lesson.html", context, status=status)


def _one_check(request, place, shown, check_id: str):
    parts = answering.with_answers(place.enrolment, shown, errors={}, chosen={})
    check = next(part for part in parts if part.get("id") == check_id)
    return render(request, "courses/check.html", {"check": check})


@require_POST
def place(request, slug: str, position: int):
    """Where she reads, told by the script when she leaves the page; nothing to show."""
    found = place_or_404(request, slug)
    if found.enrolment is not None:
        progress.keep_place(found.enrolment, position, request.POST.get("anchor", ""))
    return HttpResponse(status=204)
