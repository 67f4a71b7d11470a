from people.models.access import Grant, Scope, scope_of
from people.models.account import Account
from people.models.imports import ImportMapping, ImportRow, ImportRun
from people.models.notice import Notice
from people.models.organisation import OrgUnit, Position
from people.models.placement import Placement
from people.models.security import OneTimeLink, SignInDelay

__all__ = [
    "Account", "Grant", "ImportMapping", "ImportRow", "ImportRun", "Notice", "OneTimeLink", "OrgUnit", "Placement", "Position",
    "Scope", "SignInDelay", "scope_of",
]
