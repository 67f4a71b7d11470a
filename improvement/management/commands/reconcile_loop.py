"""``manage.py reconcile_loop``: does again what was left undone; a second run changes nothing."""

import json

from django.core.management.base import BaseCommand

from improvement.domain.reconcile import reconcile_loop


class Command(BaseCommand):
    help = "Replay the loop from its tables and do what was left undone."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        healed = reconcile_loop()
        if options["json"]:
            self.stdout.write(json.dumps(healed))
            return
        for step, count in healed.items():
            self.stdout.write(f"{step}: {count}")
