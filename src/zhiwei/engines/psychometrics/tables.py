"""Score matrices and item parameters as CSV."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiwei.engines.psychometrics.errors import ScoreMatrixError
from zhiwei.engines.psychometrics.items import Items, Model, items_2pl, items_polytomous
from zhiwei.engines.psychometrics.responses import NOT_GIVEN, Codes

MOST_BYTES = 2 * 1024**3
MOST_CATEGORY = 30
_BLANK = {"", "na", "nan", "n/a", ".", "-", "-1", "null", "none"}
_ID_NAMES = {
    "id",
    "person",
    "person_id",
    "user",
    "user_id",
    "student",
    "student_id",
    "pupil",
    "name",
    "examinee",
    "candidate",
    "respondent",
    "subject",
    "index",
    "",
    "学号",
    "姓名",
}


@dataclass(frozen=True, slots=True)
class ScoreMatrix:
    """Scores (N, J) with the persons' and items' names."""

    persons: list[str]
    items: list[str]
    scores: Codes


def _rows(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise ScoreMatrixError(f"{path}: no such file")
    if path.stat().st_size > MOST_BYTES:
        raise ScoreMatrixError(f"{path}: larger than {MOST_BYTES // 2**30} GiB")
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
        first = lines.readline()
        lines.seek(0)
        try:
            return [row for row in csv.reader(lines, delimiter=max(",\t;|", key=first.count)) if row]
        except csv.Error as error:
            raise ScoreMatrixError(f"{path}: not a readable CSV ({error})") from None


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _is_score(cell: str) -> bool:
    text = cell.strip().lower()
    value = _number(text)
    return text in _BLANK or (value is not None and value == value // 1 and 0 <= value <= MOST_CATEGORY)


def _headed(rows: list[list[str]]) -> bool:
    """Tell whether the first row names the columns: cells that are no scores, or items numbered in order."""
    first, *rest = (cell.strip() for cell in rows[0])
    if not all(map(_is_score, rest)) or first.lower() in _ID_NAMES:
        return True
    if not _is_score(first):
        return len(rows) > 1 and _is_score(rows[1][0])
    numbered = [[str(j + start) for j in range(len(rows[0]))] for start in (0, 1)]
    return len(rows[0]) >= 3 and [first, *rest] in numbered


def _identified(header: list[str], body: list[list[str]]) -> bool:
    """Tell whether the first column holds identifiers: named so, not scores, or a running number."""
    if header and header[0].strip().lower() in _ID_NAMES:
        return True
    cells = [row[0].strip() for row in body]
    running = [[str(r + start) for r in range(len(cells))] for start in (0, 1)]
    return not all(map(_is_score, cells)) or (len(cells) >= 5 and cells in running)


def read_scores(path: Path) -> ScoreMatrix:
    """Read persons × items; a header row and an identifier column are recognised.

    Raises:
        ScoreMatrixError: The file is absent, empty, ragged, or a cell is not a whole score.
    """
    rows = _rows(path)
    if not rows:
        raise ScoreMatrixError(f"{path}: the file is empty")
    headed = _headed(rows)
    header, body = (rows[0], rows[1:]) if headed else ([], rows)
    if not body:
        raise ScoreMatrixError(f"{path}: no rows under the header")
    named = _identified(header, body)
    width = len(rows[0])
    scores = np.full((len(body), width - named), NOT_GIVEN, np.int16)
    for r, row in enumerate(body):
        if len(row) != width:
            raise ScoreMatrixError(f"{path}: row {r + 1 + headed} has {len(row)} cells, expected {width}")
        scores[r] = _codes(row[named:], f"{path}: row {r + 1 + headed}", named)
    if not scores.shape[1]:
        raise ScoreMatrixError(f"{path}: no item columns")
    items = (
        [name.strip() for name in header[named:]] if headed else [f"i{j + 1}" for j in range(scores.shape[1])]
    )
    persons = [row[0].strip() if named else str(r + 1) for r, row in enumerate(body)]
    return ScoreMatrix(persons, items, scores)


def _codes(cells: Sequence[str], where: str, skipped: int) -> list[int]:
    out = []
    for j, cell in enumerate(cells):
        if not _is_score(cell):
            raise ScoreMatrixError(
                f"{where}, column {j + 1 + skipped}: '{cell[:40]}' is not a whole score from 0"
            )
        text = cell.strip().lower()
        out.append(NOT_GIVEN if text in _BLANK else int(float(text)))
    return out


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV, numbers with six digits, NaN as blank."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return value


def read_items(path: Path) -> tuple[list[str], Items, list[str]]:
    """Read a bank: names, items, and each item's content area ('' when there is no such column).

    Columns: ``a`` and ``b`` (and ``c``), or ``a``, ``b1``, ``b2``…; also ``item``, ``model``, ``content``.

    Raises:
        ScoreMatrixError: A column is missing or a cell is not a number.
    """
    rows = _rows(path)
    header = [name.strip().lower() for name in rows[0]] if rows else []
    thresholds = [name for name in header if name[0:1] == "b" and name[1:].isdigit()]
    wanted = ["a", *(thresholds or ["b"])]
    missing = [name for name in wanted if name not in header]
    if missing or len(rows) < 2:
        raise ScoreMatrixError(
            f"{path}: {'no column ' + missing[0] if missing else 'no items under the header'}"
        )
    values = {
        name: [_value(row, header.index(name), path, r, name) for r, row in enumerate(rows[1:], 2)]
        for name in [*wanted, *(["c"] if "c" in header else [])]
    }
    items = _bank(values, thresholds, _text(rows, header, "model")[0].lower(), path)
    names = _text(rows, header, "item") if "item" in header else [f"i{j}" for j in range(1, len(rows))]
    return names, items, _text(rows, header, "content")


def _bank(values: dict[str, list[float]], thresholds: list[str], model: str, path: Path) -> Items:
    slope = np.array(values["a"])
    if not np.isfinite(slope).all() or (slope == 0).any():
        raise ScoreMatrixError(f"{path}: every item needs a slope a other than 0")
    if thresholds:
        kind = Model(model) if model in (Model.PARTIAL, Model.GENERAL_PARTIAL) else Model.GRADED
        return items_polytomous(kind, slope, np.array([values[name] for name in thresholds]).T)
    difficulty = np.array(values["b"])
    if not np.isfinite(difficulty).all():
        raise ScoreMatrixError(f"{path}: every item needs a difficulty b")
    guess = np.nan_to_num(np.array(values["c"])) if "c" in values else None
    return items_2pl(slope, difficulty, guess if guess is not None and guess.any() else None)


def _text(rows: list[list[str]], header: list[str], name: str) -> list[str]:
    if name not in header:
        return [""] * (len(rows) - 1)
    at = header.index(name)
    return [row[at].strip() if at < len(row) else "" for row in rows[1:]]


def _value(row: list[str], at: int, path: Path, number: int, name: str) -> float:
    text = row[at].strip() if at < len(row) else ""
    if text.lower() in _BLANK - {"-1"}:
        return math.nan
    value = _number(text)
    if value is None or not math.isfinite(value):
        raise ScoreMatrixError(f"{path}: row {number}: {name} '{text[:40]}' is not a number")
    return value
