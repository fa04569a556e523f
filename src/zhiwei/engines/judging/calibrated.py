"""A grader whose confidence is checked against the teacher's marks, and which defers what it doubts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from .errors import ItemError
from .protocol import Grader, build_grader
from .values import Flag, Item, ItemType, Judgement, Marked, Response

if TYPE_CHECKING:
    from .confidence import RiskPoint

SELF_CALIBRATED = frozenset({ItemType.SHORT_ANSWER, ItemType.ESSAY})
"""Types whose graders calibrate themselves while they learn; here they are only held to a tolerated error."""
DEFAULT_TOLERATED_ERROR = 0.05
MAX_CHECKED = 500
MIN_CHECKED = 5
_FOLDS = 5


def released(
    item: Item, inner: Grader, marked: Sequence[Marked], *, seed: int, tolerated_error: float | None
) -> Grader:
    """``inner`` with calibrated confidence and with ``defer`` decided from the tolerated error."""
    if item.type in SELF_CALIBRATED:
        return inner if tolerated_error is None else _Released(inner, 1.0 - tolerated_error, None)
    tolerated = DEFAULT_TOLERATED_ERROR if tolerated_error is None else tolerated_error
    if len(marked) < MIN_CHECKED:
        return _Released(inner, 1.0 - tolerated, None)
    from .confidence import fit_calibration, release_threshold, risk_coverage

    raw, right = out_of_fold(item, marked, seed=seed)
    calibration = fit_calibration(raw, right)
    table = risk_coverage([float(p) for p in calibration.apply(raw)], right)
    return _Released(
        inner,
        release_threshold(table, tolerated),
        lambda values: [float(p) for p in calibration.apply(values)],
    )


def risk_of(item: Item, marked: Sequence[Marked], *, seed: int) -> tuple[RiskPoint, ...]:
    """What releasing without a person would risk, from marked answers judged without their own marks.

    Args:
        item: the item.
        marked: at least ``MIN_CHECKED`` marked responses; at most ``MAX_CHECKED`` are used.
        seed: of the folds.

    Raises:
        ItemError: too few are marked.
    """
    if len(marked) < MIN_CHECKED:
        raise ItemError(
            f"a risk table needs at least {MIN_CHECKED} marked responses, {len(marked)} are given"
        )
    from .confidence import fit_calibration, risk_coverage

    raw, right = out_of_fold(item, marked, seed=seed)
    if item.type in SELF_CALIBRATED:
        return risk_coverage(raw, right)
    return risk_coverage([float(p) for p in fit_calibration(raw, right).apply(raw)], right)


def agrees(score: float, mark: float, max_score: float) -> bool:
    """Whether a score counts as the teacher's: less than half a mark away, or 5 % of the maximum.

    The wider of the two holds. A whole mark is the step, half the maximum for items worth less than two.
    """
    step = min(1.0, max_score / 2)
    return abs(score - mark) < max(0.5 * step, 0.05 * max_score)


def out_of_fold(item: Item, marked: Sequence[Marked], *, seed: int) -> tuple[list[float], list[bool]]:
    """Confidence and agreement on marked answers, each judged by a grader that had not seen its mark.

    At most ``MAX_CHECKED`` answers are used, drawn at random by ``seed``.
    """
    order = list(range(len(marked)))
    Random(seed).shuffle(order)  # noqa: S311 - a fold, not a secret
    chosen = [marked[n] for n in order[:MAX_CHECKED]]
    judged: list[tuple[float, bool]] = []
    for fold in range(min(_FOLDS, len(chosen))):
        held = chosen[fold::_FOLDS]
        known = [mark for n, mark in enumerate(chosen) if n % _FOLDS != fold]
        grader = build_grader(item, known, seed=seed)
        for mark, made in zip(held, grader.judge_many([m.response for m in held]), strict=True):
            judged.append((made.confidence, agrees(made.score, mark.score, item.max_score)))
    return [confidence for confidence, _ in judged], [right for _, right in judged]


class _Released:
    def __init__(
        self, inner: Grader, threshold: float, calibrate: Callable[[Sequence[float]], list[float]] | None
    ) -> None:
        self._inner = inner
        self._threshold = threshold
        self._calibrate = calibrate

    def judge(self, response: Response) -> Judgement:
        """Judge one response."""
        return self.judge_many([response])[0]

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge many, in order."""
        judged = self._inner.judge_many(responses)
        if self._calibrate is None:
            return [self._decided(one, one.confidence) for one in judged]
        sure = self._calibrate([one.confidence for one in judged])
        return [self._decided(one, min(max(p, 0.0), 1.0)) for one, p in zip(judged, sure, strict=True)]

    def _decided(self, made: Judgement, confidence: float) -> Judgement:
        if Flag.BLANK in made.flags:
            return made
        doubted = made.defer and self._calibrate is not None
        return replace(made, confidence=confidence, defer=doubted or confidence < self._threshold)
