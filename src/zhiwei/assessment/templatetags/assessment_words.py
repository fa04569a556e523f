"""Filters of assessment's pages."""

from __future__ import annotations

from django import template

from zhiwei.kernel.wording import SUBJECTS

register = template.Library()


@register.filter
def subject_name(key: str) -> str:
    """Return a subject's name in the reader's language."""
    return str(SUBJECTS.get(key, key))
