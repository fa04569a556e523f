"""What the quality engine refuses."""

from __future__ import annotations


class QualityError(ValueError):
    """A rule or table that cannot be used; the message names the field."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
