"""Name and password: one account, one look at the password, the same work when there is no such account."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from people.domain.sign_in import account_named
from people.models import Account


class NameAndPasswordBackend(AuthenticationBackend):
    """NIP (grouped or plain) or office address. allauth's own search would try several accounts and as many passwords."""

    def _authenticate(self, request: Any, **credentials: Any) -> Account | None:
        account = getattr(request, "sign_in_account", None)
        if account is None and not hasattr(request, "sign_in_account"):
            account = account_named(credentials.get("username") or credentials.get("email") or "")
        return self._check_password(account, credentials.get("password") or "")  # type: ignore[return-value]
