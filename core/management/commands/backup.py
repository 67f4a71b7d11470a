from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.domain import backup
from core.domain.errors import RuleViolation


class Command(BaseCommand):
    help = "Makes a backup of the database and the uploads, while the product runs. --check compares the checksums of one."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, help="Folder of the backups (default: BINA_BACKUP_DIR).")
        parser.add_argument("--without-media", action="store_true")
        parser.add_argument("--check", type=Path, metavar="BACKUP")

    def handle(self, *args, **options):
        if options["check"]:
            wrong = backup.check(options["check"])
            if wrong:
                raise CommandError(f"changed or missing: {', '.join(wrong)}")
            self.stdout.write("ok")
            return
        try:
            made = backup.make(folder=options["to"], with_media=not options["without_media"])
        except RuleViolation as refused:
            raise CommandError(str(refused))
        self.stdout.write(f"{made.path} ({made.size} bytes)")
