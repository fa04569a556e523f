"""The rail's entries of teachers that belong to this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import Role

SETTERS = frozenset({Role.TEACHER, Role.SUBJECT_LEAD, Role.CLASS_TEACHER, Role.PRINCIPAL})
WORKS = (Entry(_("作业"), "clipboard-list", "assessment:works", SETTERS, 1),)
