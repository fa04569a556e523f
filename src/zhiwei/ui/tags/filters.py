"""Filters: numbers, chances, times, markdown, formulas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from zhiwei.ui import markdown as rendering
from zhiwei.ui import wording
from zhiwei.ui.figures import figure_html

register = template.Library()

MESSAGE_KINDS = {"success": "done", "error": "wrong", "warning": "due"}


@register.filter
def number(value: float | None, digits: int | None = None) -> str:
    """``{{ 1234.5|number }}`` → 1,234.5; ``|number:1`` fixes the decimals."""
    return wording.number_text(value, digits)


@register.filter
def percent(value: float | None, digits: int = 0) -> str:
    """``{{ 0.623|percent }}`` → 62%."""
    return wording.percent_text(value, digits)


@register.filter
def chance(value: float) -> str:
    """A probability in words."""
    return wording.chance_words(value)


@register.filter
def sure(value: float | None) -> str:
    """A machine's confidence in words."""
    return wording.sure_words(value)


@register.filter
def ago(moment: datetime | None) -> SafeString:
    """``3 分钟前`` in a ``<time>`` with the full time on pointing."""
    if moment is None:
        return SafeString(wording.NOTHING)
    return _time(moment, wording.ago_words(moment), wording.when_text(moment))


@register.filter
def when(moment: datetime | None) -> SafeString:
    """``11月21日 周六 07:00`` in a ``<time>``."""
    if moment is None:
        return SafeString(wording.NOTHING)
    return _time(moment, wording.when_text(moment), "")


@register.filter
def day(moment: datetime | date | None) -> str:
    """``11月21日``."""
    return wording.NOTHING if moment is None else wording.day_text(moment)


def _time(moment: datetime, shown: str, title: str) -> SafeString:
    stamp = timezone.localtime(moment).isoformat(timespec="seconds")
    return format_html(
        '<time datetime="{}" title="{}" class="nowrap">{}</time>', stamp, title or shown, shown
    )


@register.filter
def markdown(source: str | None) -> SafeString:
    """Markdown, sanitised, formulas drawn in the browser; wrap it in ``<div class="prose">``."""
    return mark_safe(rendering.to_html(source or ""))  # noqa: S308 -- nh3 cleaned it


@register.filter
def figure(content: Mapping[str, Any]) -> SafeString:
    """The figure of an item's content as an image, or nothing."""
    return figure_html(content)


@register.filter
def formulas(source: str | None) -> SafeString:
    """Plain text whose ``$…$`` are drawn as formulas."""
    return mark_safe(rendering.inline_formulas(source or ""))  # noqa: S308 -- everything else is escaped


@register.filter
def message_kind(level_tag: str) -> str:
    """Django's message level as a kind of notice."""
    return MESSAGE_KINDS.get(level_tag, "info")
