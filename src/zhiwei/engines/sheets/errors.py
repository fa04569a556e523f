"""The one error of this engine: a specification or template that cannot be used."""

from __future__ import annotations


class SheetError(ValueError):
    """A sheet specification, template or code cannot be used; the message names the field and says why."""
