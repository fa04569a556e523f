"""Knowledge bases' rows of the policy: staff make and manage, everybody finds what their audience opens."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import STAFF_ROLES, Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ, Verb.SEARCH)
_MAKERS = (Role.TEACHER, Role.SUBJECT_LEAD, Role.SCHOOL_ADMIN, Role.RESEARCH_OFFICER)
_KEEPERS = (Role.SCHOOL_ADMIN,)

POLICY: tuple[Rule, ...] = (
    *(rows(role, Relation.PLACE, "knowledge_base", _SEE, Level.INTERNAL) for role in sorted(STAFF_ROLES)),
    *(rows(role, Relation.PLACE, "knowledge_base", (Verb.CREATE,), Level.INTERNAL) for role in _MAKERS),
    *(
        rows(role, Relation.SELF, "knowledge_base", (Verb.UPDATE, Verb.DELETE), Level.INTERNAL)
        for role in _MAKERS
    ),
    *(
        rows(role, Relation.PLACE, "knowledge_base", (Verb.UPDATE, Verb.DELETE), Level.INTERNAL)
        for role in _KEEPERS
    ),
    rows(Role.PUPIL, Relation.PLACE, "knowledge_base", (Verb.SEARCH, Verb.READ), Level.INTERNAL),
)
