"""Are the claims of an answer borne out by its sources? Sentence by sentence, with the sentence that bears it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiwei.engines.safety.features import Floats
from zhiwei.engines.text import clauses, content_words, contradicts, encode, fold, sentences

SUPPORTED, UNSUPPORTED, CONTRADICTED = "supported", "unsupported", "contradicted"
LEAST_WORDS = 0.5
"""Share of a claim's words that its source must hold, when meaning is close."""
LEAST_MEANING = 0.55
_ALONE_WORDS = 0.8
_NEAR = 0.35
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_NOT_A_CLAIM = re.compile(
    r"[?？]\s*$|^(?:你好|好的|让我们|我们来|想一想|试一试|hello|sure|let's|think)", re.IGNORECASE
)
_MOST_SENTENCES = 600


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer and what the sources say to it.

    Attributes:
        text: The sentence, verbatim.
        start: Its first character in the answer.
        state: ``supported``, ``unsupported`` or ``contradicted``.
        source: Number of the source whose sentence is nearest; -1 when there is none.
        evidence: That sentence, verbatim.
        reason: ``words``, ``number``, ``opposite``, ``far`` or ``""``: what decided.
    """

    text: str
    start: int
    state: str
    source: int
    evidence: str
    reason: str = ""


def check_claims(answer: str, sources: Sequence[str]) -> tuple[Claim, ...]:
    """Judge every claim of an answer; questions and courtesies are no claims.

    A number of the claim that no source sentence near it holds makes it unsupported; a negation or an opposite word
    against its nearest sentence makes it contradicted.
    """
    spoken = [(place, span.text) for place, source in enumerate(sources) for span in sentences(source)][
        :_MOST_SENTENCES
    ]
    claims = [span for span in sentences(answer) if not _NOT_A_CLAIM.search(span.text)]
    if not claims:
        return ()
    if not spoken:
        return tuple(Claim(one.text, one.start, UNSUPPORTED, -1, "", "far") for one in claims)
    meaning = encode([one.text for one in claims]) @ encode([text for _place, text in spoken]).T
    return tuple(_judged(one.text, one.start, spoken, row) for one, row in zip(claims, meaning, strict=True))


def _judged(text: str, start: int, spoken: list[tuple[int, str]], meaning: Floats) -> Claim:
    shares = np.array([_share(text, other) for _place, other in spoken])
    best = int(np.argmax(shares + meaning))
    place, evidence = spoken[best]
    near = [other for at, (_place, other) in enumerate(spoken) if shares[at] + meaning[at] >= _NEAR * 2]
    close = (shares[best] >= LEAST_WORDS and meaning[best] >= LEAST_MEANING) or shares[best] >= _ALONE_WORDS
    if not close:
        return Claim(text, start, UNSUPPORTED, place, evidence, "far")
    missing = set(_NUMBER.findall(fold(text))) - {
        one for other in near for one in _NUMBER.findall(fold(other))
    }
    if missing:
        return Claim(text, start, UNSUPPORTED, place, evidence, "number")
    if _denied(text, evidence):
        return Claim(text, start, CONTRADICTED, place, evidence, "opposite")
    return Claim(text, start, SUPPORTED, place, evidence)


def _denied(text: str, evidence: str) -> bool:
    """Whether a clause of the claim goes against the clause of the evidence that is about the same thing."""
    against = [span.text for span in clauses(evidence)]
    for claim in (span.text for span in clauses(text)):
        nearest = max(against, key=lambda other: _share(claim, other), default="")
        if _share(claim, nearest) >= LEAST_WORDS and contradicts(claim, nearest):
            return True
    return False


def _share(text: str, other: str) -> float:
    mine = set(content_words(text))
    return len(mine & set(content_words(other))) / max(len(mine), 1)
