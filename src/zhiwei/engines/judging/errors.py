"""What can be wrong with an item, a response file or a mark."""

from __future__ import annotations


class ItemError(ValueError):
    """Input that cannot be judged; the message is one sentence naming the line and the field."""
