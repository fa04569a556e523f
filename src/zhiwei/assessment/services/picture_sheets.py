"""The class picture as an Excel table of several sheets. Text is always text: nothing in it is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _

from zhiwei.assessment.queries.picture_values import Picture

Cell = str | int | float | None
SHARE = "0%"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, heads, rows; ``shares`` are the columns shown as percentages."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    shares: frozenset[int] = frozenset()


def picture_xlsx(picture: Picture, pupils: Sequence[Sequence[Cell]]) -> bytes:
    """Return the workbook.

    Args:
        pupils: ``(name, number, score, full marks, then a score a question)`` a pupil.
    """
    import xlsxwriter

    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        share = book.add_format({"num_format": SHARE})
        for sheet in _sheets(picture, pupils):
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            page.set_column(0, 0, 18)
            page.set_column(1, len(sheet.heads), 14)
            for column, text in enumerate(sheet.heads):
                page.write_string(0, column, text, head)
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(number, column, cell)
                    elif cell is not None:
                        page.write_number(number, column, cell, share if column in sheet.shares else None)
    return out.getvalue()


def _sheets(picture: Picture, pupils: Sequence[Sequence[Cell]]) -> Iterable[Sheet]:
    yield Sheet(_("概览"), (_("项目"), _("内容")), _overview(picture))
    yield Sheet(
        _("题目"),
        (
            _("题号"), _("满分"), _("份数"), _("得分率"), _("下限"), _("上限"),
            _("区分度"), _("高低组差"), _("满分人数"), _("零分人数"),
        ),
        [
            (
                one.position, one.max_score, one.figures.n, one.figures.facility, one.figures.low, one.figures.high,
                one.figures.discrimination, one.figures.upper_lower, one.figures.full, one.figures.zero,
            )
            for one in picture.items
        ],
        frozenset({3, 4, 5}),
    )  # fmt: skip
    yield Sheet(
        _("答案分布"),
        (_("题号"), _("答案"), _("人数"), _("得分率")),
        [
            (one.position, group.text or _("没有作答"), group.count, group.share)
            for one in picture.items
            for group in one.answers
        ],
        frozenset({3}),
    )
    yield Sheet(
        _("常见错误"),
        (_("题号"), _("错误"), _("人数"), _("代码")),
        [(one.position, one.words, one.count, one.code) for one in picture.mistakes],
    )
    yield Sheet(
        _("知识点"),
        (_("知识点"), _("得分率"), _("题号")),
        [(one.title, one.share, "、".join(map(str, one.positions))) for one in picture.points],
        frozenset({1}),
    )
    yield Sheet(
        _("班级比较"),
        (_("班级"), _("份数"), _("得分率"), _("下限"), _("上限")),
        [
            (
                one.name,
                one.n,
                *((one.mean.value, one.mean.low, one.mean.high) if one.mean else (None, None, None)),
            )
            for one in picture.classes
        ],
        frozenset({2, 3, 4}),
    )
    numbers = [_("第 {n} 题").format(n=one.position) for one in picture.items]
    yield Sheet(_("学生"), (_("姓名"), _("学号"), _("得分"), _("满分"), *numbers), pupils)


def _overview(picture: Picture) -> list[tuple[Cell, Cell]]:
    rows: list[tuple[Cell, Cell]] = [
        (_("作业"), picture.title),
        (_("班级"), picture.class_name),
        (_("应交"), picture.expected),
        (_("已批改"), picture.judged),
        (_("已发布"), picture.released),
        (_("一句话"), picture.headline),
    ]
    if picture.mean is not None:
        rows.append((_("平均得分率"), round(picture.mean.value, 4)))
    if picture.reliability is not None:
        rows += [
            (_("信度 α"), round(picture.reliability.alpha, 3)),
            (_("α 的标准误"), round(picture.reliability.error, 3)),
            (_("测量标准误（分）"), round(picture.reliability.measurement, 2)),
        ]
    return rows
