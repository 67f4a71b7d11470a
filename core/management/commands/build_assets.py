from django.core.management.base import BaseCommand

from core.domain.assets import write_assets


class Command(BaseCommand):
    help = "Joins static/css/parts and static/js/parts into bina.css and bina.js."

    def handle(self, *args, **options):
        for path in write_assets():
            self.stdout.write(f"{path.name}: {path.stat().st_size} bytes")
