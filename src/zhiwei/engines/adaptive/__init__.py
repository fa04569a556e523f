"""Adaptive testing: the most informative next item, balanced, not over-exposed, and no longer than needed."""

from zhiwei.engines.adaptive.pool import CatSettings, Pool, prepare
from zhiwei.engines.adaptive.simulation import Simulation, Step, control_exposure, next_step, simulate

__all__ = [
    "CatSettings",
    "Pool",
    "Simulation",
    "Step",
    "control_exposure",
    "next_step",
    "prepare",
    "simulate",
]
