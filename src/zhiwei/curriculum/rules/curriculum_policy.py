"""The curriculum's rows of the policy."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import STAFF_ROLES, Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ, Verb.SEARCH)
_AUTHORS = (Role.TEACHER, Role.SUBJECT_LEAD, Role.RESEARCH_OFFICER)

POLICY: tuple[Rule, ...] = (
    *(rows(role, Relation.ANYONE, "point", _SEE, Level.INTERNAL) for role in Role),
    *(rows(role, Relation.ANYONE, "item", _SEE, Level.INTERNAL) for role in sorted(STAFF_ROLES)),
    *(rows(role, Relation.SELF, "item", (Verb.CREATE, Verb.UPDATE), Level.INTERNAL) for role in _AUTHORS),
    rows(
        Role.SUBJECT_LEAD, Relation.SUBJECT, "item", (Verb.UPDATE, Verb.APPROVE, Verb.IMPORT), Level.INTERNAL
    ),
    rows(
        Role.RESEARCH_OFFICER,
        Relation.PLACE,
        "item",
        (Verb.UPDATE, Verb.APPROVE, Verb.IMPORT),
        Level.INTERNAL,
    ),
    rows(Role.BUREAU_ADMIN, Relation.PLACE, "point", (Verb.IMPORT, Verb.UPDATE), Level.INTERNAL),
    *(rows(role, Relation.ANYONE, "resource", _SEE, Level.INTERNAL) for role in Role),
    *(rows(role, Relation.SELF, "resource", (Verb.CREATE, Verb.UPDATE), Level.INTERNAL) for role in _AUTHORS),
    rows(Role.SUBJECT_LEAD, Relation.SUBJECT, "resource", (Verb.UPDATE,), Level.INTERNAL),
    rows(Role.RESEARCH_OFFICER, Relation.PLACE, "resource", (Verb.UPDATE,), Level.INTERNAL),
    *(
        rows(role, Relation.SELF, "draft", (*_SEE, Verb.CREATE, Verb.UPDATE), Level.INTERNAL)
        for role in _AUTHORS
    ),
)
