"""``manage.py export_questions FILE --format CODE``: questions of the bank as a file."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Collection

from assessments.domain.export_questions import export_questions, writable
from assessments.models import Question
from core.domain.errors import RuleViolation


class Command(BaseCommand):
    help = "Write questions of the bank into a file. What the format cannot hold is named. Exit 2: nothing was written."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=[kind.code for kind in writable()])
        parser.add_argument("--category", default="", help="name of the shelf (collection); without it all shelves")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, format: str, category: str, json: bool, **options):
        with override("id"):
            try:
                found = export_questions(_questions(category), format, by=None)
                if found.written:
                    file.write_bytes(found.data)
            except OSError as error:
                raise CommandError(str(error), returncode=2) from error
            except RuleViolation as violation:
                raise CommandError(" ".join(violation.reasons), returncode=2) from violation
            self.stdout.write(_as_json(found) if json else _in_words(found))
            if not found.written:
                raise CommandError(_("Nothing was written."), returncode=2)


def _questions(category: str):
    found = Question.objects.filter(is_active=True, current__isnull=False).select_related("current__answer_key").order_by("pk")
    if not category:
        return found
    shelf = Collection.objects.filter(name=category).first()
    if shelf is None:
        raise RuleViolation(_("There is no shelf “%(name)s”.") % {"name": category})
    return found.filter(collection=shelf)


def _as_json(found) -> str:
    return json.dumps(found.as_json(), ensure_ascii=False)


def _in_words(found) -> str:
    lines = [_("Written %(written)d, left out %(skipped)d.") % {"written": found.written, "skipped": found.skipped}]
    return "\n".join([*lines, *(f"{problem.where}: {problem.message}" for problem in found.problems)])
