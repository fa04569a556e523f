"""Words of the data room's values as the pages show them."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext as _n

from zhiwei.kernel.values import Level

LEVELS = {
    Level.PUBLIC: gettext_lazy("1 公开"),
    Level.INTERNAL: gettext_lazy("2 内部"),
    Level.PERSONAL: gettext_lazy("3 个人信息"),
    Level.SENSITIVE: gettext_lazy("4 敏感个人信息"),
}
LEVEL_TONES = {
    Level.PUBLIC: "earned",
    Level.INTERNAL: "plain",
    Level.PERSONAL: "due",
    Level.SENSITIVE: "person",
}
KINDS = {
    "table": gettext_lazy("数据表"),
    "product": gettext_lazy("数据产品"),
    "source": gettext_lazy("接入数据"),
    "outside": gettext_lazy("外部来源"),
}
_DURATION = re.compile(r"^P(\d+)([YMD])$")


def level_name(level: Level) -> str:
    """Return a level in the interface language."""
    return str(LEVELS[level])


def kind_name(kind: str) -> str:
    """Return what a catalogue line belongs to."""
    return str(KINDS.get(kind, kind))


def grade_of_importance() -> str:
    """Return the importance by GB/T 43697: nothing in a school's system is important or core data by itself."""
    return _("一般数据")


def retention_words(retention: str) -> str:
    """Return a retention in words: ``P6Y`` or ``life``."""
    found = _DURATION.match(retention)
    if found is None:
        return _("随主体保存") if retention == "life" else retention
    n = int(found[1])
    words = {"Y": _n("%(n)s 年", "%(n)s 年", n), "M": _n("%(n)s 个月", "%(n)s 个月", n)}
    return words.get(found[2], _n("%(n)s 天", "%(n)s 天", n)) % {"n": n}
