"""What setting a work reads: its classes, its pupils with their individual times, one's groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhiwei.assessment.models import PupilGroup, Target, Work
from zhiwei.kernel import api as kernel
from zhiwei.kernel.values import Actor


@dataclass(frozen=True, slots=True)
class PupilLine:
    """One pupil of a class as a work has them."""

    id: int
    name: str
    number: str
    chosen: bool
    extra_minutes: int
    due_at: datetime | None
    groups: str


@dataclass(frozen=True, slots=True)
class Group:
    """One of the actor's groups of pupils."""

    uuid: str
    name: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """A class that a work is set for: whole, or some of its pupils; who has times of their own."""

    class_id: int
    name: str
    whole: bool
    pupils: tuple[PupilLine, ...]
    groups: tuple[Group, ...]

    @property
    def chosen(self) -> int:
        """How many pupils the work is for."""
        return len(self.pupils) if self.whole else sum(one.chosen for one in self.pupils)

    @property
    def own_times(self) -> int:
        """How many pupils have more time or another day."""
        return sum(bool(one.extra_minutes or one.due_at) for one in self.pupils)


def target_classes(work: Work) -> list[int]:
    """Return the ids of the classes a work is set for."""
    return list(Target.objects.filter(work=work).values_list("organisation_id", flat=True).distinct())


def audiences(actor: Actor, work: Work, today: date) -> list[Audience]:
    """Return the work's classes with their pupils, by name of the class."""
    targets: dict[int, dict[int | None, Target]] = {}
    for row in Target.objects.filter(work=work).select_related("organisation"):
        targets.setdefault(row.organisation_id, {})[row.person_id] = row
    mine = _groups(actor, list(targets))
    found = [
        _audience(class_id, by_person, mine.get(class_id, ()), today)
        for class_id, by_person in targets.items()
    ]
    return sorted(found, key=lambda one: one.name)


def _audience(
    class_id: int, by_person: dict[int | None, Target], groups: Sequence[Group], today: date
) -> Audience:
    whole = None in by_person
    lines = []
    for pupil in kernel.pupils_of_class(class_id, today):
        own = by_person.get(pupil.id)
        inside = "、".join(one.name for one in groups if pupil.id in one.members)
        extra, due = (own.extra_minutes, own.due_at) if own else (0, None)
        lines.append(
            PupilLine(pupil.id, pupil.name, pupil.number, own is not None and not whole, extra, due, inside)
        )
    name = next(iter(by_person.values())).organisation.name
    return Audience(class_id, name, whole, tuple(lines), tuple(groups))


def _groups(actor: Actor, class_ids: list[int]) -> dict[int, tuple[Group, ...]]:
    rows = PupilGroup.objects.filter(owner_id=actor.person_id, organisation_id__in=class_ids)
    found: dict[int, tuple[Group, ...]] = {}
    for row in rows.prefetch_related("members").order_by("name"):
        group = Group(str(row.uuid), row.name, tuple(one.person_id for one in row.members.all()))
        found[row.organisation_id] = (*found.get(row.organisation_id, ()), group)
    return found
