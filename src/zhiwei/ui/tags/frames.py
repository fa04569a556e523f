"""Tags the frames are made of: assets, icons, the mark, the context line, people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhiwei.ui.assets import icon_names
from zhiwei.ui.values import Crumb

register = template.Library()


@register.simple_tag
def asset(path: str) -> str:
    """Address of a static file; an address even when the manifest lacks it, so that error pages render."""
    return _address(path)


@cache
def _address(path: str) -> str:
    try:
        return static(path)
    except ValueError:
        from django.conf import settings

        return f"{settings.STATIC_URL}{path}"


@cache
def _icons() -> frozenset[str]:
    return frozenset(icon_names())


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> SafeString:
    """Draw an outlined icon in the text's colour.

    Args:
        name: One of ``ui/assets/icons.txt``; another name raises, so a typo is found in tests.
        label: Says it aloud; without it the icon is decoration beside a word.
    """
    if name not in _icons():
        raise template.TemplateSyntaxError(
            f"No icon '{name}': add it to ui/assets/icons.txt or choose another."
        )
    use = f"{asset('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, use)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', use)


@register.simple_tag
def count(number: int | None) -> SafeString:
    """A small number of waiting things; nothing at 0, ``99+`` above 99."""
    if not number:
        return SafeString("")
    shown = "99+" if number > 99 else str(number)
    return format_html('<span class="count">{}</span>', shown)


@register.simple_tag
def brand(url: str | None = "/", mark_only: bool = False) -> SafeString:
    """The seal, and the name unless ``mark_only``, leading home."""
    name = SafeString("") if mark_only else format_html("<span>{}</span>", _("知微"))
    label = _("知微首页")
    seal = SafeString('<span class="seal" aria-hidden="true">知</span>')
    return format_html('<a class="brand" href="{}" aria-label="{}">{}{}</a>', url or "/", label, seal, name)


@register.inclusion_tag("ui/parts/trail.html")
def trail(crumbs: Sequence[Crumb] | None) -> dict[str, object]:
    """The context line: where one is, widest first."""
    return {"crumbs": crumbs or ()}


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """The person's initial in a circle; ``size="large"`` for heads of pages."""
    return format_html('<span class="avatar {}" aria-hidden="true">{}</span>', size, initials(name))


def initials(name: str) -> str:
    """One character: the last of a Chinese name (what people call each other by), the first of another."""
    words = name.split()
    if not words:
        return "·"
    last = words[-1][-1]
    return last if "\u4e00" <= last <= "\u9fff" else words[0][0].upper()


@register.simple_tag
def person(name: str, note: str = "", url: str = "") -> SafeString:
    """A person in a row: initial, name, a small note (number, class), leading to ``url`` when given."""
    named = format_html('<a href="{}">{}</a>', url, name) if url else conditional_escape(name)
    small = format_html("<small>{}</small>", note) if note else SafeString("")
    return format_html('<span class="person">{}<span>{}{}</span></span>', avatar(name), named, small)
