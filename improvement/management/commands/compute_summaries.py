"""``manage.py compute_summaries``: the figures of HR's overview, now."""

from django.core.management.base import BaseCommand

from improvement.domain.summary import compute_summaries


class Command(BaseCommand):
    help = "Compute the figures of every unit for HR's overview."

    def handle(self, *args, **options):
        self.stdout.write(f"{compute_summaries()} units")
