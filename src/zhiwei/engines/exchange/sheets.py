"""The Excel template: one row a question; several right answers and options in one cell, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from zhiwei.engines.exchange.building import blank, choice, essay, matching, numeric, ordering, truth
from zhiwei.engines.exchange.values import Content, ExchangeError, NotUnderstoodError, Refused, Taken

COLUMNS = ("编号", "题型", "题干", "选项", "答案", "满分", "难度", "知识点", "解析")
ENGLISH = ("id", "type", "stem", "options", "answer", "score", "difficulty", "points", "explanation")
KINDS = {
    "单选题": "single_choice", "单选": "single_choice", "多选题": "multiple_choice", "多选": "multiple_choice",
    "判断题": "true_false", "判断": "true_false", "填空题": "blank", "填空": "blank", "数值题": "numeric",
    "表达式题": "expression", "解答题": "solution",
    "连线题": "matching", "排序题": "ordering", "要点题": "short_answer",
    "简答题": "short_answer", "作文": "essay", "作文题": "essay",
}  # fmt: skip
MAX_ROWS = 5001
_YES = {"对", "正确", "√", "是", "t", "true", "1", "y", "yes"}
_NO = {"错", "错误", "×", "否", "f", "false", "0", "n", "no"}


def read_workbook(data: bytes) -> Iterator[Taken | Refused]:
    """Yield the questions of the first sheet, by the headings of its first row (Chinese or English).

    Raises:
        ExchangeError: No readable workbook, or the headings for stem and answer are missing.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python(nrows=MAX_ROWS)
    except (CalamineError, ValueError, IndexError) as error:
        raise ExchangeError(f"not a readable workbook: {error}") from error
    if not rows:
        raise ExchangeError("the first sheet is empty")
    names = [_heading(cell) for cell in rows[0]]
    if "stem" not in names or "answer" not in names:
        raise ExchangeError("the first row must hold the headings of the template: " + "、".join(COLUMNS))
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: _cell(cell) for name, cell in zip(names, row, strict=False) if name}
        if any(cells.values()):
            yield read_row(cells, f"row {number}")


def read_row(cells: Mapping[str, str], place: str) -> Taken | Refused:
    """Read one question from its cells by English column name."""
    try:
        content = _row(cells)
        return Taken({**content, **_facts(cells)}, place)
    except NotUnderstoodError as error:
        return Refused(place, str(error))
    except ValueError as error:
        return Refused(place, f"a number cannot be read: {error}")


def template_workbook() -> bytes:
    """Return the empty template with one example of each kind."""
    from xlsxwriter import Workbook

    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("题目")
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, COLUMNS, bold)
    for number, row in enumerate(_EXAMPLES, start=1):
        sheet.write_row(number, 0, row, wrap)
    sheet.set_column(2, 4, 32)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _row(cells: Mapping[str, str]) -> Content:
    kind = KINDS.get(cells.get("type", "").strip(), cells.get("type", "").strip())
    stem, answer = cells.get("stem", "").strip(), cells.get("answer", "").strip()
    score = float(cells.get("score") or 0) or 1.0
    if not stem:
        raise NotUnderstoodError("the stem is empty")
    if kind in {"single_choice", "multiple_choice"}:
        options = [
            re.sub(r"^\s*[A-Za-z][.)、．）:：]\s*", "", one) for one in _lines(cells.get("options", ""))
        ]
        right = set(re.findall("[A-Z]", answer.upper()))
        if not right or max(map(ord, right)) - ord("A") >= len(options):
            raise NotUnderstoodError(f"the answer '{answer[:20]}' names no option")
        chosen = [(text, chr(ord("A") + place) in right) for place, text in enumerate(options)]
        return choice(stem, chosen, several=kind == "multiple_choice", score=score)
    if kind == "true_false":
        if answer.lower() not in _YES | _NO:
            raise NotUnderstoodError(f"the answer '{answer[:20]}' is neither 对 nor 错")
        return truth(stem, answer.lower() in _YES, score=score)
    return _written(kind, stem, answer, score)


def _written(kind: str, stem: str, answer: str, score: float) -> Content:
    lines = _lines(answer)
    if not lines and kind != "essay":
        raise NotUnderstoodError("the answer is empty")
    if kind == "blank":
        accepted = [[one.strip() for one in re.split(r"[|｜]", line) if one.strip()] for line in lines]
        return blank(stem, accepted, score=score)
    if kind == "numeric":
        value, _mark, tolerance = answer.partition("±")
        return numeric(stem, value.strip(), float(tolerance or 0), score=score)
    if kind == "matching":
        return matching(stem, [_pair(line) for line in lines], score=score)
    if kind == "ordering":
        return ordering(stem, lines, score=score)
    if kind == "essay":
        return {**essay(stem, score=score), **({"reference_answers": [answer]} if answer else {})}
    if kind in {"expression", "solution", "short_answer"}:
        shown: list[Any] = (
            [lines] if kind == "solution" else [one.strip() for one in re.split(r"[|｜]", answer)]
        )
        return {"type": kind, "max_score": score, "stem": stem, "reference_answers": shown}
    raise NotUnderstoodError(f"the type '{kind[:20]}' is not one of the template's")


def _pair(line: str) -> tuple[str, str]:
    left, mark, right = (
        re.split(r"\s*(→|->|=|—)\s*", line, maxsplit=1) if re.search("→|->|=|—", line) else (line, "", "")
    )
    if not mark:
        raise NotUnderstoodError(f"the pair '{line[:20]}' has no → between its sides")
    return left.strip(), right.strip()


def _facts(cells: Mapping[str, str]) -> Content:
    points = [one for one in re.split(r"[\s,，;；]+", cells.get("points", "")) if one]
    difficulty = cells.get("difficulty", "")
    facts: Content = {
        "id": cells.get("id", ""),
        "explanation": cells.get("explanation", ""),
        "points": points,
    }
    facts["difficulty"] = float(difficulty) if difficulty else None
    return {key: value for key, value in facts.items() if value not in ("", None, [])}


def _heading(cell: object) -> str:
    text = str(cell).strip()
    return (
        ENGLISH[COLUMNS.index(text)] if text in COLUMNS else text.lower() if text.lower() in ENGLISH else ""
    )


def _cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell).strip()


def _lines(text: str) -> list[str]:
    return [one.strip() for one in text.splitlines() if one.strip()]


_EXAMPLES: Sequence[Sequence[Any]] = (
    ("ex-1", "单选题", "方程 $2x=6$ 的解是", "A. 2\nB. 3\nC. 4", "B", 2, 0.2, "", "两边除以 2。"),
    ("ex-2", "判断题", "0 是正数。", "", "错", 1, 0.2, "", ""),
    ("ex-3", "填空题", "9 的平方根是____。", "", "±3|3和-3", 2, 0.3, "", ""),
    ("ex-4", "数值题", "重力加速度约为多少？", "", "9.8 m/s^2±0.1", 2, 0.3, "", ""),
    ("ex-5", "连线题", "把单位和量连起来。", "", "米→长度\n千克→质量", 2, 0.2, "", ""),
    ("ex-6", "排序题", "从小到大排列。", "", "1\n2\n3", 2, 0.1, "", ""),
    ("ex-7", "解答题", "解方程 $x+1=3$。", "", "x=3-1\nx=2", 4, 0.3, "", ""),
)
