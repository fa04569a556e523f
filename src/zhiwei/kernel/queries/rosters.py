"""Roster imports as lists and pages, scoped to the actor."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from zhiwei.kernel.access import NOTHING, one, require
from zhiwei.kernel.models import Organisation, RosterImport
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import TENANT_KINDS, Actor, Level, Verb


def imports(actor: Actor, verb: Verb = Verb.LIST) -> QuerySet[RosterImport]:
    """Return the imports of the schools whose rosters the actor may see (or ``verb``), newest first."""
    reach = policy.reach(actor, verb, "roster", level=Level.SENSITIVE)
    found = NOTHING
    for path, _subject in reach.places:
        found |= Q(tenant__in=Organisation.objects.filter(path__startswith=path).values("pk"))
    return RosterImport.objects.filter(found).select_related("owner", "job").order_by("-created_at", "-pk")


def roster_import(actor: Actor, import_uuid: object, verb: Verb = Verb.READ) -> RosterImport:
    """Return one import in reach.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(imports(actor, verb), uuid=import_uuid)


def schools_to_import(actor: Actor) -> Sequence[Organisation]:
    """Return the schools into which the actor may import, by name.

    Raises:
        ForbiddenError: None at all.
    """
    reach = require(actor, Verb.IMPORT, "roster", level=Level.SENSITIVE)
    paths = [path for path, _subject in reach.places]
    rows = Organisation.objects.filter(kind__in=TENANT_KINDS, pk__in=actor.tenants).order_by("name")
    return [row for row in rows if any(row.path.startswith(path) for path in paths)]
