"""What is expected to go wrong on the way to a model."""

from __future__ import annotations

from zhiwei.kernel.errors import ForbiddenError, TooManyAttemptsError, ZhiweiError


class NoModelError(ZhiweiError):
    """No model is set up, permitted or reachable for this call; callers go on without one."""

    code = "ai.no_model"
    status = 404


class LevelError(ForbiddenError):
    """The content is more sensitive than what may be sent to the model."""

    code = "ai.level"


class BlockedError(ZhiweiError):
    """A guard stopped the text."""

    code = "ai.blocked"
    status = 400


class BudgetError(TooManyAttemptsError):
    """A hard limit of a budget would be passed."""

    code = "ai.budget"


class BusyError(TooManyAttemptsError):
    """Too many calls at once."""

    code = "ai.busy"


class UpstreamError(ZhiweiError):
    """The model's server failed, answered nonsense or not in time."""

    code = "ai.upstream"
    status = 502

    def __init__(
        self, message: str, *, code: str = "", upstream_status: int = 0, retry_after: float = 0.0
    ) -> None:
        super().__init__(message, code=code)
        self.upstream_status = upstream_status
        self.retry_after = retry_after


class KeyRefusedError(ZhiweiError):
    """The key is unknown, ended, or its person no longer holds its role."""

    code = "ai.key"
    status = 401
