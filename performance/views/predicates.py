"""H9: the 3x3 table as data with its legal basis, and what codes mean in other systems."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.domain.dates import local_today
from core.views.deeds import carried_out, page, posted
from performance.domain.standards import save_reference, valid_on
from performance.domain.succession import succeed
from performance.enums import Rating
from performance.forms.predicates import CellForm, LaterCellForm, ProfileForm
from performance.models import PredicateCell, SourceProfile
from performance.views.access import keeps_standards, reads_standards
from performance.views.reference import edited, shell

COLUMNS = (Rating.BELOW, Rating.MEETS, Rating.ABOVE)


@reads_standards
@require_safe
def predicates(request: HttpRequest) -> HttpResponse:
    today, cells = local_today(), {}
    for cell in PredicateCell.objects.filter(valid_on(today)).order_by("valid_from", "pk"):
        cells[(cell.result_rating, cell.behaviour_rating)] = cell
    context = shell(
        request,
        "performance:predicates",
        table=[(row, [(column, cells.get((row, column))) for column in COLUMNS]) for row in reversed(COLUMNS)],
        columns=COLUMNS,
        cells=list(cells.values()),
        later=PredicateCell.objects.filter(valid_from__gt=today).order_by("valid_from", "pk"),
        profiles=SourceProfile.objects.order_by("-is_active", "name"),
    )
    return render(request, "performance/predicates.html", context)


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def edit_cell(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a slip right. Another predicate from a day on is a row of its own (``later_cell``)."""
    cell = get_object_or_404(PredicateCell, pk=pk)
    onwards = {"onwards": reverse("performance:cell_later", args=[pk]), "onwards_words": _("Another predicate from a later day on")}
    return edited(request, CellForm(posted(request), instance=cell), "performance:predicates", _place(cell), **onwards)


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def later_cell(request: HttpRequest, pk: int) -> HttpResponse:
    """A new row for the same place of the table, from a later day on; the present one ends the day before."""
    cell = get_object_or_404(PredicateCell, pk=pk)
    place = PredicateCell(result_rating=cell.result_rating, behaviour_rating=cell.behaviour_rating)
    form = LaterCellForm(posted(request), instance=place, initial={"predicate": cell.predicate})
    if carried_out(form, lambda _data: succeed(cell, form.instance, save=save_reference, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("performance:predicates")
    context = {"form": form, "title": _("%(place)s, from a later day") % {"place": _place(cell)}}
    return page(request, "performance/edit.html", context | {"back": reverse("performance:predicates")}, form)


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    kept = get_object_or_404(SourceProfile, pk=pk) if pk else None
    form = ProfileForm(posted(request), instance=kept)
    return edited(request, form, "performance:predicates", kept.name if kept else _("New source profile"))


def _place(cell: PredicateCell) -> str:
    return f"{cell.get_result_rating_display()} × {cell.get_behaviour_rating_display()}"
