"""What changed of a work since it was opened, in sentences for pupils and colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiwei.assessment.models import Work, WorkRevision
from zhiwei.assessment.services.versions import UNSEEN
from zhiwei.ui.wording import when_text

NAMES = {
    "title": gettext_lazy("标题"),
    "note": gettext_lazy("给学生的话"),
    "medium": gettext_lazy("作答方式"),
    "opens_at": gettext_lazy("开放时间"),
    "due_at": gettext_lazy("截止时间"),
    "classes": gettext_lazy("班级"),
    "grace_minutes": gettext_lazy("截止后还可迟交（分钟）"),
    "late_deduct_percent": gettext_lazy("迟交扣分（%）"),
    "attempts": gettext_lazy("可做几次"),
    "show": gettext_lazy("学生何时看到什么"),
    "time_limit_minutes": gettext_lazy("作答时限（分钟）"),
    "calculator": gettext_lazy("可用计算器"),
    "notes": gettext_lazy("可看笔记和课本"),
    "companion": gettext_lazy("作答时可用学习伙伴"),
    "regrade_days": gettext_lazy("发布后几天内可申请复核"),
    "two_markers": gettext_lazy("双人评阅的允许分差"),
}
WORDS = {
    "online": gettext_lazy("线上"),
    "paper": gettext_lazy("纸上"),
    "both": gettext_lazy("线上和纸上"),
    "after_release": gettext_lazy("发布后看分数、评语和解析"),
    "score_only": gettext_lazy("发布后只看分数"),
    "no_solution": gettext_lazy("发布后看分数和评语，不看解析"),
    "after_due": gettext_lazy("发布且截止后看解析"),
}
LONG = frozenset({"note"})


@dataclass(frozen=True, slots=True)
class Version:
    """One change: its number, when, by whom, and a sentence for each thing that changed."""

    number: int
    at: datetime
    by: str
    lines: tuple[str, ...]


def versions_of(work: Work, *, for_pupils: bool = False, most: int = 20) -> list[Version]:
    """Return the changes since the work was opened, newest first.

    Args:
        for_pupils: Without names, and without what is of no concern to pupils.
    """
    rows = WorkRevision.objects.filter(work=work).select_related("by").order_by("-number")
    found = []
    for row in rows[:most]:
        told = tuple(_line(one) for one in row.changes if not (for_pupils and one.get("what") in UNSEEN))
        if told:
            by = "" if for_pupils or row.by is None else row.by.name
            found.append(Version(row.number, row.at, by, told))
    return found


def _line(change: Mapping[str, Any]) -> str:
    what = str(change.get("what", ""))
    if what == "item":
        return _("第 {n} 题的答案或评分标准改过").format(n=change.get("position", ""))
    name = str(NAMES.get(what, what))
    if what in LONG:
        return _("{what}改过").format(what=name)
    return _("{what}：{old} → {new}").format(
        what=name, old=_word(change.get("old")), new=_word(change.get("new"))
    )


def _word(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in (None, "", 0):
        return _("无")
    moment = parse_datetime(value) if isinstance(value, str) and "T" in value else None
    if moment is not None:
        return when_text(moment)
    return str(WORDS.get(str(value), value))
