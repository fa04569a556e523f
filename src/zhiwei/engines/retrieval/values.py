"""What retrieval works on: passages with their place and what a question found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document short enough to be cited.

    Attributes:
        text: The passage itself: ``document_text(blocks)[start:end]``.
        heading: The headings above it, widest first, joined by " › ".
        page: Page on which it begins; 0 where the format has no pages.
        start: First character in the document's text.
        end: One past its last character.
    """

    text: str
    heading: str
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: its place in the index and why it stands where it stands.

    Attributes:
        place: Number of the passage in the index.
        score: Fused score; only the order means anything.
        lexical: BM25 score (0 or more).
        meaning: Cosine of question and passage (-1 to 1); 0 without vectors.
        coverage: Share of the question's words, weighed by rarity, that the passage holds (0 to 1).
        lexical_rank: Its rank by words, from 1; 0 when no word of the question stands in it.
        meaning_rank: Its rank by meaning, from 1.
    """

    place: int
    score: float
    lexical: float
    meaning: float
    coverage: float
    lexical_rank: int
    meaning_rank: int
