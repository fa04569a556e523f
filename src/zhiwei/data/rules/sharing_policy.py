"""The policy's rows of sharing and the analysis room: who asks, who decides, who may see whose data these are."""

from __future__ import annotations

from zhiwei.kernel.rules.policy import Rule, rows
from zhiwei.kernel.values import Level, Relation, Role, Verb

ASKERS = (
    Role.SUBJECT_LEAD,
    Role.PRINCIPAL,
    Role.SCHOOL_ADMIN,
    Role.DATA_OFFICER,
    Role.SECURITY_OFFICER,
    Role.RESEARCH_OFFICER,
    Role.RESEARCHER,
    Role.BUREAU_ADMIN,
)
DECIDERS = (Role.PRINCIPAL, Role.DATA_OFFICER, Role.SECURITY_OFFICER, Role.BUREAU_ADMIN)
ORIGINALS = (Role.PRINCIPAL, Role.DATA_OFFICER, Role.BUREAU_ADMIN)
"""Who may see originals of a share that was allowed with them, in elevated mode only."""
GIVERS_DOWN = (Role.BUREAU_ADMIN, Role.DATA_OFFICER)
RECEIVERS = (Role.PRINCIPAL, Role.SCHOOL_ADMIN, Role.DATA_OFFICER)
_SEE = (Verb.LIST, Verb.READ)

POLICY: tuple[Rule, ...] = (
    *(
        rows(role, Relation.SELF, "share", (*_SEE, Verb.CREATE, Verb.DELETE), Level.INTERNAL)
        for role in ASKERS
    ),
    *(rows(role, Relation.PLACE, "share_ledger", _SEE, Level.INTERNAL) for role in (*DECIDERS, Role.AUDITOR)),
    *(
        rows(role, Relation.PLACE, "share_decision", (Verb.APPROVE, Verb.DELETE), Level.PERSONAL)
        for role in DECIDERS
    ),
    *(rows(role, Relation.SELF, "shared_row", (Verb.READ,), Level.INTERNAL) for role in ASKERS),
    *(
        rows(role, Relation.SELF, "shared_original", (Verb.READ,), Level.PERSONAL, elevated=True)
        for role in ORIGINALS
    ),
    *(rows(role, Relation.PLACE, "handed_down", (Verb.CREATE,), Level.PERSONAL) for role in GIVERS_DOWN),
    *(rows(role, Relation.PLACE, "received", _SEE, Level.PERSONAL) for role in RECEIVERS),
    *(rows(role, Relation.SELF, "analysis", (*_SEE, Verb.CREATE), Level.INTERNAL) for role in ASKERS),
    *(rows(role, Relation.PLACE, "analysis_export", (Verb.APPROVE,), Level.INTERNAL) for role in DECIDERS),
)
