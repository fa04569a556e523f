"""The compiled pass over a log: the steps of ``steps.py`` driven over flat arrays by numba.

Importing this module imports numba; nothing else in the engine does until a whole log is to be traced.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import cast

import numba
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.tracing import drive, steps

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def _compile(names: dict[str, FunctionType]) -> dict[str, object]:
    """Compile functions in order, each seeing the compiled form of those before it."""
    scope: dict[str, object] = {**vars(drive), **vars(steps)}
    for name, function in names.items():
        bound = FunctionType(function.__code__, scope, name, function.__defaults__)
        bound.__module__ = function.__module__
        scope[name] = numba.njit(cache=True, error_model="numpy")(bound)
    return scope


_ORDER = (
    (steps, ("faded", "chance", "expect", "describe_points", "describe_pupil", "describe", "learn_levels")),
    (steps, ("remember_pair", "remember_pupil", "learn")),
    (drive, ("find", "open_slot", "move", "drive")),
)
_SCOPE = _compile({name: getattr(module, name) for module, names in _ORDER for name in names})

run = cast(Callable[..., None], _SCOPE["drive"])
move = cast(Callable[[Integers, Floats, Integers, Floats], int], _SCOPE["move"])
