"""What annex 2's template demands of a corpus, as numbers that a check can be held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from zhiwei.engines.corpora.errors import CorpusError

_LIMITS: Mapping[str, tuple[float, float]] = {
    "answers_per_item": (1, 100_000),
    "low_below": (0.01, 0.99),
    "high_from": (0.02, 1.0),
    "least_band_share": (0.0, 0.33),
    "least_width": (1, 20_000),
    "least_height": (1, 20_000),
    "least_sharpness": (0.0, 1.0),
    "least_contrast": (0.0, 1.0),
    "near_duplicate": (0.5, 1.0),
    "long_from": (5, 10_000),
    "most_label_noise": (0.0, 1.0),
    "sample": (2, 2_000),
    "least_agreement": (0.0, 1.0),
    "train_share": (0.1, 1.0),
    "dev_share": (0.0, 0.5),
    "k": (1, 1_000),
}


@dataclass(frozen=True, slots=True)
class Demands:
    """Demands on quality; the defaults are what a first corpus of one school can be held to.

    Attributes:
        answers_per_item: Fewest answers to each question.
        low_below, high_from: Shares of full marks that part low, middle and high answers (pass and excellence).
        least_band_share: Fewest share of answers in each band.
        least_width, least_height: Smallest picture in pixels.
        least_sharpness: Smallest slope of strokes, 0 to 1 (see :mod:`.pictures`).
        least_contrast: Smallest distance of ink and paper, 0 to 1.
        near_duplicate: Jaccard similarity from which two long answers count as copies.
        long_from: Characters from which a text is long enough to be a copy.
        most_label_noise: Largest share of answers whose score the others contradict.
        sample: Answers drawn for the two reviewers.
        least_agreement: Smallest quadratic weighted kappa of the two reviewers.
        train_share, dev_share: Sizes of the splits; the rest is for testing.
        k: Smallest group that may look alike in what is published.
    """

    answers_per_item: int = 20
    low_below: float = 0.6
    high_from: float = 0.85
    least_band_share: float = 0.1
    least_width: int = 200
    least_height: int = 40
    least_sharpness: float = 0.2
    least_contrast: float = 0.25
    near_duplicate: float = 0.9
    long_from: int = 30
    most_label_noise: float = 0.05
    sample: int = 30
    least_agreement: float = 0.7
    train_share: float = 0.8
    dev_share: float = 0.1
    k: int = 5

    def as_dict(self) -> dict[str, float]:
        """Return the demands as plain numbers by name."""
        return asdict(self)


def demands_from(given: Mapping[str, object]) -> Demands:
    """Return checked demands; what is not given keeps its default.

    Raises:
        CorpusError: A demand is unknown, no number, out of its range, or the bands are upside down.
    """
    kinds = {one.name: one.type for one in fields(Demands)}
    values: dict[str, float] = {}
    for name, value in given.items():
        if name not in kinds:
            raise CorpusError(f"'{name}' is no demand; demands are {', '.join(kinds)}")
        number = _number(name, value)
        values[name] = int(number) if kinds[name] == "int" else number
    made = Demands(**values)  # type: ignore[arg-type]
    if made.low_below > made.high_from:
        raise CorpusError("low_below must not be above high_from")
    if made.train_share + made.dev_share > 1:
        raise CorpusError("train_share and dev_share together are more than 1")
    return made


def _number(name: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError as error:
        raise CorpusError(f"{name} is '{value}'; it must be a number") from error
    low, high = _LIMITS[name]
    if not low <= number <= high:
        raise CorpusError(f"{name} is {number:g}; it must be between {low:g} and {high:g}")
    return number
