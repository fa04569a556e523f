"""A small graph, items on it and released marks, for the tests of learning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.cast import NOW, Cast

from zhiwei.curriculum.models import Edition, Point, Requirement
from zhiwei.curriculum.services.items import save_item
from zhiwei.curriculum.values import Audience
from zhiwei.kernel import scope
from zhiwei.kernel.values import Actor, system_actor
from zhiwei.learning.queries.graph import forget_graphs
from zhiwei.learning.services import releases

CHAIN = ("math.8.a", "math.8.b", "math.8.c", "math.8.d")
NAMES = ("整式", "因式分解", "分式", "分式方程")


def add_graph() -> None:
    """Four points, each resting on the one before it."""
    edition = Edition.objects.create(subject="math", name="t", published_at=NOW)
    rows = [
        Point.objects.create(
            key=key,
            edition=edition,
            subject="math",
            grade=8,
            domain="数与代数",
            name=name,
            definition=f"{name}是什么",
        )
        for key, name in zip(CHAIN, NAMES, strict=True)
    ]
    for before, after in pairwise(rows):
        Requirement.objects.create(point=after, requires=before)
    forget_graphs()


def add_items(cast: Cast, each: int = 6) -> list[str]:
    """Publish ``each`` choice items on each point of the chain, open to all."""
    with scope.everywhere("test"):
        for point in CHAIN:
            for number in range(each):
                save_item(
                    actor=system_actor(cast.school),
                    now=NOW,
                    tenant_id=cast.school,
                    content=choice(point, number, each),
                    key=f"{point}-{number}",
                    audience=Audience.PUBLIC,
                    publish=True,
                )
        from zhiwei.curriculum.models import Item

        return [str(row.uuid) for row in Item.objects.order_by("pk")]


def choice(point: str, number: int, each: int = 6) -> dict[str, Any]:
    """One choice question; the right answer is B."""
    return {
        "type": "single_choice",
        "max_score": 2,
        "subject": "math",
        "grade": 8,
        "stem": f"{point} 第 {number} 题",
        "options": [{"id": "A", "text": "甲"}, {"id": "B", "text": "乙"}],
        "reference_answers": ["B"],
        "points": [point],
        "difficulty": 0.1 + 0.6 * number / each,
        "explanation": "因为乙对。",
    }


def released(
    cast: Cast,
    nickname: str,
    shares: Sequence[tuple[str, float]],
    *,
    first_id: int = 1,
    sitting_id: int = 1,
    revision: int = 1,
    at: datetime = NOW,
) -> dict[str, Any]:
    """Return the news of a release: ``shares`` are (point, share) of one answer each, a minute apart."""
    return {
        "person_id": cast.people[nickname],
        "sitting_id": sitting_id,
        "subject": "math",
        "revision": revision,
        "responses": [
            {
                "response_id": first_id + number,
                "work_item_id": 100 + number,
                "item_uuid": "",
                "points": [point],
                "score": share * 4,
                "max_score": 4,
                "answered_at": (at + timedelta(minutes=number)).isoformat(),
            }
            for number, (point, share) in enumerate(shares)
        ],
    }


def hear(cast: Cast, payload: dict[str, Any], now: datetime = NOW) -> int:
    """Take a release in, as the consumer does."""
    with scope.entered([cast.school]):
        return releases.take_in_release(tenant_id=cast.school, payload=payload, now=now)


@contextmanager
def acting(cast: Cast, nickname: str) -> Iterator[Actor]:
    """Act as somebody within the tenants they reach."""
    actor = cast.actor(nickname)
    with scope.entered(actor.tenants):
        yield actor
