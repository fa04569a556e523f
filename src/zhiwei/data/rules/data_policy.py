"""The data room's rows of the policy: who prepares, who reviews, who lets out, who takes away."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import STAFF_ROLES, Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ)
_LEADERS = (Role.PRINCIPAL, Role.SECURITY_OFFICER)
_READERS = (Role.SCHOOL_ADMIN, Role.AUDITOR, Role.BUREAU_ADMIN, *_LEADERS)

POLICY: tuple[Rule, ...] = (
    rows(Role.DATA_OFFICER, Relation.PLACE, "catalogue", (*_SEE, Verb.SEARCH, Verb.EXPORT), Level.INTERNAL),
    *(rows(role, Relation.PLACE, "catalogue", (*_SEE, Verb.SEARCH), Level.INTERNAL) for role in _READERS),
    rows(
        Role.DATA_OFFICER,
        Relation.PLACE,
        "corpus",
        (*_SEE, Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.RELEASE),
        Level.PERSONAL,
    ),
    *(rows(role, Relation.PLACE, "corpus", _SEE, Level.INTERNAL) for role in _LEADERS),
    rows(Role.DATA_OFFICER, Relation.PLACE, "corpus_release", (Verb.APPROVE,), Level.INTERNAL),
    *(rows(role, Relation.PLACE, "corpus_release", (Verb.APPROVE,), Level.INTERNAL) for role in _LEADERS),
    rows(Role.DATA_OFFICER, Relation.PLACE, "corpus_review", (Verb.READ, Verb.MARK), Level.PERSONAL),
    rows(Role.RESEARCH_OFFICER, Relation.PLACE, "corpus_review", (Verb.READ, Verb.MARK), Level.PERSONAL),
    rows(Role.SUBJECT_LEAD, Relation.SUBJECT, "corpus_review", (Verb.READ, Verb.MARK), Level.PERSONAL),
    *(
        rows(role, Relation.SELF, "corpus_grant", (*_SEE, Verb.EXPORT), Level.INTERNAL)
        for role in sorted(STAFF_ROLES)
    ),
)
