"""The AI room's entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import STAFF_ROLES

ENTRIES = (Entry(_("智能"), "sparkles", "ai:home", STAFF_ROLES, 55),)
