"""Columns whose heading says what they hold: every cell of 姓名 is a name, however odd."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiwei.engines.privacy.spans import Span

_HEADINGS: tuple[tuple[str, str], ...] = (
    ("name", (r"(?:学生|家长|监护人|教师|老师|考生|父亲|母亲|联系人|曾用|紧急联系人)?(?:的)?(?:姓"
r"名|名字)|监护人|联系人|班主任|(?:student|parent|teacher|full)?[_ ]?name")),
    ("citizen_id", r"(?:公民)?身份证(?:件)?(?:号码?)?|证件号码?|id[_ ]?card|citizen[_ ]?id"),
    ("pupil_number", r"(?:全国)?学籍(?:辅|主)?号"),
    ("student_number", r"学号|考号|准考证号?|考生号|student[_ ]?(?:id|no|number)"),
    ("mobile", r"(?:联系|家长|监护人)?(?:电话|手机)(?:号码?)?|联系方式|phone|mobile|tel"),
    ("birth_date", r"出生(?:日期|年月日?)|生日|birth(?:day|[_ ]?date)?|dob"),
    ("address", r"(?:家庭|户籍|现|居)?(?:住址|地址)|户籍(?:所在地)?|address"),
    ("email", r"(?:电子)?邮箱|邮件|e-?mail"),
    ("qq", r"qq号?"),
    ("wechat", r"微信号?|wechat"),
    ("bank_card", r"(?:银行)?卡号|银行账[号户]"),
    ("school", r"(?:就读|毕业|所在)?学校(?:名称)?|school"),
    ("class", r"班级|所在班级|class"),
    ("plate", r"车牌号?"),
    ("passport", r"护照号码?"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _HEADINGS)
_PAIR = re.compile(r'"([^"\\]{1,24})"\s*:\s*"((?:[^"\\]|\\.){1,400})"')
_EMPTY = re.compile(r"^(?:无|没有|略|未知|/|-|—|null|none|n/?a|\s*)$", re.IGNORECASE)


def class_of_heading(heading: str) -> str | None:
    """The class of personal data that a column with this heading holds, if any."""
    plain = re.sub(r"[\s*＊:：]|[(（].*[)）]", "", heading)
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(plain)), None)


def find_in_columns(text: str, delimiter: str) -> Iterator[Span]:
    """Cells of delimited text under a telling heading; quotes as in RFC 4180.

    Args:
        text: the whole table; its first row is the heading.
        delimiter: one character.
    """
    classes: list[str | None] = []
    for row, column, start, end in _cells(text, delimiter):
        if row == 0:
            classes.append(class_of_heading(text[start:end]))
        elif column < len(classes) and (kind := classes[column]) and not _EMPTY.match(text[start:end]):
            yield Span(start, end, kind, 0.99, f"{kind}: the column's heading")


def find_in_pairs(text: str) -> Iterator[Span]:
    """Values of a JSON text under a telling key."""
    for match in _PAIR.finditer(text):
        kind = class_of_heading(match[1])
        if kind and not _EMPTY.match(match[2]):
            yield Span(match.start(2), match.end(2), kind, 0.99, f"{kind}: the key before it")


def _cells(text: str, delimiter: str) -> Iterator[tuple[int, int, int, int]]:
    """Row, column, start and end of each cell's value, quotes left out."""
    row = column = position = 0
    pattern = re.compile(rf'"((?:[^"]|"")*)"|([^{re.escape(delimiter)}\r\n]*)')
    while position <= len(text):
        cell = pattern.match(text, position)
        if cell is None:
            return
        group = 1 if cell[1] is not None else 2
        yield row, column, cell.start(group), cell.end(group)
        position = cell.end()
        if text.startswith(delimiter, position):
            column, position = column + 1, position + 1
            continue
        line_end = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)").match(text, position)
        if line_end is None:
            return
        row, column, position = row + 1, 0, line_end.end()
