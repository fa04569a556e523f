"""The kernel's rows of the policy: people, organisations, rosters, audit, jobs, consents."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ, Verb.SEARCH)
_SCHOOL_LEADERS = (Role.PRINCIPAL, Role.SCHOOL_ADMIN)


def _own(kind: str, verbs: tuple[Verb, ...], level: Level) -> list[Rule]:
    """Everybody on what is about themselves."""
    return [rows(role, Relation.SELF, kind, verbs, level) for role in Role]


POLICY: tuple[Rule, ...] = (
    *_own("person", (Verb.READ,), Level.SENSITIVE),
    *_own("notification", (Verb.LIST, Verb.UPDATE), Level.PERSONAL),
    *_own("job", (Verb.LIST, Verb.READ, Verb.UPDATE), Level.INTERNAL),
    *_own("audit", (Verb.LIST,), Level.PERSONAL),
    rows(Role.GUARDIAN, Relation.WARD, "person", (Verb.LIST, Verb.READ), Level.SENSITIVE),
    rows(Role.GUARDIAN, Relation.WARD, "consent", (*_SEE, Verb.CREATE, Verb.UPDATE), Level.PERSONAL),
    rows(Role.GUARDIAN, Relation.WARD, "audit", (Verb.LIST,), Level.PERSONAL),
    rows(Role.TEACHER, Relation.PLACE, "person", _SEE, Level.PERSONAL),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "person", _SEE, Level.SENSITIVE),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "consent", _SEE, Level.PERSONAL),
    rows(Role.SUBJECT_LEAD, Relation.PLACE, "person", (Verb.LIST, Verb.SEARCH), Level.INTERNAL),
    rows(Role.COUNSELLOR, Relation.PLACE, "person", _SEE, Level.SENSITIVE),
    *(rows(role, Relation.PLACE, "person", _SEE, Level.SENSITIVE) for role in _SCHOOL_LEADERS),
    rows(
        Role.SCHOOL_ADMIN, Relation.PLACE, "person", (Verb.CREATE, Verb.UPDATE, Verb.MANAGE), Level.SENSITIVE
    ),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "roster", (*_SEE, Verb.IMPORT, Verb.EXPORT), Level.SENSITIVE),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "account", (*_SEE, Verb.CREATE, Verb.UPDATE), Level.PERSONAL),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "organisation", (Verb.CREATE, Verb.UPDATE), Level.INTERNAL),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "consent", _SEE, Level.PERSONAL),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "job", (Verb.LIST, Verb.READ, Verb.UPDATE), Level.INTERNAL),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "delivery", (Verb.LIST, Verb.UPDATE), Level.INTERNAL),
    rows(
        Role.BUREAU_ADMIN, Relation.PLACE, "organisation", (*_SEE, Verb.CREATE, Verb.UPDATE), Level.INTERNAL
    ),
    rows(Role.BUREAU_ADMIN, Relation.PLACE, "job", (Verb.LIST, Verb.READ, Verb.UPDATE), Level.INTERNAL),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "erasure", (Verb.LIST, Verb.CREATE), Level.SENSITIVE),
    rows(
        Role.DATA_OFFICER, Relation.PLACE, "erasure", (Verb.LIST, Verb.CREATE, Verb.APPROVE), Level.SENSITIVE
    ),
    rows(Role.PRINCIPAL, Relation.PLACE, "erasure", (Verb.LIST, Verb.APPROVE), Level.SENSITIVE),
    rows(Role.AUDITOR, Relation.PLACE, "erasure", (Verb.LIST,), Level.SENSITIVE),
    rows(Role.AUDITOR, Relation.PLACE, "audit", (Verb.LIST, Verb.SEARCH, Verb.EXPORT), Level.SENSITIVE),
    rows(Role.SECURITY_OFFICER, Relation.PLACE, "audit", (Verb.LIST, Verb.SEARCH), Level.PERSONAL),
    rows(Role.PRINCIPAL, Relation.PLACE, "audit", (Verb.LIST, Verb.SEARCH), Level.PERSONAL),
)
