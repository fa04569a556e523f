"""Where teachers find the class picture."""

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import Role

PICTURES = (
    Entry(
        _("学情"),
        "chart-column",
        "assessment:pictures",
        frozenset({Role.TEACHER, Role.CLASS_TEACHER}),
        order=30,
    ),
)
