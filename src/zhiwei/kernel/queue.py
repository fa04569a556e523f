"""The Procrastinate application: the only module that knows the queue's library."""

from procrastinate.contrib.django import app

__all__ = ["app"]
