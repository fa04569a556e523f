"""What help with a question is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Idea:
    """A knowledge point as it is used for help: its name and what it says."""

    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class WrongIdea:
    """A known misconception: what is wrongly believed, and how it shows.

    Attributes:
        description: The misconception in a sentence.
        wrong: What a pupil who holds it writes; "" when the graph does not say.
        point: Name of the knowledge point it belongs to.
        instead: What holds instead (the point's definition).
    """

    description: str
    wrong: str
    point: str
    instead: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder; each tells more than the one before.

    Attributes:
        kind: ``question``, ``point``, ``step``, ``warning``, ``example`` or ``solution``.
        text: Markdown.
    """

    kind: str
    text: str
