"""Sign-in sessions in the database, with the account beside them, so that they can be listed and ended (reliability T16).

``SESSION_ENGINE = "people.models.session"``: Django takes ``SessionStore`` from here. Session and account are read in one query.
"""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.account import Account


class AccountSessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only one's own: nobody looks at another's devices."""
        return self.filter(account_id=user.pk) if user.is_authenticated else self.none()


class AccountSession(AbstractBaseSession):
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")

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
    account: Account | None = None  # of the stored session, once it was loaded; ``people.middleware`` proves it before it counts

    @classmethod
    def get_model_class(cls):
        return AccountSession

    def create_model_instance(self, data):
        instance = super().create_model_instance(data)
        account_id = data.get("_auth_user_id")
        instance.account_id = int(account_id) if account_id else None
        return instance

    def _get_session_from_db(self):
        valid = self.model.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
        session = valid.select_related("account").first()
        if session is None:
            self._session_key = None
        else:
            self.account = session.account
        return session
