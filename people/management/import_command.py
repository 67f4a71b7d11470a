"""What the import commands of all apps share: their common flags, the report as text or as one JSON object, the exit codes."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError

from core.domain.errors import RuleViolation
from people.domain import import_report
from people.models import Account


class ImportCommand(BaseCommand):
    """``kind`` names the importer; ``own_options`` the flags that are handed to it. The files come as ``options["files"]``.

    Exit 1: a row was refused with --all-or-nothing; exit 2: a file (or the account of --by) was refused.
    """

    kind = ""
    own_options: tuple[str, ...] = ()

    def add_arguments(self, parser):
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
                self.kind,
                options["files"],
                by=by,
                options={key: options[key] for key in self.own_options},
                dry_run=options["dry_run"],
                all_or_nothing=options["all_or_nothing"],
            )
        except RuleViolation as violation:
            if options["json"]:
                self.stdout.write(json.dumps(import_report.refused_file(violation.reasons), ensure_ascii=False))
            raise CommandError(" ".join(violation.reasons), returncode=2) from violation
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(import_report.sentences(result)))
        if options["all_or_nothing"] and result["refused"]:
            raise CommandError("Nothing was written, because rows were refused.", returncode=1)
