"""Setting a work: its questions, for whom, from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from zhiwei.assessment.errors import WorkIncompleteError
from zhiwei.assessment.models import Response, Target, Work, WorkItem, WorkItemRevision
from zhiwei.assessment.services.audience import pupils_of_work
from zhiwei.assessment.services.versions import note_version
from zhiwei.assessment.values import Medium, WorkKind, WorkState
from zhiwei.curriculum import api as curriculum
from zhiwei.engines.judging import ItemError, item_from_json
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Problem, Verb


def create_work(
    *,
    actor: Actor,
    now: datetime,
    title: str,
    subject: str,
    kind: WorkKind = WorkKind.HOMEWORK,
    medium: Medium = Medium.ONLINE,
    opens_at: datetime | None = None,
    due_at: datetime | None = None,
    rules: Mapping[str, Any] | None = None,
    note: str = "",
) -> Work:
    """Create a draft; pupils see it once it is opened.

    Raises:
        InvalidInputError: Empty title, or due before it opens.

    Effects:
        One audit row.
    """
    _check_times(opens_at, due_at)
    if not title.strip():
        raise InvalidInputError("请给作业起一个标题。", code="work.title_empty")
    work = Work.objects.create(
        tenant_id=actor.tenant_id,
        author_id=actor.person_id,
        title=title.strip()[:120],
        subject=subject,
        kind=kind,
        medium=medium,
        opens_at=opens_at,
        due_at=due_at,
        rules=dict(rules or {}),
        note=note,
        created_at=now,
    )
    audit.record(actor=actor, verb=Verb.CREATE, kind="work", object_id=work.pk, now=now)
    return work


def add_items(*, actor: Actor, now: datetime, work: Work, item_uuids: Sequence[str]) -> list[WorkItem]:
    """Copy published items of the bank into a work, after those it has.

    Raises:
        NotFoundError: An item is not published or not in reach.
        ConflictError: Pupils have begun to answer.
    """
    _check_unanswered(work)
    cards = curriculum.get_items(item_uuids, actor=actor, seed=work.pk)
    if len(cards) != len(set(map(str, item_uuids))):
        raise NotFoundError("有题目不存在、未发布或您无权使用。")
    added = [
        _append(work, card.content, points=card.points, item_uuid=card.uuid, item_version=card.version)
        for card in cards
    ]
    _note_change(actor, work, now, added=len(added))
    return added


def add_typed_item(*, actor: Actor, now: datetime, work: Work, content: Mapping[str, Any]) -> WorkItem:
    """Add a question that the teacher typed in.

    Raises:
        InvalidInputError: The question cannot be judged as it stands.
        ConflictError: Pupils have begun to answer.
    """
    _check_unanswered(work)
    added = _append(work, content, points=[str(point) for point in content.get("points", [])])
    _note_change(actor, work, now, added=1)
    return added


def arrange_items(*, actor: Actor, now: datetime, work: Work, order: Sequence[int]) -> None:
    """Put the questions in a new order; those left out are removed.

    Raises:
        ConflictError: Pupils have begun to answer.
        InvalidInputError: An id is not of this work.
    """
    _check_unanswered(work)
    rows = {row.pk: row for row in work.items.all()}
    if not set(order) <= set(rows):
        raise InvalidInputError("题目不属于这份作业。", code="work.foreign_item")
    WorkItem.objects.filter(pk__in=set(rows) - set(order)).delete()
    for position, item_id in enumerate(dict.fromkeys(order), start=1):
        WorkItem.objects.filter(pk=item_id).update(position=position)
    _note_change(actor, work, now, arranged=len(order))


def set_targets(
    *,
    actor: Actor,
    now: datetime,
    work: Work,
    class_ids: Sequence[int],
    person_ids: Mapping[int, Sequence[int]] | None = None,
) -> None:
    """Say for which classes (and, within one, for which pupils only) the work is.

    Raises:
        NotFoundError: The actor does not teach such a class, or somebody is not a pupil of it.
    """
    chosen = dict(person_ids or {})
    before = sorted(set(work.targets.values_list("organisation__name", flat=True)))
    Target.objects.filter(work=work).exclude(organisation_id__in=class_ids).delete()
    for class_id in class_ids:
        kernel.place_for(actor, class_id, verb=Verb.CREATE, kind="work")
        known = {one.id for one in kernel.pupils_of_class(class_id, clock.today(now))}
        if not set(chosen.get(class_id, ())) <= known:
            raise NotFoundError
        people: Sequence[int | None] = chosen.get(class_id) or (None,)
        stale = Target.objects.filter(work=work, organisation_id=class_id, extra_minutes=0)
        stale = stale.exclude(person_id__in=[one for one in people if one is not None])
        (stale.filter(person_id__isnull=False) if None in people else stale).delete()
        for person_id in people:
            Target.objects.get_or_create(
                tenant_id=work.tenant_id, work=work, organisation_id=class_id, person_id=person_id
            )
    after = sorted(set(work.targets.values_list("organisation__name", flat=True)))
    if before != after:
        note_version(
            actor=actor,
            now=now,
            work=work,
            changes=[{"what": "classes", "old": "、".join(before), "new": "、".join(after)}],
        )
    _note_change(actor, work, now, classes=len(class_ids))


def open_work(*, actor: Actor, now: datetime, work: Work) -> None:
    """Open a work to its pupils (from ``opens_at`` on, at once when that is empty or past).

    Raises:
        WorkIncompleteError: No question, nobody to answer, or no subject; each is named.
    """
    problems = _missing(work)
    if problems:
        raise WorkIncompleteError("这份作业还不能开放。", problems=problems)
    if work.opens_at is None:
        work.opens_at = now
    work.state = WorkState.OPEN
    work.save(update_fields=["state", "opens_at"])
    audit.record(actor=actor, verb=Verb.RELEASE, kind="work", object_id=work.pk, now=now)
    _tell_pupils(work, now)


def revise_item(
    *, actor: Actor, now: datetime, item: WorkItem, content: Mapping[str, Any], reason: str = ""
) -> int:
    """Change a question's key or rubric, keeping what it was; returns the new revision number.

    Marks do not change by this alone: see ``services.judging.preview_rejudge`` and ``rejudge_item``.

    Raises:
        InvalidInputError: The new content cannot be judged.
    """
    checked = _checked(content)
    WorkItemRevision.objects.create(
        tenant_id=item.tenant_id,
        item=item,
        number=item.revision,
        content=item.content,
        changed_by_id=actor.person_id,
        changed_at=now,
        reason=reason[:200],
    )
    item.content, item.type, item.max_score = checked, str(checked["type"]), float(checked["max_score"])
    item.revision += 1
    item.save()
    note_version(
        actor=actor,
        now=now,
        work=item.work,
        changes=[{"what": "item", "old": item.revision - 1, "new": item.revision, "position": item.position}],
    )
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="work_item",
        object_id=item.pk,
        now=now,
        detail={"revision": item.revision, "reason": reason[:100]},
    )
    return item.revision


def copy_work(*, actor: Actor, now: datetime, work: Work, title: str = "", as_template: bool = False) -> Work:
    """Copy a work with its questions (not its pupils) as a draft or a template of the department."""
    copy = create_work(
        actor=actor,
        now=now,
        title=title or f"{work.title}（副本）",
        subject=work.subject,
        kind=WorkKind(work.kind),
        medium=Medium(work.medium),
        rules=work.rules,
        note=work.note,
    )
    copy.copied_from, copy.is_template = work, as_template
    copy.save(update_fields=["copied_from", "is_template"])
    for item in work.items.order_by("position"):
        _append(
            copy,
            item.content,
            points=item.points,
            item_uuid=str(item.item_uuid) if item.item_uuid else None,
            item_version=item.item_version,
        )
    return copy


def _append(
    work: Work,
    content: Mapping[str, Any],
    *,
    points: Sequence[str],
    item_uuid: str | None = None,
    item_version: int = 0,
) -> WorkItem:
    checked = _checked(content)
    last = work.items.aggregate(last=Max("position"))["last"] or 0
    return WorkItem.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        position=last + 1,
        content=checked,
        type=str(checked["type"]),
        max_score=float(checked["max_score"]),
        points=list(points),
        item_uuid=item_uuid,
        item_version=item_version,
    )


def _checked(content: Mapping[str, Any]) -> dict[str, Any]:
    try:
        item_from_json(dict(content))
    except ItemError as error:
        raise InvalidInputError(f"题目有误：{error}", code="item.invalid") from error
    return dict(content)


def _check_times(opens_at: datetime | None, due_at: datetime | None) -> None:
    if opens_at is not None and due_at is not None and due_at <= opens_at:
        raise InvalidInputError("截止时间应晚于开放时间。", code="work.due_before_open")


def _check_unanswered(work: Work) -> None:
    if Response.objects.filter(item__work=work).exists():
        raise ConflictError("已有学生作答，不能再增删题目；可以修改答案和评分标准。", code="work.answered")


def _missing(work: Work) -> list[Problem]:
    found = []
    if not work.items.exists():
        found.append(Problem("work.no_items", "还没有题目。", field="题目"))
    if not work.targets.exists():
        found.append(Problem("work.no_targets", "还没有选择班级。", field="班级"))
    if work.due_at is not None and work.opens_at is not None and work.due_at <= work.opens_at:
        found.append(Problem("work.due_before_open", "截止时间应晚于开放时间。", field="截止时间"))
    return found


def _tell_pupils(work: Work, now: datetime) -> None:
    kernel.notify(
        person_ids=pupils_of_work(work, now),
        tenant_id=work.tenant_id,
        text=f"新作业：{work.title}",
        url="/assessment/today/",
        key=f"work-open-{work.pk}",
        now=now,
    )


def _note_change(actor: Actor, work: Work, now: datetime, **detail: int) -> None:
    audit.record(actor=actor, verb=Verb.UPDATE, kind="work", object_id=work.pk, now=now, detail=dict(detail))
