"""Learning's entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import Role

ENTRIES = (
    Entry(_("学习"), "sprout", "learning:home", frozenset({Role.PUPIL, Role.GUARDIAN}), 2),
    Entry(_("掌握"), "sprout", "learning:classes", frozenset({Role.TEACHER, Role.CLASS_TEACHER}), 30),
)
