"""The state of the running system: one response at a time, everything stored as plain arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from zhiwei.engines.tracing import layout
from zhiwei.engines.tracing.layout import TracingSettings
from zhiwei.engines.tracing.steps import Row, chance, expect, faded, learn
from zhiwei.engines.tracing.tables import fresh_items, fresh_points, fresh_pupils

_DAY = 86400.0
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was expected of a response before it was learned from: a probability and its standard error."""

    probability: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Mastery:
    """What is known of a pupil on a point at a moment.

    ``estimate`` is the chance of success on an item of the point of usual difficulty; ``standard_error`` its
    uncertainty on the probability scale; ``low`` and ``high`` bound it with 90 % belief; ``n`` the responses
    it rests on; ``last_seen`` their last moment (s, None when never or untimed); ``forgetting`` how much of
    the estimate will be lost by seven days later if nothing is done.
    """

    estimate: float
    standard_error: float
    low: float
    high: float
    n: int
    last_seen: float | None
    forgetting: float


@dataclass(frozen=True, slots=True)
class Observation:
    """One released response: scores may be partial; time in s, None when unknown."""

    pupil: str
    item: str
    points: tuple[str, ...]
    score: float
    at: float | None = None


def _row(table: np.ndarray) -> Row:
    return [float(value) for value in table[0]]


@lru_cache(maxsize=8)
def _priors(settings: TracingSettings) -> tuple[Row, Row, Row, Row]:
    """Return rows of a pupil, an item, a point and a pair nobody knows, for reading only."""
    pair = [0.0] * layout.PAIR_COLUMNS
    pair[layout.K_VAR], pair[layout.K_AT] = settings.pair_var, math.nan
    fresh = (fresh_pupils(1, settings), fresh_items(1, settings), fresh_points(1, settings))
    pupil, item, point = map(_row, fresh)
    return pupil, item, point, pair


@dataclass(slots=True)
class TracingState:
    """Abilities and easinesses, learned one response at a time with the same steps as the compiled pass.

    ``prerequisites`` names, for each point, the points directly before it: what is learned about one flows
    to its neighbours in both directions. ``shared=False`` freezes items and points (to rebuild one pupil).
    """

    settings: TracingSettings = field(default_factory=TracingSettings)
    prerequisites: Mapping[str, Sequence[str]] = field(default_factory=dict)
    shared: bool = True
    pupils: dict[str, Row] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Row] = field(default_factory=dict)
    repeats: dict[tuple[str, str], Row] = field(default_factory=dict)
    items: dict[str, Row] = field(default_factory=dict)
    points: dict[str, Row] = field(default_factory=dict)
    sets: dict[tuple[str, ...], int] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(init=False)
    numbers: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = self.settings.numbers()
        both: dict[str, list[str]] = {}
        for point, before in self.prerequisites.items():
            for other in before:
                both.setdefault(point, []).append(other)
                both.setdefault(other, []).append(point)
        self.links = {point: tuple(dict.fromkeys(others)) for point, others in both.items()}

    def observe(
        self, pupil: str, item: str, points: Sequence[str], score: float, at: float | None = None
    ) -> Prediction:
        """Predict a response, then learn from it.

        Args:
            pupil: Whose response it is.
            item: Which item it answers.
            points: The item's knowledge points; may be empty.
            score: Share of the full mark, in [0, 1].
            at: Moment in seconds; None when unknown.

        Returns:
            The prediction made before the score was looked at.

        Raises:
            ValueError: The score is outside [0, 1].
        """
        if not 0.0 <= score <= 1.0:
            raise ValueError(f"score {score} of pupil {pupil} on item {item} is outside 0 to 1")
        moment = math.nan if at is None else at
        one, task, named = self._pupil(pupil), self._item(item), tuple(sorted(set(points)))
        pairs = [self._pair(pupil, point) for point in named]
        shared_points = [self._point(point) for point in named]
        linked = [self._pair(pupil, other) for point in named for other in self.links.get(point, ())]
        repeat = self.repeats.setdefault((pupil, item), [0.0] * layout.REPEAT_COLUMNS)
        code = self.sets.setdefault(named, len(self.sets))
        many, ids, numbers = len(named), range(len(named)), self.numbers
        logit = expect(one, pairs, repeat, task, shared_points, ids, ids, many, moment, numbers)
        told = self._prediction(logit, one, task, pairs, shared_points)
        rows = [*pairs, *linked]
        learn(
            logit, score, one, rows, repeat, task, shared_points, ids, ids, many,
            range(many, len(rows)), len(linked), code, math.nan, moment, self.shared, numbers,
        )  # fmt: skip
        return told

    def predict(self, pupil: str, item: str, points: Sequence[str], at: float | None = None) -> Prediction:
        """Predict a response without learning anything; unknown pupils, items and points stand at their priors."""
        named = tuple(sorted(set(points)))
        new_pupil, new_item, new_point, new_pair = _priors(self.settings)
        one, task = self.pupils.get(pupil, new_pupil), self.items.get(item, new_item)
        pairs = [self.pairs.get((pupil, point), new_pair) for point in named]
        shared = [self.points.get(point, new_point) for point in named]
        repeat = self.repeats.get((pupil, item)) or [0.0] * layout.REPEAT_COLUMNS
        ids, moment = range(len(named)), math.nan if at is None else at
        logit = expect(one, pairs, repeat, task, shared, ids, ids, len(named), moment, self.numbers)
        return self._prediction(logit, one, task, pairs, shared)

    def chances(
        self, pupil: str, asked: Sequence[tuple[str, Sequence[str]]], at: float | None = None
    ) -> list[float]:
        """Predict many ``(item, points)`` for one pupil at one moment: the probabilities ``predict`` gives, quicker.

        Points of an item must differ from each other.
        """
        new_pupil, new_item, new_point, new_pair = _priors(self.settings)
        moment, half_life = math.nan if at is None else at, self.settings.half_life_days
        fixed = self.settings.base + self.pupils.get(pupil, new_pupil)[layout.P_ABILITY]
        told: dict[str, float] = {}
        for point in {point for _, points in asked for point in points}:
            pair = self.pairs.get((pupil, point), new_pair)
            told[point] = faded(pair, moment, half_life) + self.points.get(point, new_point)[layout.I_EASE]
        found = []
        for item, points in asked:
            logit = fixed + self.items.get(item, new_item)[layout.I_EASE]
            logit += sum(told[point] for point in points) / max(len(points), 1)
            repeat = self.repeats.get((pupil, item))
            if repeat is not None:
                logit += self.settings.repeat_weight * repeat[layout.R_RESIDUAL]
            found.append(chance(logit))
        return found

    def expect_item(self, item: str, success: float) -> None:
        """Let an item not met yet start at an author's expectation.

        Args:
            item: The item; one that is known stays as it is.
            success: Share of the full mark an average pupil is expected to get, in (0, 1).

        Raises:
            ValueError: The expectation is not strictly between 0 and 1.
        """
        if not 0.0 < success < 1.0:
            raise ValueError(f"expected success {success} on item {item} is not between 0 and 1")
        if item not in self.items:
            row = self._item(item)
            row[layout.I_EASE] = math.log(success / (1.0 - success)) - self.settings.base

    def item_row(self, item: str) -> list[float]:
        """Return a copy of an item's row (prior when unknown), for storing."""
        return [float(value) for value in self._item(item)]

    def point_row(self, point: str) -> list[float]:
        """Return a copy of a point's row (prior when unknown), for storing."""
        return [float(value) for value in self._point(point)]

    def mastery(self, pupil: str, point: str, at: float | None = None) -> Mastery:
        """Return what is known of a pupil on a point at a moment (None: as at the last response)."""
        new_pupil, _item, new_point, new_pair = _priors(self.settings)
        one, pair = self.pupils.get(pupil, new_pupil), self.pairs.get((pupil, point), new_pair)
        shared = self.points.get(point, new_point)
        moment = pair[layout.K_AT] if at is None else at
        half_life = self.settings.half_life_days
        fixed = self.settings.base + one[layout.P_ABILITY] + shared[layout.I_EASE]
        logit = fixed + faded(pair, moment, half_life)
        later = chance(fixed + faded(pair, moment + 7 * _DAY, half_life))
        spread = math.sqrt(one[layout.P_VAR] + pair[layout.K_VAR] + shared[layout.I_VAR])
        now = chance(logit)
        seen = pair[layout.K_AT]
        return Mastery(
            now, now * (1 - now) * spread, chance(logit - 1.645 * spread), chance(logit + 1.645 * spread),
            int(pair[layout.K_N]), None if math.isnan(seen) else seen, max(now - later, 0.0),
        )  # fmt: skip

    def _prediction(
        self, logit: float, one: Row, task: Row, pairs: Sequence[Row], points: Sequence[Row]
    ) -> Prediction:
        many = max(len(pairs), 1)
        spread = one[1] + task[1] + sum(a[1] + b[1] for a, b in zip(pairs, points, strict=True)) / many**2
        p = chance(logit)
        return Prediction(p, p * (1 - p) * math.sqrt(spread))

    def _new_pair(self) -> Row:
        pair = [0.0] * layout.PAIR_COLUMNS
        pair[layout.K_VAR], pair[layout.K_AT] = self.settings.pair_var, math.nan
        return pair

    def _pair(self, pupil: str, point: str) -> Row:
        return self.pairs.get((pupil, point)) or self.pairs.setdefault((pupil, point), self._new_pair())

    def _pupil(self, pupil: str) -> Row:
        return self.pupils.get(pupil) or self.pupils.setdefault(pupil, _row(fresh_pupils(1, self.settings)))

    def _item(self, item: str) -> Row:
        return self.items.get(item) or self.items.setdefault(item, _row(fresh_items(1, self.settings)))

    def _point(self, point: str) -> Row:
        return self.points.get(point) or self.points.setdefault(point, _row(fresh_points(1, self.settings)))

    def save(self, path: Path) -> None:
        """Write the state as plain arrays of numbers and text (no pickle)."""
        arrays: dict[str, np.ndarray] = {
            "version": np.array([_VERSION]),
            "settings": np.array(self.settings.numbers()),
            "sets": np.array(["\x1f".join(names) for names in self.sets], dtype=str),
        }
        for name in ("pupils", "items", "points", "pairs", "repeats"):
            table: dict[str | tuple[str, str], Row] = getattr(self, name)
            keys = ["\x1f".join(key) if isinstance(key, tuple) else key for key in table]
            arrays[f"{name}_keys"] = np.array(keys, dtype=str)
            arrays[f"{name}_rows"] = np.array(list(table.values()), dtype=np.float64)
        np.savez_compressed(path, allow_pickle=False, **arrays)


def load_state(path: Path, prerequisites: Mapping[str, Sequence[str]] | None = None) -> TracingState:
    """Read a state written by ``TracingState.save``.

    Raises:
        ValueError: The file is of another version.
    """
    with np.load(path, allow_pickle=False) as arrays:
        if int(arrays["version"][0]) != _VERSION:
            raise ValueError(f"{path}: tracing state version {arrays['version'][0]}, expected {_VERSION}")
        state = TracingState(TracingSettings(*arrays["settings"].tolist()), prerequisites or {})
        for code, names in enumerate(arrays["sets"].tolist()):
            state.sets[tuple(names.split("\x1f")) if names else ()] = code
        for name in ("pupils", "items", "points", "pairs", "repeats"):
            rows = zip(arrays[f"{name}_keys"].tolist(), arrays[f"{name}_rows"].tolist(), strict=True)
            table = getattr(state, name)
            for key, row in rows:
                table[tuple(key.split("\x1f")) if name in ("pairs", "repeats") else key] = row
    return state


def rebuild_pupil(
    observations: Iterable[Observation],
    *,
    items: Mapping[str, Row] | None = None,
    points: Mapping[str, Row] | None = None,
    prerequisites: Mapping[str, Sequence[str]] | None = None,
    settings: TracingSettings | None = None,
) -> TracingState:
    """Rebuild one pupil's state from the responses alone, against items and points as calibrated.

    Args:
        observations: The pupil's released responses in order of time.
        items: Calibrated item rows (``TracingState.items``); unknown items start at the prior.
        points: Calibrated point rows.
        prerequisites: Direct prerequisites of each point.
        settings: Settings of the model.

    Returns:
        A state holding the pupil; the mappings given are not changed.
    """
    state = TracingState(
        settings or TracingSettings(), prerequisites or {}, shared=False, items=dict(items or {}),
        points=dict(points or {}),
    )  # fmt: skip
    for one in observations:
        state.observe(one.pupil, one.item, one.points, one.score, one.at)
    return state
