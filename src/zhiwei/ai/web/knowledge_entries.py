"""Knowledge bases' and the companion's entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import STAFF_ROLES, Role

_TEACHERS = frozenset({Role.TEACHER, Role.CLASS_TEACHER})

KNOWLEDGE_ENTRIES = (
    Entry(_("资料"), "book-open", "ai:knowledge", STAFF_ROLES, 56),
    Entry(_("学伴"), "message-circle", "ai:companion", frozenset({Role.PUPIL}), 5),
    Entry(_("学伴"), "message-circle", "ai:companion_pupils", _TEACHERS, 57),
    Entry(_("学伴"), "message-circle", "ai:companion_children", frozenset({Role.GUARDIAN}), 57),
    Entry(_("学伴"), "message-circle", "ai:companion_school", frozenset({Role.SCHOOL_ADMIN}), 57),
)
