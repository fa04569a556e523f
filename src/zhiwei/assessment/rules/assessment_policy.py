"""Assessment's rows of the policy."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ, Verb.SEARCH)
_SET = (Verb.CREATE, Verb.UPDATE, Verb.DELETE)

POLICY: tuple[Rule, ...] = (
    rows(
        Role.TEACHER,
        Relation.SUBJECT,
        "work",
        (*_SEE, *_SET, Verb.MARK, Verb.RELEASE, Verb.EXPORT),
        Level.PERSONAL,
    ),
    rows(
        Role.TEACHER,
        Relation.SELF,
        "work",
        (*_SEE, *_SET, Verb.MARK, Verb.RELEASE, Verb.EXPORT),
        Level.PERSONAL,
    ),
    rows(Role.SUBJECT_LEAD, Relation.SUBJECT, "work", _SEE, Level.INTERNAL),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "work", _SEE, Level.PERSONAL),
    rows(Role.PRINCIPAL, Relation.PLACE, "work", _SEE, Level.INTERNAL),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "work", (Verb.LIST,), Level.INTERNAL),
    rows(Role.PUPIL, Relation.SELF, "sitting", (Verb.LIST, Verb.READ, Verb.ANSWER), Level.PERSONAL),
    rows(Role.GUARDIAN, Relation.WARD, "sitting", (Verb.LIST, Verb.READ), Level.PERSONAL),
    rows(Role.TEACHER, Relation.SUBJECT, "sitting", (*_SEE, Verb.MARK, Verb.EXPORT), Level.PERSONAL),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "sitting", _SEE, Level.PERSONAL),
    rows(
        Role.PUPIL,
        Relation.SELF,
        "wrong_entry",
        (Verb.LIST, Verb.READ, Verb.UPDATE, Verb.EXPORT),
        Level.PERSONAL,
    ),
    rows(Role.GUARDIAN, Relation.WARD, "wrong_entry", (Verb.LIST, Verb.READ), Level.PERSONAL),
    rows(Role.TEACHER, Relation.SUBJECT, "wrong_entry", (Verb.LIST, Verb.READ, Verb.UPDATE), Level.PERSONAL),
    rows(Role.PUPIL, Relation.SELF, "regrade", (Verb.LIST, Verb.READ, Verb.CREATE), Level.PERSONAL),
    rows(
        Role.TEACHER,
        Relation.SUBJECT,
        "scan",
        (*_SEE, Verb.CREATE, Verb.UPDATE, Verb.EXPORT),
        Level.PERSONAL,
    ),
    rows(
        Role.TEACHER,
        Relation.SELF,
        "scan",
        (*_SEE, Verb.CREATE, Verb.UPDATE, Verb.EXPORT),
        Level.PERSONAL,
    ),
    rows(Role.TEACHER, Relation.SUBJECT, "regrade", (*_SEE, Verb.UPDATE), Level.PERSONAL),
)
