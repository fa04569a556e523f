"""Adaptive tests: one live, thousands in arrays, exposure rates held down by simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiwei.engines.adaptive.choice import choose, estimate
from zhiwei.engines.adaptive.pool import CatSettings, Floats, Integers, Pool


@dataclass(frozen=True, slots=True)
class Simulation:
    """What happened: estimates and errors (N,), items and scores (N, L), −1 after the end."""

    theta: Floats
    standard_error: Floats
    items: Integers
    scores: Integers

    @property
    def lengths(self) -> Integers:
        """How many items each examinee was given."""
        return np.asarray((self.items >= 0).sum(axis=1))

    def exposure(self, count: int) -> Floats:
        """Return the share of examinees who were given each of ``count`` items."""
        given = np.bincount(self.items[self.items >= 0], minlength=count)
        return np.asarray(given / len(self.items))


@dataclass(frozen=True, slots=True)
class Step:
    """Where a live test stands: the estimate so far and the next item (None: the test is over)."""

    theta: float
    standard_error: float
    next_item: int | None


def simulate(pool: Pool, theta: Floats, settings: CatSettings, rng: np.random.Generator) -> Simulation:
    """Give an adaptive test to simulated examinees.

    Args:
        pool: The prepared bank.
        theta: (N,) true abilities.
        settings: Length, stopping, randomesque.
        rng: Source of chance for answers and for choice.

    Returns:
        Estimates (posterior means under a standard normal prior) and the record of every test.
    """
    people = len(theta)
    posterior = np.repeat(pool.prior[None, :], people, axis=0)
    blocked = np.zeros((people, len(pool)), bool)
    areas = np.zeros((people, max(len(pool.target), 1)), np.int64)
    items = np.full((people, settings.length), -1, np.int64)
    scores = items.copy()
    answers = _Answers(pool, theta)
    mean, error = estimate(pool, posterior)
    going = np.arange(people)
    for t in range(min(settings.length, len(pool))):
        who = slice(None) if len(going) == people else going  # a slice copies nothing
        held = blocked[who]
        picked = choose(pool, settings, mean[going], held, areas[going], rng=rng)
        blocked[who] = held
        going, picked = going[picked >= 0], picked[picked >= 0]
        score = answers(going, picked, rng)
        items[going, t], scores[going, t] = picked, score
        blocked[going, picked] = True
        if len(pool.target):
            areas[going, pool.content[picked]] += 1
        posterior[going] += pool.log_p[picked, score]
        before = mean[going]
        mean[going], error[going] = estimate(pool, posterior[going])
        going = going[~_over(settings, t + 1, error[going], np.abs(mean[going] - before))]
        if not len(going):
            break
    return Simulation(mean, error, items, scores)


def _over(settings: CatSettings, given: int, error: Floats, moved: Floats) -> np.ndarray:
    if given < settings.least:
        return np.zeros(len(error), bool)
    return (error <= settings.stop_error) | (moved < settings.stop_change)


class _Answers:
    """Draws answers of true abilities from the bank's own curves, evaluated exactly at those abilities."""

    def __init__(self, pool: Pool, theta: Floats) -> None:
        self.pool, self.theta = pool, theta

    def __call__(self, who: Integers, item: Integers, rng: np.random.Generator) -> Integers:
        items, theta = self.pool.items, self.theta[who]
        a, d = items.slope[item][:, None], items.intercept[item]
        valid = items.valid[item]
        if items.model.adjacent:
            eta = np.cumsum(np.where(valid, a * theta[:, None] + d, -np.inf), axis=1)
            mass = np.exp(np.concatenate([np.zeros((len(who), 1)), eta], axis=1))
            above = 1.0 - np.cumsum(mass, axis=1)[:, :-1] / mass.sum(axis=1, keepdims=True)
        else:
            g = items.guess[item][:, None]
            above = np.where(valid, g + (1 - g) / (1 + np.exp(-(a * theta[:, None] + d))), 0.0)
        return np.asarray((rng.random(len(who))[:, None] < above).sum(axis=1))


def next_step(
    pool: Pool, answered: Sequence[tuple[int, int]], settings: CatSettings, rng: np.random.Generator
) -> Step:
    """Tell where a live test stands after the answers so far, and which item comes next.

    Args:
        pool: The prepared bank.
        answered: (item, score category) in order; the whole state of the test.
        settings: Length, stopping, randomesque.
        rng: Source of chance; seed it by the attempt so that a restart asks the same.

    Raises:
        ValueError: An item or score that the bank does not have.
    """
    posterior = pool.prior[None, :].copy()
    blocked = np.zeros((1, len(pool)), bool)
    areas = np.zeros((1, max(len(pool.target), 1)), np.int64)
    before = 0.0
    for item, score in answered:
        if not 0 <= item < len(pool) or not 0 <= score <= pool.items.steps[item]:
            raise ValueError(f"the bank has no item {item} with score {score}")
        before = float(estimate(pool, posterior)[0][0])
        posterior[0] += pool.log_p[item, score]
        blocked[0, item] = True
        if len(pool.target):
            areas[0, pool.content[item]] += 1
    mean, error = estimate(pool, posterior)
    moved = np.abs(mean - before) if answered else np.full(1, np.inf)
    ended = len(answered) >= settings.length or bool(_over(settings, len(answered), error, moved)[0])
    picked = -1 if ended else int(choose(pool, settings, mean, blocked, areas, rng=rng)[0])
    return Step(float(mean[0]), float(error[0]), None if picked < 0 else picked)


def control_exposure(
    pool: Pool,
    settings: CatSettings,
    most: float,
    rng: np.random.Generator,
    *,
    people: int = 1000,
    rounds: int = 12,
) -> Pool:
    """Find Sympson–Hetter admission probabilities that keep every item's exposure near or below ``most``.

    Args:
        pool: The prepared bank.
        settings: The test to be given.
        most: Highest share of examinees who may see an item; at least length / bank size.
        rng: Source of chance.
        people: Simulated examinees a round, drawn from the standard normal.
        rounds: How often the probabilities are set anew.

    Raises:
        ValueError: The bank is too small for such a rate.
    """
    if most * len(pool) < settings.length:
        raise ValueError(f"{len(pool)} items cannot keep below {most} exposure in tests of {settings.length}")
    for _ in range(rounds):
        rate = simulate(pool, rng.normal(size=people), settings, rng).exposure(len(pool))
        chosen = rate / np.maximum(pool.admit, 1e-6)
        wanted = np.where(chosen > most, most / np.maximum(chosen, 1e-9), 1.0)
        pool = pool.admitting(np.clip(0.5 * (pool.admit + wanted), 1e-3, 1.0))
    return pool
