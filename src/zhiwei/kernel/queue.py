"""The Procrastinate application: the only module that knows the queue's library."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status

HOUSE = "house"
"""Queue of housekeeping, which never waits behind work."""

__all__ = ["HOUSE", "AlreadyEnqueued", "QueuedJob", "Status", "app"]
