"""Words of the AI room in templates."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.translation import get_language

from zhiwei.ai.wording import CAPABILITIES
from zhiwei.engines.documents import advice

register = template.Library()


@register.filter
def abilities(names: Sequence[str]) -> str:
    """What a model can do, in the reader's language."""
    return "、".join(str(word) for one, word in CAPABILITIES.items() if one in names)


@register.filter
def document_problem(code: str) -> str:
    """Why a document was refused, in the reader's language."""
    return advice(code, english=str(get_language()).startswith("en"))
