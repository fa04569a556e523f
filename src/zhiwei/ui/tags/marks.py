"""Marks: who gave a score, what earned it, what the machine suggests, what a person corrected."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhiwei.ui.evidence import split_by_spans
from zhiwei.ui.values import RubricLine, Span
from zhiwei.ui.wording import number_text

register = template.Library()

WHO = {"person": _("人"), "machine": _("机"), "earned": _("得"), "unsure": _("存疑"), "none": ""}


@register.inclusion_tag("ui/parts/score.html")
def score(points: float | None, full: float | None = None, origin: str = "person") -> dict[str, object]:
    """A score with its giver: ``person``, ``machine``, ``earned`` (released) or ``unsure``."""
    kind = "none" if points is None else str(origin)
    shown = number_text(points) if points is not None else _("未评")
    return {
        "points": shown,
        "full": None if full is None else number_text(full),
        "kind": kind,
        "who": WHO[kind],
    }


@register.inclusion_tag("ui/parts/evidence.html")
def evidence(text: str, spans: Sequence[Span] = ()) -> dict[str, object]:
    """An answer with its evidence underlined; of overlapping spans the earlier keeps its letters."""
    return {"pieces": split_by_spans(text, spans)}


@register.inclusion_tag("ui/parts/rubric.html")
def rubric(lines: Sequence[RubricLine], show_total: bool = True) -> dict[str, object]:
    """Rubric points with what each earned, by whom and why."""
    given = [line.earned for line in lines if line.earned is not None]
    total = sum(given) if len(given) == len(lines) else None
    return {
        "lines": lines, "total": total if show_total else None, "full": sum(line.points for line in lines)
    }  # fmt: skip


@register.simple_block_tag
def suggestion(content: SafeString, title: str = "", sure: str = "") -> SafeString:
    """What the machine proposes; never final, so it always says so. ``sure`` is its confidence in words."""
    return render_to_string("ui/parts/suggestion.html", {"content": content, "title": title, "sure": sure})


@register.simple_block_tag
def correction(content: SafeString, by: str = "", at: str = "") -> SafeString:
    """What a person wrote in red: a comment or a changed mark, with name and time."""
    return render_to_string("ui/parts/correction.html", {"content": content, "by": by, "at": at})
