from django.core.management.base import BaseCommand, CommandError

from core.domain import crypto, key_change


class Command(BaseCommand):
    help = "Writes everything encrypted anew under the first of BINA_NOTES_KEYS. --new prints a fresh key and does nothing else."

    def add_arguments(self, parser):
        parser.add_argument("--new", action="store_true")

    def handle(self, *args, **options):
        if options["new"]:
            self.stdout.write(crypto.new_key())
            return
        found = key_change.renew_everything()
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in found.items()))
        if found[key_change.UNREADABLE]:
            raise CommandError("Some secrets cannot be read with any of the keys: keep the old keys, and look for the missing one.")
