"""``manage.py import_questions FILE``: questions from GIFT, Aiken or Moodle XML into the bank."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Collection

from assessments.domain.import_questions import import_questions
from assessments.formats import FORMATS
from core.domain.errors import RuleViolation


class Command(BaseCommand):
    help = "Import questions from a file. Every question is either in the bank afterwards or named. Exit 2: the file was refused."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", default="auto", choices=["auto", *FORMATS])
        parser.add_argument("--category", default="", help="name of the shelf (collection); without it the first one")
        parser.add_argument("--dry-run", action="store_true", help="judge everything, store nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, format: str, category: str, dry_run: bool, json: bool, **options):
        with override("id"):
            try:
                found = import_questions(file.read_bytes(), _shelf(category), by=None, format=format, is_trial=dry_run)
            except OSError as error:
                raise CommandError(str(error), returncode=2) from error
            except RuleViolation as violation:
                raise CommandError(" ".join(violation.reasons), returncode=2) from violation
            self.stdout.write(_as_json(found) if json else _in_words(found))


def _shelf(name: str) -> Collection:
    found = Collection.objects.filter(name=name).first() if name else Collection.get_first_root_node()
    if found is None:
        raise RuleViolation(_("There is no shelf “%(name)s”.") % {"name": name})
    return found


def _as_json(found) -> str:
    return json.dumps(found.as_json(), ensure_ascii=False)


def _in_words(found) -> str:
    lines = [_("Read %(read)d, imported %(imported)d, skipped %(skipped)d.")
             % {"read": found.read, "imported": found.imported, "skipped": found.skipped}]
    return "\n".join([*lines, *(f"{problem.where}: {problem.message}" for problem in found.problems)])
