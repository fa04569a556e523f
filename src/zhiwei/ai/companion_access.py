"""Gates of the companion: one's own dialogues, pupils' dialogues by policy and the school's choice, wards, classes."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from zhiwei.ai.models import CompanionSetting, Dialogue
from zhiwei.ai.values import DialogueState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.access import NOTHING, access_person, one
from zhiwei.kernel.api import PersonInfo
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb

KIND = "dialogue"


def own_dialogues(actor: Actor, verb: Verb = Verb.READ) -> QuerySet[Dialogue]:
    """Return the actor's own dialogues."""
    reach = policy.reach(actor, verb, KIND, level=Level.SENSITIVE)
    return Dialogue.objects.filter(person_id__in=reach.people)


def access_own_dialogue(actor: Actor, dialogue_uuid: object, *, verb: Verb = Verb.READ) -> Dialogue:
    """Return one of one's own dialogues.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(own_dialogues(actor, verb), uuid=dialogue_uuid)


def pupils_dialogues(actor: Actor, today: date, verb: Verb = Verb.READ) -> QuerySet[Dialogue]:
    """Return dialogues of pupils the actor looks after: those handed over, and all when the school opens them."""
    reach = policy.reach(actor, verb, KIND, level=Level.SENSITIVE)
    if not reach.places:
        return Dialogue.objects.none()
    opened = CompanionSetting.objects.filter(tenant_id=actor.tenant_id, teachers_see=True).exists()
    found = NOTHING
    for place in kernel.classes_taught(actor, verb=verb, kind=KIND):
        members = [one.id for one in kernel.pupils_of_class(place.id, today)]
        subjects = {held for path, held in reach.places if place.path.startswith(path)}
        here = Q(person_id__in=members)
        found |= here if "" in subjects else here & Q(subject__in=["", *subjects])
    seen = Q() if opened else Q(handed_at__isnull=False)
    return Dialogue.objects.filter(found & seen).exclude(person_id=actor.person_id)


def access_pupils_dialogue(
    actor: Actor, dialogue_uuid: object, today: date, *, verb: Verb = Verb.READ
) -> Dialogue:
    """Return one dialogue of a pupil the actor looks after.

    Raises:
        NotFoundError: Absent, not the actor's, or not opened.
    """
    rows = pupils_dialogues(actor, today, verb)
    if verb is Verb.ANSWER:
        rows = rows.exclude(state=DialogueState.OPEN)
    return one(rows, uuid=dialogue_uuid)


def access_ward(actor: Actor, person_uuid: object, *, verb: Verb, kind: str) -> PersonInfo:
    """Return a child of whom the actor is guardian.

    Raises:
        NotFoundError: Absent or not the actor's child.
    """
    person = kernel.get_person(access_person(actor, person_uuid).pk)
    if person.id not in policy.reach(actor, verb, kind, level=Level.PERSONAL).people:
        raise NotFoundError
    return person


def access_own_setting(actor: Actor, *, verb: Verb) -> None:
    """Let those pass who may see or change the school's setting.

    Raises:
        NotFoundError: Not the actor's to see.
    """
    reach = policy.reach(actor, verb, "companion_setting", level=Level.INTERNAL)
    if not reach.covers(path=kernel.get_organisation(actor.tenant_id).path):
        raise NotFoundError
