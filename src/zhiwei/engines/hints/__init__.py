"""Help that makes pupils think: ladders of hints, answers kept back, misconceptions put right; without any model."""

from zhiwei.engines.hints.answers import answers_of, gives_away
from zhiwei.engines.hints.ladder import corrections, ladder_of
from zhiwei.engines.hints.listening import alike, held_wrong_idea, wants_answer
from zhiwei.engines.hints.values import Idea, Rung, WrongIdea

__all__ = [
    "Idea",
    "Rung",
    "WrongIdea",
    "alike",
    "answers_of",
    "corrections",
    "gives_away",
    "held_wrong_idea",
    "ladder_of",
    "wants_answer",
]
