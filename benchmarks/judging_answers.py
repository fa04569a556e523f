"""Short answers through the public door: learning curves on ASAP-SAS, SemEval-2013, calibration, speed.

A simple ridge regression over character runs is measured on the same draws in the same run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from benchmarks.judging_data import (
    MISSING,
    ROOT,
    Question,
    calibration_error,
    judge,
    questions,
    qwk,
    show,
    table,
)
from zhiwei.engines.judging import Item, ItemType, Marked, Response, grader_for
from zhiwei.engines.judging.short_answer import choose_next

FLOOR = {20: (0.476, 0.55), 50: (0.575, 0.64), 100: (0.639, 0.70), 0: (0.747, 0.79)}
SEMEVAL = {
    ("sciEntsBank", "unseen-answers"): (0.787, 0.82),
    ("sciEntsBank", "unseen-questions"): (0.737, 0.77),
    ("beetle", "unseen-answers"): (0.845, 0.87),
    ("beetle", "unseen-questions"): (0.767, 0.80),
}
Row = tuple[str, float, float, float, float, float]


def ridge(texts: Sequence[str], scores: Sequence[float], fresh: Sequence[str]) -> list[float]:
    """The peer: character runs and ridge regression, its values rounded."""
    view = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit([*texts, *fresh])
    model = Ridge(1.0).fit(view.transform(texts), scores)
    top = max(scores)
    return [float(round(min(max(v, 0.0), top))) for v in model.predict(view.transform(fresh))]


def curve(items: Sequence[int], draws: int, counts: Sequence[int], *, chosen: bool) -> list[Row]:
    """Mean quadratic weighted kappa on the test parts after each number of marks (0: all)."""
    rows = []
    for count in counts:
        ours, peers, sure, right, seconds = [], [], list[float](), list[bool](), 0.0
        for number in items:
            train = table(ROOT / "short_answers" / "asap_sas" / f"item0{number}_train.tsv")
            test = table(ROOT / "short_answers" / "asap_sas" / f"item0{number}_test.tsv")
            truth = [float(row["score1"]) for row in test]
            item = Item(ItemType.SHORT_ANSWER, max(float(row["score1"]) for row in train))
            for draw in range(draws if count else 1):
                shown = _shown(train, count, draw, chosen=chosen)
                texts, scores = [r["text"] for r in shown], [float(r["score1"]) for r in shown]
                fresh = [row["text"] for row in test]
                start = time.perf_counter()
                made = judge(item, texts, scores, fresh)
                seconds += time.perf_counter() - start
                ours.append(qwk(truth, [j.score for j in made]))
                peers.append(qwk(truth, ridge(texts, scores, fresh)))
                sure += [j.confidence for j in made]
                right += [j.score == t for j, t in zip(made, truth, strict=True)]
        name = f"ASAP-SAS {count or 'all'} {'chosen' if chosen else 'random'}"
        floor, aim = FLOOR[count]
        rows.append(
            (name, float(np.mean(ours)), float(np.mean(peers)), floor, aim, calibration_error(sure, right))
        )
        print(f"  {name}: {rows[-1][1]:.3f} in {seconds:.0f} s", flush=True)
    return rows


def _shown(train: list[dict[str, str]], count: int, draw: int, *, chosen: bool) -> list[dict[str, str]]:
    if not count:
        return train
    if chosen:
        picked = set(choose_next([Response(r["id"], text=r["text"]) for r in train], [], count, seed=draw))
        return [row for row in train if row["id"] in picked]
    return [train[k] for k in np.random.default_rng(draw).choice(len(train), count, replace=False)]


def semeval(corpus: str, part: str, limit: int) -> Row:
    """Two-way accuracy: own marks where the question has any, and marks on all other questions."""
    training = questions(corpus, "training")
    fresh = questions(corpus, part)[:limit]
    everything = [mark for question in training for mark in _marks(question)]
    right, sure, peer = list[bool](), list[float](), list[bool]()
    for question in fresh:
        item = _item(question)
        made = grader_for(item, everything).judge_many(
            [Response(str(n), text=t) for n, t in enumerate(question.answers)]
        )
        right += [j.score == r for j, r in zip(made, question.right, strict=True)]
        sure += [j.confidence for j in made]
        unaided = grader_for(item).judge_many(
            [Response(str(n), text=t) for n, t in enumerate(question.answers)]
        )
        peer += [j.score == r for j, r in zip(unaided, question.right, strict=True)]
    floor, aim = SEMEVAL[corpus, part]
    error = calibration_error(sure, right)
    return f"{corpus} {part} 2-way", float(np.mean(right)), float(np.mean(peer)), floor, aim, error


def _item(question: Question) -> Item:
    references: tuple[str, ...] = tuple(question.references)
    return Item(ItemType.SHORT_ANSWER, 1.0, id=question.id, stem=question.stem, reference_answers=references)


def _marks(question: Question) -> list[Marked]:
    item = _item(question)
    return [
        Marked(Response(f"{question.id}-{n}", text=text), score, item=item)
        for n, (text, score) in enumerate(zip(question.answers, question.right, strict=True))
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; exit 3 when the data are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one draw, two items, few questions")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=["sas", "semeval"])
    options = parser.parse_args(argv)
    if not (ROOT / "short_answers").is_dir():
        print(MISSING)
        return 3
    rows: list[Row] = []
    items, draws = ([1, 4], 1) if options.quick else ([1, 2, 3, 4, 5], 5)
    if options.only != "semeval":
        rows += curve(items, draws, [20, 50, 100] if options.quick else [20, 50, 100, 0], chosen=False)
        rows += curve(items, 1 if options.quick else 2, [20, 50, 100], chosen=True)
    if options.only != "sas":
        rows += [semeval(corpus, part, 10 if options.quick else 1_000) for corpus, part in SEMEVAL]
    head = ["set", "Zhiwei", "peer (ridge; SemEval: no marks)", "floor", "aim", "calibration error"]
    show("Short answers", head, rows, as_json=options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
