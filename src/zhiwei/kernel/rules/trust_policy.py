"""Rows of the policy for safety: who sets it, who may see more in elevated mode, who decides exports."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ, Verb.SEARCH)
_SETTERS = (Role.SCHOOL_ADMIN, Role.SECURITY_OFFICER, Role.BUREAU_ADMIN)
_ELEVATING = (Role.DATA_OFFICER, Role.BUREAU_ADMIN)
_DECIDING = (Role.PRINCIPAL, Role.SECURITY_OFFICER, Role.DATA_OFFICER, Role.SCHOOL_ADMIN, Role.BUREAU_ADMIN)

POLICY: tuple[Rule, ...] = (
    *(rows(role, Relation.PLACE, "safety", (Verb.READ, Verb.MANAGE), Level.INTERNAL) for role in _SETTERS),
    *(rows(role, Relation.PLACE, "person", _SEE, Level.SENSITIVE, elevated=True) for role in _ELEVATING),
    *(rows(role, Relation.PLACE, "elevation", (Verb.CREATE,), Level.INTERNAL) for role in _ELEVATING),
    *(rows(role, Relation.PLACE, "export", (Verb.LIST, Verb.APPROVE), Level.SENSITIVE) for role in _DECIDING),
    rows(Role.DATA_OFFICER, Relation.PLACE, "roster", (Verb.EXPORT,), Level.SENSITIVE, elevated=True),
)
