"""The door to a quiz: what stands before it is the assessment app's page, who may pass is decided here."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.models import QuizVersion
from assessments.views.entry import quiz_entry
from courses.domain import next_step, quiz_places
from courses.views.places import place_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def quiz_start(request, slug: str, kind: str):
    """``kind`` is pre or post. The final quiz opens when the lessons are finished."""
    place = place_or_404(request, slug)
    versions = {"pre": place.release.pre_quiz_version_id, "post": place.release.post_quiz_version_id}
    if not versions.get(kind):
        raise Http404
    if place.enrolment is None:
        return redirect("courses:course", slug)
    version = QuizVersion.objects.select_related("quiz").get(pk=versions[kind])
    if request.method == "POST":
        quiz_places.stop_what_was_left(place.enrolment, by=request.user, at=timezone.now())
    lock = next_step.quiz_lock(place.release, place.enrolment) if kind == "post" else ""
    return quiz_entry(
        request,
        version,
        context_key=place.enrolment.context_key,
        title=place.release.title,
        back_url=place.course.learner_path(),
        problems=[f"{lock}."] if lock else [],
        when_used_up=lambda: quiz_places.words_when_used_up(place.enrolment, kind),
    )
