"""The companion's rows of the policy. No row opens dialogues to principals or the bureau."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ)

POLICY: tuple[Rule, ...] = (
    rows(Role.PUPIL, Relation.SELF, "dialogue", (*_SEE, Verb.CREATE, Verb.DELETE), Level.SENSITIVE),
    rows(Role.TEACHER, Relation.SUBJECT, "dialogue", (*_SEE, Verb.ANSWER), Level.SENSITIVE),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "dialogue", _SEE, Level.SENSITIVE),
    rows(Role.GUARDIAN, Relation.WARD, "companion_choice", (*_SEE, Verb.UPDATE), Level.PERSONAL),
    rows(Role.GUARDIAN, Relation.WARD, "adult_presence", (Verb.CREATE,), Level.PERSONAL),
    rows(Role.TEACHER, Relation.PLACE, "adult_presence", (Verb.CREATE,), Level.PERSONAL),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "adult_presence", (Verb.CREATE,), Level.PERSONAL),
    rows(Role.SCHOOL_ADMIN, Relation.PLACE, "companion_setting", (*_SEE, Verb.UPDATE), Level.INTERNAL),
    rows(Role.PRINCIPAL, Relation.PLACE, "companion_setting", _SEE, Level.INTERNAL),
)
