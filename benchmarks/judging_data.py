"""How the answer and essay sets are read, judged through the public door, and scored."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from defusedxml import ElementTree

from benchmarks.judging_frame import MissingDataError
from zhiwei.engines.judging import Item, Judgement, Marked, Response, grader_for
from zhiwei.engines.judging.confidence import expected_calibration_error


@dataclass(frozen=True, slots=True)
class Question:
    """One SemEval question: its stem, references, and answers with their three-way labels."""

    id: str
    stem: str
    references: tuple[str, ...]
    answers: tuple[str, ...]
    labels: tuple[str, ...]


def there(path: Path, what: str) -> Path:
    """The path itself.

    Raises:
        MissingDataError: nothing is there.
    """
    if not path.exists():
        raise MissingDataError(
            f"{what} is not at {path}: put it there (docs/answers.md says where it is published) or set "
            "ZHIWEI_SHARED_DATA"
        )
    return path


def table(path: Path) -> list[dict[str, str]]:
    """Rows of a tab-separated file with a head line; quotes mean nothing."""
    head, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    names = head.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def questions(data: Path, corpus: str, part: str) -> list[Question]:
    """The questions of one corpus and part (``training``, ``unseen-answers``, ``unseen-questions``)."""
    found = []
    archive_path = there(data / "short_answers" / "semeval2013_3way.zip", "SemEval-2013 task 7")
    with zipfile.ZipFile(archive_path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".xml") and f"3way/{corpus}" in name and part in name:
                tree = ElementTree.fromstring(archive.read(name))
                answers = list(tree.iter("studentAnswer"))
                found.append(
                    Question(
                        Path(name).stem,
                        tree.findtext("questionText") or "",
                        tuple(e.text or "" for e in tree.iter("referenceAnswer")),
                        tuple(e.text or "" for e in answers),
                        tuple(e.get("accuracy") or "" for e in answers),
                    )
                )
    return found


def qwk(truth: Sequence[float], given: Sequence[float]) -> float:
    """Quadratic weighted kappa of two lists of marks."""
    a, b = np.asarray(truth), np.asarray(given)
    disagreement = float(((a - b) ** 2).mean())
    chance = float(a.var() + b.var() + (a.mean() - b.mean()) ** 2)
    return 1.0 - disagreement / chance if chance else 1.0


@dataclass(slots=True)
class Stated:
    """Confidences stated, and whether each judgement agreed with the mark."""

    sure: list[float]
    right: list[bool]

    @classmethod
    def empty(cls) -> Stated:
        """Nothing stated yet."""
        return cls([], [])

    def add(self, made: Sequence[Judgement], truth: Sequence[float], slack: float) -> None:
        """Take in judgements; one agrees when it is less than ``slack`` off."""
        self.sure += [j.confidence for j in made]
        self.right += [abs(j.score - t) < slack for j, t in zip(made, truth, strict=True)]

    def error(self) -> float:
        """Expected calibration error over ten bins."""
        return expected_calibration_error(self.sure, self.right)


def judge(item: Item, texts: Sequence[str], scores: Sequence[float], fresh: Sequence[str]) -> list[Judgement]:
    """Judge fresh texts through the public door after showing it marked ones."""
    marked = [
        Marked(Response(f"m{n}", text=t), s) for n, (t, s) in enumerate(zip(texts, scores, strict=True))
    ]
    return grader_for(item, marked).judge_many([Response(str(n), text=t) for n, t in enumerate(fresh)])
