"""Rows of the policy for bringing in and for quality: the data officer works, those who answer for the place look on.

Cells of rows (samples, rejected and failing rows) are a kind of their own: level 4 opens in elevated mode only.
"""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import Level, Relation, Role, Verb

_SEE = (Verb.LIST, Verb.READ)
_WORK = (*_SEE, Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.IMPORT)
LOOKERS = (Role.PRINCIPAL, Role.SECURITY_OFFICER, Role.AUDITOR, Role.BUREAU_ADMIN)

POLICY: tuple[Rule, ...] = (
    rows(Role.DATA_OFFICER, Relation.PLACE, "data_source", _WORK, Level.INTERNAL),
    rows(Role.DATA_OFFICER, Relation.PLACE, "data_quality", (*_WORK, Verb.EXPORT), Level.INTERNAL),
    rows(Role.DATA_OFFICER, Relation.PLACE, "data_rows", (Verb.READ, Verb.EXPORT), Level.PERSONAL),
    rows(
        Role.DATA_OFFICER,
        Relation.PLACE,
        "data_rows",
        (Verb.READ, Verb.EXPORT),
        Level.SENSITIVE,
        elevated=True,
    ),
    *(rows(role, Relation.PLACE, "data_source", _SEE, Level.INTERNAL) for role in LOOKERS),
    *(rows(role, Relation.PLACE, "data_quality", (*_SEE, Verb.EXPORT), Level.INTERNAL) for role in LOOKERS),
)
