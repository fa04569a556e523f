"""ASAP-SAS through the public door: quadratic weighted kappa on the test parts after few and after all marks.

The peer, on the same draws in the same run, is ridge regression over character runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from benchmarks.judging_data import Stated, judge, qwk, table, there
from benchmarks.judging_frame import Row
from zhiwei.engines.judging import Item, ItemType, Response
from zhiwei.engines.judging.short_answer import choose_next

BOUNDS = {20: (0.476, 0.55), 50: (0.575, 0.64), 100: (0.639, 0.70), 0: (0.747, 0.79)}
DRAWS = 5
ITEMS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Task:
    """One item: answers and marks to learn from, answers and marks to judge."""

    item: Item
    texts: list[str]
    scores: list[float]
    fresh: list[str]
    truth: list[float]


def tasks(data: Path, numbers: Sequence[int]) -> list[Task]:
    """The items of ASAP-SAS with their train and test parts."""
    folder = there(data / "short_answers" / "asap_sas", "ASAP-SAS")
    found = []
    for number in numbers:
        train, test = (table(folder / f"item0{number}_{part}.tsv") for part in ("train", "test"))
        scores = [float(row["score1"]) for row in train]
        truth = [float(row["score1"]) for row in test]
        item = Item(ItemType.SHORT_ANSWER, max(scores))
        found.append(Task(item, [r["text"] for r in train], scores, [r["text"] for r in test], truth))
    return found


def ridge(texts: Sequence[str], scores: Sequence[float], fresh: Sequence[str]) -> list[float]:
    """The peer: character runs and ridge regression, its values rounded."""
    view = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit([*texts, *fresh])
    model = Ridge(1.0).fit(view.transform(texts), scores)
    top = max(scores)
    return [float(round(min(max(v, 0.0), top))) for v in model.predict(view.transform(fresh))]


def rows(data: Path, quick: bool) -> list[Row]:
    """The learning curve, then answers chosen for marking, and the calibration error at every stage."""
    work = tasks(data, ITEMS[:2] if quick else ITEMS)
    draws = 1 if quick else DRAWS
    found = []
    for count in (20, 50, 100) if quick else (20, 50, 100, 0):
        found += _stage(work, count, draws, chosen=False)
    for count in (20, 50, 100):
        found += _stage(work, count, 1, chosen=True)[:1]
    return found


def _stage(work: Sequence[Task], count: int, draws: int, *, chosen: bool) -> list[Row]:
    kappas, peers, stated = list[float](), list[float](), Stated.empty()
    each = list[float]()
    for task in work:
        mine = list[float]()
        for draw in range(draws if count else 1):
            places = _shown(task, count, draw, chosen=chosen)
            texts, scores = [task.texts[k] for k in places], [task.scores[k] for k in places]
            made = judge(task.item, texts, scores, task.fresh)
            mine.append(qwk(task.truth, [j.score for j in made]))
            stated.add(made, task.truth, 0.5)
            if draw == 0 and not chosen:
                peers.append(qwk(task.truth, ridge(texts, scores, task.fresh)))
        kappas += mine
        each.append(float(np.mean(mine)))
    name = f"{count or 'all'} marks{', chosen' if chosen else ''}"
    detail = " ".join(f"{value:.3f}" for value in each)
    floor, aim = BOUNDS[count]
    peer = float(np.mean(peers)) if peers else None
    return [
        Row("sas", f"{name}: mean QWK ({detail})", float(np.mean(kappas)), floor, aim, peer=peer),
        Row("sas", f"{name}: calibration error", stated.error(), None, 0.05, higher_is_better=False),
    ]


def _shown(task: Task, count: int, draw: int, *, chosen: bool) -> list[int]:
    if not count:
        return list(range(len(task.texts)))
    if chosen:
        pool = [Response(str(n), text=text) for n, text in enumerate(task.texts)]
        return sorted(int(key) for key in choose_next(pool, [], count, seed=draw))
    return np.random.default_rng(draw).choice(len(task.texts), count, replace=False).tolist()
