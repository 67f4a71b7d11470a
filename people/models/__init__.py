from people.models.access import Grant, Scope, scope_of
from people.models.account import Account
from people.models.imports import ImportMapping, ImportRow, ImportRun
from people.models.notice import Notice
from people.models.organisation import OrgUnit, Position
from people.models.placement import Placement
from people.models.requests import EmailChange, LineChange
from people.models.security import OneTimeLink, SignInDelay
from people.models.session import AccountSession

__all__ = [
    "Account",
    "AccountSession",
    "EmailChange",
    "Grant",
    "ImportMapping",
    "ImportRow",
    "ImportRun",
    "LineChange",
    "Notice",
    "OneTimeLink",
    "OrgUnit",
    "Placement",
    "Position",
    "Scope",
    "SignInDelay",
    "scope_of",
]
