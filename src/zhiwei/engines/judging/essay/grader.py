"""The grader of essays: learned from a teacher's marks, or a rough suggestion by traits; never the last word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from zhiwei.engines.judging.learning import Learned, learn
from zhiwei.engines.judging.reasons import reason
from zhiwei.engines.judging.values import (
    Flag,
    Item,
    Judgement,
    Marked,
    PointResult,
    Reason,
    Response,
    judgement,
    scored_point,
    verbatim,
)

from .feedback import checked_chars, feedback, located
from .pool import essay_pool
from .reading import Essay, read_essay
from .traits import Trait, trait_levels, traits_of

ENGINE, VERSION = "essay", "1.0.0"
OVERALL = "overall"
FEWEST_MARKS = 3
_UNLEARNED = 0.3


@dataclass(frozen=True, slots=True)
class EssayGrader:
    """Judges essays; essays judged together share what is usual among them.

    Attributes:
        item: the task; ``settings``: ``traits`` (ids and weights), ``min_length``, ``release`` (do not defer).
        marked: what the teacher has marked, perhaps trait by trait.
        seed: of what is drawn at random.
    """

    item: Item
    marked: tuple[Marked, ...]
    seed: int
    traits: tuple[Trait, ...] = field(default=())

    def judge(self, response: Response) -> Judgement:
        """Judge one essay on its own."""
        return self.judge_many([response])[0]

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge essays together, in order; the order changes nothing."""
        essays = [read_essay(self.item, response) for response in responses]
        order = sorted((at for at, e in enumerate(essays) if e.readable), key=lambda at: essays[at].text)
        learned = self._learned([essays[at].text for at in order])
        place = {at: rank for rank, at in enumerate(order)}
        limit = checked_chars(len(essays))
        return [
            self._located(self._judge(response, essay, learned, place.get(at)), response, essay, limit)
            for at, (response, essay) in enumerate(zip(responses, essays, strict=True))
        ]

    @staticmethod
    def _located(made: Judgement, response: Response, essay: Essay, limit: int) -> Judgement:
        """The judgement with slips as evidence."""
        if not essay.readable:
            return made
        slips = located(response.answer(), limit)
        found = [(slip.start, slip.end, "conventions") for slip in slips]
        return replace(made, evidence=verbatim(response.answer(), found))

    def _learned(self, texts: list[str]) -> dict[str, Learned]:
        if len(self.marked) < FEWEST_MARKS or not texts:
            return {}
        known = [read_essay(self.item, mark.response).text for mark in self.marked]
        pool = essay_pool([*known, *texts], self.item.stem, self.seed)
        names = [t.id for t in self.traits] if self._by_trait() else [OVERALL]
        tops = {t.id: t.max_score for t in self.traits} | {OVERALL: self.item.max_score}
        return {
            name: learn(pool, [self._score(mark, name) for mark in self.marked], tops[name], self.seed)
            for name in names
        }

    def _by_trait(self) -> bool:
        wanted = {trait.id for trait in self.traits}
        return bool(wanted) and all(wanted <= set(mark.points) for mark in self.marked)

    @staticmethod
    def _score(mark: Marked, name: str) -> float:
        return mark.score if name == OVERALL else mark.points[name]

    def _judge(
        self, response: Response, essay: Essay, learned: dict[str, Learned], rank: int | None
    ) -> Judgement:
        if not essay.readable or rank is None:
            return self._empty(response, essay)
        levels = trait_levels(essay.text, self.item.stem)
        if learned:
            points, sure = self._from_marks(learned, rank + len(self.marked))
            why = [reason("essay.learned")]
        else:
            share = {trait.id: levels.get(trait.id, 0.5) for trait in self.traits}
            points = [
                scored_point(t.id, round(share[t.id] * t.max_score, 1), t.max_score) for t in self.traits
            ]
            sure, why = _UNLEARNED, [reason("essay.unlearned")]
        return self._make(response, essay, points, sure, [*why, *feedback(self.item, essay, levels)])

    def _from_marks(self, learned: dict[str, Learned], at: int) -> tuple[list[PointResult], float]:
        points, sure = list[PointResult](), list[float]()
        tops = {t.id: t.max_score for t in self.traits} | {OVERALL: self.item.max_score}
        for name, model in learned.items():
            value = model.values[at : at + 1]
            points.append(scored_point(name, float(model.scale.marks(value)[0]), tops[name]))
            sure.append(float(model.scale.confidence(value)[0]))
        return points, float(np.prod(sure))

    def _empty(self, response: Response, essay: Essay) -> Judgement:
        points = [scored_point(trait.id, 0.0, trait.max_score) for trait in self.traits]
        blank = Flag.BLANK in essay.flags
        why = [reason("answer.blank")] if blank else [reason("essay.unreadable")]
        return self._make(response, essay, points, 0.99 if blank else 0.8, why)

    def _make(
        self, response: Response, essay: Essay, points: list[PointResult], sure: float, why: list[Reason]
    ) -> Judgement:
        return judgement(
            response,
            self.item.max_score,
            points,
            confidence=sure * (0.5 if Flag.OFF_TOPIC in essay.flags else 1.0),
            engine=ENGINE,
            version=VERSION,
            reasons=why,
            flags=essay.flags,
            parameters={"marked": len(self.marked), "seed": self.seed},
            defer=self.item.settings.get("release") is not True or sure < 0.8 or bool(essay.flags),
        )


def build_essay(item: Item, marked: Sequence[Marked], seed: int) -> EssayGrader:
    """A grader for one essay task."""
    return EssayGrader(item, tuple(m for m in marked if m.response.answer().strip()), seed, traits_of(item))
