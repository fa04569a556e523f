"""Gates of assessment: works, sittings and responses through the policy's reach."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from zhiwei.assessment.models import RegradeRequest, Response, Sitting, Target, Work, WorkItem, WrongEntry
from zhiwei.assessment.values import WorkState, WrongState
from zhiwei.kernel.access import NOTHING, one, reach_q
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.rules import policy
from zhiwei.kernel.rules.policy import Reach
from zhiwei.kernel.values import Actor, Level, Role, Verb


def works_in_reach(actor: Actor, verb: Verb, *, level: Level = Level.INTERNAL) -> QuerySet[Work]:
    """Return works set by the actor, or for classes in the actor's reach in the reach's subject.

    Templates are a department's library: whoever teaches the subject in the school may read and copy them.
    """
    reach = policy.reach(actor, verb, "work", level=level)
    rows = Work.objects.filter(removed_at__isnull=True)
    found = Q(author_id__in=reach.people) | Q(pk__in=_works_at(reach))
    if verb in {Verb.LIST, Verb.READ, Verb.SEARCH}:
        subjects = {subject for _path, subject in reach.places if subject}
        found |= Q(is_template=True, tenant_id=actor.tenant_id, subject__in=subjects)
    return rows.filter(found)


def access_work(actor: Actor, work_uuid: object, *, verb: Verb, level: Level = Level.INTERNAL) -> Work:
    """Return one work.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(works_in_reach(actor, verb, level=level), uuid=work_uuid)


def access_work_item(
    actor: Actor, item_uuid: object, *, verb: Verb, level: Level = Level.PERSONAL
) -> WorkItem:
    """Return one question of a work in reach.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    works = works_in_reach(actor, verb, level=level)
    return one(WorkItem.objects.filter(work__in=works).select_related("work"), uuid=item_uuid)


def sittings_in_reach(actor: Actor, verb: Verb, *, level: Level = Level.PERSONAL) -> QuerySet[Sitting]:
    """Return sittings of the actor, the actor's children, or classes in reach in the reach's subject."""
    reach = policy.reach(actor, verb, "sitting", level=level)
    return Sitting.objects.filter(
        reach_q(reach, place="organisation__path", person="person_id", subject="work__subject"),
        work__removed_at__isnull=True,
    )


def access_sitting(actor: Actor, sitting_uuid: object, *, verb: Verb) -> Sitting:
    """Return one sitting.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(sittings_in_reach(actor, verb).select_related("work"), uuid=sitting_uuid)


def targets_of(person_id: int, class_ids: list[int]) -> QuerySet[Target]:
    """Return for what a pupil was set work: by name or by class. Drafts, templates and removed works are left out."""
    rows = Target.objects.filter(
        Q(person_id=person_id) | Q(person_id__isnull=True, organisation_id__in=class_ids),
        work__removed_at__isnull=True,
        work__is_template=False,
    )
    return rows.exclude(work__state=WorkState.DRAFT).select_related("work")


def access_target(actor: Actor, work_uuid: UUID | str) -> Target:
    """Return for what a work is set for the actor; a target by name goes before one by class.

    Raises:
        NotFoundError: Absent, or not set for the actor.
    """
    classes = [held.organisation_id for held in actor.held if held.role is Role.PUPIL]
    found = targets_of(actor.person_id, classes).filter(work__uuid=work_uuid).order_by("person_id").first()
    if found is None:
        raise NotFoundError
    return found


def access_own_response(actor: Actor, sitting_uuid: UUID | str, response_uuid: UUID | str) -> Response:
    """Return one response of the actor's own sitting.

    Raises:
        NotFoundError: Absent or somebody else's.
    """
    sittings = sittings_in_reach(actor, Verb.ANSWER).filter(uuid=sitting_uuid)
    rows = Response.objects.filter(sitting__in=sittings).select_related("item__work", "sitting")
    return one(rows, uuid=response_uuid)


def access_response_for_marking(actor: Actor, response_uuid: object) -> Response:
    """Return one response that the actor may mark.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    sittings = sittings_in_reach(actor, Verb.MARK)
    rows = Response.objects.filter(sitting__in=sittings).select_related("item", "sitting", "item__work")
    return one(rows, uuid=response_uuid)


def responses_to_mark(actor: Actor, item: WorkItem) -> QuerySet[Response]:
    """Return the answers to one question that the actor may mark.

    The reach stands in joins, not in a subquery, so that the desk's index can stop after the next few.
    """
    reach = policy.reach(actor, Verb.MARK, "sitting", level=Level.PERSONAL)
    allowed = reach_q(
        reach,
        place="sitting__organisation__path",
        person="sitting__person_id",
        subject="sitting__work__subject",
    )
    return Response.objects.filter(allowed, item=item)


def regrades_in_reach(actor: Actor, verb: Verb) -> QuerySet[RegradeRequest]:
    """Return regrade requests of the actor, or of classes in reach."""
    reach = policy.reach(actor, verb, "regrade", level=Level.PERSONAL)
    return RegradeRequest.objects.filter(
        reach_q(
            reach, place="sitting__organisation__path", person="person_id", subject="sitting__work__subject"
        )
    )


def wrong_entries_in_reach(actor: Actor, verb: Verb) -> QuerySet[WrongEntry]:
    """Return entries of wrong-answer books in reach; those whose marks were taken back are left out."""
    reach = policy.reach(actor, verb, "wrong_entry", level=Level.PERSONAL)
    rows = WrongEntry.objects.exclude(state=WrongState.RECALLED)
    return rows.filter(
        reach_q(reach, place="response__sitting__organisation__path", person="person_id", subject="subject")
    )


def access_wrong_entry(actor: Actor, entry_id: int, *, verb: Verb) -> WrongEntry:
    """Return one entry of a wrong-answer book.

    Raises:
        NotFoundError: Absent, not the actor's, or its marks were taken back.
    """
    rows = wrong_entries_in_reach(actor, verb).select_related("response__item", "response__sitting__work")
    return one(rows, pk=entry_id)


def _works_at(reach: Reach) -> QuerySet[Work]:
    found = NOTHING
    for path, subject in reach.places:
        here = Q(targets__organisation__path__startswith=path)
        found |= here & Q(subject=subject) if subject else here
    return Work.objects.filter(found).values("pk")  # type: ignore[return-value]
