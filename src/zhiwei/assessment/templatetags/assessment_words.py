"""Filters of assessment's pages."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhiwei.assessment.queries.answer_text import answer_html
from zhiwei.assessment.queries.versions import WORDS
from zhiwei.kernel.wording import SUBJECTS

register = template.Library()


@register.filter
def subject_name(key: str) -> str:
    """Return a subject's name in the reader's language."""
    return str(SUBJECTS.get(key, key))


@register.filter
def as_answered(text: str, kind: str) -> SafeString:
    """Return an answer of this type of question with its formulas drawn."""
    return answer_html(text, kind)


@register.filter
def cause_name(key: str) -> str:
    """Return the name of a cause of mistakes."""
    names = {
        "reading": _("审题"),
        "concept": _("概念"),
        "calculation": _("计算"),
        "unit": _("单位"),
        "step": _("步骤"),
        "expression": _("表达"),
        "careless": _("粗心"),
        "blank": _("没有作答"),
        "other": _("其他"),
    }
    return names.get(key, key)


@register.filter
def help_name(key: str) -> str:
    """Return the name of a help that may be used while answering."""
    return {"calculator": _("计算器"), "notes": _("笔记和课本"), "companion": _("学习伙伴")}.get(key, key)


@register.filter
def show_name(key: str) -> str:
    """Return what pupils see when, in words."""
    return str(WORDS.get(key, key))


@register.filter
def state_name(key: str) -> str:
    """Return the name of how well a wrong answer was learned."""
    return {"not_yet": _("还不会"), "shaky": _("不稳"), "mastered": _("掌握了")}.get(key, key)


@register.filter
def state_tone(key: str) -> str:
    """Return the badge of how well a wrong answer was learned."""
    return {"not_yet": "unsure", "shaky": "due", "mastered": "earned"}.get(key, "plain")
