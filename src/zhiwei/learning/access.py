"""Gates of learning: single pupils and classes through the policy's reach, "absent" and "not yours" one answer."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from zhiwei.kernel import api as kernel
from zhiwei.kernel.access import access_person, one
from zhiwei.kernel.api import OrganisationInfo, PersonInfo
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.rules import policy
from zhiwei.kernel.rules.policy import Reach
from zhiwei.kernel.values import Actor, Level, Verb
from zhiwei.learning.models import Practice, PracticeItem


def access_pupil(
    actor: Actor,
    person_uuid: object,
    *,
    subject: str,
    today: date,
    verb: Verb = Verb.READ,
    kind: str = "mastery",
) -> PersonInfo:
    """Return a pupil whose ``kind`` in a subject the actor may do ``verb`` on.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    person = kernel.get_person(access_person(actor, person_uuid).pk)
    if not covers(actor, person.id, subject=subject, today=today, verb=verb, kind=kind):
        raise NotFoundError
    return person


def covers(
    actor: Actor, person_id: int, *, subject: str, today: date, verb: Verb = Verb.READ, kind: str = "mastery"
) -> bool:
    """Tell whether the actor may do ``verb`` on a pupil's ``kind`` in a subject, by the pupil's class of today."""
    reach = policy.reach(actor, verb, kind, level=Level.PERSONAL)
    if reach.covers(person_id=person_id):
        return True
    places = kernel.classes_of_pupils([person_id], today).get(person_id, []) if reach.places else []
    return any(reach.covers(path=kernel.get_organisation(place).path, subject=subject) for place in places)


def access_class(actor: Actor, class_id: int, *, subject: str, verb: Verb, kind: str) -> OrganisationInfo:
    """Return a class where the actor may do ``verb`` on single pupils' ``kind`` in this subject.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    place = kernel.place_for(actor, class_id, verb=verb, kind=kind)
    if not policy.reach(actor, verb, kind, level=Level.PERSONAL).covers(path=place.path, subject=subject):
        raise NotFoundError
    return place


def subjects_in_reach(actor: Actor, class_id: int, known: tuple[str, ...]) -> list[str]:
    """Return the subjects in which the actor sees single pupils of a class."""
    place = kernel.get_organisation(class_id)
    reach = policy.reach(actor, Verb.READ, "mastery", level=Level.PERSONAL)
    return [subject for subject in known if reach.covers(path=place.path, subject=subject)]


def practices_in_reach(actor: Actor, verb: Verb) -> QuerySet[Practice]:
    """Return one's own practice sets (or one's children's, for reading)."""
    reach: Reach = policy.reach(actor, verb, "practice", level=Level.PERSONAL)
    return Practice.objects.filter(Q(person_id__in=reach.people))


def access_practice(actor: Actor, practice_uuid: object, *, verb: Verb) -> Practice:
    """Return one of one's own practice sets.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(practices_in_reach(actor, verb), uuid=practice_uuid)


def access_question(actor: Actor, practice_uuid: object, position: int) -> PracticeItem:
    """Return one question of one's own practice set, to be answered.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    practice = access_practice(actor, practice_uuid, verb=Verb.ANSWER)
    return one(PracticeItem.objects.filter(practice=practice).select_related("practice"), position=position)
