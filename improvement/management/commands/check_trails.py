"""``manage.py check_trails``: walks every chain from evaluation to record; exits 1 on a broken link."""

import json
import sys

from django.core.management.base import BaseCommand

from improvement.domain.check import check_trails


class Command(BaseCommand):
    help = "Walk every trail from evaluation to record; exit 1 when a link is broken."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        report = check_trails()
        if options["json"]:
            self.stdout.write(json.dumps({"gaps": report.gaps, "records": report.records, "links": report.links, "broken": report.broken}))
        else:
            for sentence in report.broken:
                self.stdout.write(sentence)
            self.stdout.write(f"{report.gaps} gaps, {report.records} records, {report.links} links walked, {len(report.broken)} broken")
        if report.broken:
            sys.exit(1)
