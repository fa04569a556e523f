"""Words and figures of learning's pages."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from zhiwei.kernel.wording import subject_name as _subject_name
from zhiwei.learning.values import Certainty, PointView, Standing
from zhiwei.learning.web.seen import Seen
from zhiwei.learning.wording import CERTAINTIES, STANDINGS, TONES, tier_name

register = template.Library()
register.filter("tier_name", tier_name)
register.filter("subject_name", _subject_name)


@register.filter
def standing_name(standing: str) -> str:
    """Return where somebody stands, in the reader's language."""
    return str(STANDINGS[Standing(standing)])


@register.filter
def standing_tone(standing: str) -> str:
    """Return the badge of a standing."""
    return TONES[Standing(standing)]


@register.filter
def certainty_name(certainty: str) -> str:
    """Return how sure that is, in the reader's language."""
    return str(CERTAINTIES[Certainty(certainty)])


@register.filter
def page_url(here: Seen, page: str) -> str:
    """Return the address of a page about the same pupil and subject."""
    return here.url(page)


@register.simple_tag
def standing(view: PointView | None) -> SafeString:
    """Draw where somebody stands and how sure that is: colour, shape and words."""
    return render_to_string("learning/parts/standing.html", {"view": view})
