"""Drafts as the assistant's page shows them, and how many of them are accepted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from zhiwei.curriculum.access import drafts_in_reach
from zhiwei.curriculum.models import Draft, ItemVersion
from zhiwei.curriculum.rules.showing import Shown, shown
from zhiwei.curriculum.values import DraftKind, DraftState
from zhiwei.kernel.values import Actor


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft to decide on."""

    draft: Draft
    question: Shown | None
    failed: tuple[str, ...]
    passed: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """Of decided drafts of one origin: how many were kept, and of those how many the teacher changed."""

    origin: str
    decided: int
    kept: int
    changed: int

    @property
    def share(self) -> float:
        """The share kept."""
        return self.kept / self.decided if self.decided else 0.0


def waiting_drafts(actor: Actor) -> list[DraftRow]:
    """Return the actor's drafts not decided yet, newest first."""
    rows = drafts_in_reach(actor).filter(state=DraftState.NEW).order_by("-made_at", "pk")[:40]
    return [
        DraftRow(
            row,
            shown(row.content) if row.kind == DraftKind.ITEM else None,
            tuple(f"{one['code']}: {one['detail']}" for one in row.checks if not one["passed"]),
            sum(one["passed"] for one in row.checks),
        )
        for row in rows
    ]


def accepted(actor: Actor) -> list[Accepted]:
    """Return the accepted share by origin: of the model's drafts and of those from the bank."""
    rows = (
        drafts_in_reach(actor)
        .exclude(state=DraftState.NEW)
        .values("origin")
        .annotate(decided=Count("id"), kept=Count("id", filter=Q(state=DraftState.KEPT)))
        .order_by("origin")
    )
    return [
        Accepted(row["origin"], row["decided"], row["kept"], _changed(actor, row["origin"])) for row in rows
    ]


def _changed(actor: Actor, origin: str) -> int:
    kept = drafts_in_reach(actor).filter(state=DraftState.KEPT, origin=origin)
    items = kept.filter(item_uuid__isnull=False).values_list("item_uuid", flat=True)
    more = (
        ItemVersion.objects.filter(item__uuid__in=list(items), number__gt=1)
        .values("item_id")
        .distinct()
        .count()
    )
    return more + kept.filter(changed=True).count()
