"""Erasures as lists, and whose data may be asked to go, scoped to the actor."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhiwei.kernel.access import NOTHING, one, require
from zhiwei.kernel.models import Erasure, Organisation, Person
from zhiwei.kernel.rules.policy import Reach
from zhiwei.kernel.values import Actor, Level, Verb


def erasures(actor: Actor, verb: Verb = Verb.LIST) -> QuerySet[Erasure]:
    """Return the erasures in reach, newest first.

    Raises:
        ForbiddenError: No role of the actor has to do with erasures.
    """
    reach = require(actor, verb, "erasure", level=Level.SENSITIVE)
    return (
        Erasure.objects.filter(_tenants(reach)).select_related("asked_by", "decided_by").order_by("-asked_at")
    )


def erasure(actor: Actor, erasure_uuid: object, verb: Verb = Verb.LIST) -> Erasure:
    """Return one erasure.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(erasures(actor, verb), uuid=erasure_uuid)


def person_to_erase(actor: Actor, number: str) -> Person:
    """Return the person with this number in the actor's reach.

    Raises:
        NotFoundError: Nobody, or not the actor's.
        ForbiddenError: The actor may not ask for erasures.
    """
    reach = require(actor, Verb.CREATE, "erasure", level=Level.SENSITIVE)
    return one(Person.objects.filter(_tenants(reach)).exclude(number=""), number=number.strip())


def may(actor: Actor, verb: Verb) -> bool:
    """Tell whether the actor may do this to erasures anywhere."""
    from zhiwei.kernel.rules import policy

    return bool(policy.reach(actor, verb, "erasure", level=Level.SENSITIVE))


def _tenants(reach: Reach) -> Q:
    found = NOTHING
    for path, _subject in reach.places:
        found |= Q(tenant__in=Organisation.objects.filter(path__startswith=path).values("pk"))
    return found
