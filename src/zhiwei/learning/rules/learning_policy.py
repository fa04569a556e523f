"""Learning's rows of the policy. No row opens single pupils to a principal or to the bureau."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ)

POLICY: tuple[Rule, ...] = (
    rows(Role.PUPIL, Relation.SELF, "mastery", _SEE, Level.PERSONAL),
    rows(Role.GUARDIAN, Relation.WARD, "mastery", _SEE, Level.PERSONAL),
    rows(Role.TEACHER, Relation.SUBJECT, "mastery", (*_SEE, Verb.UPDATE), Level.PERSONAL),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "mastery", _SEE, Level.PERSONAL),
    rows(Role.PUPIL, Relation.SELF, "practice", (*_SEE, Verb.CREATE, Verb.ANSWER), Level.PERSONAL),
    rows(Role.GUARDIAN, Relation.WARD, "practice", _SEE, Level.PERSONAL),
    rows(Role.TEACHER, Relation.SUBJECT, "practice", (*_SEE, Verb.CREATE, Verb.UPDATE), Level.PERSONAL),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "practice", _SEE, Level.PERSONAL),
    rows(Role.PUPIL, Relation.SELF, "goal", (*_SEE, Verb.CREATE, Verb.UPDATE), Level.PERSONAL),
    rows(Role.GUARDIAN, Relation.WARD, "goal", _SEE, Level.PERSONAL),
    rows(Role.TEACHER, Relation.SUBJECT, "goal", (*_SEE, Verb.CREATE, Verb.UPDATE), Level.PERSONAL),
    rows(Role.CLASS_TEACHER, Relation.PLACE, "goal", _SEE, Level.PERSONAL),
)
