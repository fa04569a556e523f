"""Anticipated errors: a stable dotted code, a sentence for the user, and data. Never logged as faults."""

from __future__ import annotations

from collections.abc import Sequence

from zhiwei.kernel.values import Problem


class ZhiweiError(Exception):
    """Base of everything the house expects to go wrong; ``status`` is the HTTP status that answers it."""

    code = "kernel.error"
    status = 400

    def __init__(self, message: str, *, code: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.problems = tuple(problems)


class NotFoundError(ZhiweiError):
    """Absent, or not the actor's to see: the two are one answer."""

    code = "kernel.not_found"
    status = 404

    def __init__(self, message: str = "没有找到，或您无权查看。") -> None:
        super().__init__(message)


class ForbiddenError(ZhiweiError):
    """The actor may see that the thing exists but not do this with it."""

    code = "kernel.forbidden"
    status = 403


class InvalidInputError(ZhiweiError):
    """The input cannot be used; ``problems`` names each row and field."""

    code = "kernel.invalid_input"
    status = 422


class ConflictError(ZhiweiError):
    """Somebody changed the same thing meanwhile, or the state does not allow the step."""

    code = "kernel.conflict"
    status = 409


class TooManyAttemptsError(ZhiweiError):
    """A rate limit was reached; ``retry_after`` seconds must pass."""

    code = "kernel.too_many_attempts"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ScopeMissingError(RuntimeError):
    """A tenant's table was touched outside any scope: a fault in our code, so it must be loud."""


class JobCancelledError(Exception):
    """Raised inside a job when its owner has asked to stop it."""
