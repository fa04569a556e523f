"""The Procrastinate application: the only module that knows the queue's library."""

from procrastinate.contrib.django import app

HOUSE = "house"
"""Queue of housekeeping, which never waits behind work."""

__all__ = ["HOUSE", "app"]
