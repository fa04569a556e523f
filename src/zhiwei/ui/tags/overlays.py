"""What lies above or beside the page: dialog, tabs, search palette, shortcut sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

KEYS = (
    ("Ctrl K", _("搜索人、作业、题目、页面")),
    ("?", _("打开这张表")),
    ("/", _("到筛选框")),
    ("Esc", _("关闭对话框")),
)


@register.simple_block_tag
def dialog(content: SafeString, name: str, title: str, wide: bool = False) -> SafeString:
    """A native dialog; ``data-dialog-open="name"`` opens it, Esc and ``data-dialog-close`` close it."""
    return render_to_string(
        "ui/parts/dialog.html", {"content": content, "name": name, "title": title, "wide": wide}
    )


@register.simple_tag
def tabs(name: str, labels: Sequence[str]) -> SafeString:
    """The strip of tabs; then one ``{% tab name 1 %}…{% endtab %}`` for each label, counted from 1."""
    return SafeString(render_to_string("ui/parts/tabs.html", {"name": name, "labels": labels}))


@register.simple_block_tag
def tab(content: SafeString, name: str, number: int) -> SafeString:
    """Panel of one tab; all but the first are hidden until chosen."""
    hidden = SafeString("" if number == 1 else " hidden")
    return format_html(
        '<div class="tabs-panel" role="tabpanel" id="{}-panel-{}" aria-labelledby="{}-tab-{}" tabindex="0"{}>'
        "{}</div>",
        name, number, name, number, hidden, content,
    )  # fmt: skip


@register.simple_tag
def palette(url: str) -> SafeString:
    """Ctrl-K search; ``url?q=…`` answers groups of hits as JSON (see ``docs/front-end.md``)."""
    return _fixed("ui/parts/palette.html", get_language(), url)


@register.simple_tag
def spoken_words() -> SafeString:
    """The texts that scripts show, once a page."""
    return _fixed("ui/parts/words.html", get_language())


@register.simple_tag(takes_context=True)
def shortcut_sheet(context: template.Context) -> SafeString:
    """The sheet that ``?`` opens; a page adds its own as ``shortcuts``: pairs of keys and meaning."""
    own = context.get("shortcuts", ())
    if own:
        return render_to_string("ui/parts/shortcut_sheet.html", {"common": KEYS, "own": own})
    return _fixed("ui/parts/shortcut_sheet.html", get_language())


@lru_cache(maxsize=64)
def _fixed(part: str, language: str | None, url: str = "") -> SafeString:
    """Draw a part that is the same on every page of a language; drawn once, since every page has it."""
    del language
    return render_to_string(part, {"url": url, "common": KEYS, "own": ()})
