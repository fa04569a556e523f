"""Tables of learning, one file per aggregate."""

from zhiwei.learning.models.choices import Goal, MethodChoice, TierChoice
from zhiwei.learning.models.mastery import Calibration, Encounter, Learner, Mastery
from zhiwei.learning.models.observation import Observation
from zhiwei.learning.models.practice import Assignment, Practice, PracticeItem

__all__ = [
    "Assignment",
    "Calibration",
    "Encounter",
    "Goal",
    "Learner",
    "Mastery",
    "MethodChoice",
    "Observation",
    "Practice",
    "PracticeItem",
    "TierChoice",
]
