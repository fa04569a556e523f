"""Essays through the public door: ASAP-AES after few and all marks, Chinese essays, slips in Chinese sentences.

The peer, on the same folds in the same run, is ridge regression over words and length.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from benchmarks.judging_data import Stated, judge, qwk, table, there
from benchmarks.judging_frame import Row
from zhiwei.engines.judging import Item, ItemType
from zhiwei.engines.text import findings, words

TOPS = {1: 12.0, 3: 3.0, 8: 60.0}
BOUNDS = {20: (0.617, 0.67), 50: (0.699, 0.74), 100: (0.735, 0.77), 0: (0.762, 0.80)}
GRADES = {"Bad": 0.0, "Medium": 1.0, "Great": 2.0}
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Task:
    """Essays of one task and their marks."""

    name: str
    item: Item
    texts: list[str]
    scores: list[float]


def english(data: Path) -> list[Task]:
    """Prompts 1, 3 and 8 of ASAP-AES."""
    folder = there(data / "essays" / "asap_aes", "ASAP-AES")
    found = []
    for prompt, top in TOPS.items():
        lines = table(folder / f"prompt{prompt}.tsv")
        scores = [float(line["resolved"]) for line in lines]
        found.append(
            Task(f"prompt {prompt}", Item(ItemType.ESSAY, top), [line["text"] for line in lines], scores)
        )
    return found


def chinese(data: Path) -> Task:
    """The Chinese essays with their overall grades as marks from 0 to 2."""
    path = there(data / "essays" / "zh_argumentative" / "essays.jsonl", "The set of Chinese essays")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [
        f"{one['title']}\n" + "\n".join("".join(s for part in p for s in part) for p in one["para"])
        for one in lines
    ]
    return Task("overall", Item(ItemType.ESSAY, 2.0), texts, [GRADES[one["score"]] for one in lines])


def ridge(texts: Sequence[str], scores: Sequence[float], fresh: Sequence[str]) -> list[float]:
    """The peer's marks, rounded."""
    view = TfidfVectorizer(analyzer=words, sublinear_tf=True).fit([*texts, *fresh])
    sides = [
        np.hstack([view.transform(part).toarray(), [[len(t) ** 0.25 / 3] for t in part]])
        for part in (texts, fresh)
    ]
    values = Ridge(1.0).fit(sides[0], scores).predict(sides[1])
    return [float(round(min(max(v, min(scores)), max(scores)))) for v in values]


def folds(count: int, number: int = FOLDS) -> list[tuple[list[int], list[int]]]:
    """Places to learn from and to judge, for the first ``number`` of five folds."""
    place = np.random.default_rng(0).permutation(count) % FOLDS
    return [(np.flatnonzero(place != k).tolist(), np.flatnonzero(place == k).tolist()) for k in range(number)]


@dataclass(slots=True)
class Outcome:
    """Kappas of ours and of the peer over the folds, and what was stated."""

    ours: list[float]
    peers: list[float]
    stated: Stated


def run(task: Task, count: int, number: int) -> Outcome:
    """Judge each fold after ``count`` marks drawn from the others (0: all of them)."""
    out = Outcome([], [], Stated.empty())
    for turn, (seen, held) in enumerate(folds(len(task.texts), number)):
        shown = sorted(np.random.default_rng(turn).choice(seen, count, replace=False)) if count else seen
        known, given = [task.texts[k] for k in shown], [task.scores[k] for k in shown]
        fresh, truth = [task.texts[k] for k in held], [task.scores[k] for k in held]
        made = judge(task.item, known, given, fresh)
        out.ours.append(qwk(truth, [round(j.score) for j in made]))
        out.stated.add(made, truth, max(0.5, 0.05 * task.item.max_score))
        if turn == 0:
            out.peers.append(qwk(truth, ridge(known, given, fresh)))
    return out


def english_rows(data: Path, quick: bool) -> list[Row]:
    """ASAP-AES after 20, 50, 100 and all marks, five-fold."""
    work, number = english(data), 1 if quick else FOLDS
    found = []
    for count in (20, 100) if quick else (20, 50, 100, 0):
        done = [run(task, count, number) for task in work]
        each = [float(np.mean(one.ours)) for one in done]
        peer = float(np.mean([one.peers for one in done]))
        floor, aim = BOUNDS[count]
        detail = " ".join(f"{value:.3f}" for value in each)
        name = f"{count or 'all'} marks"
        found.append(Row("aes", f"{name}: mean QWK ({detail})", float(np.mean(each)), floor, aim, peer=peer))
        error = float(np.mean([one.stated.error() for one in done]))
        found.append(Row("aes", f"{name}: calibration error", error, None, 0.05, higher_is_better=False))
    return found


def chinese_rows(data: Path, quick: bool) -> list[Row]:
    """The overall grade of Chinese essays, five-fold; slips found in Chinese sentences."""
    done = run(chinese(data), 0, 1 if quick else FOLDS)
    peer = float(np.mean(done.peers))
    error = done.stated.error()
    return [
        Row("zh", "overall grade: QWK", float(np.mean(done.ours)), 0.50, 0.58, peer=peer),
        Row("zh", "overall grade: calibration error", error, None, 0.05, higher_is_better=False),
        *_slips(data, 200 if quick else 1_000),
    ]


def _slips(data: Path, limit: int) -> list[Row]:
    """Detection on FCGEC sentences; the peer calls every sentence wrong."""
    path = there(data / "grammar_zh" / "fcgec_dev.json", "FCGEC")
    lines = list(json.loads(path.read_text(encoding="utf-8")).values())[:limit]
    wrong = np.array([bool(line["error_flag"]) for line in lines])
    found = np.array([bool(findings(line["sentence"])) for line in lines])
    hits, share = float((wrong & found).sum()), float(wrong.mean())
    return [
        Row("zh", "slips in sentences (FCGEC): F1", 2 * hits / float(found.sum() + wrong.sum()),
            peer=2 * share / (1 + share)),
        Row("zh", "slips in sentences (FCGEC): precision", hits / max(float(found.sum()), 1.0), peer=share),
    ]  # fmt: skip
