"""Words of assessment's pages: subjects, states, item types."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SUBJECTS = {
    "math": gettext_lazy("数学"),
    "physics": gettext_lazy("物理"),
    "chinese": gettext_lazy("语文"),
    "english": gettext_lazy("英语"),
    "chemistry": gettext_lazy("化学"),
    "biology": gettext_lazy("生物"),
    "history": gettext_lazy("历史"),
    "geography": gettext_lazy("地理"),
    "politics": gettext_lazy("道德与法治"),
}
TYPES = {
    "single_choice": gettext_lazy("单选"),
    "multiple_choice": gettext_lazy("多选"),
    "true_false": gettext_lazy("判断"),
    "blank": gettext_lazy("填空"),
    "numeric": gettext_lazy("数值"),
    "expression": gettext_lazy("算式"),
    "solution": gettext_lazy("解答（步骤）"),
    "matching": gettext_lazy("连线"),
    "ordering": gettext_lazy("排序"),
    "short_answer": gettext_lazy("简答"),
    "essay": gettext_lazy("作文"),
    "file": gettext_lazy("拍照上传"),
    "composite": gettext_lazy("组合题"),
}


class WorkLike(Protocol):
    """What of a work decides the word for its state."""

    state: str
    opens_at: datetime | None
    due_at: datetime | None
    is_template: bool


def subject_name(key: str) -> str:
    """Return a subject's name."""
    return str(SUBJECTS.get(key, key))


def type_name(key: str) -> str:
    """Return an item type's name."""
    return str(TYPES.get(key, key))


def work_state(work: WorkLike, now: datetime) -> tuple[str, str]:
    """Return the state of a work in a word and the tone of its badge."""
    if work.is_template:
        return _("模板"), "plain"
    if work.state == "draft":
        return _("草稿"), "plain"
    if work.opens_at is not None and work.opens_at > now:
        return _("未开放"), "plain"
    if work.state == "open" and (work.due_at is None or work.due_at > now):
        return _("进行中"), "due"
    return _("已截止"), "plain"
