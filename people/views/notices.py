"""Notices in the product: the list, opening one, marking all as read."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from people.domain import notices
from people.models import Notice

PAGE = 25


@require_safe
def notice_list(request):
    page = Paginator(Notice.objects.visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "people/notices.html", {"page_obj": page, "unread": notices.unread_count(request.user)})


@require_safe
def open_notice(request, pk: int):
    """Where the link of a mail leads after sign-in: marks the person's own notice as read and goes on to what it is about."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    notices.mark_read([notice])
    return redirect(notice.url or "people:notices")


@require_POST
def read_all(request):
    count = notices.mark_all_read(request.user)
    if count:
        text = ngettext("%(n)d notice is marked as read.", "%(n)d notices are marked as read.", count)
        messages.success(request, text % {"n": count})
    return redirect("people:notices")
