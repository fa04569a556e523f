"""What a class picture holds: plain values for the page, the sheets, the API and the printed slip."""

from __future__ import annotations

from dataclasses import dataclass

from zhiwei.engines.classical import Difference, Interval, ItemFigures, OptionFigures, Reliability


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """One answer that pupils gave, as they gave it, and how it was scored.

    Attributes:
        key: The group's own name for links; answers that mean the same share it.
        text: Most frequent spelling.
        count: Pupils.
        share: Mean share of the full mark, ``None`` while unmarked.
    """

    key: str
    text: str
    count: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a judging reason says went wrong, and for how many pupils."""

    position: int
    code: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class ItemPicture:
    """One question: figures, the actual answers, options of a choice, common mistakes."""

    id: int
    uuid: str
    position: int
    type: str
    stem: str
    points: tuple[str, ...]
    max_score: float
    figures: ItemFigures
    answers: tuple[AnswerGroup, ...]
    options: tuple[OptionFigures, ...]
    mistakes: tuple[Mistake, ...]
    unmarked: int

    @property
    def lost(self) -> float:
        """Share of the marks that the class did not get; 0 while nobody is marked."""
        return 0.0 if self.figures.facility is None else 1 - self.figures.facility


@dataclass(frozen=True, slots=True)
class PointPicture:
    """A knowledge point: the share earned over the questions on it."""

    key: str
    title: str
    share: float
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PupilNeed:
    """A pupil whom the teacher may want to look after first, and why in plain words."""

    person_id: int
    name: str
    share: float | None
    why: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class beside the others on the same work; ``difference`` is the shown class less this one."""

    class_id: int
    name: str
    n: int
    mean: Interval | None
    difference: Difference | None
    here: bool


@dataclass(frozen=True, slots=True)
class PastRow:
    """An earlier work of the same subject and class, mean share with interval."""

    work_uuid: str
    title: str
    day: str
    mean: Interval


@dataclass(frozen=True, slots=True)
class Showing:
    """An answer worth showing, without a name; ``kind`` is ``full``, ``partial`` or ``wrong``."""

    kind: str
    text: str
    score: float
    max_score: float
    response_uuid: str
    item_type: str = ""


@dataclass(frozen=True, slots=True)
class TeachFirst:
    """A question to begin with, why, and up to three answers to put beside each other."""

    position: int
    why: str
    showings: tuple[Showing, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do now; ``kind`` tells where it leads."""

    kind: str
    text: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A class on one work."""

    work_id: int
    work_uuid: str
    title: str
    subject: str
    class_id: int
    class_name: str
    expected: int
    judged: int
    released: int
    headline: str
    mean: Interval | None
    shares: tuple[float, ...]
    reliability: Reliability | None
    items: tuple[ItemPicture, ...]
    points: tuple[PointPicture, ...]
    mistakes: tuple[Mistake, ...]
    first: tuple[TeachFirst, ...]
    needs: tuple[PupilNeed, ...]
    classes: tuple[ClassRow, ...]
    past: tuple[PastRow, ...]
    steps: tuple[NextStep, ...]
