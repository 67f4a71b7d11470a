"""``manage.py import_evaluations FILE...``: ratings and indicators from XLSX workbooks or CSV files."""

from __future__ import annotations

from pathlib import Path

from people.enums import ImportKind
from people.management.import_command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import evaluations and indicators from XLSX or CSV files; what each sheet or file holds is seen from its headers. "
        "Exit 1: a row was refused with --all-or-nothing; exit 2: a file was refused."
    )
    kind = ImportKind.EVALUATIONS
    own_options = ("period", "reason", "profile")

    def add_arguments(self, parser):
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--period", default="", metavar="FROM:TO", help="for rows that state none, e.g. 2025-04:2025-06")
        parser.add_argument("--reason", default="", help="why final evaluations change; needed only where they do")
        parser.add_argument("--profile", default="", metavar="CODE", help="what bare numbers mean in the system they come from")
        super().add_arguments(parser)
