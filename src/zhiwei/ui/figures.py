"""Figures of questions: drawings kept as SVG, shown as images, so that nothing in them runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhiwei.ui.drawings import figure_of


def figure_html(content: Mapping[str, Any]) -> SafeString:
    """Return the figure as an image to stand below the stem; "" when there is none."""
    address, described = figure_of(content)
    if not address:
        return SafeString("")
    return format_html('<img class="question-figure" src="{}" alt="{}">', address, described or _("题图"))
