"""Offline guards: prompt injection, leakage, crisis signals and content unfit for minors, with reasons."""

from zhiwei.engines.safety.guard import CLASSES, OPERATING_POINTS, Finding, Verdict, examine, score_texts
from zhiwei.engines.safety.normalising import Normalised, normalise
from zhiwei.engines.safety.rules import Hit, find_hits

__all__ = [
    "CLASSES",
    "OPERATING_POINTS",
    "Finding",
    "Hit",
    "Normalised",
    "Verdict",
    "examine",
    "find_hits",
    "normalise",
    "score_texts",
]
