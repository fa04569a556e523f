"""The AI room's rows of the policy."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import STAFF_ROLES, Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ)
_SET_UP = (*_SEE, Verb.CREATE, Verb.UPDATE)
_ADMINS = (Role.SCHOOL_ADMIN, Role.BUREAU_ADMIN)
_OVERSEERS = (Role.AUDITOR, Role.SECURITY_OFFICER, Role.PRINCIPAL)
_PROTOCOL = (Role.COUNSELLOR, Role.CLASS_TEACHER, Role.PRINCIPAL)

POLICY: tuple[Rule, ...] = (
    *(rows(role, Relation.PLACE, "ai_provider", _SET_UP, Level.INTERNAL) for role in _ADMINS),
    *(rows(role, Relation.PLACE, "ai_budget", _SET_UP, Level.INTERNAL) for role in _ADMINS),
    *(rows(role, Relation.PLACE, "ai_usage", (Verb.LIST, Verb.EXPORT), Level.INTERNAL) for role in _ADMINS),
    *(
        rows(role, Relation.SELF, "ai_key", (*_SEE, Verb.CREATE, Verb.UPDATE), Level.PERSONAL)
        for role in sorted(STAFF_ROLES)
    ),
    *(rows(role, Relation.SELF, "ai_call", _SEE, Level.PERSONAL) for role in Role),
    *(rows(role, Relation.PLACE, "ai_call", (Verb.LIST, Verb.SEARCH), Level.PERSONAL) for role in _OVERSEERS),
    rows(Role.AUDITOR, Relation.PLACE, "ai_call", (Verb.READ,), Level.SENSITIVE),
    *(rows(role, Relation.PLACE, "ai_alert", (*_SEE, Verb.UPDATE), Level.SENSITIVE) for role in _PROTOCOL),
)
