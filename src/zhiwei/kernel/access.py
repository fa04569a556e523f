"""Gates: fetch through the policy's reach, so that "absent" and "not yours" are one answer."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Q

from zhiwei.kernel.errors import ForbiddenError, NotFoundError
from zhiwei.kernel.models import Guardianship, Holding, Organisation, Person
from zhiwei.kernel.rules import policy
from zhiwei.kernel.rules.policy import Reach
from zhiwei.kernel.values import Actor, Level, Verb

Row = TypeVar("Row", bound=models.Model)
NOTHING = Q(pk__in=[])


def reach_q(reach: Reach, *, place: str = "", person: str = "", subject: str = "") -> Q:
    """Turn a reach into a filter.

    Args:
        place: Lookup of the organisation's path (``organisation__path``); "" when the object has no place.
        person: Lookup of the person id the object is about; "" when it is about nobody.
        subject: Lookup of the school subject; "" when the object has none.
    """
    if reach.anyone:
        return Q()
    found = NOTHING
    if person and reach.people:
        found |= Q(**{f"{person}__in": reach.people})
    if place:
        for path, held in reach.places:
            here = Q(**{f"{place}__startswith": path})
            found |= here & Q(**{subject: held}) if held and subject else here
    return found


def require(actor: Actor, verb: Verb, kind: str, *, level: Level = Level.INTERNAL) -> Reach:
    """Return the actor's reach, refusing when there is none at all.

    Raises:
        ForbiddenError: No role of the actor allows this verb on this kind anywhere.
    """
    found = policy.reach(actor, verb, kind, level=level)
    if not found:
        raise ForbiddenError("您的角色不能进行这项操作。")
    return found


def one(rows: models.QuerySet[Row], **where: object) -> Row:
    """Return the single row in reach.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    found = rows.filter(**where).first()
    if found is None:
        raise NotFoundError
    return found


def people_in_reach(actor: Actor, verb: Verb, *, level: Level = Level.PERSONAL) -> models.QuerySet[Person]:
    """Return the people on whom ``actor`` may do ``verb``, by their roles' places and their own selves."""
    found = policy.reach(actor, verb, "person", level=level)
    if found.anyone:
        return Person.objects.all()
    people = Q(pk__in=found.people)
    for path, _subject in found.places:
        there = Holding.objects.filter(organisation__path__startswith=path).values("person_id")
        people |= Q(pk__in=there)
        people |= Q(pk__in=Guardianship.objects.filter(child_id__in=there).values("guardian_id"))
    return Person.objects.filter(people, removed_at__isnull=True)


def access_person(
    actor: Actor, person_uuid: object, *, verb: Verb = Verb.READ, level: Level = Level.PERSONAL
) -> Person:
    """Return one person for reading or changing.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(people_in_reach(actor, verb, level=level), uuid=person_uuid)


def access_organisation(
    actor: Actor, organisation_id: int, *, verb: Verb, kind: str = "organisation"
) -> Organisation:
    """Return an organisation within the actor's reach for ``verb`` on ``kind``.

    Raises:
        NotFoundError: Absent or outside the actor's reach.
    """
    found = policy.reach(actor, verb, kind, level=Level.INTERNAL)
    return one(Organisation.objects.filter(reach_q(found, place="path")), pk=organisation_id)
