"""The yearly compliance report on minors' data: gathered from declarations, the trail, consents, keys and seals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from zhiwei.kernel import scope
from zhiwei.kernel.models import (
    AuditRow,
    AuditSeal,
    Consent,
    Elevation,
    Erasure,
    ExportRequest,
    Holding,
    Organisation,
    Person,
)
from zhiwei.kernel.services import rekeying, sealing
from zhiwei.kernel.values import Declaration, ErasureState, Level, Role
from zhiwei.kernel.walls import all_declared

Facts = dict[str, object]


def report(*, year: int, tenant_id: int | None, now: datetime) -> Facts:
    """Gather the report of one calendar year.

    Args:
        tenant_id: One school or bureau; ``None`` for the whole platform.
        now: When it is gathered.
    """
    begin, end = _year(year)
    with scope.everywhere("gather the yearly report"):
        here = Q() if tenant_id is None else Q(tenant_id=tenant_id)
        during = Q(at__gte=begin, at__lt=end)
        facts: Facts = {
            "year": year,
            "made_at": now.isoformat(),
            "scope": Organisation.objects.get(pk=tenant_id).name if tenant_id else "",
            "people": _people(here),
            "inventory": list(inventory()),
            "accesses": _accesses(AuditRow.objects.filter(here, during)),
            "deeds": _deeds(AuditRow.objects.filter(here, during)),
            "consents": _consents(here, begin, end),
            "erasures": _erasures(here, begin, end),
            "exports": _exports(here, begin, end),
            "elevated": _elevated(here, begin, end),
            "key_changes": _key_changes(AuditRow.objects.filter(here, during, kind="key")),
            "refusals": AuditRow.objects.filter(here, during, kind__in=("denied", "sign_in_failed")).count(),
            "roots": _roots(here, begin, end),
        }
    facts["keys"] = [
        {"tenant": one.name, "versions": list(one.versions), "shredded": one.shredded, "behind": one.behind}
        for one in rekeying.states()
        if tenant_id in {None, one.tenant_id}
    ]
    facts["public_key"] = sealing.public_key()
    trail = sealing.verify_trail()
    facts["trail"] = {
        "seals": trail.seals, "rows": trail.rows, "not_sealed_yet": trail.unsealed, "findings": len(trail.findings),
    }  # fmt: skip
    return facts


def inventory() -> Iterator[Facts]:
    """Yield every level 3–4 field: table, field, what it is, level, how long kept, standard code."""
    for model in sorted(all_declared(), key=lambda one: one._meta.label):
        declaration: Declaration = model.declaration  # type: ignore[attr-defined]
        for field in model._meta.local_fields:
            level = declaration.levels.get(field.name, declaration.level)
            if level >= Level.PERSONAL and not field.primary_key and field.name != "tenant":
                yield {
                    "table": model._meta.label, "of": declaration.meaning, "field": field.name,
                    "meaning": str(field.verbose_name), "level": int(level), "kept": declaration.retention,
                    "code": declaration.codes.get(field.name, ""),
                    "sealed": field.__class__.__name__.startswith("Sealed"),
                }  # fmt: skip


def _year(year: int) -> tuple[datetime, datetime]:
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


def _people(here: Q) -> dict[str, int]:
    pupils = Holding.objects.filter(here, role=Role.PUPIL).values("person").distinct().count()
    return {"all": Person.objects.filter(here).count(), "pupils": pupils}


def _accesses(rows: QuerySet[AuditRow]) -> list[Facts]:
    """Count reads of others' data by the reader's roles, by kind of object and by level."""
    reads = rows.filter(verb="read", level__gte=Level.PERSONAL)
    grouped = reads.values("actor_id", "kind", "level").annotate(n=Count("pk"))
    roles: dict[int, str] = {}
    for person_id, role in Holding.objects.filter(
        person_id__in={one["actor_id"] for one in grouped}
    ).values_list("person_id", "role"):
        roles[person_id] = min(role, roles.get(person_id, role))
    counts: Counter[tuple[str, str, int]] = Counter()
    for one in grouped:
        counts[roles.get(one["actor_id"], "system"), one["kind"], one["level"]] += one["n"]
    return [
        {"role": role, "kind": kind, "level": level, "count": n}
        for (role, kind, level), n in sorted(counts.items())
    ]


def _deeds(rows: QuerySet[AuditRow]) -> dict[str, int]:
    grouped = rows.values_list("verb").annotate(n=Count("pk")).order_by("verb")
    return dict(grouped)


def _consents(here: Q, begin: datetime, end: datetime) -> list[Facts]:
    given = Counter(
        Consent.objects.filter(here, given_at__gte=begin, given_at__lt=end).values_list("purpose", flat=True)
    )
    gone = Counter(
        Consent.objects.filter(here, withdrawn_at__gte=begin, withdrawn_at__lt=end).values_list(
            "purpose", flat=True
        )
    )
    force = Counter(Consent.objects.filter(here, withdrawn_at__isnull=True).values_list("purpose", flat=True))
    return [
        {"purpose": one, "given": given[one], "withdrawn": gone[one], "in_force": force[one]}
        for one in sorted(given | gone | force)
    ]


def _erasures(here: Q, begin: datetime, end: datetime) -> Facts:
    rows = Erasure.objects.filter(here, asked_at__gte=begin, asked_at__lt=end)
    states = Counter(rows.values_list("state", flat=True))
    left = sum(sum((one.get("left") or {}).values()) for one in rows.values_list("report", flat=True))
    done = rows.filter(state=ErasureState.DONE, finished_at__isnull=False)
    slowest = max(
        ((row.finished_at - row.asked_at).total_seconds() for row in done if row.finished_at), default=0
    )
    return {
        **{state.value: states[state] for state in ErasureState},
        "left": left,
        "slowest_hours": round(slowest / 3600, 1),
    }


def _exports(here: Q, begin: datetime, end: datetime) -> Facts:
    rows = ExportRequest.objects.filter(here, asked_at__gte=begin, asked_at__lt=end)
    return {
        "asked": rows.count(), "approved": rows.filter(approved=True).count(),
        "refused": rows.filter(approved=False).count(), "fetched": rows.filter(fetched_at__isnull=False).count(),
        "rows": sum(rows.filter(approved=True).values_list("rows", flat=True)),
    }  # fmt: skip


def _elevated(here: Q, begin: datetime, end: datetime) -> list[Facts]:
    rows = Elevation.objects.filter(here, began_at__gte=begin, began_at__lt=end).order_by("began_at")
    return [{"began_at": row.began_at.isoformat(), "reason": row.reason} for row in rows[:5000]]


def _key_changes(rows: QuerySet[AuditRow]) -> list[Facts]:
    found = rows.order_by("at").values_list("at", "tenant_id", "verb", "detail")
    return [
        {"at": at.isoformat(), "tenant": tenant, "verb": verb, **detail} for at, tenant, verb, detail in found
    ]


def _roots(here: Q, begin: datetime, end: datetime) -> list[Facts]:
    """Return the last seal of each tenant in the year: published, it fixes all rows before."""
    found: dict[int, AuditSeal] = {}
    for row in AuditSeal.objects.filter(here, sealed_at__gte=begin, sealed_at__lt=end).order_by(
        "tenant_id", "number"
    ):
        found[row.tenant_id] = row
    return [
        {
            "tenant": one,
            "number": row.number,
            "root": row.root,
            "digest": row.digest,
            "signature": row.signature,
        }
        for one, row in found.items()
    ]
