"""``manage.py import_people FILE``: a list of people from XLSX or CSV."""

from __future__ import annotations

from pathlib import Path

from people.enums import ImportKind
from people.management.import_command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import people from an XLSX or CSV file. Exit 1: a row was refused with --all-or-nothing; exit 2: the file was refused."
    )
    kind = ImportKind.PEOPLE
    own_options = ("as_of",)

    def add_arguments(self, parser):
        parser.add_argument("files", type=Path, nargs=1, metavar="FILE")
        parser.add_argument(
            "--as-of", default="", metavar="DAY", help="the day from which changed placements hold (default: today)"
        )
        super().add_arguments(parser)
