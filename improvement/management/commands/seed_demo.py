"""``manage.py seed_demo``: fills an empty database with the demo story; a second run only sets the password of the cast."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.domain.errors import RuleViolation
from improvement.demo.build import fill


class Command(BaseCommand):
    help = "Fill an empty database with the demo story (fictitious people, labelled as examples). Refused in production."

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("Demo content does not belong into a production installation.")

        def tell(words: str) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(words)

        try:
            filled = fill(password=settings.BINA_DEMO_PASSWORD, tell=tell)
        except RuleViolation as violation:
            raise CommandError(" ".join(violation.reasons))
        if options["verbosity"]:
            self.stdout.write("The demo story is filled in." if filled.is_new else "The demo story is there already.")
            if filled.is_new and not settings.BINA_DEMO_PASSWORD:
                self.stdout.write(f"Password of the cast: {filled.password}")
