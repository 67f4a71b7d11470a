"""How a view carries out a domain function: the rule's sentences land on the form, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.domain.errors import RuleViolation


def carried_out(form: forms.BaseForm, deed: Callable[[dict], object]) -> bool:
    """Runs ``deed(cleaned_data)`` when the form is valid; a ``RuleViolation`` becomes the form's errors. True: done."""
    if not form.is_valid():
        return False
    try:
        deed(form.cleaned_data)
    except RuleViolation as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return False
    return True


def page(request: HttpRequest, template: str, context: dict, *shown: forms.BaseForm) -> HttpResponse:
    """The page; 422 when one of the forms ``shown`` was refused."""
    refused = any(form.is_bound and form.errors for form in shown)
    return render(request, template, context, status=422 if refused else 200)


def posted(request: HttpRequest):
    """The data of a sent form, also when every field was left empty; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None
