"""Knowledge bases' entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import STAFF_ROLES

KNOWLEDGE_ENTRIES = (Entry(_("资料"), "book-open", "ai:knowledge", STAFF_ROLES, 56),)
