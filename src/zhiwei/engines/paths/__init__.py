"""Learning paths: what can be learned next, and in which order a goal is reached soonest."""

from zhiwei.engines.paths.graph import CycleError, Graph, inner_fringe, outer_fringe
from zhiwei.engines.paths.plan import Path, PointState, Reason, Step, plan_path, sentences

__all__ = [
    "CycleError",
    "Graph",
    "Path",
    "PointState",
    "Reason",
    "Step",
    "inner_fringe",
    "outer_fringe",
    "plan_path",
    "sentences",
]
