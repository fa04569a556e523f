"""The Word template: numbered questions with options by letter, then ``答案：`` and perhaps ``解析：``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile

from zhiwei.engines.exchange.sheets import KINDS, read_row
from zhiwei.engines.exchange.values import ExchangeError, Refused, Taken

MAX_PARAGRAPHS = 50_000
_BEGIN = re.compile(r"^\s*(\d{1,4})\s*[.、．)）]\s*(.*)$")
_OPTION = re.compile(r"(?:^|\s)([A-H])\s*[.、．)）]\s*")
_FIELD = re.compile(r"^\s*【?(答案|解析|题型|分值|满分|难度|知识点)】?\s*[:：]?\s*(.*)$")
_NAMES = {
    "答案": "answer",
    "解析": "explanation",
    "题型": "type",
    "分值": "score",
    "满分": "score",
    "难度": "difficulty",
    "知识点": "points",
}


def read_document(data: bytes) -> Iterator[Taken | Refused]:
    """Yield the questions of a document.

    Raises:
        ExchangeError: Not a readable document, or it is too long.
    """
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        paragraphs = [one.text for one in Document(BytesIO(data)).paragraphs]
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise ExchangeError(f"not a readable Word document: {error}") from error
    if len(paragraphs) > MAX_PARAGRAPHS:
        raise ExchangeError(f"more than {MAX_PARAGRAPHS} paragraphs")
    return read_lines([line for text in paragraphs for line in text.splitlines()])


def read_lines(lines: list[str]) -> Iterator[Taken | Refused]:
    """Yield the questions of numbered text lines."""
    block: dict[str, str] | None = None
    number, last = "", "stem"
    for line in lines:
        begin, field = _BEGIN.match(line), _FIELD.match(line)
        if begin and not (field and block):
            if block is not None:
                yield _question(block, number)
            number, last, block = begin.group(1), "stem", {"stem": begin.group(2)}
        elif block is not None and field:
            last = _NAMES[field.group(1)]
            block[last] = field.group(2)
        elif block is not None and line.strip():
            block[last] = f"{block[last]}\n{line.strip()}"
    if block is not None:
        yield _question(block, number)


def _question(block: dict[str, str], number: str) -> Taken | Refused:
    stem = block["stem"]
    cut = _OPTION.search(stem)
    options = ""
    if cut and cut.group(1) == "A":
        marks = list(_OPTION.finditer(stem))
        ends = [one.start() for one in marks[1:]] + [len(stem)]
        options = "\n".join(
            stem[one.end() : end].strip().replace("\n", " ") for one, end in zip(marks, ends, strict=True)
        )
        stem = stem[: cut.start()]
    cells = {**block, "stem": stem.strip(), "options": options}
    cells["type"] = KINDS.get(block.get("type", ""), block.get("type", "")) or _guess(
        options, block.get("answer", ""), stem
    )
    if "answer" not in block:
        return Refused(f"question {number}", "has no line 答案：")
    return read_row(cells, f"question {number}")


def _guess(options: str, answer: str, stem: str) -> str:
    if options:
        return "multiple_choice" if len(re.findall("[A-H]", answer.upper())) > 1 else "single_choice"
    if answer.strip() in {"对", "错", "√", "×", "正确", "错误"}:
        return "true_false"
    return "blank" if re.search(r"_{2,}|＿|（\s*）", stem) else "short_answer"
