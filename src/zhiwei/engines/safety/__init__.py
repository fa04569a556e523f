"""Offline guards: prompt injection, leakage, crisis signals, content unfit for minors, and claims without a source."""

from zhiwei.engines.safety.fitting import CLASSES
from zhiwei.engines.safety.grounding import CONTRADICTED, SUPPORTED, UNSUPPORTED, Claim, check_claims
from zhiwei.engines.safety.guard import OPERATING_POINTS, Finding, Verdict, examine, score_texts
from zhiwei.engines.safety.normalising import Normalised, normalise
from zhiwei.engines.safety.rules import Hit, find_hits

__all__ = [
    "CLASSES",
    "CONTRADICTED",
    "OPERATING_POINTS",
    "SUPPORTED",
    "UNSUPPORTED",
    "Claim",
    "Finding",
    "Hit",
    "Normalised",
    "Verdict",
    "check_claims",
    "examine",
    "find_hits",
    "normalise",
    "score_texts",
]
