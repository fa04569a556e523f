"""For whom a work is: classes, single pupils, groups; individual times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhiwei.assessment.models import PupilGroup, PupilGroupMember, Target, Work
from zhiwei.assessment.services.deadlines import LONGEST_EXTRA, refresh_deadlines
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Verb

MOST_GROUPS = 40


@dataclass(frozen=True, slots=True)
class Place:
    """One pupil's place in a work: set by name, and times of their own where they differ."""

    person_id: int
    chosen: bool = False
    extra_minutes: int = 0
    due_at: datetime | None = None


def set_audience(
    *, actor: Actor, now: datetime, work: Work, class_id: int, whole: bool, places: Sequence[Place]
) -> None:
    """Say for which pupils of a class a work is, and who has more time or another day.

    Args:
        whole: For the whole class; those ``places`` that carry times of their own are kept beside it.

    Raises:
        NotFoundError: The actor does not teach the class, or somebody is not a pupil of it.
        InvalidInputError: Nobody is chosen, or a time is out of range.

    Effects:
        One audit row; sittings under way get their new time.
    """
    kernel.place_for(actor, class_id, verb=Verb.CREATE, kind="work")
    known = {one.id for one in kernel.pupils_of_class(class_id, clock.today(now))}
    if not {one.person_id for one in places} <= known:
        raise NotFoundError
    if any(not 0 <= one.extra_minutes <= LONGEST_EXTRA for one in places):
        raise InvalidInputError("延长时间应在 0 分钟到 7 天之间。", code="work.extra_out_of_range")
    kept = [one for one in places if (one.extra_minutes or one.due_at or not whole) and (whole or one.chosen)]
    if not whole and not kept:
        raise InvalidInputError("请至少选一名学生，或布置给全班。", code="work.nobody_chosen")
    opens = {
        one.person_id or 0: one.opens_at for one in Target.objects.filter(work=work, organisation_id=class_id)
    }
    Target.objects.filter(work=work, organisation_id=class_id).delete()
    rows = [Place(0, chosen=True)] if whole else []
    Target.objects.bulk_create(
        Target(
            tenant_id=work.tenant_id,
            work=work,
            organisation_id=class_id,
            person_id=one.person_id or None,
            opens_at=opens.get(one.person_id),
            due_at=one.due_at,
            extra_minutes=one.extra_minutes,
        )
        for one in [*rows, *kept]
    )
    refresh_deadlines(work)
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="work",
        object_id=work.pk,
        now=now,
        detail={"class": class_id, "whole": whole, "named": len(kept)},
    )


def pupils_of_work(work: Work, now: datetime) -> set[int]:
    """Return the ids of the pupils a work is set for today."""
    people: set[int] = set()
    for target in work.targets.all():
        if target.person_id is not None:
            people.add(target.person_id)
        else:
            people.update(one.id for one in kernel.pupils_of_class(target.organisation_id, clock.today(now)))
    return people


def save_group(
    *, actor: Actor, now: datetime, class_id: int, name: str, person_ids: Iterable[int]
) -> PupilGroup:
    """Keep pupils of a class as a group of one's own; the same name again replaces its members.

    Raises:
        NotFoundError: The actor does not teach the class, or somebody is not a pupil of it.
        InvalidInputError: No name, nobody in it, or forty groups already.
    """
    place = kernel.place_for(actor, class_id, verb=Verb.CREATE, kind="work")
    chosen = set(person_ids)
    if not name.strip() or not chosen:
        raise InvalidInputError("请写分组的名称并勾选学生。", code="group.incomplete")
    if not chosen <= {one.id for one in kernel.pupils_of_class(class_id, clock.today(now))}:
        raise NotFoundError
    mine = PupilGroup.objects.filter(owner_id=actor.person_id, organisation_id=class_id)
    if mine.count() >= MOST_GROUPS:
        raise InvalidInputError("分组太多了，请先删掉不用的。", code="group.too_many")
    group, _made = PupilGroup.objects.get_or_create(
        tenant_id=place.tenant_id, owner_id=actor.person_id, organisation_id=class_id, name=name.strip()[:40]
    )
    group.members.all().delete()
    PupilGroupMember.objects.bulk_create(
        PupilGroupMember(tenant_id=place.tenant_id, group=group, person_id=one) for one in sorted(chosen)
    )
    audit.record(
        actor=actor, verb=Verb.UPDATE, kind="pupil_group", object_id=group.pk, now=now,
        detail={"members": len(chosen)},
    )  # fmt: skip
    return group


def remove_group(*, actor: Actor, now: datetime, group_uuid: str) -> None:
    """Remove a group of one's own; works set for its members stay as they are.

    Raises:
        NotFoundError: Absent or another's.
    """
    group = PupilGroup.objects.filter(owner_id=actor.person_id, uuid=group_uuid).first()
    if group is None:
        raise NotFoundError
    audit.record(actor=actor, verb=Verb.DELETE, kind="pupil_group", object_id=group.pk, now=now)
    group.delete()
