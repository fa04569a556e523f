"""Recall of the offline guards at 1 % false positives, per class.

The positives and near-miss negatives are written by hand (``data/guards_hand.jsonl``) and never fitted on; each is
also sent through disguises (full-width, zero-width, blanks between, stars between). The threshold of a class is set
where at most 1 % of all negatives pass: the written ones, their disguises, and the public sentences when present.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from zhiwei.engines.safety import CLASSES, OPERATING_POINTS, score_texts

HAND = Path(__file__).parent / "data" / "guards_hand.jsonl"
SHARED = Path(os.environ.get("ZHIWEI_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
FALSE_POSITIVES = 0.01
DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "full-width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "zero-width": "\u200b".join,
    "blanks": lambda text: " ".join(text) if not text.isascii() else text,
    "stars": lambda text: "*".join(text) if not text.isascii() else text,
}


def main(argv: Sequence[str] = ()) -> int:
    """Print the table; with ``--json`` one object."""
    parser = argparse.ArgumentParser(prog="guards")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--public", type=int, default=300, help="public sentences to add as negatives")
    options = parser.parse_args(list(argv))
    rows = [json.loads(line) for line in HAND.read_text(encoding="utf-8").splitlines()]
    public = _public_sentences(options.public)
    texts = [change(row["text"]) for change in DISGUISES.values() for row in rows] + public
    labels = [row["class"] for _ in DISGUISES for row in rows] + ["benign"] * len(public)
    score_texts(["warm"])
    started = time.perf_counter()
    scores = score_texts(texts)
    result = _result(scores, np.array(labels))
    result["texts/s"] = {
        "value": len(texts) / (time.perf_counter() - started),
        "public negatives": len(public),
    }
    print(json.dumps(result, ensure_ascii=False) if options.json else _table(result))
    return 0


def _public_sentences(most: int) -> list[str]:
    path = SHARED / "grammar_zh" / "fcgec_dev.json"
    if not path.exists():
        return []
    rows = list(json.loads(path.read_text(encoding="utf-8")).values())
    return [str(row["sentence"]) for row in rows[:most]]


def _result(scores: np.ndarray, labels: np.ndarray) -> dict[str, dict[str, float]]:
    result: dict[str, dict[str, float]] = {}
    negatives = labels == "benign"
    for column, kind in enumerate(CLASSES):
        away, own = np.sort(scores[negatives, column])[::-1], scores[labels == kind, column]
        threshold = away[int(FALSE_POSITIVES * len(away))]
        standard = OPERATING_POINTS["standard"]
        result[kind] = {
            "recall at 1 % fp": float((own > threshold).mean()),
            "threshold": float(threshold),
            "recall at standard": float((own >= standard).mean()),
            "false at standard": float((away >= standard).mean()),
            "positives": float(len(own)),
            "negatives": float(len(away)),
        }
    return result


def _table(result: dict[str, dict[str, float]]) -> str:
    return "\n".join(
        f"{kind:<10} " + "  ".join(f"{name} {value:.3f}" for name, value in row.items())
        for kind, row in result.items()
    )


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
