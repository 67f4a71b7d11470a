from django.core.management.base import BaseCommand

from core.domain.seeding import seed_reference


class Command(BaseCommand):
    help = "Fills the default rules and reference tables where they are missing; what stands there is not changed."

    def handle(self, *args, **options):
        for name in seed_reference():
            if options["verbosity"] > 1:
                self.stdout.write(name)
