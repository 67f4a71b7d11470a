"""The account of a civil servant (or of a technical administrator)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import EmploymentStatus

if TYPE_CHECKING:
    from datetime import date


class AccountQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date | None = None):
        """People whose profile ``user`` may see: herself, her direct staff (decisions 9), her HR or evaluator units, all for
        central HR, auditor and administrator. Trainers reach learners through enrolments, never through this list."""
        from people.models.access import scope_of

        if not getattr(user, "is_authenticated", False):
            return self.none()
        scope = scope_of(user, on=on)
        if scope.sees_everybody:
            return self
        wanted = Q(pk=user.pk) | Q(
            placements__superior=user, placements__ends_on__isnull=True
        )
        for path in scope.unit_paths:
            wanted |= Q(placements__unit__path__startswith=path, placements__ends_on__isnull=True)
        return self.filter(pk__in=self.model.objects.filter(wanted).values("pk"))

    def people(self):
        return self.exclude(status=EmploymentStatus.TECHNICAL)

    def with_placement(self):
        """Prefetch the open placement with unit, position and superior as ``open_placements`` (one query for any number of rows)."""
        from people.models.placement import Placement

        current = Placement.objects.filter(ends_on__isnull=True).select_related("unit", "position", "superior")
        return self.prefetch_related(models.Prefetch("placements", queryset=current, to_attr="open_placements"))


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):
    def create_user(self, nip, email="", password=None, **extra):
        account = self.model(nip=nip, email=self.normalize_email(email), **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, nip, email="", password=None, **extra):
        # Django's contract; ``is_superuser`` opens Wagtail screens only, never ``visible_to``.
        extra.setdefault("status", EmploymentStatus.TECHNICAL)
        return self.create_user(nip, email, password, is_superuser=True, **extra)


class Account(AbstractBaseUser, PermissionsMixin):
    """One person who signs in. ``nip`` is the 18-digit NIP or NI PPPK, stored plain, shown grouped, masked in public.

    Technical accounts (the first administrator) carry a short name in ``nip`` and the status *technical*.
    """

    nip = models.CharField(_("NIP"), max_length=18, unique=True, error_messages={"unique": _("This NIP is already in use.")})
    email = models.EmailField(_("Office e-mail"), blank=True)
    name = models.CharField(_("Name"), max_length=150)
    title_front = models.CharField(_("Title before the name"), max_length=40, blank=True)
    title_back = models.CharField(_("Title after the name"), max_length=60, blank=True)
    status = models.CharField(_("Status"), max_length=12, choices=EmploymentStatus.choices, default=EmploymentStatus.PNS)
    grade = models.CharField(_("Grade"), max_length=8, blank=True, help_text="golongan/ruang")
    rank = models.CharField(_("Rank"), max_length=60, blank=True, help_text="pangkat")
    grade_since_on = models.DateField(_("Grade since"), null=True, blank=True)
    phone = models.CharField(_("Phone"), max_length=24, blank=True)
    education = models.CharField(_("Education"), max_length=60, blank=True)
    retires_on = models.DateField(_("Retires on"), null=True, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Preferences of the person herself (screen L10).
    language = models.CharField(_("Language"), max_length=5, choices=[("id", "Bahasa Indonesia"), ("en", "English")], default="id")
    theme = models.CharField(max_length=6, choices=[("system", _("Follow the device")), ("light", _("Light")), ("dark", _("Dark"))], default="system")
    text_size = models.PositiveSmallIntegerField(choices=[(100, "100 %"), (115, "115 %"), (130, "130 %")], default=100)
    saves_data = models.BooleanField(_("Save data"), default=False)
    wants_email = models.BooleanField(_("Notices by e-mail"), default=True)

    USERNAME_FIELD = "nip"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"), name="account_email_unique", condition=~Q(email=""),
                violation_error_message=_("This e-mail address is already in use."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with titles outside: ``dr. Sari Wulandari, A.Md.``"""
        front = f"{self.title_front} " if self.title_front else ""
        back = f", {self.title_back}" if self.title_back else ""
        return f"{front}{self.name}{back}"

    # Names that Wagtail's and Django's screens ask for.
    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def last_name(self) -> str:
        return " ".join(self.name.split(" ")[1:])

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def is_staff(self) -> bool:
        """Only asked for by third-party screens; the django-admin is never mounted."""
        return False

    @property
    def placement(self):
        """The open placement or None; uses the prefetch of ``with_placement()`` when there is one."""
        if hasattr(self, "open_placements"):
            return self.open_placements[0] if self.open_placements else None
        return self.placements.filter(ends_on__isnull=True).select_related("unit", "position", "superior").first()
