"""What there is to learn, and what I learn."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.domain.dates import local_today
from courses.domain import catalogue as lists
from courses.domain import hours
from courses.domain.next_step import step_of

PAGE = 25


@require_safe
def catalogue(request):
    """All open courses, with a search and her own state beside each."""
    words = request.GET.get("q", "").strip()[: lists.LONGEST_SEARCH]
    page = Paginator(lists.search(words), PAGE).get_page(request.GET.get("page"))
    mine = lists.enrolments_in(request.user, list(page))
    rows = [(course, mine.get(course.pk)) for course in page]
    return render(request, "courses/catalogue.html", {"page": page, "rows": rows, "words": words})


@require_safe
def mine(request):
    """Running courses with one button each, completed ones, and the hours of the year."""
    running, done = lists.mine(request.user)
    today = local_today()
    context = {
        "running": [(enrolment, step_of(enrolment)) for enrolment in running],
        "done": Paginator(done, PAGE).get_page(request.GET.get("page")),
        "today": today,
        "hours": hours.year_summary(request.user, today.year),
    }
    return render(request, "courses/mine.html", context)
