"""Sign-in sessions in the database, with the account beside them, so that they can be listed and ended (reliability T16).

``SESSION_ENGINE = "people.models.session"``: Django takes ``SessionStore`` from here. One row per session, no further queries.
"""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountSessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only one's own: nobody looks at another's devices."""
        return self.filter(account_id=user.pk) if user.is_authenticated else self.none()


class AccountSession(AbstractBaseSession):
    account_id = models.BigIntegerField(null=True, db_index=True)

    objects = BaseSessionManager.from_queryset(AccountSessionQuerySet)()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"session of account {self.account_id}"

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


class SessionStore(DatabaseSessionStore):
    @classmethod
    def get_model_class(cls):
        return AccountSession

    def create_model_instance(self, data):
        instance = super().create_model_instance(data)
        account_id = data.get("_auth_user_id")
        instance.account_id = int(account_id) if account_id else None
        return instance
