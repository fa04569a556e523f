"""Real pupils' handwriting through the engine alone: the last section of ``python -m benchmarks.scan``.

The pictures are the set ``handwriting_zh`` (beside the repository, or ``ZHIWEI_SHARED_DATA``). Its numbers and signs
are compared with a transcription kept outside as well: JSON lists of ``{"question", "student", "kind", "truth"}`` named
``handwriting_truth.json`` (``field``: short numbers on a rule) and ``handwriting_signs.json`` (``box``: single letters
and digits in the derivations, ``[left, top, width, height]`` in the picture's pixels). Nothing was learnt from either.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from benchmarks.handwriting import STRIPS, Pixels, Strip, blank_of, load
from zhiwei.engines.scanning import (
    UNSURE_BELOW,
    DrawnRegion,
    PageImage,
    Reader,
    Recogniser,
    page_from_blank,
    read_page,
)
from zhiwei.engines.scanning.flatten import PX_PER_MM
from zhiwei.engines.scanning.writing import read_boxes
from zhiwei.engines.sheets import Box, Cell, PageTemplate, Region, Template

AMOUNT = "0123456789.×-"
ALPHABETS = {"digit": ("0123456789",), "letter": ("ABCD", "ABCDEFG")}
NAMES = ("handwriting_truth.json", "handwriting_signs.json")
_SIGN_MM, _BOX_MM = 5.0, 10.0
Entry = dict[str, object]
Row = dict[str, object]


def rows_for(data: Path) -> list[Row]:
    """One row a kind of field; empty when the pictures are not there, without marks when no transcription is."""
    if not data.is_dir():
        return []
    from zhiwei.engines.scanning import recogniser

    cv2.setNumThreads(1)
    strips, reads = load(data), recogniser()
    pages = [_page(number, folder, strips) for number, folder in enumerate(STRIPS, start=1)]
    entries = transcribed(data)
    rows = _numbers(strips, pages, entries, reads) + _signs(strips, entries, reads)
    return [*rows, _told_apart(strips, pages)]


def transcribed(data: Path) -> list[Entry]:
    """What people read, from the files beside the set or in the folders above it."""
    found = (folder / name for name in NAMES for folder in (data, *data.parents[:3]))
    return [entry for path in found if path.is_file() for entry in json.loads(path.read_text("utf-8"))]


def _page(number: int, folder: str, strips: Sequence[Strip]) -> PageTemplate:
    """A strip's template as a teacher draws it: one pupil's strip with the writing erased."""
    pupil, questions = STRIPS[folder]
    blank, boxes = blank_of(next(one for one in strips if (one.folder, one.pupil) == (folder, pupil)))
    height, width = blank.shape
    drawn = []
    for index, (x, y, w, h) in enumerate(boxes):
        question = questions[min(index, len(questions) - 1)]
        kind = "free" if folder == "18" else "short"
        box = Box(x * width, y * height, w * width, h * height)
        drawn.append(DrawnRegion(question, question, kind, box, alphabet=AMOUNT if folder == "08" else ""))
    return page_from_blank(blank, drawn, number=number)


def _numbers(
    strips: Sequence[Strip], pages: Sequence[PageTemplate], entries: Sequence[Entry], reads: Recogniser
) -> list[Row]:
    truth = {
        (str(e["question"]), int(str(e["student"])), str(e["field"])): str(e["truth"])
        for e in entries
        if e["kind"] == "number"
    }
    if not truth:
        return []
    reader = Reader(Template("REAL", "", (pages[1],)), b"", reads, {})
    marks = []
    for strip in (one for one in strips if one.folder == "08"):
        for reading in read_page(PageImage("", "", 1, strip.pixels), reader).readings:
            expected = truth.get(("08", strip.pupil, reading.question))
            if expected is not None:
                marks.append(("".join(reading.values) == expected, not reading.unsure))
    return [_row("short numbers on a rule", marks)]


def _signs(strips: Sequence[Strip], entries: Sequence[Entry], reads: Recogniser) -> list[Row]:
    pictures = {one.pupil: one.pixels for one in strips if one.folder == "18"}
    rows = []
    for kind, alphabets in ALPHABETS.items():
        for alphabet in alphabets:
            mine = [e for e in entries if e["kind"] == kind and str(e["truth"]) in alphabet]
            marks = [_sign(pictures[int(str(e["student"]))], e, alphabet, reads) for e in mine]
            if marks:
                rows.append(_row(f"{kind}s in boxes, allowed {alphabet}", marks))
    return rows


def _sign(picture: Pixels, entry: Entry, alphabet: str, reads: Recogniser) -> tuple[bool, bool]:
    """Whether a sign put into a box was read right, and whether it was sure."""
    x, y, w, h = (int(v) for v in entry["box"])  # type: ignore[attr-defined]
    sign = picture[y - 1 : y + h + 1, x - 1 : x + w + 1]
    scale = _SIGN_MM * PX_PER_MM / max(sign.shape)
    sign = np.asarray(
        cv2.resize(sign, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
    side = round(_BOX_MM * PX_PER_MM)
    flat = np.full((side, side), 255, dtype=np.uint8)
    top, left = (side - sign.shape[0]) // 2, (side - sign.shape[1]) // 2
    flat[top : top + sign.shape[0], left : left + sign.shape[1]] = sign
    box = Box(0.0, 0.0, _BOX_MM, _BOX_MM)
    values, confidence, _ = read_boxes(
        flat, Region("sign", "sign", "letter", box, (Cell(box),), alphabet), reads
    )
    return values == (str(entry["truth"]),), confidence >= UNSURE_BELOW


def _row(name: str, marks: Sequence[tuple[bool, bool]]) -> Row:
    right = sum(good for good, _ in marks)
    return {
        "what": name,
        "fields": len(marks),
        "right": right,
        "share": round(right / len(marks), 3),
        "sure": sum(sure for _, sure in marks),
        "silent_wrong": sum(sure and not good for good, sure in marks),
    }


def _told_apart(strips: Sequence[Strip], pages: Sequence[PageTemplate]) -> Row:
    reader = Reader(Template("REAL", "", tuple(pages)), b"", None, {})
    marks = []
    for strip in strips:
        result = read_page(PageImage("", "", 1, strip.pixels), reader)
        sure = bool(result.page) and "unknown_page" not in result.doubts
        marks.append((result.page == list(STRIPS).index(strip.folder) + 1, sure))
    return _row("strips told apart by their print", marks)
