"""The tabs of pupils and guardians that belong to this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.queries.today import waiting_count
from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import Role

FAMILY = frozenset({Role.PUPIL, Role.GUARDIAN})
TABS = (
    Entry(_("今天"), "house", "assessment:today", FAMILY, 1),
    Entry(_("我的"), "user", "kernel:account", FAMILY, 4),
    Entry(_("错题"), "notebook-pen", "assessment:wrong_book", FAMILY, 3, waiting_count),
)
