"""``manage.py loop_summary --json``: the loop in numbers."""

import json

from django.core.management.base import BaseCommand

from improvement.domain.loop_summary import loop_summary


class Command(BaseCommand):
    help = "People, evaluations, gaps, assignments, completions, certificates and records in numbers."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        figures = loop_summary()
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        for period in figures["evaluations"]:
            self.stdout.write("{period}: {count} evaluations, {result_below} results and {behaviour_below} behaviours below".format(**period))
        for row in figures["gaps"]:
            self.stdout.write("gaps {kind} {status}: {count}".format(**row))
        for name in ("people", "assignments", "completions", "certificates", "records"):
            self.stdout.write(f"{name}: {figures[name]}")
