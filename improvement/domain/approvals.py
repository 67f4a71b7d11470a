"""S5: everything people wait for an answer to, requests and words on findings in one list, oldest first. Four queries for a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, QuerySet, Value

from improvement.domain.contexts import unanswered_contexts
from improvement.domain.requests import open_requests
from improvement.models import LearnerRequest
from people.models import Account
from performance.models import GapContext


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: ``request`` or ``context`` is set, the other is None."""

    since: datetime
    request: LearnerRequest | None = None
    context: GapContext | None = None


def waiting_for(user: Account) -> QuerySet:
    """Rows (kind, number, since) of what ``user`` can answer, oldest first; ``filled`` gives them their contents."""

    def rows(queryset: QuerySet, kind: str, since: str) -> QuerySet:
        marked = queryset.order_by().annotate(kind_word=Value(kind, output_field=CharField()), since=F(since))
        return marked.values_list("kind_word", "pk", "since")

    asked, said = rows(open_requests(user), "request", "created_at"), rows(unanswered_contexts(user), "context", "at")
    return asked.union(said, all=True).order_by("since", "kind_word", "pk")


def filled(rows: Iterable[tuple[str, int, datetime]]) -> list[Waiting]:
    """The rows of one page with what a list shows."""
    listed = list(rows)
    numbers = {kind: [pk for word, pk, _since in listed if word == kind] for kind in ("request", "context")}
    asked = LearnerRequest.objects.select_related("assignment__person", "assignment__course").in_bulk(numbers["request"])
    said = GapContext.objects.select_related("gap__person", "gap__indicator").in_bulk(numbers["context"])
    return [
        Waiting(since, request=asked[pk]) if kind == "request" else Waiting(since, context=said[pk]) for kind, pk, since in listed
    ]
