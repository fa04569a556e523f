"""Lists and tables: filter line, saved views, counts, export, bulk bar, pages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhiwei.ui.values import Choice, View

register = template.Library()


@register.inclusion_tag("ui/parts/views.html")
def views(saved: Sequence[View]) -> dict[str, object]:
    """Saved views of a list, with how many each holds."""
    return {"saved": saved}


@register.inclusion_tag("ui/parts/list_tools.html", takes_context=True)
def list_tools(
    context: template.Context,
    target: str,
    total: int,
    *,
    placeholder: str = "",
    choices: Sequence[Choice] = (),
    export_url: str = "",
    unit: str = "",
) -> dict[str, object]:
    """The line above a list: filter box, choices, count, export.

    Args:
        context: Template context; the current ``request`` gives the values already chosen.
        target: CSS selector of the list; htmx replaces it by the same element of the answer as one types.
        total: How many match.
        placeholder: What can be typed (姓名、学号、拼音).
        choices: Drop-downs beside the box.
        export_url: Address of the Excel file of what is shown.
        unit: Measure word after the count (名、份、题).
    """
    request = context.get("request")
    query = request.GET if request is not None else {}
    hidden = [(name, value) for name, value in query.items() if name not in _own_names(choices)]
    return {
        "target": target,
        "total": total,
        "placeholder": placeholder,
        "choices": choices,
        "export_url": export_url,
        "unit": unit,
        "typed": query.get("q", ""),
        "hidden": hidden,
        "path": getattr(request, "path", ""),
    }


def _own_names(choices: Sequence[Choice]) -> set[str]:
    return {"q", "page", *(choice.name for choice in choices)}


@register.inclusion_tag("ui/parts/pages.html", takes_context=True)
def pages(context: template.Context, page: Page[object]) -> dict[str, object]:
    """Pages of a list, keeping the filter; nothing when there is one page."""
    request = context.get("request")
    kept = [(name, value) for name, value in (request.GET.items() if request else ()) if name != "page"]
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "numbers": list(shown), "kept": urlencode(kept)}


@register.simple_block_tag
def bulk_bar(content: SafeString, name: str) -> SafeString:
    """Appears when rows of the table ``name`` are picked; its buttons submit the form around both."""
    return render_to_string("ui/parts/bulk_bar.html", {"content": content, "name": name})


@register.simple_tag
def pick_all(name: str, label: str) -> SafeString:
    """The check box in a table's head that picks every row of ``name``."""
    return format_html('<input type="checkbox" data-select-all="{}" aria-label="{}">', name, label)


@register.simple_tag
def pick(name: str, value: object, label: str) -> SafeString:
    """The check box of one row; it is posted as ``picked``."""
    return format_html(
        '<input type="checkbox" name="picked" value="{}" data-select="{}" aria-label="{}">',
        value,
        name,
        label,
    )


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, label: str, key: str) -> SafeString:
    """A column head that sorts by ``key`` and back, by ``?sort=key`` and ``?sort=-key``."""
    request = context.get("request")
    query = dict(request.GET.items()) if request is not None else {}
    now = str(query.get("sort", ""))
    following = f"-{key}" if now == key else key
    arrow = {key: "↑", f"-{key}": "↓"}.get(now, "")
    address = "?" + urlencode({**query, "sort": following, "page": 1})
    state = {"↑": "ascending", "↓": "descending"}.get(arrow, "none")
    return format_html(
        '<th scope="col" aria-sort="{}"><a href="{}">{} {}</a></th>', state, address, label, arrow
    )
