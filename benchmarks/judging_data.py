"""Where the answer and essay sets are, and how they are read and scored."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from defusedxml import ElementTree

from zhiwei.engines.judging import Item, Judgement, Marked, Response, grader_for

ROOT = Path(os.environ.get("ZHIWEI_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
MISSING = (
    f"The answer and essay sets are not in {ROOT}: put ASAP-SAS, ASAP-AES, SemEval-2013 task 7 and the Chinese "
    "essays there as docs/answers.md says, or set ZHIWEI_SHARED_DATA."
)


@dataclass(frozen=True, slots=True)
class Question:
    """One SemEval question: its stem, references, and answers with whether they are right."""

    id: str
    stem: str
    references: list[str]
    answers: list[str]
    right: list[float]


def table(path: Path) -> list[dict[str, str]]:
    """Rows of a tab-separated file with a head line; quotes mean nothing."""
    head, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    names = head.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def questions(corpus: str, part: str) -> list[Question]:
    """The questions of one corpus and part (``training``, ``unseen-answers``, ``unseen-questions``)."""
    found = []
    with zipfile.ZipFile(ROOT / "short_answers" / "semeval2013_3way.zip") as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".xml") and f"2way/{corpus}" in name and part in name:
                tree = ElementTree.fromstring(archive.read(name))
                answers = list(tree.iter("studentAnswer"))
                found.append(
                    Question(
                        Path(name).stem,
                        tree.findtext("questionText") or "",
                        [e.text or "" for e in tree.iter("referenceAnswer")],
                        [e.text or "" for e in answers],
                        [float(e.get("accuracy") == "correct") for e in answers],
                    )
                )
    return found


def qwk(truth: Sequence[float], given: Sequence[float]) -> float:
    """Quadratic weighted kappa of two lists of marks."""
    a, b = np.asarray(truth), np.asarray(given)
    disagreement = float(((a - b) ** 2).mean())
    chance = float(a.var() + b.var() + (a.mean() - b.mean()) ** 2)
    return 1.0 - disagreement / chance if chance else 1.0


def calibration_error(sure: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Mean gap between stated confidence and agreement over ten equal bins of confidence."""
    stated, agreed = np.asarray(sure), np.asarray(right, dtype=float)
    place = np.minimum((stated * bins).astype(int), bins - 1)
    gaps = [
        abs(stated[place == k].mean() - agreed[place == k].mean()) * (place == k).mean() for k in set(place)
    ]
    return float(np.sum(gaps))


def judge(item: Item, texts: Sequence[str], scores: Sequence[float], fresh: Sequence[str]) -> list[Judgement]:
    """Judge fresh texts through the public door after showing it marked ones."""
    marked = [
        Marked(Response(f"m{n}", text=t), s) for n, (t, s) in enumerate(zip(texts, scores, strict=True))
    ]
    return grader_for(item, marked).judge_many([Response(str(n), text=t) for n, t in enumerate(fresh)])


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str | float]], *, as_json: bool) -> None:
    """Print one table, or the same as JSON."""
    if as_json:
        print(json.dumps([dict(zip(head, row, strict=True)) for row in rows], ensure_ascii=False))
        return
    cells = [[f"{c:.3f}" if isinstance(c, float) else str(c) for c in row] for row in (head, *rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    print(title)
    for row in cells:
        print("  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)))
