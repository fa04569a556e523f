"""Recall of the offline guards at 1 % false positives, per class: held out by template, and on texts never fitted on.

Held out: every text of the guard's own examples is judged by a model that never saw its template (or, for a single
example, the example). Fresh: the positives and near-miss negatives of ``data/guards_hand.jsonl`` are written by hand
and never fitted on; each is also sent through disguises (full-width, zero-width, blanks between, stars between). The
threshold of a class is set where at most 1 % of all negatives pass: the written ones, their disguises, and the public
sentences when present. Written before: ``data/guards_fresh.jsonl`` was written before templates and concepts were last
extended and is judged as the platform does, at the shipped thresholds. Grounding: claims of
``data/claims_hand.jsonl`` told right, by their label.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from zhiwei.engines.safety import CLASSES, check_claims, examine, score_texts
from zhiwei.engines.safety.features import features_of
from zhiwei.engines.safety.fitting import examples, held_out, threshold

FRESH = Path(__file__).parent / "data" / "guards_fresh.jsonl"
HAND = Path(__file__).parent / "data" / "guards_hand.jsonl"
SHARED = Path(os.environ.get("ZHIWEI_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
CLAIMS = Path(__file__).parent / "data" / "claims_hand.jsonl"
STATES = ("supported", "unsupported", "contradicted")
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
    result.update(_held_out())
    result.update(_fresh())
    result["grounding"] = _grounding()
    print(json.dumps(result, ensure_ascii=False) if options.json else _table(result))
    return 0


def _held_out() -> dict[str, dict[str, float]]:
    """Judge the guard's own examples, each by a model without its template."""
    rows = examples()
    odds = held_out(rows, features_of([row.text for row in rows]))
    labels = np.array([row.kind for row in rows])
    found: dict[str, dict[str, float]] = {}
    for column, kind in enumerate(CLASSES):
        least = threshold(odds[:, column], labels == "benign", FALSE_POSITIVES)
        own = odds[labels == kind, column]
        found[f"{kind}, held out"] = {
            "recall at 1 % fp": float((own > least).mean()),
            "positives": float(len(own)),
        }
    return found


def _fresh() -> dict[str, dict[str, float]]:
    """Judge whole texts as the platform does, at the standard point."""
    rows = [json.loads(line) for line in FRESH.read_text(encoding="utf-8").splitlines()]
    told = [{one.kind for one in examine(row["text"]).findings} for row in rows]
    found: dict[str, dict[str, float]] = {}
    for kind in (*CLASSES, "benign"):
        own = [kinds for kinds, row in zip(told, rows, strict=True) if row["class"] == kind]
        caught = [bool(kinds) if kind == "benign" else kind in kinds for kinds in own]
        name = "held up" if kind == "benign" else "recall at standard"
        stopped = {"held up by any class": float(np.mean([bool(kinds) for kinds in own]))}
        found[f"{kind}, written before"] = {name: float(np.mean(caught)), **stopped, "texts": float(len(own))}
    return found


def _grounding() -> dict[str, float]:
    """Return how often a claim is told as its writer labelled it."""
    rows = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    told = [check_claims(row["claim"], [row["source"]])[0].state for row in rows]
    right = {
        kind: [a == kind for a, row in zip(told, rows, strict=True) if row["label"] == kind]
        for kind in STATES
    }
    return {kind: float(np.mean(each)) for kind, each in right.items()} | {"claims": float(len(rows))}


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
        result[kind] = {
            "recall at 1 % fp": float((own > threshold).mean()),
            "threshold": float(threshold),
            "recall at standard": float((own >= 0.5).mean()),
            "false at standard": float((away >= 0.5).mean()),
            "positives": float(len(own)),
            "negatives": float(len(away)),
        }
    return result


def _table(result: dict[str, dict[str, float]]) -> str:
    return "\n".join(
        f"{kind:<22} " + "  ".join(f"{name} {value:.3f}" for name, value in row.items())
        for kind, row in result.items()
    )


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
