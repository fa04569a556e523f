"""Knowledge tracing: what a pupil can do, how sure that is, and what the next response will be."""

from zhiwei.engines.tracing.errors import TraceError
from zhiwei.engines.tracing.layout import TracingSettings
from zhiwei.engines.tracing.rules import ESTIMATES, Level, Session, level_after
from zhiwei.engines.tracing.running import (
    Mastery,
    Observation,
    Prediction,
    TracingState,
    load_state,
    rebuild_pupil,
)

__all__ = [
    "ESTIMATES",
    "Level",
    "Mastery",
    "Observation",
    "Prediction",
    "Session",
    "TraceError",
    "TracingSettings",
    "TracingState",
    "level_after",
    "load_state",
    "rebuild_pupil",
]
