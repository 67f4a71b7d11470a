"""``manage.py first_admin``: the technical account that gives the first roles, and a link that signs it in once."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from core.domain.errors import RuleViolation
from people.domain.accounts import first_admin


class Command(BaseCommand):
    help = "Make the first administrator and print a single-use sign-in link (24 hours). With --again: a new link for the one there is."

    def add_arguments(self, parser):
        parser.add_argument("--name", default="Administrator")
        parser.add_argument("--email", default="", help="where later sign-in links are sent")
        parser.add_argument("--again", action="store_true")

    def handle(self, *args, **options):
        try:
            _account, token = first_admin(name=options["name"], email=options["email"], again=options["again"])
        except RuleViolation as violation:
            raise CommandError(" ".join(violation.reasons))
        self.stdout.write(f"{settings.BASE_URL}{reverse('people:one_time', args=[token])}")
