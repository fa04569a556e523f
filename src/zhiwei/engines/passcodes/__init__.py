"""One-time passwords by counter (RFC 4226) and by time (RFC 6238)."""

from zhiwei.engines.passcodes.passcodes import (
    DIGITS,
    PERIOD,
    Algorithm,
    code_at,
    hotp,
    matching_step,
    step_at,
)

__all__ = ["DIGITS", "PERIOD", "Algorithm", "code_at", "hotp", "matching_step", "step_at"]
