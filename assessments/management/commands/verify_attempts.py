"""``manage.py verify_attempts``: do attempts say what their steps say, and is a log that somebody brings the one that was kept?"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from assessments.domain import proof


class Command(BaseCommand):
    help = "Replay attempts and compare. Exit 1: something differs; 2: the question could not be asked."

    def add_arguments(self, parser):
        parser.add_argument("--attempt", type=int, help="only this one")
        parser.add_argument("--since", help="started on this day or later, YYYY-MM-DD")
        parser.add_argument("--file", type=Path, help="a log that was taken along")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, attempt, since, file, json: bool, **options):
        with override("id"):
            checked, found = _file(file) if file else _attempts(attempt, since)
            self.stdout.write(_as_json(checked, found) if json else _in_words(checked, found))
        if found:
            raise CommandError(_("%(count)d do not fit.") % {"count": len(found)}, returncode=1)


def _attempts(attempt: int | None, since: str | None) -> tuple[int, dict[str, list[str]]]:
    try:
        begins = timezone.make_aware(datetime.strptime(since, "%Y-%m-%d")) if since else None  # noqa: DTZ007 (made aware here)
    except ValueError:
        raise CommandError(_("Write the day as YYYY-MM-DD."), returncode=2) from None
    checked, found = 0, {}
    for one in proof.attempts_to_check(attempt=attempt, since=begins):
        checked += 1
        if problems := proof.problems(one):
            found[str(one.pk)] = problems
    if attempt is not None and not checked:
        raise CommandError(_("There is no such attempt here."), returncode=2)
    return checked, found


def _file(file: Path) -> tuple[int, dict[str, list[str]]]:
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(str(error), returncode=2) from error
    problems = proof.document_problems(document)
    return 1, {file.name: problems} if problems else {}


def _as_json(checked: int, found: dict[str, list[str]]) -> str:
    return json.dumps({"checked": checked, "problems": found}, ensure_ascii=False)


def _in_words(checked: int, found: dict[str, list[str]]) -> str:
    lines = [_("Checked %(checked)d, %(wrong)d do not fit.") % {"checked": checked, "wrong": len(found)}]
    return "\n".join([*lines, *(f"{name}: {sentence}" for name, sentences in found.items() for sentence in sentences)])
