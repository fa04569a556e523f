"""Trial marking: what an answer would earn, within a few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as OutOfTimeError
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiwei.curriculum.rules import contents
from zhiwei.engines.judging import ItemError, Judgement, grader_for, item_from_json, response_from_json
from zhiwei.engines.variants import variant
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.ui.values import Origin, RubricLine, Span

SECONDS = 5.0
WAITING = 4
"""Trials at once in one process; the engines bound their own work, this bounds what comes together."""
_ORIGINS = {"earned": Origin.EARNED, "partial": Origin.UNSURE, "missed": Origin.MISSING}


@dataclass(frozen=True, slots=True)
class Trial:
    """A judgement ready to draw."""

    score: float
    max_score: float
    confidence: float
    doubtful: bool
    answer: str
    spans: tuple[Span, ...]
    lines: tuple[RubricLine, ...]
    reasons: tuple[str, ...]
    engine: str


def judge_trial(content: Mapping[str, Any], answer: object) -> Trial:
    """Judge one answer to content that is not saved.

    Args:
        answer: ``{"text" | "value" | "steps": …}``.

    Raises:
        InvalidInputError: The content cannot be judged, the answer has another shape, or it took over 5 seconds.
    """
    try:
        item = item_from_json(variant(contents.checked(content), 1))
        given = dict(answer) if isinstance(answer, Mapping) else {"text": str(answer or "")}
        response = response_from_json({"id": "trial", **given})
    except ItemError as error:
        raise InvalidInputError(str(error), code="item.invalid") from error
    waiting = _judges().submit(lambda: grader_for(item).judge(response))
    try:
        return _trial(waiting.result(SECONDS), response.answer())
    except OutOfTimeError as error:
        waiting.cancel()
        raise InvalidInputError(
            _("这份作答判得太久（超过 5 秒），请缩短后再试。"), code="item.slow"
        ) from error
    except ItemError as error:
        raise InvalidInputError(str(error), code="item.invalid") from error


@cache
def _judges() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(WAITING, thread_name_prefix="trial")


def _trial(found: Judgement, answer: str) -> Trial:
    chinese = (get_language() or "zh").startswith("zh")
    numbers = {point.id: str(place) for place, point in enumerate(found.points, start=1)}
    why: dict[str, list[str]] = {}
    for one in found.reasons:
        why.setdefault(one.point_id, []).append(one.zh if chinese else one.en)
    lines = tuple(
        RubricLine(
            point.description or point.id,
            point.max_score,
            point.score,
            _ORIGINS.get(point.status.value, Origin.MACHINE),
            "".join(why.pop(point.id, [])) if len(found.points) > 1 else "",
            numbers[point.id],
        )
        for point in found.points
    )
    spans = tuple(
        Span(one.start, one.end, Origin.MACHINE, label=numbers.get(one.point_id, ""))
        for one in found.evidence
    )
    return Trial(
        found.score,
        found.max_score,
        found.confidence,
        found.defer,
        answer,
        spans,
        lines,
        tuple(text for texts in why.values() for text in texts),
        f"{found.engine} {found.version}",
    )
