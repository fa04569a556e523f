"""What a corpus engine refuses."""

from __future__ import annotations


class CorpusError(ValueError):
    """Input that cannot be used; the message names the field or row."""
