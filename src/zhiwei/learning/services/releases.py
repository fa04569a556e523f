"""Released and recalled marks as answers to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiwei.learning.services import projecting
from zhiwei.learning.values import Answer


def take_in_release(*, tenant_id: int, payload: Mapping[str, Any], now: datetime) -> int:
    """Learn from one released sitting; answers without a score or without marks to earn are left out."""
    answers = [
        _answer(payload, one)
        for one in payload["responses"]
        if one.get("score") is not None and float(one.get("max_score") or 0) > 0
    ]
    return projecting.take_in(
        tenant_id=tenant_id, person_id=int(payload["person_id"]), answers=answers, now=now
    )


def take_back(*, tenant_id: int, payload: Mapping[str, Any], now: datetime) -> int:
    """Forget one recalled sitting."""
    return projecting.recall(
        tenant_id=tenant_id,
        person_id=int(payload["person_id"]),
        sitting_id=int(payload["sitting_id"]),
        revision=int(payload["revision"]),
        now=now,
    )


def _answer(payload: Mapping[str, Any], one: Mapping[str, Any]) -> Answer:
    score, full = float(one["score"]), float(one["max_score"])
    return Answer(
        response_id=int(one["response_id"]),
        sitting_id=int(payload["sitting_id"]),
        item_key=str(one.get("item_uuid") or f"work-item:{one['work_item_id']}"),
        subject=str(payload["subject"]),
        points=tuple(map(str, one.get("points") or ())),
        score=score,
        max_score=full,
        share=min(max(score / full, 0.0), 1.0),
        at=datetime.fromisoformat(str(one["answered_at"])),
        revision=int(payload["revision"]),
    )
