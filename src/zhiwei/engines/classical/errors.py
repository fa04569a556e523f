"""What the engine refuses."""

from __future__ import annotations


class ClassicalError(ValueError):
    """The scores cannot be analysed as given; the message names the reason."""
