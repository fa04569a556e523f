"""Audit rows and jobs as lists, scoped to the actor."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhiwei.kernel.access import NOTHING, one, require
from zhiwei.kernel.models import AuditRow, Job, Organisation, Person
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb


def audit_rows(actor: Actor, *, text: str = "", about: str = "", verb: str = "") -> QuerySet[AuditRow]:
    """Return audit rows in reach, newest first.

    Args:
        text: Part of the actor's name or of the kind of object.
        about: Part of the name, number or pinyin of the person the row is about.
        verb: One verb only.

    Raises:
        ForbiddenError: The actor may not see any audit.
    """
    reach = require(actor, Verb.LIST, "audit", level=Level.PERSONAL)
    rows = AuditRow.objects.filter(
        _tenants(reach.places) | Q(about_id__in=reach.people) | Q(actor_id__in=reach.people)
    )
    if text:
        rows = rows.filter(
            Q(actor_name__icontains=text)
            | Q(kind__icontains=text)
            | Q(actor_id__in=Person.objects.filter(name__icontains=text).values("pk"))
        )
    if about:
        people = Person.objects.filter(search_text__icontains=about).values("pk")
        rows = rows.filter(about_id__in=people)
    if verb:
        rows = rows.filter(verb=verb)
    return rows.order_by("-at", "-pk")


def jobs(actor: Actor, *, state: str = "", text: str = "") -> QuerySet[Job]:
    """Return one's own jobs, and those of the organisations one looks after, newest first.

    Args:
        state: One state only (``parked``: what failed for good).
        text: Part of the title.
    """
    reach = policy.reach(actor, Verb.LIST, "job", level=Level.INTERNAL)
    rows = Job.objects.filter(_tenants(reach.places) | Q(owner_id__in=reach.people))
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(title__icontains=text)
    return rows.order_by("-created_at")


def job(actor: Actor, job_uuid: object) -> Job:
    """Return one job in reach.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(jobs(actor), uuid=job_uuid)


def _tenants(places: frozenset[tuple[str, str]]) -> Q:
    found = NOTHING
    for path, _subject in places:
        found |= Q(tenant__in=Organisation.objects.filter(path__startswith=path).values("pk"))
    return found
