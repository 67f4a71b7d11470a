from django.core.management.base import BaseCommand

from core.domain import outbox


class Command(BaseCommand):
    help = "Runs the jobs that are due, in this process; for machines without a worker, and to look at a failing job."

    def add_arguments(self, parser):
        parser.add_argument("--max", type=int, default=1000)
        parser.add_argument("--kind", action="append")
        parser.add_argument("--raise", action="store_true", dest="raises", help="Stop at the first failure and show it.")

    def handle(self, *args, **options):
        done = outbox.drain(options["max"], kinds=options["kind"], raises=options["raises"])
        self.stdout.write(f"{done} jobs")
