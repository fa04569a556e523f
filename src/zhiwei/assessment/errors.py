"""What can go wrong in assessment, each with a stable code."""

from __future__ import annotations

from zhiwei.kernel.errors import ConflictError, InvalidInputError


class NotOpenError(ConflictError):
    """The work is not open for answering (yet, or any more)."""

    code = "work.not_open"


class HandedInError(ConflictError):
    """The sitting was handed in; nothing can be changed any more."""

    code = "sitting.handed_in"


class StaleMarkError(ConflictError):
    """Somebody marked this response meanwhile; both marks are shown side by side."""

    code = "mark.stale"


class WorkIncompleteError(InvalidInputError):
    """The work cannot be opened as it stands; ``problems`` says what is missing."""

    code = "work.incomplete"
