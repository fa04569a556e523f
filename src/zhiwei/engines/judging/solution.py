"""Worked solutions: line by line, with follow-through, other routes, and rubric points matched to lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiwei.engines import maths

from .closed import DOUBTFUL, FAIRLY_SURE, ClosedGrader, Finding, full_answers, unknown
from .protocol import Grader
from .values import Flag, Item, Marked, PointResult, Reason, Response, RubricPoint, point_result, scored_point

_OTHER_ROUTE = 0.8
_LUCKY_SHARE = 0.5


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for solutions with steps; each reference answer is one worked solution."""
    del seed  # nothing is drawn at random
    references = item.reference_steps() or tuple(_lines(r) for r in full_answers(item, marked))

    def rule(response: Response) -> Finding:
        if not references and not item.rubric:
            return unknown(item)
        found = [_finding(item, reference, response) for reference in (references or ((),))]
        return max(found, key=lambda finding: sum(point.score for point in finding.points))

    return ClosedGrader(
        item, marked, rule, lambda r: "".join(r.answer().split()), {"routes": len(references)}
    )


def _lines(response: Response) -> tuple[str, ...]:
    return tuple(line for line in response.lines() if line.strip())


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def _spans(response: Response) -> list[_Line]:
    """Non-empty lines with their place in the answer."""
    found, at = [], 0
    for text in response.answer().split("\n"):
        if text.strip():
            found.append(_Line(at, at + len(text), text))
        at += len(text) + 1
    return found


def _finding(item: Item, reference: tuple[str, ...], response: Response) -> Finding:
    lines = _spans(response)
    texts = [line.text for line in lines]
    verdict = maths.check_solution(item.stem, reference, texts)
    if item.rubric:
        points, owners = _by_rubric(item, verdict, texts)
    else:
        points, owners = [_whole(item, verdict, reference)], {}
    evidence = [(lines[at].start, lines[at].end, point) for point, at in owners.items()]
    if verdict.first_wrong is not None:
        wrong = lines[verdict.first_wrong]
        evidence.append((wrong.start, wrong.end, points[0].id))
    unread = all(step.status == "unread" for step in verdict.steps)
    flags = frozenset({Flag.UNREADABLE}) if unread else frozenset[Flag]()
    return Finding(
        tuple(points),
        tuple(_reasons(verdict, texts)),
        _confidence(verdict, unread=unread),
        flags,
        tuple(evidence),
    )


def _whole(item: Item, verdict: maths.SolutionVerdict, reference: Sequence[str]) -> PointResult:
    """Without a rubric: full marks for a right answer by right steps, else a share for the steps that were right."""
    if verdict.answer_right and verdict.first_wrong is None:
        share = 1.0
    elif verdict.lucky:
        share = _LUCKY_SHARE
    else:
        good = sum(step.status == "right" for step in verdict.steps)
        followed = sum(step.status == "follows" for step in verdict.steps)
        share = min((good + followed / 2) / (len(reference) + 1), 0.8)
    return scored_point("all", round(item.max_score * share * 2) / 2, item.max_score)


def _by_rubric(
    item: Item, verdict: maths.SolutionVerdict, texts: Sequence[str]
) -> tuple[list[PointResult], dict[str, int]]:
    owners: dict[str, int] = {}
    results: list[PointResult] = []
    complete = bool(verdict.answer_right) and verdict.first_wrong is None and _ends_well(item, texts)
    spare = [at for at, step in enumerate(verdict.steps) if step.status == "follows"]
    for point in item.rubric:
        at = _matching_line(point.accept, texts)
        if at is None and point.follow_through and spare:
            at = spare.pop(0)
        if at is not None:
            owners[point.id] = at
        implied = complete and point.score > 0 and not _in_words(point)
        earned = (at is not None or implied) and _allowed(point, results)
        results.append(point_result(point, point.score if earned else _partial(point, texts)))
    return results, owners


def _ends_well(item: Item, texts: Sequence[str]) -> bool:
    """Whether the last formula of the rubric is reached, so that another route there earns the points before it."""
    last = [point for point in item.rubric if point.score > 0 and not _in_words(point)][-1:]
    return all(not point.accept or _matching_line(point.accept, texts) is not None for point in last)


def _in_words(point: RubricPoint) -> bool:
    """Whether the point is earned by words alone (a check written down), which no result implies."""
    return bool(point.accept) and all(map(maths.is_phrase, point.accept))


def _allowed(point: RubricPoint, results: Sequence[PointResult]) -> bool:
    earned = {result.id for result in results if result.score >= result.max_score}
    return set(point.depends_on) <= earned


def _partial(point: RubricPoint, texts: Sequence[str]) -> float:
    found = [part.score for part in point.partial if _matching_line(part.accept, texts) is not None]
    return max(found, default=0.0)


def _matching_line(accept: Sequence[str], texts: Sequence[str]) -> int | None:
    """The first line that says one of the accepted formulas or phrases."""
    for at, text in enumerate(texts):
        if any(maths.line_says(text, wanted) for wanted in accept):
            return at
    return None


def _reasons(verdict: maths.SolutionVerdict, texts: Sequence[str]) -> list[Reason]:
    found = []
    if verdict.first_wrong is not None:
        number, code = verdict.first_wrong + 1, verdict.kind or "wrong_step"
        zh, en = maths.sentence(code, "zh"), maths.sentence(code, "en")
        found.append(
            Reason(
                f"solution.{code}",
                f"第 {number} 行开始出错：{zh}",
                f"Line {number} is the first wrong one: {en}",
            )
        )
    if verdict.lucky:
        found.append(
            Reason("solution.lucky", "结果正确，但过程有误。", "The answer is right, but a step is wrong.")
        )
    if not found and verdict.answer_right:
        found.append(Reason("solution.complete", "各步都正确。", "Every step is right."))
    if not found:
        found.append(
            Reason("solution.incomplete", "没有得到参考答案。", "The reference answer was not reached.")
        )
    return found


def _confidence(verdict: maths.SolutionVerdict, *, unread: bool) -> float:
    if unread:
        return DOUBTFUL / 2
    if verdict.answer_right and verdict.first_wrong is None:
        return FAIRLY_SURE
    return DOUBTFUL if verdict.first_wrong is not None else _OTHER_ROUTE * DOUBTFUL
