"""Released answers as a table that can be shared: read by id in batches, without making objects of rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from zhiwei.assessment.queries.judged_answers import released_responses, text_of
from zhiwei.data import api as data
from zhiwei.data.values import AnswerQuery
from zhiwei.kernel import clock
from zhiwei.kernel.values import Level

_P, _I = Level.PERSONAL, Level.INTERNAL
_KIND = data.ColumnKind

COLUMNS = (
    data.SharedColumn("person", "学生", _KIND.PERSON, _P),
    data.SharedColumn("name", "姓名", _KIND.NAME, _P),
    data.SharedColumn("number", "学号", _KIND.NUMBER, _P),
    data.SharedColumn("sex", "性别码", _KIND.CODE, _P, quasi=True),
    data.SharedColumn("school", "学校", _KIND.SCHOOL, _I),
    data.SharedColumn("class", "班级", _KIND.CLASS, _I),
    data.SharedColumn("grade", "年级", _KIND.GRADE, _I),
    data.SharedColumn("answered_on", "作答日期", _KIND.DATE, _I),
    data.SharedColumn("subject", "学科", _KIND.CODE, _I),
    data.SharedColumn("scene", "场景", _KIND.CODE, _I),
    data.SharedColumn("item", "题号", _KIND.CODE, _I),
    data.SharedColumn("item_type", "题型", _KIND.CODE, _I),
    data.SharedColumn("text", "作答文本", _KIND.TEXT, _P),
    data.SharedColumn("score", "得分", _KIND.FIGURE, _P),
    data.SharedColumn("max_score", "满分", _KIND.FIGURE, _I),
    data.SharedColumn("share", "得分率", _KIND.FIGURE, _P),
)
_FROM: Mapping[str, str] = {
    "name": "sitting__person__name",
    "number": "sitting__person__number",
    "sex": "sitting__person__sex",
    "school": "tenant__name",
    "class": "sitting__organisation__name",
    "grade": "sitting__organisation__grade",
    "answered_on": "sitting__handed_in_at",
    "subject": "sitting__work__subject",
    "scene": "sitting__work__kind",
    "item": "item_id",
    "item_type": "item__type",
    "text": "value",
    "score": "score",
    "max_score": "item__max_score",
}


def shared_answers(
    tenants: Collection[int], columns: Sequence[str], after: int, limit: int
) -> list[data.SourceRow]:
    """Return released answers above a number, only with the columns that were asked for (one query)."""
    asked = [one for one in columns if one in _FROM]
    needed = dict.fromkeys([*(["score", "max_score"] if "share" in columns else []), *asked])
    rows = released_responses(AnswerQuery(tuple(sorted(tenants)))).filter(pk__gt=after).order_by("pk")
    lookups = ("pk", "tenant_id", "sitting__person_id", *(_FROM[one] for one in needed))
    found = []
    for pk, tenant, person, *values in rows.values_list(*lookups)[:limit]:
        given = dict(zip(needed, values, strict=True))
        told = tuple(_value(name, given, person) for name in columns)
        found.append(data.SourceRow(pk, tenant, person, told))
    return found


def _value(name: str, given: Mapping[str, Any], person: int) -> str | float | None:
    if name == "person":
        return str(person)
    if name == "share":
        full = float(given["max_score"] or 0)
        return None if given["score"] is None or full <= 0 else float(given["score"]) / full
    value = given[name]
    if value is None:
        return None
    return _MADE.get(name, str)(value)


_MADE: Mapping[str, Callable[[Any], str | float]] = {
    "answered_on": lambda at: clock.today(at).isoformat(),
    "text": text_of,
    "score": float,
    "max_score": float,
}

SHARED = data.SharedTable("assessment.judged_answers", "answers", "已发布的批改", COLUMNS, shared_answers)
