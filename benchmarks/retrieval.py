"""Recall of questions over documents, beside plain BM25 in the same run; silence where the materials say nothing.

The documents are ten texts written for this purpose (``data/retrieval``) with the project's own documentation pages
as further material. A passage counts as right when it holds the words named with the question. Answering or staying
silent is measured twice: with the constants in force, and with constants fitted without the document (or the tenth of
the unanswerable questions) that is being judged.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from zhiwei.engines.documents import read_markdown
from zhiwei.engines.retrieval import (
    THRESHOLD,
    Index,
    Passage,
    build_index,
    chance_answered,
    entries_of,
    features,
    fuse,
    passages_of,
    search,
)

DATA = Path(__file__).parent / "data" / "retrieval"
DOCS = Path(__file__).parents[1] / "docs"
FOLDS = 10


@dataclass(frozen=True)
class Question:
    """What is asked, in which document it is answered ("" for nowhere) and by which words."""

    text: str
    document: str
    words: str


def main(argv: Sequence[str] = ()) -> int:
    """Print the table; with ``--json`` one object."""
    parser = argparse.ArgumentParser(prog="retrieval")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(list(argv))
    files = [*sorted(DATA.glob("*.md")), *sorted(DOCS.glob("*.md"))]
    started = time.perf_counter()
    passages = [one for file in files for one in passages_of(read_markdown(file.read_text(encoding="utf-8")))]
    index = build_index(entries_of([one.text for one in passages], [one.heading for one in passages]))
    took = time.perf_counter() - started
    rows = [json.loads(line) for line in (DATA / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [Question(row["q"], row["doc"], row["a"]) for row in rows]
    result = {**rankings(index, passages, questions), **silence(index, passages, questions)}
    result["bringing in"] = {
        "documents/s": len(files) / took,
        "passages/s": len(passages) / took,
        "documents": float(len(files)),
        "passages": float(len(passages)),
    }
    print(json.dumps(result, ensure_ascii=False) if options.json else table(result))
    return 0


def rankings(
    index: Index, passages: Sequence[Passage], questions: Sequence[Question]
) -> dict[str, dict[str, float]]:
    """Return recall and speed of ranking by words (BM25), by meaning and by both."""
    asked = [one for one in questions if one.document]
    ranks: dict[str, list[int]] = {"BM25": [], "meaning": [], "both": []}
    started = time.perf_counter()
    for one in asked:
        right = np.array([one.words in passage.text for passage in passages])
        assert right.any(), f"no passage holds '{one.words}'"
        lexical, meaning = index.lexical(one.text)[0], index.meaning(one.text)
        for name, scores in (("BM25", lexical), ("meaning", meaning), ("both", fuse(lexical, meaning))):
            order = np.argsort(-scores, kind="stable")
            ranks[name].append(int(np.flatnonzero(right[order])[0]) + 1)
    took = time.perf_counter() - started
    found = {
        name: {
            "recall@1": float(np.mean([rank == 1 for rank in each])),
            "recall@5": float(np.mean([rank <= 5 for rank in each])),
            "mean reciprocal rank": float(np.mean([1 / rank for rank in each])),
        }
        for name, each in ranks.items()
    }
    found["both"]["ms a question"] = 1000 * took / len(asked)
    return found


def silence(
    index: Index, passages: Sequence[Passage], questions: Sequence[Question]
) -> dict[str, dict[str, float]]:
    """Return how often an answer is offered to questions with and without one."""
    found = [search(index, one.text) for one in questions]
    texts = [[passages[hit.place].text for hit in hits] for hits in found]
    has = np.array([bool(one.document) for one in questions])
    table = np.array([features(one.text, *pair) for one, *pair in zip(questions, found, texts, strict=True)])
    chances = [chance_answered(one.text, *pair) for one, *pair in zip(questions, found, texts, strict=True)]
    folds = [one.document or f"fold {place % FOLDS}" for place, one in enumerate(questions)]
    held = np.zeros(len(questions))
    for fold in sorted(set(folds)):
        out = np.array([one == fold for one in folds])
        model = LogisticRegression(C=10.0).fit(table[~out], has[~out])
        held[out] = model.predict_proba(table[out])[:, 1]
    final = LogisticRegression(C=10.0).fit(table, has)
    names = ["constant", "coverage", "sentence", "agreed"]
    fitted = [float(final.intercept_[0]), *map(float, final.coef_[0])]
    return {
        "silence, in force": _silence(np.array(chances), has),
        "silence, held out": _silence(held, has),
        "fitted on all": dict(zip(names, fitted, strict=True)),
    }


def _silence(chance: np.ndarray, has: np.ndarray) -> dict[str, float]:
    return {
        "answered when in the materials": float((chance[has] >= THRESHOLD).mean()),
        "silent when not": float((chance[~has] < THRESHOLD).mean()),
        "questions": float(len(has)),
        "without an answer": float((~has).sum()),
    }


def table(result: dict[str, dict[str, float]]) -> str:
    """Return the result as lines of text."""
    return "\n".join(
        f"{name:<18} " + "  ".join(f"{what} {value:.3f}" for what, value in row.items())
        for name, row in result.items()
    )


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
