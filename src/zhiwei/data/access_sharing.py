"""Gates of sharing: one's own shares wherever their data are, those one decides on, what one's school received."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.models import QuerySet

from zhiwei.data.models import AnalysisExport, AnalysisRun, HandedDown, Share, ShareTicket
from zhiwei.kernel import scope
from zhiwei.kernel.access import one, reach_q
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb

_SHOWN = ("asked_by", "decided_by", "asked_from", "tenant", "job")


def ledger(actor: Actor) -> QuerySet[Share]:
    """Return the shares of places whose ledger the actor may read."""
    found = policy.reach(actor, Verb.LIST, "share_ledger", level=Level.INTERNAL)
    return Share.objects.filter(reach_q(found, place="tenant__path")).select_related(*_SHOWN)


def to_decide(actor: Actor) -> QuerySet[Share]:
    """Return shares on which the actor may decide; never what they, as anybody, asked for themselves."""
    found = policy.reach(actor, Verb.APPROVE, "share_decision", level=Level.PERSONAL)
    rows = Share.objects.filter(reach_q(found, place="tenant__path")).select_related(*_SHOWN)
    return rows.exclude(asked_by_id=actor.person_id).exclude(asked_account=actor.account_id)


def access_decision(actor: Actor, share_uuid: UUID | str) -> Share:
    """Return one share on which the actor may decide, also their own (the service refuses that in words).

    Raises:
        NotFoundError: Absent or not the actor's to decide.
    """
    found = policy.reach(actor, Verb.APPROVE, "share_decision", level=Level.PERSONAL)
    rows = Share.objects.filter(reach_q(found, place="tenant__path")).select_related(*_SHOWN)
    return one(rows, uuid=share_uuid)


def own_shares(actor: Actor) -> list[Share]:
    """Return what the actor asked for, newest first, wherever the data are."""
    if not policy.reach(actor, Verb.LIST, "share", level=Level.INTERNAL):
        return []
    tickets = ShareTicket.objects.filter(person_id=actor.person_id).values_list("giver_id", flat=True)
    with scope.entered({actor.tenant_id, *actor.tenants, *tickets}):
        rows = Share.objects.filter(asked_by_id=actor.person_id, asked_account=actor.account_id)
        return list(rows.select_related(*_SHOWN).order_by("-asked_at")[:200])


def access_own_share(actor: Actor, share_uuid: UUID | str) -> Share:
    """Return one share that the actor asked for.

    Raises:
        NotFoundError: Absent or somebody else's.
    """
    if not policy.reach(actor, Verb.READ, "share", level=Level.INTERNAL):
        raise NotFoundError
    with at_giver(actor, share_uuid):
        rows = Share.objects.filter(asked_by_id=actor.person_id, asked_account=actor.account_id)
        return one(rows.select_related(*_SHOWN), uuid=share_uuid)


def access_share(actor: Actor, share_uuid: UUID | str) -> Share:
    """Return a share that the actor asked for or whose ledger they may read.

    Raises:
        NotFoundError: Absent or neither.
    """
    found = ledger(actor).filter(uuid=share_uuid).first()
    return found or access_own_share(actor, share_uuid)


@contextmanager
def at_giver(actor: Actor, share_uuid: UUID | str) -> Iterator[None]:
    """Open the scope of the organisation one's share is of, beside one's own."""
    ticket = ShareTicket.objects.filter(person_id=actor.person_id, share=share_uuid).first()
    with scope.entered({actor.tenant_id, *actor.tenants, *([ticket.giver_id] if ticket else [])}):
        yield


def access_own_run(actor: Actor, share_uuid: UUID | str, run_uuid: object) -> AnalysisRun:
    """Return one question of one's own share; in the scope of :func:`at_giver`.

    Raises:
        NotFoundError: Absent or somebody else's.
    """
    share = access_own_share(actor, share_uuid)
    return one(AnalysisRun.objects.filter(share=share).select_related("share", "job"), uuid=run_uuid)


def exports_to_decide(actor: Actor) -> QuerySet[AnalysisExport]:
    """Return wishes to take results away on which the actor may decide."""
    found = policy.reach(actor, Verb.APPROVE, "analysis_export", level=Level.INTERNAL)
    rows = AnalysisExport.objects.filter(reach_q(found, place="tenant__path"))
    return rows.exclude(asked_by_id=actor.person_id).select_related("run__share", "asked_by")


def access_export(actor: Actor, run_uuid: object) -> AnalysisExport:
    """Return one wish on which the actor may decide, also their own (the service refuses that in words).

    Raises:
        NotFoundError: Absent or not the actor's to decide.
    """
    found = policy.reach(actor, Verb.APPROVE, "analysis_export", level=Level.INTERNAL)
    rows = AnalysisExport.objects.filter(reach_q(found, place="tenant__path"))
    return one(rows.select_related("run__share", "asked_by"), run__uuid=run_uuid)


def received(actor: Actor) -> QuerySet[HandedDown]:
    """Return what was handed down to the actor's school."""
    found = policy.reach(actor, Verb.READ, "received", level=Level.PERSONAL)
    rows = HandedDown.objects.filter(reach_q(found, place="tenant__path"), tenant_id=actor.tenant_id)
    return rows.select_related("giver").order_by("-at")


def access_received(actor: Actor, row_uuid: object) -> HandedDown:
    """Return one thing that was handed down to the actor's school.

    Raises:
        NotFoundError: Absent or another school's.
    """
    return one(received(actor), uuid=row_uuid)
