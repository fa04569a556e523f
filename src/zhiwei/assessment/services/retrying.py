"""Trying a wrong question again, or one like it: judged at once where the engine is quick, else by a job."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiwei.assessment.models import WrongEntry
from zhiwei.assessment.services.autosaving import check_value
from zhiwei.assessment.services.wrong_book import record_review
from zhiwei.curriculum import api as curriculum
from zhiwei.engines import judging as engine
from zhiwei.kernel import jobs
from zhiwei.kernel.errors import InvalidInputError, NotFoundError

AT_ONCE = frozenset(
    {
        "single_choice",
        "multiple_choice",
        "true_false",
        "blank",
        "numeric",
        "expression",
        "matching",
        "ordering",
    }
)
"""Types that are judged within a request."""
BY_ONESELF = frozenset({"essay", "file"})
"""Types that only a person can judge: the pupil compares with the reference."""


def content_for(entry: WrongEntry, item_uuid: str = "") -> dict[str, Any]:
    """Return the question to try: the entry's own, or an item of the bank on the same knowledge points.

    Raises:
        NotFoundError: The item is not one of the entry's similar ones.
    """
    if not item_uuid:
        own: dict[str, Any] = entry.response.item.content
        return own
    cards = curriculum.get_items([item_uuid], seed=entry.pk)
    if not cards or not set(cards[0].points) & set(entry.points):
        raise NotFoundError
    return cards[0].content


def similar_items(entry: WrongEntry, *, limit: int = 5) -> list[str]:
    """Return bank items on the entry's knowledge points that can be judged here, other ones first; never itself."""
    own = str(entry.response.item.item_uuid or "")
    tried = {one.get("item") for one in entry.card.get("tries", [])}
    cards = [
        card
        for card in curriculum.items_for_points(entry.points, limit=100)
        if card.uuid != own and card.type not in BY_ONESELF
    ]
    kind = entry.response.item.type
    cards.sort(key=lambda card: (card.uuid in tried, card.type != kind, card.difficulty or 0.5))
    return [card.uuid for card in cards[:limit]]


def try_again(
    *, now: datetime, entry: WrongEntry, value: Mapping[str, Any], item_uuid: str = ""
) -> WrongEntry | None:
    """Judge a try and note the review; ``None`` when a job judges it.

    Raises:
        InvalidInputError: Not an answer.
        NotFoundError: The item is not one of the entry's similar ones.
    """
    check_value(value)
    content = content_for(entry, item_uuid)
    if content.get("type") in BY_ONESELF:
        raise InvalidInputError("这类题请对照参考解答自己判断。", code="wrong.by_oneself")
    if content.get("type") in AT_ONCE:
        return judge_try(now=now, entry=entry, value=value, item_uuid=item_uuid)
    jobs.enqueue(
        "assessment.judge_try",
        tenant_id=entry.tenant_id,
        key=f"try-{entry.pk}-{len(entry.card.get('tries', []))}",
        now=now,
        arguments={"entry_id": entry.pk, "value": json.dumps(dict(value)), "item_uuid": item_uuid},
        title="判题",
        owner_id=entry.person_id,
    )
    return None


def judge_try(
    *, now: datetime, entry: WrongEntry, value: Mapping[str, Any], item_uuid: str = ""
) -> WrongEntry:
    """Judge a try now and note the review."""
    content = content_for(entry, item_uuid)
    response = engine.response_from_json({"id": "try", **value})
    verdict = engine.grader_for(engine.item_from_json(content)).judge(response)
    share = min(max(verdict.score / float(content["max_score"]), 0.0), 1.0)
    detail = {
        "item": item_uuid,
        "value": dict(value),
        "score": verdict.score,
        "max_score": float(content["max_score"]),
        "judgement": engine.judgement_to_json(verdict),
    }
    what = "similar" if item_uuid else "own"
    return record_review(entry=entry, now=now, share=share, what=what, detail=detail)


def rate_oneself(*, now: datetime, entry: WrongEntry, known: bool) -> WrongEntry:
    """Note a review that the pupil judged alone."""
    return record_review(entry=entry, now=now, share=1.0 if known else 0.0, what="self")
