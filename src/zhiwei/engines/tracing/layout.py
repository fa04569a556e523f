"""Columns of the flat state tables and of the feature row, and the settings of the model."""

from __future__ import annotations

from dataclasses import astuple, dataclass

# One row a pupil.
P_ABILITY, P_VAR, P_N, P_STREAK = 0, 1, 2, 3
P_FAST, P_FAST_W, P_MID, P_MID_W, P_SLOW, P_SLOW_W = 4, 5, 6, 7, 8, 9
P_AT, P_ITEM, P_SET, P_RUN_N, P_RUN_SUM = 10, 11, 12, 13, 14
P_LAST1, P_LAST2, P_LAST3 = 15, 16, 17
PUPIL_COLUMNS = 18

# One row a pupil × knowledge point that was met (directly or through a prerequisite link).
K_ABILITY, K_VAR, K_N, K_SUM, K_FAST, K_SLOW, K_STREAK, K_POSITION, K_AT = range(9)
PAIR_COLUMNS = 9

# One row a pupil × item that was met.
R_N, R_RESIDUAL, R_POSITION = range(3)
REPEAT_COLUMNS = 3

# One row an item, and one a knowledge point.
I_EASE, I_VAR, I_N, I_SUM = range(4)
ITEM_COLUMNS = 4

FEATURES = (
    "logit",
    "pupil_ability",
    "pupil_var",
    "pupil_n",
    "point_ability",
    "point_var",
    "point_n",
    "point_rate",
    "point_ability_min",
    "point_n_min",
    "point_ease",
    "item_ease",
    "item_var",
    "item_n",
    "ease",
    "since_point",
    "streak",
    "residual_fast",
    "residual_mid",
    "residual_slow",
    "point_residual_fast",
    "point_residual_slow",
    "point_streak",
    "points",
    "run_n",
    "run_rate",
    "last1",
    "last2",
    "last3",
    "repeat_n",
    "repeat_residual",
    "repeat_since",
    "lag",
    "point_lag",
    "item_rate",
    "item_step",
    "set_code",
)
FEATURE_COUNT = len(FEATURES)


@dataclass(frozen=True, slots=True)
class TracingSettings:
    """Prior variances (logit²), drifts per response, forgetting and flow.

    Defaults are weakly informative; none of them was fitted to one data set.
    ``half_life_days`` is how long an offset on a knowledge point takes to halve after the first response
    on it; it grows with the square root of the number of responses. ``flow`` is the share of what is
    learned about a point that also moves its direct prerequisites and followers.
    """

    pupil_var: float = 0.8
    pair_var: float = 0.5
    item_var: float = 0.9
    point_var: float = 0.5
    repeat_weight: float = 0.5
    pupil_drift: float = 0.004
    pair_drift: float = 0.03
    item_drift: float = 0.0
    base: float = 0.5
    half_life_days: float = 60.0
    flow: float = 0.25

    def __post_init__(self) -> None:
        for name, value in zip(self.__slots__, astuple(self), strict=True):
            if not (value >= 0 or name == "base"):
                raise ValueError(f"tracing setting {name} must be zero or more, got {value}")
        if self.half_life_days == 0:
            raise ValueError("tracing setting half_life_days must be above zero")

    def numbers(self) -> tuple[float, ...]:
        """Return the settings as plain numbers in declared order, as the kernel takes them."""
        return tuple(float(value) for value in astuple(self))
