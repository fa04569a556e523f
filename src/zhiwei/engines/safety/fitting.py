"""Fit the meaning part of the guard from written examples and templates; what was learned is kept as text beside them.

``python -m zhiwei.engines.safety.fitting`` writes ``data/weights.json``; a test notices stale weights. The same texts
give the same weights, and nobody's data are in them. Thresholds are set on texts whose template was held out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zhiwei.engines.safety.features import Floats, concepts, features_of
from zhiwei.engines.safety.normalising import normalise
from zhiwei.engines.safety.rules import find_hits

CLASSES = ("injection", "leakage", "self_harm", "abuse", "violence", "sexual", "drugs")
FALSE_POSITIVES: Mapping[str, float] = {"strict": 0.03, "standard": 0.01, "lenient": 0.003}
"""Share of harmless texts that may be held up at each operating point; thresholds are set by it."""
HIT_SHIFT = 1.6
PER_TEMPLATE = 9
FOLDS = 6
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_STRENGTH = 8.0
_POSITIVE_WEIGHT = 1.5
_DATA = "zhiwei.engines.safety"


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its class; examples of one template share its ``group``."""

    kind: str
    text: str
    group: str


@dataclass(frozen=True)
class Model:
    """One row a class of :data:`CLASSES`: weights of the features and a constant."""

    rows: Floats
    constants: Floats

    def log_odds(self, features: Floats) -> Floats:
        """Return the log odds of texts (rows) for classes (columns)."""
        odds: Floats = features @ self.rows.T + self.constants
        return odds


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """Return what the guard learns from: single examples, then texts of templates."""
    folder = files(_DATA) / "data"
    lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    single = [json.loads(line) for line in lines]
    found = [Example(row["class"], row["text"], f"single {place}") for place, row in enumerate(single)]
    for line in (folder / "templates.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, template = line.split("\t")
            found += [Example(kind, text, template) for text in expand(template)]
    return tuple(found)


def expand(template: str, most: int = PER_TEMPLATE) -> list[str]:
    """Return at most ``most`` different texts of a template, spread evenly over its choices."""
    parts = _CHOICE.split(template)
    texts = []
    for turn in range(most):
        text = ""
        for place, part in enumerate(parts):
            words = part.split("|") if place % 2 else [part]
            text += words[(turn * (place // 2 + 1) + place) % len(words)]
        texts.append(text)
    return list(dict.fromkeys(texts))


def fit(rows: Sequence[Example], features: Floats) -> Model:
    """Fit one regression per class; examples of the other classes are among its negatives."""
    from sklearn.linear_model import LogisticRegression

    labels = np.array([row.kind for row in rows])
    models = [
        LogisticRegression(C=_STRENGTH, class_weight={True: _POSITIVE_WEIGHT, False: 1.0}, max_iter=300).fit(
            features, labels == kind
        )
        for kind in CLASSES
    ]
    return Model(
        np.vstack([model.coef_[0] for model in models]), np.array([model.intercept_[0] for model in models])
    )


def shifts_of(texts: Sequence[str]) -> Floats:
    """Return what pattern hits add to the log odds, one row a text."""
    shifts = np.zeros((len(texts), len(CLASSES)))
    for row, text in zip(shifts, texts, strict=True):
        for hit in find_hits(normalise(text)):
            row[CLASSES.index(hit.kind)] += HIT_SHIFT * hit.weight
    return shifts


def held_out(rows: Sequence[Example], features: Floats, *, folds: int = FOLDS) -> Floats:
    """Return log odds (patterns included) of each text by a model that never saw its template."""
    groups = {group: place for place, group in enumerate(sorted({row.group for row in rows}))}
    fold = np.array([groups[row.group] * 7 % folds for row in rows])
    odds = shifts_of([row.text for row in rows])
    for part in range(folds):
        out = fold == part
        kept = [row for row, away in zip(rows, out, strict=True) if not away]
        odds[out] += fit(kept, features[~out]).log_odds(features[out])
    return odds


def threshold(odds: Floats, harmless: npt.NDArray[np.bool_], share: float) -> float:
    """Return the log odds that at most ``share`` of the harmless texts pass."""
    away = np.sort(odds[harmless])[::-1]
    return float(away[int(share * len(away))])


def digest() -> str:
    """Return a digest of what is learned from, so that stale weights are noticed."""
    spoken = [[name, words.pattern] for name, words in concepts()]
    told = json.dumps([[[row.kind, row.text] for row in examples()], spoken], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


@lru_cache(maxsize=1)
def kept_model() -> tuple[Model, dict[str, Floats]]:
    """Return the model kept beside the examples, and the thresholds of each operating point by class."""
    kept = json.loads((files(_DATA) / "data" / "weights.json").read_text(encoding="utf-8"))
    rows = [np.frombuffer(base64.b64decode(kept["weights"][kind]), dtype="<f2") for kind in CLASSES]
    points = {
        name: np.array([kept["thresholds"][name][kind] for kind in CLASSES]) for name in FALSE_POSITIVES
    }
    return Model(
        np.vstack(rows).astype(np.float64), np.array([kept["constants"][k] for k in CLASSES])
    ), points


def write_weights(path: Path) -> None:
    """Fit on everything, set the thresholds held out, and write both as text."""
    rows = examples()
    features = features_of([row.text for row in rows])
    made, odds = fit(rows, features), held_out(rows, features)
    harmless = np.array([row.kind == "benign" for row in rows])
    kept = {
        "learned from": digest(),
        "thresholds": {
            name: {kind: round(threshold(odds[:, at], harmless, share), 2) for at, kind in enumerate(CLASSES)}
            for name, share in FALSE_POSITIVES.items()
        },
        "constants": {kind: round(float(made.constants[at]), 3) for at, kind in enumerate(CLASSES)},
        "weights": {
            kind: base64.b64encode(made.rows[at].astype("<f2").tobytes()).decode()
            for at, kind in enumerate(CLASSES)
        },
    }
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_weights(Path(__file__).parent / "data" / "weights.json")
