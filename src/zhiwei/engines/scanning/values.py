"""What reading a page gives: every field with its crop, and who and which page it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.advice import Advice

Pixels = NDArray[np.uint8]

UNSURE_BELOW = 0.8
"""A reading below this confidence is shown to a person before it counts."""


@dataclass(frozen=True)
class Reading:
    """One region as read.

    Attributes:
        region: key of the region.
        question: key of the question; empty for the pupil's number.
        kind: kind of the region.
        values: what was read: chosen bubbles, one string for other fields, a line each for text; empty
            when nothing is written, or when the field is for a person to read (``free``).
        confidence: 0 to 1.
        unsure: a person must look: low confidence, or a field that is never read by machine.
        remark: what was odd, e.g. ``cancelled``, ``several``, ``faint``, ``blank``, ``crossed_out``.
        crop_png: the region as PNG bytes, always.
    """

    region: str
    question: str
    kind: str
    values: tuple[str, ...]
    confidence: float
    unsure: bool
    remark: str
    crop_png: bytes = field(repr=False)


@dataclass(frozen=True)
class PageResult:
    """One scanned page.

    Attributes:
        file: path it came from.
        member: name inside an archive.
        number: page in the file.
        work: work code from the page's code, or the template's when found by marks; empty when unknown.
        pupil: pupil code; empty when unknown. Never guessed.
        sheet: serial of a blank sheet, which ties its pages together; empty on named sheets.
        page: page of the template; 0 when unknown.
        how: ``code``, ``number`` (bubbles) or ``none``: how the pupil is known.
        doubts: codes that keep the page from being assigned without a person.
        findings: everything to tell the person, with what to do.
        readings: the regions.
        tilt_degrees: rotation away from straight.
        error_mm: how well the page fits its template.
    """

    file: str
    member: str
    number: int
    work: str
    pupil: str
    sheet: str
    page: int
    how: str
    doubts: tuple[str, ...]
    findings: tuple[Advice, ...]
    readings: tuple[Reading, ...]
    tilt_degrees: float = 0.0
    error_mm: float = 0.0


@dataclass(frozen=True)
class LineReading:
    """A line as recognised: its text, the least sure character's confidence, and each character's place.

    ``spans`` are the centres of the characters from 0 (left) to 1 (right) of the line's picture.
    """

    text: str
    confidence: float
    spans: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()


class Recogniser(Protocol):
    """Reads pictures of single lines; ``alphabet`` restricts what may be answered, empty for anything."""

    def read_lines(self, lines: Sequence[Pixels], alphabet: str) -> list[LineReading]:
        """One reading a picture, in order."""
        ...


Roster = Mapping[str, str]
"""Pupil numbers as filled in bubbles, to pupil codes."""
