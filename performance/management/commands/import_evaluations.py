"""``manage.py import_evaluations FILE...``: ratings and indicators from XLSX workbooks or CSV files."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.domain.errors import RuleViolation
from people.domain import import_report
from people.enums import ImportKind
from people.models import Account


class Command(BaseCommand):
    help = (
        "Import evaluations and indicators from XLSX or CSV files; what each sheet or file holds is seen from its headers. "
        "Exit 1: a row was refused with --all-or-nothing; exit 2: a file was refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--period", default="", metavar="FROM:TO", help="for rows that state none, e.g. 2025-04:2025-06")
        parser.add_argument("--reason", default="", help="why final evaluations change; needed only where they do")
        parser.add_argument("--profile", default="", metavar="CODE", help="what bare numbers mean in the system they come from")
        parser.add_argument("--dry-run", action="store_true", help="check and tell, write nothing")
        parser.add_argument("--all-or-nothing", action="store_true", help="write nothing when one row is refused")
        parser.add_argument(
            "--by", default="", metavar="NIP", help="import as this person, within her units (default: the system)"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        by = Account.objects.filter(nip=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(f"{options['by']}: no such account.", returncode=2)
        try:
            result = import_report.import_now(
                ImportKind.EVALUATIONS,
                options["files"],
                by=by,
                options={key: options[key] for key in ("period", "reason", "profile")},
                dry_run=options["dry_run"],
                all_or_nothing=options["all_or_nothing"],
            )
        except RuleViolation as violation:
            if options["json"]:
                self.stdout.write(json.dumps(import_report.refused_file(violation.reasons), ensure_ascii=False))
            raise CommandError(" ".join(violation.reasons), returncode=2)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(import_report.sentences(result)))
        if options["all_or_nothing"] and result["refused"]:
            raise CommandError("Nothing was written, because rows were refused.", returncode=1)
