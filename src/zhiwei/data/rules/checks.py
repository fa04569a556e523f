"""The checks of a corpus, in the order they are told; which of them take an entry out."""

from __future__ import annotations

from enum import StrEnum


class Check(StrEnum):
    """What is checked."""

    CONSENT = "consent"
    QUESTION = "question"
    STANDARD = "standard"
    CONTENT = "content"
    PICTURE = "picture"
    PAGES = "pages"
    COPIES = "copies"
    LABELS = "labels"
    INJECTED = "injected"
    ANSWERS = "answers"
    SPREAD = "spread"
    MARKERS = "markers"
    SPLITS = "splits"


class Outcome(StrEnum):
    """What came of a check: ``warn`` means that failing rows were taken out and the rest is sound."""

    SOUND = "sound"
    WARN = "warn"
    FAIL = "fail"
    NONE = "none"


EXCLUDING = frozenset(
    {
        Check.QUESTION,
        Check.STANDARD,
        Check.CONTENT,
        Check.PICTURE,
        Check.PAGES,
        Check.COPIES,
        Check.LABELS,
        Check.INJECTED,
        Check.ANSWERS,
    }
)
BLOCKING = frozenset(
    {Check.ANSWERS, Check.SPREAD, Check.LABELS, Check.SPLITS, Check.STANDARD, Check.QUESTION}
)
"""Checks whose failure keeps a corpus from being let out."""
BY_HAND = "hand"
"""Flag of an entry that a person took out."""
FOLLOWING = frozenset({Check.CONTENT, Check.PICTURE, Check.PAGES})
LEAST_USABLE = 0.9
"""Share of sampled entries that both reviewers must find usable."""
