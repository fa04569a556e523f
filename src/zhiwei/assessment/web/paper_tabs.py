"""Paper's entry in the rail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import Role

PAPER = (Entry(_("纸卷"), "printer", "assessment:paper_works", frozenset({Role.TEACHER}), order=35),)
