"""For whom a work is, through the API: classes, groups, single pupils, and times of their own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from zhiwei.assessment import access
from zhiwei.assessment.queries.setting import audiences
from zhiwei.assessment.rest.shapes import Id, Text
from zhiwei.assessment.services import audience, details
from zhiwei.assessment.services.audience import Place
from zhiwei.kernel import audit, clock
from zhiwei.kernel.values import Level, Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Needs

router = Router(tags=["people"])
READ, WRITE = Needs("works:read"), Needs("works:write")
WEEK = 7 * 24 * 60


class PupilOut(Schema):
    """A pupil of a class as a work has them."""

    id: int
    name: str
    number: str
    chosen: bool
    extra_minutes: int
    due_at: datetime | None


class GroupOut(Schema):
    """A group of pupils of one's own."""

    uuid: UUID
    name: str
    members: list[int]


class AudienceOut(Schema):
    """A class that a work is set for."""

    class_id: int
    name: str
    whole: bool
    pupils: list[PupilOut]
    groups: list[GroupOut]


class PlaceIn(Schema):
    """A pupil's place in a work: set by name, and times of their own."""

    person_id: Id
    chosen: bool = False
    extra_minutes: int = Field(0, ge=0, le=WEEK)
    due_at: datetime | None = None


class AudienceIn(Schema):
    """For the whole class, or for those chosen; ``places`` may carry times beside a whole class."""

    whole: bool = True
    places: list[PlaceIn] = Field(default_factory=list, max_length=400)


class MoreTimeIn(Schema):
    """Minutes that a pupil has more; 0 takes them back."""

    extra_minutes: int = Field(ge=0, le=WEEK)


class GroupIn(Schema):
    """Pupils of a class to keep as a group; the same name again replaces its members."""

    class_id: Id
    name: Text = Field(min_length=1, max_length=40)
    person_ids: list[Id] = Field(min_length=1, max_length=400)


@router.get(
    "/works/{uuid:work_uuid}/audience", auth=READ, response=list[AudienceOut], operation_id="get_audience"
)
def get_audience(request: HttpRequest, work_uuid: UUID) -> list[AudienceOut]:
    """Return a work's classes with their pupils and one's own groups of them."""
    actor, now = actor_of(request), clock.now()
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    found = audiences(actor, work, clock.today(now))
    audit.record_reads(
        actor=actor,
        kind="work",
        now=now,
        about_ids=[pupil.id for one in found for pupil in one.pupils],
        tenant_id=work.tenant_id,
        level=Level.PERSONAL,
        object_id=work.pk,
    )
    return [AudienceOut.model_validate(one, from_attributes=True) for one in found]


@router.put(
    "/works/{uuid:work_uuid}/classes/{int:class_id}/audience",
    auth=WRITE,
    response={204: None},
    operation_id="set_audience",
)
def set_audience(request: HttpRequest, work_uuid: UUID, class_id: int, given: AudienceIn) -> tuple[int, None]:
    """Say for which pupils of a class the work is, and who has more time or another day."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    places = [Place(one.person_id, one.chosen, one.extra_minutes, one.due_at) for one in given.places]
    audience.set_audience(
        actor=actor, now=clock.now(), work=work, class_id=class_id, whole=given.whole, places=places
    )
    return 204, None


@router.put(
    "/works/{uuid:work_uuid}/classes/{int:class_id}/pupils/{int:person_id}/accommodation",
    auth=WRITE,
    response={204: None},
    operation_id="accommodate",
)
def accommodate(
    request: HttpRequest, work_uuid: UUID, class_id: int, person_id: int, given: MoreTimeIn
) -> tuple[int, None]:
    """Give one pupil of a class more time."""
    actor = actor_of(request)
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    details.accommodate(
        actor=actor,
        now=clock.now(),
        work=work,
        class_id=class_id,
        person_id=person_id,
        extra_minutes=given.extra_minutes,
    )
    return 204, None


@router.post("/groups", auth=WRITE, response={201: GroupOut}, operation_id="save_group")
def save_group(request: HttpRequest, given: GroupIn) -> tuple[int, GroupOut]:
    """Keep pupils of a class one teaches as a group."""
    kept = audience.save_group(
        actor=actor_of(request),
        now=clock.now(),
        class_id=given.class_id,
        name=given.name,
        person_ids=given.person_ids,
    )
    return 201, GroupOut(uuid=kept.uuid, name=kept.name, members=sorted(set(given.person_ids)))


@router.delete("/groups/{uuid:group_uuid}", auth=WRITE, response={204: None}, operation_id="remove_group")
def remove_group(request: HttpRequest, group_uuid: UUID) -> tuple[int, None]:
    """Remove a group of one's own; works set for its members stay as they are."""
    audience.remove_group(actor=actor_of(request), now=clock.now(), group_uuid=str(group_uuid))
    return 204, None
