"""The class picture 学情: one class on one work, computed afresh from the marks that stand now."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from django.utils.translation import gettext as _

from zhiwei.assessment.access import access_work
from zhiwei.assessment.queries import picture_answers as answers
from zhiwei.assessment.queries import picture_people as people
from zhiwei.assessment.queries import picture_rows as rows
from zhiwei.assessment.queries import picture_words as words
from zhiwei.assessment.queries.picture_rows import Given, Table
from zhiwei.assessment.queries.picture_values import (
    ClassRow,
    ItemPicture,
    NextStep,
    PastRow,
    Picture,
    PointPicture,
)
from zhiwei.assessment.values import SittingState
from zhiwei.curriculum import api as curriculum
from zhiwei.engines import classical
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb


def class_picture(actor: Actor, work_uuid: object, class_id: int) -> Picture:
    """Return the picture of one class.

    Raises:
        NotFoundError: The work or the class on it is absent or not the actor's.
    """
    work = access_work(actor, work_uuid, verb=Verb.READ, level=Level.PERSONAL)
    names = dict(classes_of(actor, work_uuid))
    if class_id not in names:
        raise NotFoundError
    whole, given = rows.read_answers(actor, work, class_id)
    here = whole.of_class(class_id)
    items = _items(here, given)
    first = words.teach_first(items)
    pupils = people.expected_pupils(work, class_id)
    called = [pupil.name for pupil in pupils]
    contents = {one.pk: one.content for one in here.items}
    shares = here.shares()
    return Picture(
        work.pk,
        str(work.uuid),
        work.title,
        work.subject,
        class_id,
        names[class_id],
        expected=len(pupils),
        judged=len(here.sittings),
        released=sum(one.state == SittingState.RELEASED for one in here.sittings),
        headline=words.headline(items, first),
        mean=_within(classical.mean_interval(shares)),
        shares=tuple(float(one) for one in shares if not np.isnan(one)),
        reliability=classical.reliability(here.scores, here.full) if here.items else None,
        items=items,
        points=_points(items),
        mistakes=tuple(one for item in items for one in item.mistakes if one.count >= words.FEWEST),
        first=tuple(answers.teach(one, contents[one.id], given[one.id], called) for one in first),
        needs=tuple(people.who_needs(actor, work, here, items, pupils)),
        classes=_classes(whole, class_id, names),
        past=_past(actor, work, class_id) if pupils else (),
        steps=tuple(_steps(items, len(pupils) - len(here.sittings))),
    )


def classes_of(actor: Actor, work_uuid: object) -> list[tuple[int, str]]:
    """Return the classes in reach for which the work is set, ``(id, name)``.

    Raises:
        NotFoundError: The work is absent or not the actor's.
    """
    work = access_work(actor, work_uuid, verb=Verb.READ, level=Level.PERSONAL)
    in_reach = {one.id for one in kernel.classes_taught(actor, verb=Verb.READ, kind="sitting")}
    targets = work.targets.values_list("organisation_id", "organisation__name").distinct()
    return sorted((pair for pair in targets if pair[0] in in_reach), key=lambda pair: pair[1])


def _items(table: Table, given: dict[int, Given]) -> tuple[ItemPicture, ...]:
    if not table.items:
        return ()
    positions = {one.pk: one.position for one in table.items}
    mistakes = words.common_mistakes(rows.reasons_given(table.items, given), positions)
    figures = classical.item_figures(table.scores, table.full)
    return tuple(
        ItemPicture(
            item.pk,
            str(item.uuid),
            item.position,
            item.type,
            str(item.content.get("stem", "")),
            tuple(item.points),
            item.max_score,
            shown,
            answers.grouped(item, given[item.pk]),
            answers.options(table, item, given[item.pk]),
            tuple(one for one in mistakes if one.position == item.position),
            given[item.pk].scores.count(None),
        )
        for item, shown in zip(table.items, figures, strict=True)
    )


def _points(items: Sequence[ItemPicture]) -> tuple[PointPicture, ...]:
    earned: dict[str, list[ItemPicture]] = {}
    for item in items:
        for key in item.points if item.figures.facility is not None else ():
            earned.setdefault(key, []).append(item)
    titles = curriculum.get_points(earned)
    found = [
        PointPicture(
            key,
            titles[key].name if key in titles else key,
            sum((one.figures.facility or 0) * one.max_score for one in on) / sum(one.max_score for one in on),
            tuple(one.position for one in on),
        )
        for key, on in earned.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.share, one.key)))


def _classes(whole: Table, class_id: int, names: dict[int, str]) -> tuple[ClassRow, ...]:
    shares = whole.shares()
    by_class: dict[int, list[float]] = {}
    for sitting, share in zip(whole.sittings, shares, strict=True):
        by_class.setdefault(sitting.organisation_id, []).append(float(share))
    here = by_class.get(class_id, [])
    found = [
        ClassRow(
            one,
            names.get(one) or kernel.get_organisation(one).name,
            len(values),
            _within(classical.mean_interval(values)),
            None if one == class_id else classical.compare_means(here, values),
            one == class_id,
        )
        for one, values in by_class.items()
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def _past(actor: Actor, work: object, class_id: int) -> tuple[PastRow, ...]:
    from scipy.special import stdtrit

    found = []
    for uuid, title, at, n, mean, spread in rows.past_shares(actor, work, class_id):  # type: ignore[arg-type]
        half = float(stdtrit(n - 1, 0.975)) * spread / sqrt(n) if n > 1 and spread is not None else None
        low, high = (None, None) if half is None else (max(0.0, mean - half), min(1.0, mean + half))
        found.append(PastRow(uuid, title, f"{clock.today(at):%m-%d}", classical.Interval(mean, low, high, n)))  # type: ignore[arg-type]
    return tuple(found)


def _steps(items: Sequence[ItemPicture], missing: int) -> list[NextStep]:
    steps = []
    if missing > 0:
        steps.append(NextStep("remind", _("{n} 人还没有交，提醒或单独问一问。").format(n=missing)))
    for one in items:
        if one.unmarked:
            steps.append(
                NextStep(
                    "mark",
                    _("第 {n} 题还有 {count} 份没有分数。").format(n=one.position, count=one.unmarked),
                    one.position,
                )
            )
        related = one.figures.discrimination
        if related is not None and related < 0 and one.figures.n >= 10:
            text = _("第 {n} 题越会的学生越容易丢分，先检查答案和评分标准。").format(n=one.position)
            steps.append(NextStep("check", text, one.position))
        for option in one.options:
            if option.verdict is classical.OptionVerdict.DRAWS_THE_STRONG:
                text = _("第 {n} 题的选项 {option} 吸引了平时会的学生，看看题目有没有歧义。").format(
                    n=one.position, option=option.option
                )
                steps.append(NextStep("check", text, one.position))
    weak = [one for one in _points(items) if one.share < 0.6][:3]
    for point in weak:
        text = _("“{point}”得分率 {share}%，布置一组同类题。").format(
            point=point.title, share=round(100 * point.share)
        )
        steps.append(NextStep("practise", text, point.positions[0]))
    return steps


def _within(found: classical.Interval | None) -> classical.Interval | None:
    if found is None or found.low is None or found.high is None:
        return found
    return classical.Interval(found.value, max(0.0, found.low), min(1.0, found.high), found.n)
