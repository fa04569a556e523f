"""The grader of short answers: from the rubric, from reference answers, from marks, or all three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.judging.learning import Learned, Pool, learn, pool_of
from zhiwei.engines.judging.reasons import reason
from zhiwei.engines.judging.values import (
    MAX_ANSWER_CHARS,
    Flag,
    Item,
    Judgement,
    Marked,
    PointResult,
    PointStatus,
    Reason,
    Response,
    RubricPoint,
    judgement,
    point_result,
    scored_point,
)
from zhiwei.engines.text import sentences

from .expectation import Expected, Lessons, expect
from .points import PointView
from .polarity import denies_all

Floats = NDArray[np.float64]
ENGINE, VERSION = "short_answer", "1.0.0"
OVERALL = "overall"
FEWEST_MARKS = 2
RELEASE_FROM = 0.8
"""Judgements less sure than this are left to a person, and all of a question nobody has marked."""


@dataclass(frozen=True, slots=True)
class ShortAnswerGrader:
    """Judges short answers; a batch judged together shares what is usual among its answers.

    Attributes:
        item: what was asked.
        marked: what the teacher has marked on this item.
        lessons: what teachers marked, each with the item it belongs to.
        seed: of what is drawn at random.
        elsewhere: how many of the lessons belong to other items.
    """

    item: Item
    marked: tuple[Marked, ...]
    lessons: Lessons
    seed: int
    elsewhere: int = 0

    def judge(self, response: Response) -> Judgement:
        """Judge one response on its own."""
        return self.judge_many([response])[0]

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge responses together, in order.

        With marks, the batch is part of the evidence: it tells what is usual and how marks are spread, so a
        judgement may differ from the one :meth:`judge` gives alone. The order of responses changes nothing.
        """
        texts = [_read(response) for response in responses]
        written = [at for at, text in enumerate(texts) if any(map(str.isalnum, text))]
        made = self._judge_written([responses[at] for at in written], [texts[at] for at in written])
        done = dict(zip(written, made, strict=True))
        return [done.get(at) or self._blank(response) for at, response in enumerate(responses)]

    def _judge_written(self, responses: list[Response], texts: list[str]) -> list[Judgement]:
        if not responses:
            return []
        known = [_read(mark.response) for mark in self.marked]
        order = sorted(range(len(texts)), key=texts.__getitem__)
        ranked = [texts[at] for at in order]
        expected = expect(self.item, [*known, *ranked], self.lessons, self.seed, len(known))
        if len(self.marked) >= FEWEST_MARKS:
            made = self._learned(expected, known, ranked, [responses[at] for at in order])
        else:
            made = [
                self._expected(response, view)
                for response, view in zip(
                    [responses[at] for at in order], expected[len(known) :], strict=True
                )
            ]
        back = dict(zip(order, made, strict=True))
        return [back[at] for at in range(len(responses))]

    def _learned(
        self, expected: list[Expected], known: list[str], texts: list[str], responses: list[Response]
    ) -> list[Judgement]:
        pool = pool_of([*known, *texts], self.seed, *_facts(expected))
        count = len(known)
        by_point = self._points_marked()
        denial = self._denials(pool, expected)
        scales = {
            name: learn(pool, [scores[name] for scores in by_point], top, self.seed)
            for name, top in self._learned_points(by_point).items()
        }
        accepted = [t for t, m in zip(known, self.marked, strict=True) if m.score >= self.item.max_score]
        return [
            self._denied(response, expected[at])
            if denies_all(texts[at - count], accepted)
            else self._judge_learned(response, replace(expected[at], contradiction=denial[at]), scales, at)
            for at, response in enumerate(responses, start=count)
        ]

    def _denied(self, response: Response, view: Expected) -> Judgement:
        """Every statement turns round what accepted answers say: no marks, left to a person."""
        points = [point_result(p, 0.0) for p in self.item.rubric] or [
            PointResult(OVERALL, 0.0, self.item.max_score, PointStatus.MISSED)
        ]
        why = [reason("short_answer.contradicts_reference")]
        return self._make(response, points, replace(view, denied=True), 0.5, why)

    def _denials(self, pool: Pool, expected: list[Expected]) -> list[float | None]:
        """How likely each answer contradicts, learned from marks that note it; as expected when too few do."""
        noted = [float(mark.contradicts) for mark in self.marked]
        if not any(noted):
            return [view.contradiction for view in expected]
        before = np.array([view.contradiction or 0.0 for view in expected])
        facts, worth = (before - before.mean())[:, None] / max(float(before.std()), 1e-6), np.array([0.5])
        learned = learn(replace(pool, facts=facts, slopes=worth), noted, 1.0, self.seed)
        return [min(max(float(value), 0.0), 1.0) for value in learned.values]

    def _points_marked(self) -> list[dict[str, float]]:
        names = [point.id for point in self.item.rubric]
        each = [{name: mark.points[name] for name in names if name in mark.points} for mark in self.marked]
        if names and all(len(row) == len(names) for row in each):
            return each
        return [{OVERALL: mark.score} for mark in self.marked]

    def _learned_points(self, by_point: list[dict[str, float]]) -> dict[str, float]:
        tops = {point.id: point.score for point in self.item.rubric} | {OVERALL: self.item.max_score}
        return {name: tops[name] for name in by_point[0]}

    def _judge_learned(
        self, response: Response, view: Expected, scales: dict[str, Learned], at: int
    ) -> Judgement:
        points: list[PointResult] = []
        sure = 1.0
        described = {point.id: point for point in self.item.rubric}
        for name, learned in scales.items():
            value = learned.values[at : at + 1]
            mark = float(learned.scale.marks(value)[0])
            sure *= float(learned.scale.confidence(value)[0])
            point = described.get(name, RubricPoint(name, self.item.max_score))
            points.append(point_result(point, mark))
        why = reason("short_answer.learned", count=len(self.marked))
        return self._make(response, points, view, sure, [why, *_reasons(view)])

    def _expected(self, response: Response, view: Expected) -> Judgement:
        if view.points:
            results = [point_result(point.point, point.score) for point in view.points]
        else:
            results = [scored_point(OVERALL, view.score, self.item.max_score)]
        return self._make(response, results, view, view.confidence, _reasons(view))

    def _make(
        self, response: Response, points: list[PointResult], view: Expected, sure: float, why: list[Reason]
    ) -> Judgement:
        return judgement(
            response,
            self.item.max_score,
            points,
            confidence=sure,
            engine=ENGINE,
            version=VERSION,
            evidence=_evidence(response, points, view),
            reasons=why,
            flags=_flags(response, view, sum(point.score for point in points) / self.item.max_score),
            parameters={"marked": len(self.marked), "elsewhere": self.elsewhere, "seed": self.seed},
            defer=sure < RELEASE_FROM or len(self.marked) < FEWEST_MARKS,
        )

    def _blank(self, response: Response) -> Judgement:
        points = [point_result(p, 0.0) for p in self.item.rubric] or [
            PointResult(OVERALL, 0.0, self.item.max_score, PointStatus.MISSED)
        ]
        return judgement(
            response,
            self.item.max_score,
            points,
            confidence=0.99,
            engine=ENGINE,
            version=VERSION,
            reasons=[reason("answer.blank")],
            flags=[Flag.BLANK],
        )


def _read(response: Response) -> str:
    return response.answer()[:MAX_ANSWER_CHARS].strip()


def _facts(expected: list[Expected]) -> tuple[Floats, Floats]:
    """What rubric and references lead one to expect, as measures the learner may use."""
    rows = np.array([view.measures for view in expected], dtype=float).reshape(len(expected), -1)
    if rows.shape[1] == 0:
        return np.zeros((len(expected), 0)), np.zeros(0)
    spread = rows.std(axis=0)
    rows = (rows - rows.mean(axis=0)) / np.where(spread > 1e-6, spread, 1.0)
    return rows, np.full(rows.shape[1], 0.5 / rows.shape[1])


def _evidence(response: Response, points: list[PointResult], view: Expected) -> list[tuple[int, int, str]]:
    lead = len(response.answer()) - len(response.answer().lstrip())
    found = [(p.span.start + lead, p.span.end + lead, p.point.id) for p in view.points if p.span]
    if found or not any(point.score > 0 for point in points):
        return found
    parts = sentences(response.answer()[:MAX_ANSWER_CHARS])
    best = view.span or (max(parts, key=lambda s: s.end - s.start) if parts else None)
    return [(best.start, best.end, OVERALL)] if best else []


def _reasons(view: Expected) -> list[Reason]:
    found = [_point_reason(point) for point in view.points]
    if view.denied:
        found.append(reason("short_answer.contradicts_reference"))
    return found


def _point_reason(view: PointView) -> Reason:
    words = view.point.description or "；".join(view.point.accept[:2]) or view.point.id
    if view.score >= view.point.score:
        code = "short_answer.point_earned"
    elif view.score > 0:
        code = "short_answer.point_partial"
    else:
        code = "short_answer.point_contradicted" if view.denied else "short_answer.point_missed"
    return reason(code, point_id=view.point.id, point=words)


def _flags(response: Response, view: Expected, share: float) -> list[Flag]:
    denied = view.denied or any(p.denied for p in view.points)
    if view.contradiction is not None:
        right = min(max(view.measures[-1], 0.0), 1.0) if view.measures else 0.5
        denied = share < 0.5 and view.contradiction > 0.5 * (1.0 - right)
    flags = [Flag.CONTRADICTS] if denied else []
    return [*flags, Flag.TOO_LONG] if len(response.answer()) > MAX_ANSWER_CHARS else flags
