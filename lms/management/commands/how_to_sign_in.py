from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import translation

from core.domain import menu
from core.domain.nip import grouped
from people.enums import Role
from people.models import Account, Grant


class Command(BaseCommand):
    help = "Prints how to sign in: the people of the demo story, or the first administrator's single-use link (shown by script/server)."

    def handle(self, *args, **options):
        if settings.BINA_DEMO:
            self.tell_cast()
        elif Grant.objects.valid().filter(role=Role.ADMIN, person__activated_at__isnull=False).exists():
            self.stdout.write(f"Sign in at {settings.BASE_URL}{reverse('account_login')}")
        else:
            # Until somebody has come in by it, each start prints a new link.
            exists = Grant.objects.valid().filter(role=Role.ADMIN).exists()
            self.stdout.write("You are the first: this link signs the administrator in, once, within 24 hours.\n")
            call_command("first_admin", again=exists, stdout=self.stdout)

    def tell_cast(self):
        cast = [account for account in Account.objects.filter(is_demo=True, is_active=True).order_by("pk") if account.has_usable_password()]
        if not cast:
            self.stdout.write("There are no demo accounts yet.")
            return
        self.stdout.write("Sign in with one of these numbers (NIP) and the password below; all people and results are fictitious.\n")
        with translation.override("en"):
            for account in cast:
                areas = ", ".join(str(area.label) for area in menu.areas_of(account))
                self.stdout.write(f"  {grouped(account.nip):24} {account.name:28} {areas}")
        self.stdout.write(f"\n  password: {settings.BINA_DEMO_PASSWORD or '(as set before)'}")
