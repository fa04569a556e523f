"""What can go wrong while reading an answer."""

from __future__ import annotations


class UnreadableError(ValueError):
    """The text is not mathematics this engine reads; ``code`` says why, ``at`` where."""

    def __init__(self, code: str, at: int = -1, found: str = "") -> None:
        super().__init__(f"{code} at {at}: {found!r}" if found else code)
        self.code = code
        self.at = at
        self.found = found


class UndecidedError(ValueError):
    """Within the limits of time and size the question stayed open; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
