"""What a log can be refused for."""

from __future__ import annotations


class TraceError(ValueError):
    """A response log or q-matrix cannot be used; the message says where and why in one sentence."""
