"""An item's content made ready to draw: as the pupil sees it, and with its key for teachers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhiwei.ui.drawings import figure_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Shown:
    """One question to draw.

    Attributes:
        figure: Address of the figure as data (an image: scripts in it do not run); "" when none.
        options: ``(id, text, right)``.
        left, right: The two sides of a matching question.
        answers: Reference answers as texts.
        points: Rubric lines ``(score, description, alternatives)``.
        errors: Common errors ``(code, feedback)``.
    """

    kind: str
    stem: str
    max_score: float
    figure: str = ""
    figure_alt: str = ""
    options: tuple[tuple[str, str, bool], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    right: tuple[tuple[str, str], ...] = ()
    blanks: int = 0
    answers: tuple[str, ...] = ()
    points: tuple[tuple[float, str, str], ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    explanation: str = ""
    parts: tuple[Shown, ...] = ()


def shown(content: Mapping[str, Any]) -> Shown:
    """Read checked content into what a page draws."""
    kind, options = str(content.get("type", "")), content.get("options") or []
    answers = content.get("reference_answers") or []
    sides = options if isinstance(options, Mapping) else {}
    listed = [] if sides else [one for one in options if isinstance(one, Mapping)]
    figure, alt = figure_of(content)
    rubric = [one for one in content.get("rubric") or [] if isinstance(one, Mapping)]
    return Shown(
        kind=kind,
        stem=str(content.get("stem", "")),
        max_score=float(content.get("max_score") or 0),
        figure=figure,
        figure_alt=alt,
        options=tuple((str(o.get("id", "")), str(o.get("text", "")), o.get("id") in answers) for o in listed),
        left=_side(sides.get("left")),
        right=_side(sides.get("right")),
        blanks=len(answers) if kind == "blank" else 0,
        answers=tuple(map(answer_text, answers)),
        points=tuple(map(_point, rubric)),
        errors=tuple(_errors(content, rubric)),
        explanation=str(content.get("explanation", "")),
        parts=tuple(shown(part) for part in content.get("parts") or [] if isinstance(part, Mapping)),
    )


def answer_text(answer: Any) -> str:
    """Return a reference answer in words a teacher reads; alternatives of a blank stand between slashes."""
    if isinstance(answer, bool):
        return "√" if answer else "×"
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return " / ".join(map(answer_text, answer))
    return str(answer)


def _side(given: Any) -> tuple[tuple[str, str], ...]:
    rows = given if isinstance(given, list) else []
    return tuple(
        (str(one.get("id", "")), str(one.get("text", ""))) for one in rows if isinstance(one, Mapping)
    )


def _point(shape: Mapping[str, Any]) -> tuple[float, str, str]:
    accepted = shape.get("accept") or []
    texts = [accepted] if isinstance(accepted, str) else list(map(str, accepted))
    return float(shape.get("score") or 0), str(shape.get("description", "")), " / ".join(texts)


def _errors(content: Mapping[str, Any], rubric: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    listed = [*(content.get("errors") or []), *(one for point in rubric for one in point.get("errors") or [])]
    return [
        (str(one.get("code", "")), str(one.get("feedback", ""))) for one in listed if isinstance(one, Mapping)
    ]
