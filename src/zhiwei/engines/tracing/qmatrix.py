"""Item → knowledge points, read from a sparse ``.npz`` or a CSV."""

from __future__ import annotations

import csv
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from zhiwei.engines.tracing.columns import delimiter_of, read_skills
from zhiwei.engines.tracing.errors import TraceError

MOST_BYTES = 512 * 1024 * 1024
ItemPoints = dict[str, tuple[str, ...]]


def read_qmatrix(path: Path) -> ItemPoints:
    """Read which knowledge points each item exercises.

    Accepts a SciPy sparse or dense ``.npz``/``.npy`` (row number = item, column number = point), a CSV of
    ``item_id,skills``, or a CSV matrix whose first column is the item and whose other columns are points.

    Raises:
        TraceError: The file is absent, too large, or not one of these.
    """
    if not path.is_file():
        raise TraceError(f"{path}: no such q-matrix file")
    if path.stat().st_size > MOST_BYTES:
        raise TraceError(f"{path}: q-matrix is larger than {MOST_BYTES // 2**20} MiB")
    if path.suffix.lower() in {".npz", ".npy"}:
        return _from_arrays(path)
    return _from_csv(path)


def _from_arrays(path: Path) -> ItemPoints:
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return _from_coordinates(*np.nonzero(loaded))
        names = set(loaded.files)
        if {"indptr", "indices", "data", "shape"} <= names:
            pointers, indices = loaded["indptr"], loaded["indices"]
            major = np.repeat(np.arange(len(pointers) - 1), np.diff(pointers))[loaded["data"] != 0]
            minor = indices[loaded["data"] != 0]
            by_column = "format" in names and str(loaded["format"].astype(str)) == "csc"
            return _from_coordinates(minor, major) if by_column else _from_coordinates(major, minor)
        if {"row", "col"} <= names:
            return _from_coordinates(loaded["row"], loaded["col"])
        dense = next(loaded[name] for name in loaded.files if loaded[name].ndim == 2)
        return _from_coordinates(*np.nonzero(dense))
    except (ValueError, OSError, KeyError, IndexError, StopIteration, BadZipFile) as error:
        raise TraceError(f"{path}: not a sparse or dense matrix ({error or 'no 2-D array'})") from None


def _from_coordinates(rows: np.ndarray, columns: np.ndarray) -> ItemPoints:
    found: dict[str, list[str]] = {}
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        found.setdefault(str(row), []).append(str(column))
    return {item: tuple(points) for item, points in found.items()}


def _from_csv(path: Path) -> ItemPoints:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header = lines.readline()
            delimiter = delimiter_of(header)
            names = next(csv.reader([header], delimiter=delimiter), [])
            rows = csv.reader(lines, delimiter=delimiter)
            if len(names) == 2:
                return _pairs(rows)
            return {row[0].strip(): _marked(names, row) for row in rows if row}
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise TraceError(f"{path}: not a readable CSV ({error})") from None


def _pairs(rows: object) -> ItemPoints:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:  # type: ignore[attr-defined]
        if len(row) == 2:
            item = row[0].strip()
            found[item] = tuple(dict.fromkeys(found.get(item, ()) + read_skills(row[1])))
    return found


def _marked(names: list[str], row: list[str]) -> tuple[str, ...]:
    cells = zip(names[1:], row[1:], strict=False)
    return tuple(name.strip() for name, cell in cells if cell.strip() not in {"", "0", "0.0"})
