"""Files and pictures: always for a person, never for a machine alone."""

from __future__ import annotations

from collections.abc import Sequence

from .protocol import Grader
from .reasons import reason
from .values import Item, Judgement, Marked, Response, judgement, scored_point


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader that defers every response, or repeats the mark a teacher gave to the response of that id."""
    del seed  # nothing is drawn at random
    return _ByHand(item, {mark.response.id: mark.score for mark in marked})


class _ByHand:
    def __init__(self, item: Item, scores: dict[str, float]) -> None:
        self._item = item
        self._scores = scores

    def judge(self, response: Response) -> Judgement:
        """The teacher's mark, or nothing and ``defer``."""
        score = self._scores.get(response.id)
        return judgement(
            response,
            self._item.max_score,
            [scored_point("all", score or 0.0, self._item.max_score)],
            confidence=0.0 if score is None else 1.0,
            engine="by_hand",
            version="1",
            reasons=[reason("file.by_hand")],
            defer=score is None,
        )

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge many, in order."""
        return [self.judge(response) for response in responses]
