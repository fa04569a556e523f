"""``{% load zw %}``: every component and filter of the ui room. Snippets: ``docs/front-end.md``."""

from __future__ import annotations

from django import template

from zhiwei.ui.tags import controls, data, filters, frames, lists, marks, overlays

register = template.Library()
for topic in (frames, controls, overlays, lists, marks, data, filters):
    register.tags.update(topic.register.tags)
    register.filters.update(topic.register.filters)
