"""Django's handle on the ui room."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags, static files and the English catalogue of the frame; it owns no tables."""

    name = "zhiwei.ui"
    label = "ui"
