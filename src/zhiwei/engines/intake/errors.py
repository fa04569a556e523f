"""What the intake engine refuses."""

from __future__ import annotations


class IntakeError(ValueError):
    """A file or mapping that cannot be used; the message is one sentence for the person who brought it."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
