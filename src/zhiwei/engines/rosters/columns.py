"""The columns of a sheet: their Chinese headings, other spellings, and codes of JY/T 0633 where a term exists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

PUPILS, STAFF = "学生", "教职工"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the template: field, heading, standard code, and what to write in it."""

    field: str
    heading: str
    code: str
    advice: str
    also: tuple[str, ...] = ()
    needed: bool = False


PUPIL_COLUMNS = (
    Column("number", "学号", "JYT0633-XH", "必填其一：学号或学籍号；请设为文本格式", ("学生学号", "编号")),
    Column(
        "source_key", "学籍号", "JYT0633-XJH", "全国学籍号，如 G 加 18 位；请设为文本格式", ("全国学籍号",)
    ),
    Column("name", "姓名", "JYT0633-XM", "必填", ("学生姓名", "名字"), needed=True),
    Column("sex", "性别", "JYT0633-XBM", "男或女", ("性别码",)),
    Column("birth_on", "出生日期", "JYT0633-CSRQ", "如 2012-03-04", ("出生年月日", "生日")),
    Column("grade", "年级", "JYT0633-NJ", "如 八年级、高一", ("所在年级",)),
    Column("class", "班级", "JYT0633-BJ", "如 1班；新班级会自动建立", ("班级名称", "所在班级"), needed=True),
    Column("guardian", "监护人姓名", "JYT0633-JHRXM", "可不填", ("监护人", "家长姓名", "家长")),
    Column("relation", "监护人关系", "JYT0633-GXM", "如 父亲、母亲", ("与学生关系", "关系")),
    Column(
        "phone",
        "监护人手机",
        "JYT0633-LXDH",
        "可不填；请设为文本格式",
        ("监护人电话", "家长手机", "联系电话"),
    ),
)
STAFF_COLUMNS = (
    Column(
        "number", "工号", "JYT0633-GH", "必填；请设为文本格式", ("教工号", "职工号", "教师工号"), needed=True
    ),
    Column("name", "姓名", "JYT0633-XM", "必填", ("教师姓名", "教职工姓名"), needed=True),
    Column("sex", "性别", "JYT0633-XBM", "男或女", ("性别码",)),
    Column("phone", "手机", "JYT0633-YDDH", "可不填；请设为文本格式", ("手机号", "电话", "联系电话")),
    Column("subject", "任教学科", "JYT0633-RJXK", "如 数学", ("学科", "科目")),
    Column("classes", "任教班级", "", "如 八年级1班、八年级2班", ("所教班级",)),
    Column("heads", "班主任班级", "", "任班主任的班级，可不填", ("班主任", "所带班级")),
    Column("lead", "教研组长", "", "是或否", ()),
)
_BY_SHEET = {PUPILS: PUPIL_COLUMNS, STAFF: STAFF_COLUMNS}


@dataclass(frozen=True)
class Headings:
    """Where each field stands: ``places`` by field (0-based) and ``names`` as the file spells them."""

    kind: str
    row: int
    places: dict[str, int]
    names: dict[str, str]
    missing: tuple[str, ...]
    twice: tuple[str, ...]


def find_headings(row: int, cells: Sequence[str]) -> Headings | None:
    """Return what a row of headings says, or ``None`` when it is none (fewer than two known words)."""
    words = [re.sub(r"[\s*＊]|[(（].*[)）]", "", cell) for cell in cells]
    best: Headings | None = None
    for kind, columns in _BY_SHEET.items():
        found = _matched(kind, row, columns, words, cells)
        if len(found.places) >= 2 and (best is None or _fit(found) > _fit(best)):
            best = found
    return best


def _fit(found: Headings) -> tuple[int, int]:
    return (-len(found.missing), len(found.places))


def _matched(
    kind: str, row: int, columns: Sequence[Column], words: Sequence[str], cells: Sequence[str]
) -> Headings:
    places: dict[str, int] = {}
    twice: list[str] = []
    for column in columns:
        spelled = {column.heading, *column.also}
        at = [place for place, word in enumerate(words) if word in spelled]
        if at:
            places[column.field] = at[0]
        if len(at) > 1:
            twice.append(column.heading)
    missing = [column.heading for column in columns if column.needed and column.field not in places]
    if kind == PUPILS and "number" not in places and "source_key" not in places:
        missing.insert(0, "学号")
    names = {field: cells[place].strip()[:40] for field, place in places.items()}
    return Headings(kind, row, places, names, tuple(missing), tuple(twice))
