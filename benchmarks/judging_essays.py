"""Essays through the public door: learning curves on ASAP-AES, Chinese essays, slips in Chinese sentences.

The peer, measured on the same folds in the same run, is ridge regression over words and length.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from benchmarks.judging_data import MISSING, ROOT, calibration_error, judge, qwk, show, table
from zhiwei.engines.judging import Item, ItemType
from zhiwei.engines.text import findings, words

TOP = {1: 12.0, 3: 3.0, 8: 60.0}
FLOOR = {20: (0.617, 0.67), 50: (0.699, 0.74), 100: (0.735, 0.77), 0: (0.762, 0.80)}
GRADES = {"Bad": 0.0, "Medium": 1.0, "Great": 2.0}
Row = tuple[str, float, float | str, float | str, float | str, float | str]


def ridge(texts: Sequence[str], scores: Sequence[float], fresh: Sequence[str]) -> list[float]:
    """The peer's marks, rounded."""
    view = TfidfVectorizer(analyzer=words, sublinear_tf=True).fit([*texts, *fresh])
    sides = [
        np.hstack([view.transform(part).toarray(), [[len(t) ** 0.25 / 3] for t in part]])
        for part in (texts, fresh)
    ]
    values = Ridge(1.0).fit(sides[0], scores).predict(sides[1])
    return [float(round(min(max(v, min(scores)), max(scores)))) for v in values]


def folds(count: int, number: int) -> list[tuple[list[int], list[int]]]:
    """Places to learn from and to judge, for the first ``number`` of five folds."""
    place = np.random.default_rng(0).permutation(count) % 5
    return [(np.flatnonzero(place != k).tolist(), np.flatnonzero(place == k).tolist()) for k in range(number)]


def run(
    item: Item, texts: Sequence[str], scores: Sequence[float], count: int, number: int
) -> tuple[float, float, list[float], list[bool]]:
    """Mean kappa of ours and of the peer, confidences, and whether each was within the tolerance."""
    ours, peers, sure, right = list[float](), list[float](), list[float](), list[bool]()
    for turn, (seen, held) in enumerate(folds(len(texts), number)):
        shown = sorted(np.random.default_rng(turn).choice(seen, count, replace=False)) if count else seen
        known, given = [texts[k] for k in shown], [scores[k] for k in shown]
        fresh, truth = [texts[k] for k in held], [scores[k] for k in held]
        made = judge(item, known, given, fresh)
        ours.append(qwk(truth, [round(j.score) for j in made]))
        peers.append(qwk(truth, ridge(known, given, fresh)))
        sure += [j.confidence for j in made]
        slack = max(0.5, 0.05 * item.max_score)
        right += [abs(j.score - t) < slack for j, t in zip(made, truth, strict=True)]
    return float(np.mean(ours)), float(np.mean(peers)), sure, right


def english(count: int, number: int) -> Row:
    """ASAP-AES prompts 1, 3 and 8 after ``count`` marks (0: four fifths of all)."""
    parts = []
    for prompt, top in TOP.items():
        rows = table(ROOT / "essays" / "asap_aes" / f"prompt{prompt}.tsv")
        texts, scores = [r["text"] for r in rows], [float(r["resolved"]) for r in rows]
        parts.append(run(Item(ItemType.ESSAY, top), texts, scores, count, number))
        print(f"  prompt {prompt}, {count or 'all'} marks: {parts[-1][0]:.3f}", flush=True)
    floor, aim = FLOOR[count]
    error = calibration_error([c for p in parts for c in p[2]], [r for p in parts for r in p[3]])
    means = [float(np.mean([p[k] for p in parts])) for k in (0, 1)]
    return f"ASAP-AES 1, 3, 8 after {count or 'all'}", means[0], means[1], floor, aim, error


def chinese(number: int) -> Row:
    """Overall grade of the Chinese essays, five-fold."""
    lines = (ROOT / "essays" / "zh_argumentative" / "essays.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    texts = [
        f"{r['title']}\n" + "\n".join("".join(s for part in p for s in part) for p in r["para"]) for r in rows
    ]
    scores = [GRADES[row["score"]] for row in rows]
    ours, peer, sure, right = run(Item(ItemType.ESSAY, 2.0), texts, scores, 0, number)
    return "Chinese essays, overall", ours, peer, 0.50, 0.58, calibration_error(sure, right)


def slips(limit: int) -> Row:
    """Detection F1 on FCGEC sentences; the peer calls every sentence wrong."""
    path = ROOT / "grammar_zh" / "fcgec_dev.json"
    rows = list(json.loads(path.read_text(encoding="utf-8")).values())[:limit]
    wrong = np.array([bool(row["error_flag"]) for row in rows])
    found = np.array([bool(findings(row["sentence"])) for row in rows])
    hit = float((wrong & found).sum())
    print(f"  slips found: precision {hit / max(found.sum(), 1):.2f}, recall {hit / wrong.sum():.2f}")
    share = float(wrong.mean())
    return (
        "FCGEC, slips detected (F1)",
        2 * hit / float(found.sum() + wrong.sum()),
        2 * share / (1 + share),
        "",
        "",
        "",
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; exit 3 when the data are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one fold, few marks")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    if not (ROOT / "essays").is_dir():
        print(MISSING)
        return 3
    number = 1 if options.quick else 5
    rows = [chinese(number), slips(200 if options.quick else 1_000)]
    rows += [english(count, number) for count in ([20, 50] if options.quick else [20, 50, 100, 0])]
    head = ["set", "Zhiwei", "peer", "floor", "aim", "calibration error"]
    show("Essays", head, rows, as_json=options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
