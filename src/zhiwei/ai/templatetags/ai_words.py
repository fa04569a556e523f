"""Words of the AI room in templates."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from zhiwei.engines.documents import advice

register = template.Library()


@register.filter
def document_problem(code: str) -> str:
    """Why a document was refused, in the reader's language."""
    return advice(code, english=str(get_language()).startswith("en"))
