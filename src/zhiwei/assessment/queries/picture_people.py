"""Who may need help after a work, told kindly and only to those who teach them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext as _

from zhiwei.assessment.models import Work
from zhiwei.assessment.queries import picture_rows as rows
from zhiwei.assessment.queries.picture_rows import Table
from zhiwei.assessment.queries.picture_values import ItemPicture, PupilNeed
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.values import Actor

FALL = 0.2
"""So far below one's own earlier share is worth a word."""
WEAK = 0.6
"""A share below which, among the lowest quarter, a pupil is named."""


def expected_pupils(work: Work, class_id: int) -> list[kernel.PersonInfo]:
    """Return the pupils of a class for whom the work is set."""
    chosen = set(work.targets.filter(organisation_id=class_id).values_list("person_id", flat=True))
    pupils = kernel.pupils_of_class(class_id, clock.today(clock.now()))
    return pupils if None in chosen else [one for one in pupils if one.id in chosen]


def who_needs(
    actor: Actor,
    work: Work,
    table: Table,
    items: Sequence[ItemPicture],
    pupils: Sequence[kernel.PersonInfo],
) -> list[PupilNeed]:
    """Return pupils to look after first, with why: not handed in, far below their own past, or low and where."""
    shares = dict(zip((one.person_id for one in table.sittings), table.shares(), strict=True))
    past = rows.own_past(actor, work, [one.id for one in pupils])
    known = [share for share in shares.values() if not np.isnan(share)]
    quarter = float(np.quantile(known, 0.25)) if known else 0.0
    row_of = {one.person_id: k for k, one in enumerate(table.sittings)}
    found = []
    for pupil in pupils:
        share = shares.get(pupil.id)
        if share is None:
            found.append(PupilNeed(pupil.id, pupil.name, None, _("还没有交，也许遇到了困难，问一问。")))
            continue
        why = _why(float(share), past.get(pupil.id), quarter)
        if why:
            hardest = _hardest(table, row_of[pupil.id], items)
            found.append(PupilNeed(pupil.id, pupil.name, float(share), why + hardest))
    return sorted(found, key=lambda one: (one.share is None, one.share or 0.0, one.name))


def _why(share: float, past: float | None, quarter: float) -> str:
    if np.isnan(share):
        return ""
    if past is not None and past - share >= FALL:
        return _("比自己平时低 {points} 个百分点，可能是这部分没跟上。").format(
            points=round(100 * (past - share))
        )
    if share <= quarter and share < WEAK:
        return _("这次有些吃力，面对面讲一道会有帮助。")
    return ""


def _hardest(table: Table, row: int, items: Sequence[ItemPicture]) -> str:
    """Name up to two questions on which most of the class did well and this pupil did not."""
    missed = [
        item.position
        for k, item in enumerate(items)
        if not np.isnan(table.scores[row, k])
        and table.scores[row, k] < item.max_score / 2
        and (item.figures.facility or 0) >= 0.5
    ]
    return _("先看第 {numbers} 题。").format(numbers="、".join(map(str, missed[:2]))) if missed else ""
