"""The 3x3 table as data: which predicate two ratings give (PermenPANRB 6/2022). We compare, we never issue one."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from performance.enums import Predicate, Rating
from performance.models import PredicateCell

Table = dict[tuple[str, str], str]


def predicate_table(on: date) -> Table:
    """The cells valid on ``on``; of several the one that began last. One query."""
    valid = PredicateCell.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on)).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )
    ordered = sorted(valid, key=lambda cell: cell.valid_from or date.min)
    return {(cell.result_rating, cell.behaviour_rating): cell.predicate for cell in ordered}


def contradicts(table: Table, *, result: str, behaviour: str, predicate: str) -> bool:
    """Whether a stated predicate is not the one the table gives. What is not stated contradicts nothing."""
    expected = table.get((result, behaviour))
    return bool(predicate and expected and predicate != expected)


def label_of(predicate: str) -> str:
    return str(Predicate(predicate).label) if predicate else ""


def rating_label(rating: str) -> str:
    return str(Rating(rating).label) if rating else ""
