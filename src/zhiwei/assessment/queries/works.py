"""Works as their teachers see them: the list, one work's progress by class and by question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from zhiwei.assessment.access import sittings_in_reach, works_in_reach
from zhiwei.assessment.models import Response, Sitting, Target, Work, WorkItem
from zhiwei.assessment.values import ResponseState, SittingState, WorkState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.access import one
from zhiwei.kernel.rules import policy
from zhiwei.kernel.rules.policy import Reach
from zhiwei.kernel.values import Actor, Level, Verb

OPEN_STATES = (ResponseState.WAITING, ResponseState.DOUBTFUL)


@dataclass
class ClassProgress:
    """How far one class is with one work."""

    class_id: int
    name: str
    visible: bool = True
    pupils: int = 0
    answering: int = 0
    handed_in: int = 0
    released: int = 0
    waiting: int = 0
    doubtful: int = 0
    sure: int = 0
    reviewed: int = 0

    @property
    def missing(self) -> int:
        """Pupils who have not handed in."""
        return max(self.pupils - self.handed_in, 0)

    @property
    def in_doubt(self) -> int:
        """Answers that wait for a person."""
        return self.waiting + self.doubtful


@dataclass
class WorkRow:
    """One work in the list."""

    work: Work
    questions: int
    classes: list[ClassProgress] = field(default_factory=list)

    @property
    def in_doubt(self) -> int:
        """Answers that wait for a person, over all classes."""
        return sum(one.in_doubt for one in self.classes)

    @property
    def handed_in(self) -> int:
        """Sittings handed in, over all classes."""
        return sum(one.handed_in for one in self.classes)

    @property
    def pupils(self) -> int:
        """Pupils the work is set for."""
        return sum(one.pupils for one in self.classes)

    @property
    def released(self) -> int:
        """Sittings released, over all classes."""
        return sum(one.released for one in self.classes)


@dataclass(frozen=True)
class QuestionProgress:
    """How far the marking of one question is."""

    item: WorkItem
    total: int
    waiting: int
    doubtful: int
    sure: int
    reviewed: int
    share: float | None

    @property
    def in_doubt(self) -> int:
        """Answers that wait for a person."""
        return self.waiting + self.doubtful


def found_works(
    actor: Actor, *, now: datetime, view: str = "", text: str = "", subject: str = "", class_id: int = 0
) -> QuerySet[Work]:
    """Return works by a saved view: ``""`` all, ``review``, ``open``, ``draft``, ``released``, ``template``."""
    rows = works_in_reach(actor, Verb.READ).filter(is_template=view == "template")
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(note__icontains=text))
    if subject:
        rows = rows.filter(subject=subject)
    if class_id:
        rows = rows.filter(pk__in=Target.objects.filter(organisation_id=class_id).values("work"))
    if view == "open":
        rows = rows.filter(Q(due_at__isnull=True) | Q(due_at__gt=now), state=WorkState.OPEN)
    elif view == "draft":
        rows = rows.filter(state=WorkState.DRAFT)
    elif view == "review":
        doubtful = Response.objects.filter(state__in=OPEN_STATES).exclude(
            sitting__state=SittingState.ANSWERING
        )
        rows = rows.filter(pk__in=doubtful.values("sitting__work"))
    elif view == "released":
        rows = rows.filter(pk__in=Sitting.objects.filter(state=SittingState.RELEASED).values("work"))
    return rows.order_by("-created_at", "-pk").distinct()


def removed_works(actor: Actor) -> QuerySet[Work]:
    """Return the actor's own works in the trash, newest first."""
    return Work.objects.filter(author_id=actor.person_id, removed_at__isnull=False).order_by("-removed_at")


def removed_work(actor: Actor, work_uuid: object) -> Work:
    """Return one of the actor's works in the trash.

    Raises:
        NotFoundError: Absent, not removed or another's.
    """
    return one(removed_works(actor), uuid=work_uuid)


def rows_of(actor: Actor, works: Iterable[Work], now: datetime) -> list[WorkRow]:
    """Return list rows with progress by class: a few queries however many works there are."""
    shown = list(works)
    questions = dict(
        WorkItem.objects.filter(work__in=shown)
        .values("work")
        .annotate(n=Count("pk"))
        .values_list("work", "n")
    )
    found = {work.pk: WorkRow(work, questions.get(work.pk, 0)) for work in shown}
    for work_id, progress in _progress(actor, shown, now).items():
        found[work_id].classes = sorted(progress.values(), key=lambda one: one.name)
    return list(found.values())


def question_rows(actor: Actor, work: Work) -> list[QuestionProgress]:
    """Return how far the marking of each question is, over the classes in reach."""
    sittings = sittings_in_reach(actor, Verb.READ).exclude(state=SittingState.ANSWERING)
    counts = {item_id: (states, earned) for item_id, states, earned in _by_item(work, sittings)}
    rows = []
    for item in work.items.order_by("position"):
        states, earned = counts.get(item.pk, ({}, None))
        total = sum(states.values())
        share = None if earned is None or not total else earned / (item.max_score * total)
        rows.append(
            QuestionProgress(
                item,
                total,
                waiting=states.get(ResponseState.WAITING, 0),
                doubtful=states.get(ResponseState.DOUBTFUL, 0),
                sure=states.get(ResponseState.SURE, 0),
                reviewed=states.get(ResponseState.REVIEWED, 0),
                share=share,
            )
        )
    return rows


def _by_item(work: Work, sittings: QuerySet[Sitting]) -> list[tuple[int, dict[str, int], float | None]]:
    from django.db.models import Sum

    rows = (
        Response.objects.filter(item__work=work, sitting__in=sittings)
        .values("item_id", "state")
        .annotate(n=Count("pk"), earned=Sum("score"))
    )
    found: dict[int, tuple[dict[str, int], float]] = {}
    for row in rows:
        states, earned = found.get(row["item_id"], ({}, 0.0))
        states[row["state"]] = row["n"]
        found[row["item_id"]] = (states, earned + float(row["earned"] or 0))
    return [(item_id, states, earned) for item_id, (states, earned) in found.items()]


def _progress(actor: Actor, works: list[Work], now: datetime) -> dict[int, dict[int, ClassProgress]]:
    found: dict[int, dict[int, ClassProgress]] = {work.pk: {} for work in works}
    sizes: dict[int, int] = {}
    reach = policy.reach(actor, Verb.READ, "sitting", level=Level.PERSONAL)
    targets = Target.objects.filter(work__in=works).select_related("organisation", "work")
    for target in targets:
        class_id = target.organisation_id
        progress = found[target.work_id].setdefault(
            class_id,
            ClassProgress(
                class_id, target.organisation.name, _visible(reach, target.organisation.path, target.work)
            ),
        )
        if target.person_id is None:
            if class_id not in sizes:
                sizes[class_id] = len(kernel.pupils_of_class(class_id, clock.today(now)))
            progress.pupils = sizes[class_id]
    for target in targets:
        progress = found[target.work_id][target.organisation_id]
        if target.person_id is not None and progress.pupils < sizes.get(target.organisation_id, 10_000):
            progress.pupils += 1
    _count_sittings(actor, works, found)
    return found


def _visible(reach: Reach, path: str, work: Work) -> bool:
    """Tell whether the reach holds the sittings of a class in the work's subject."""
    return reach.anyone or any(
        path.startswith(place) and subject in {"", work.subject} for place, subject in reach.places
    )


def may_mark(actor: Actor, work: Work) -> bool:
    """Tell whether the actor may mark this work."""
    return works_in_reach(actor, Verb.MARK).filter(pk=work.pk).exists()


def _count_sittings(actor: Actor, works: list[Work], found: dict[int, dict[int, ClassProgress]]) -> None:
    sittings = sittings_in_reach(actor, Verb.READ).filter(work__in=works)
    names = {SittingState.ANSWERING: "answering", SittingState.RELEASED: "released"}
    for row in sittings.values("work_id", "organisation_id", "state").annotate(
        n=Count("person", distinct=True)
    ):
        progress = found[row["work_id"]].get(row["organisation_id"])
        if progress is None:
            continue
        if row["state"] != SittingState.ANSWERING:
            progress.handed_in += row["n"]
        name = names.get(row["state"])
        if name:
            setattr(progress, name, row["n"])
    responses = Response.objects.filter(sitting__in=sittings.exclude(state=SittingState.ANSWERING)).values(
        "sitting__work_id", "sitting__organisation_id", "state"
    )
    for row in responses.annotate(n=Count("pk")):
        progress = found[row["sitting__work_id"]].get(row["sitting__organisation_id"])
        if progress is not None:
            setattr(progress, row["state"], row["n"])
