"""Items made of parts: each part judged by its own grader, the points put together."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .protocol import Grader, grader_for
from .reading import response_from_json
from .values import Flag, Item, Json, Judgement, Marked, PointResult, Response, judgement, scored_point

_LABEL = re.compile(r"(?:^|\n)\s*[(（]?\s*(\w{1,4})\s*[)）.．、:：]\s*")


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader of all parts; marks teach a part when they hold its points under the part's id."""
    graders = {
        part.id: grader_for(replace(part, stem=part.stem or item.stem), _of_part(part, marked), seed=seed)
        for part in item.parts
    }
    return _Composite(item, graders)


def _of_part(part: Item, marked: Sequence[Marked]) -> list[Marked]:
    return [
        Marked(part_responses(mark.response, [part.id])[part.id], mark.points[part.id])
        for mark in marked
        if part.id in mark.points and mark.points[part.id] <= part.max_score
    ]


def part_responses(response: Response, ids: Sequence[str]) -> dict[str, Response]:
    """The response to each part: from ``value`` by id, or from text with labels such as ``(1) …``."""
    if isinstance(response.value, dict):
        return {name: _response(name, response.value.get(name)) for name in ids}
    if isinstance(response.value, list):
        return {name: _response(name, dict(enumerate(response.value)).get(n)) for n, name in enumerate(ids)}
    pieces = _LABEL.split(response.answer())
    labelled = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    if not labelled and len(ids) == 1:
        return {ids[0]: Response(ids[0], response.answer())}
    return {name: Response(name, labelled.get(name, "").strip()) for name in ids}


def _response(name: str, value: Json) -> Response:
    if isinstance(value, dict) and set(value) & {"text", "value", "steps"}:
        texts = {key: part for key, part in value.items() if key in {"text", "value", "steps"}}
        if not isinstance(texts.get("text"), list | dict):
            return response_from_json({**texts, "id": name}, f"response: {name}")
    return Response(name, value) if isinstance(value, str) else Response(name, value=value)


class _Composite:
    def __init__(self, item: Item, graders: Mapping[str, Grader]) -> None:
        self._item = item
        self._graders = graders
        self._scale = item.max_score / sum(part.max_score for part in item.parts)

    def judge(self, response: Response) -> Judgement:
        """Judge one response."""
        return self.judge_many([response])[0]

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge many, part by part, so that each part's grader sees them all at once."""
        ids = list(self._graders)
        split = [part_responses(response, ids) for response in responses]
        by_part = {name: self._graders[name].judge_many([parts[name] for parts in split]) for name in ids}
        return [
            self._together(response, {name: by_part[name][n] for name in ids})
            for n, response in enumerate(responses)
        ]

    def _together(self, response: Response, parts: Mapping[str, Judgement]) -> Judgement:
        judged = parts.values()
        everywhere = frozenset.intersection(*(one.flags for one in judged)) & {Flag.BLANK}
        flags = frozenset[Flag]().union(*(one.flags - {Flag.BLANK} for one in judged)) | everywhere
        return judgement(
            response,
            self._item.max_score,
            [point for name, one in parts.items() for point in self._points(name, one)],
            confidence=math.prod(one.confidence for one in judged),
            engine="composite",
            version="1",
            evidence=_placed(response.answer(), parts),
            reasons=[
                replace(why, point_id=f"{name}.{why.point_id}")
                for name, one in parts.items()
                for why in one.reasons
            ],
            flags=flags,
            parameters={name: {"engine": one.engine, "version": one.version} for name, one in parts.items()},
            defer=any(one.defer for one in judged),
        )

    def _points(self, name: str, judged: Judgement) -> list[PointResult]:
        """The points of a part; when their sum had to be cut, the part counts as one point."""
        total = sum(point.score for point in judged.points)
        if not math.isclose(total, judged.score, abs_tol=1e-6):
            return [scored_point(name, judged.score * self._scale, judged.max_score * self._scale)]
        return [
            scored_point(f"{name}.{p.id}", p.score * self._scale, p.max_score * self._scale, p.description)
            for p in judged.points
        ]


def _placed(answer: str, parts: Mapping[str, Judgement]) -> list[tuple[int, int, str]]:
    """Evidence of the parts, found again in the whole answer; what is not there verbatim is left out."""
    spans, cursor = [], 0
    for name, judged in parts.items():
        after = cursor
        for piece in judged.evidence:
            start = answer.find(piece.text, cursor)
            if start >= 0:
                spans.append((start, start + len(piece.text), f"{name}.{piece.point_id}"))
                after = max(after, start + len(piece.text))
        cursor = after
    return spans
