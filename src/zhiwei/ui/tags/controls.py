"""Things to press, fill in and read at once: buttons, fields, notices, cards, progress."""

from __future__ import annotations

from django import forms, template
from django.utils.safestring import SafeString

from zhiwei.ui.tags.attributes import attributes

register = template.Library()

NOTICE_ICONS = {
    "info": "info",
    "done": "circle-check",
    "wrong": "circle-alert",
    "due": "clock",
    "machine": "sparkles",
}
BADGES = {
    "plain": "",
    "person": "pen-line",
    "machine": "sparkles",
    "earned": "check",
    "unsure": "circle-help",
    "due": "clock",
}


@register.inclusion_tag("ui/parts/button.html")
def button(
    label: str, url: str = "", kind: str = "", icon: str = "", size: str = "", **extra: object
) -> dict[str, object]:
    """A button, or a link that looks like one when ``url`` is given.

    Args:
        label: What it does, a verb.
        url: Makes it a link.
        kind: ``primary`` (one a page), ``quiet``, ``danger``; empty for the usual.
        icon: Name of an icon before the label.
        size: ``small``, ``large`` or ``wide``.
        **extra: Further attributes, underscores for hyphens: ``hx_post=url``, ``disabled=True``.
    """
    extra.setdefault("type", None if url else "button")
    return {
        "label": label,
        "url": url,
        "look": f"{kind} {size}".strip(),
        "icon": icon,
        "extra": attributes(extra),
    }


@register.inclusion_tag("ui/parts/field.html")
def field(bound: forms.BoundField, optional: bool | None = None) -> dict[str, object]:
    """One form field: label, control, help, errors, joined for screen readers.

    ``optional`` adds the word 选填; by default it follows from the field.
    """
    widget = bound.field.widget
    is_choice = isinstance(widget, forms.CheckboxInput)
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    shown_optional = not bound.field.required and not is_choice if optional is None else optional
    return {"bound": bound, "choice": is_choice, "group": is_group, "optional": shown_optional}


@register.inclusion_tag("ui/parts/form_errors.html")
def form_errors(form: forms.BaseForm, focus: bool = True) -> dict[str, object]:
    """All errors of a form at its head, each leading to its field; nothing when there are none.

    It takes the focus when the page opens, unless ``focus=False``.
    """
    fields = [form[name] for name in form.fields if name in form.errors]
    return {"form": form, "fields": fields, "general": form.non_field_errors(), "focus": focus}


@register.inclusion_tag("ui/parts/notice.html")
def notice(text: object, kind: str = "info", title: str = "", closable: bool = False) -> dict[str, object]:
    """A sentence that says what happened and what to do; kinds: info, done, wrong, due, machine."""
    return {"text": text, "kind": kind, "title": title, "closable": closable, "icon": NOTICE_ICONS[kind]}


@register.inclusion_tag("ui/parts/badge.html")
def badge(label: str, kind: str = "plain", icon: str = "") -> dict[str, object]:
    """A state in one or two words; kinds: plain, person, machine, earned, unsure, due."""
    return {"label": label, "kind": kind, "icon": icon or BADGES[kind]}


@register.simple_block_tag
def card(content: SafeString, title: str = "", lead: str = "", url: str = "", level: int = 3) -> SafeString:
    """A surface for one subject; with ``url`` the whole card opens it. Content goes between the tags."""
    from django.template.loader import render_to_string

    return render_to_string(
        "ui/parts/card.html", {"content": content, "title": title, "lead": lead, "url": url, "level": level}
    )


@register.simple_block_tag
def empty(content: SafeString, title: str, text: str = "", icon: str = "inbox") -> SafeString:
    """What an empty list shows: why it is empty and the next step; buttons go between the tags."""
    from django.template.loader import render_to_string

    return render_to_string(
        "ui/parts/empty.html", {"content": content, "title": title, "text": text, "icon": icon}
    )


@register.inclusion_tag("ui/parts/progress.html")
def progress(
    label: str,
    *,
    done: int = 0,
    total: int = 0,
    url: str = "",
    state: str = "running",
    note: str = "",
    cancel_url: str = "",
) -> dict[str, object]:
    """How far a job is; while ``state`` is ``running`` it asks ``url`` each second and replaces itself.

    ``url`` answers with this same tag. States: running, done, failed, cancelled. ``total=0``: not known yet.
    """
    asks = url if state == "running" else ""
    return {
        "label": label, "done": done, "total": total, "url": asks, "state": state, "note": note,
        "cancel_url": cancel_url,
    }  # fmt: skip


@register.inclusion_tag("ui/parts/skeleton.html")
def skeleton(lines: int = 3, url: str = "") -> dict[str, object]:
    """Grey lines in the place of what is coming; with ``url`` htmx fetches it and puts it there."""
    return {"lines": range(lines), "url": url}


@register.inclusion_tag("ui/parts/drop_zone.html")
def drop_zone(
    name: str,
    label: str,
    help_text: str = "",
    *,
    accept: str = "",
    multiple: bool = True,
    max_mb: int = 0,
    max_files: int = 0,
) -> dict[str, object]:
    """A file input one can drop on; size and type are told at once, and checked again by the server.

    Args:
        name: Name of the form's file field.
        label: What to drop here.
        help_text: Limits, in words.
        accept: As in HTML: ``.xlsx,.csv`` or ``image/*``.
        multiple: More than one file.
        max_mb: Largest file in MiB; 0 for no limit here.
        max_files: Most files at once; 0 for no limit here.
    """
    return {
        "name": name, "label": label, "help_text": help_text, "accept": accept, "multiple": multiple,
        "max_bytes": max_mb * 1024 * 1024, "max_files": max_files,
    }  # fmt: skip
