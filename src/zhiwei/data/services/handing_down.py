"""Returned downwards: an organisation hands data down to its schools, each of which reads its own rows only."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from math import sqrt
from typing import Any

from zhiwei.data.models import HandedDown, Share
from zhiwei.data.rules.tables import ColumnKind, SharedColumn, SourceRow, tables
from zhiwei.data.services.sharing import ShareSpec, checked, new_share, note, plan_weighing
from zhiwei.data.values_sharing import ShareKind
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Level, OrganisationKind, Role, Verb

LEAST_PEOPLE, LEAST_SCHOOLS = 10, 2
_READERS = (Role.PRINCIPAL, Role.SCHOOL_ADMIN, Role.DATA_OFFICER)


def ask_to_hand_down(*, actor: Actor, now: datetime, spec: ShareSpec) -> Share:
    """Ask to hand a table down to all schools below one's organisation; another person there decides.

    Raises:
        ForbiddenError: Not for people of this role.
        ConflictError: There is no school below.
        InvalidInputError: Something in the wish does not fit the table.
    """
    require(actor, Verb.CREATE, "handed_down", level=Level.PERSONAL)
    table = checked(spec)
    if spec.kind != ShareKind.DOWN or spec.basis != "teaching":
        raise InvalidInputError("下发只以教学为依据。", code="share.choices")
    below = [one for one in kernel.tenants_below(actor.tenant_id) if one in actor.tenants]
    if not schools_among(below):
        raise ConflictError("本单位之下没有学校。", code="share.no_schools")
    row = new_share(actor, now, spec, actor.tenant_id, below)
    note(actor, Verb.CREATE, row, now, {"columns": len(row.columns), "plain": row.plain, "down": True})
    plan_weighing(actor, row, table, now)
    return row


def hand_down(*, actor: Actor, now: datetime, share: Share) -> int:
    """Give every school its own entry once the share is open; their leaders are told. Returns how many schools."""
    until = share.until or now
    made = [
        HandedDown(
            tenant_id=school,
            share=share.uuid,
            giver_id=share.tenant_id,
            table=share.table,
            columns=share.columns,
            filters=share.filters,
            purpose=share.purpose,
            plain=share.plain,
            secret=secrets.token_hex(32),
            figures=share.risk.get("figures", []),
            at=now,
            until=until,
        )
        for school in schools_among(share.tenants)
    ]
    HandedDown.objects.bulk_create(made, ignore_conflicts=True)
    name = tables()[share.table].meaning
    for one in made:
        people = {
            each.id
            for role in _READERS
            for each in kernel.people_holding(one.tenant_id, role, clock.today(now))
        }
        kernel.notify(
            person_ids=people,
            tenant_id=one.tenant_id,
            text=f"上级下发了数据「{name}」",
            url=f"/data/received/{one.uuid}/",
            key=f"handed-down-{share.uuid}",
            now=now,
        )
    note(actor, Verb.RELEASE, share, now, {"schools": len(made)})
    return len(made)


def take_back(*, now: datetime, share: Share) -> None:
    """End every school's entry of a share."""
    HandedDown.objects.filter(share=share.uuid, ended_at__isnull=True).update(ended_at=now, secret=None)


def schools_among(tenants: Sequence[int]) -> list[int]:
    """Return the schools among organisations."""
    found = [kernel.get_organisation(one) for one in tenants]
    return [one.id for one in found if one.kind is OrganisationKind.SCHOOL]


class Comparing:
    """Adds up, over all schools, the figures a school is shown beside its own."""

    def __init__(self, columns: Sequence[SharedColumn]) -> None:
        self._places = [place for place, one in enumerate(columns) if one.kind is ColumnKind.FIGURE]
        self._columns = columns
        self._sums = {place: [0, 0.0, 0.0] for place in self._places}
        self._people: dict[int, set[int]] = {place: set() for place in self._places}
        self._schools: dict[int, set[int]] = {place: set() for place in self._places}

    def add(self, rows: Sequence[SourceRow]) -> None:
        """Add rows."""
        for row in rows:
            for place in self._places:
                value = row.values[place]
                if isinstance(value, int | float):
                    sums = self._sums[place]
                    sums[0], sums[1], sums[2] = sums[0] + 1, sums[1] + value, sums[2] + value * value
                    self._people[place].add(row.person_id)
                    self._schools[place].add(row.tenant_id)

    def figures(self) -> list[dict[str, Any]]:
        """Return mean and spread of each figure with enough people and schools behind it."""
        found = []
        for place in self._places:
            n, total, squares = self._sums[place]
            people, schools = len(self._people[place]), len(self._schools[place])
            if people >= LEAST_PEOPLE and schools >= LEAST_SCHOOLS:
                mean = total / n
                spread = sqrt(max(0.0, squares / n - mean * mean))
                found.append(
                    {
                        "column": self._columns[place].name,
                        "rows": n,
                        "mean": round(mean, 3),
                        "spread": round(spread, 3),
                        "people": people,
                        "schools": schools,
                    }
                )
        return found
