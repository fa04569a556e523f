"""Speed and correctness of sheets and scans: ``python -m benchmarks.scan [--sheets 200 | --memory] [--json]``.

Synthetic sheets (``benchmarks/paper_pages.py`` says how they are drawn) are read clean, rotated, in
perspective, blurred, noisy, as JPEG 30 and as shaded photographs. Beside them runs a **bound**: a plain
OpenCV pipeline (Otsu threshold, four corner contours, perspective warp, fixed fill share), written for
this comparison because OMRChecker is not on PyPI; it is told whose page it is.
Real handwriting follows (``benchmarks/real_hands.py``) when its pictures are beside the repository.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from benchmarks import real_hands
from benchmarks.paper_pages import CONDITIONS, Filled, Pixels, fill_page, render_pdf
from zhiwei.engines.scanning import Limits, PageImage, Reader, Recogniser, read_page, read_pages
from zhiwei.engines.sheets import PageTemplate, Pupil, Question, SheetSpec, lay_out, render_sheets

KEY = b"benchmark key 16+"
PER_CLASS = 25
SCALE = 6.0


@dataclass(frozen=True)
class Score:
    """Counts of one page: rows of bubbles and how many right, boxes likewise, owner right, processor seconds."""

    condition: str
    rows: int
    right: int
    silent: int
    bound_right: int
    boxes: int
    boxes_right: int
    boxes_silent: int
    owner: str
    seconds: float


def spec(pupils: int) -> SheetSpec:
    """A one-page sheet: 30 rows of bubbles, a number, four rows of digit boxes, a letter box."""
    questions = [Question(str(i), "choice", multiple=i > 25) for i in range(1, 31)]
    questions += [Question(str(i), "digits", size=5) for i in range(31, 34)]
    questions += [Question("34", "letter"), Question("35", "free", size=30)]
    people = tuple(Pupil(f"P{i:04d}", f"学生{i}", f"2026{i:04d}") for i in range(pupils))
    return SheetSpec("BENCH", "基准", tuple(questions), people)


@lru_cache(maxsize=1)
def printed() -> tuple[PageTemplate, list[Pixels], Reader]:
    """Template, blank pages by pupil, and a reader with the recogniser loaded."""
    from zhiwei.engines.scanning.ocr import RapidRecogniser

    sheet = spec(PER_CLASS)
    template = lay_out(sheet).template
    recogniser: Recogniser = RapidRecogniser(threads=1)
    roster = {pupil.number: pupil.code for pupil in sheet.pupils}
    return template.pages[0], render_pdf(render_sheets(sheet, KEY)), Reader(template, KEY, recogniser, roster)


def score_page(job: tuple[int, str]) -> Score:
    """Fill, spoil and read one sheet."""
    index, condition = job
    cv2.setNumThreads(1)
    page, blanks, reader = printed()
    rng = np.random.default_rng(1000 + index)
    who = index % PER_CLASS
    filled = fill_page(blanks[who], page, f"2026{who:04d}", rng)
    picture = CONDITIONS[condition](filled.pixels, rng)
    start = time.process_time()
    result = read_page(PageImage("", "", 1, picture), reader)
    seconds = time.process_time() - start
    read = {reading.region: reading for reading in result.readings}
    bubbles = [r.key for r in page.regions if r.kind in {"bubbles", "number"}]
    boxes = [r.key for r in page.regions if r.kind in {"digits", "letter"}]
    wrong = [k for k in bubbles if k not in read or read[k].values != filled.truth[k]]
    wrong_boxes = [k for k in boxes if k not in read or read[k].values != filled.truth[k]]
    assigned = result.pupil if not result.doubts else ""
    owner = "right" if assigned == f"P{who:04d}" and result.page == 1 else "wrong" if assigned else "unknown"
    return Score(
        condition,
        len(bubbles),
        len(bubbles) - len(wrong),
        sum(k in read and not read[k].unsure for k in wrong),
        bound_right(picture, page, filled),
        len(boxes),
        len(boxes) - len(wrong_boxes),
        sum(k in read and not read[k].unsure for k in wrong_boxes),
        owner,
        seconds,
    )


def bound_right(picture: Pixels, page: PageTemplate, filled: Filled) -> int:
    """Rows of bubbles the plain OpenCV bound reads right."""
    flat = _bound_flat(picture, page)
    if flat is None:
        return 0
    right = 0
    for region in page.regions:
        if region.kind != "bubbles":
            continue
        chosen = [
            cell.value
            for cell in region.cells
            if _fill(flat, cell.box.x, cell.box.y, cell.box.w, cell.box.h) > 0.5
        ]
        right += tuple(chosen) == filled.truth[region.key]
    return right


def _fill(flat: Pixels, x: float, y: float, w: float, h: float) -> float:
    part = flat[round(y * SCALE) : round((y + h) * SCALE), round(x * SCALE) : round((x + w) * SCALE)]
    return float((part > 0).mean())


def _bound_flat(picture: Pixels, page: PageTemplate) -> Pixels | None:
    """Ink of the page by Otsu, warped by the outermost dark squares."""
    _, ink = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(
        cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((9, 9))), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE
    )
    centres = []
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        if 30 < w < 110 and 30 < h < 110 and 0.7 < w / h < 1.4 and cv2.contourArea(contour) > 0.6 * w * h:
            centres.append((x + w / 2, y + h / 2))
    if len(centres) < 4:
        return None
    points = np.array(centres, np.float32)
    picked = [points[np.argmin(points @ np.array(way))] for way in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    marks = sorted((m for m in page.markers if m.number < 4), key=lambda m: m.number)
    printed_at = np.array([[m.box.x + m.box.w / 2, m.box.y + m.box.h / 2] for m in marks], np.float32) * SCALE
    matrix = cv2.getPerspectiveTransform(np.array(picked, np.float32), printed_at)
    size = (round(page.width_mm * SCALE), round(page.height_mm * SCALE))
    return np.asarray(cv2.warpPerspective(ink, matrix, size), dtype=np.uint8)


def class_seconds() -> float:
    """Seconds to typeset one PDF for a class of 50."""
    start = time.perf_counter()
    render_sheets(spec(50), KEY)
    return time.perf_counter() - start


def memory_report(pages: int) -> dict[str, object]:
    """Megabytes along the way, how much they grew from a tenth to the end, and pages a minute."""
    start, busy = time.perf_counter(), time.process_time()
    seen = memory_mb(pages)
    minutes, cpu = (time.perf_counter() - start) / 60, (time.process_time() - busy) / 60
    return {
        "pages": pages,
        "resident_mb_after_pages": seen,
        "grown_mb": seen[-1][1] - seen[0][1],
        "pages_a_minute_with_decoding": round(pages / minutes),
        "pages_a_cpu_minute_of_reading": round(pages / cpu),
    }


def memory_mb(pages: int) -> list[tuple[int, int]]:
    """Resident megabytes of this process after some of the pages of one long PDF (bubbles only)."""
    sheet = SheetSpec("BENCH", "基准", spec(0).questions, blank_copies=pages)
    reader = Reader(lay_out(sheet).template, KEY, None, {})
    seen = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        with ProcessPoolExecutor(1) as printer:
            path.write_bytes(printer.submit(render_sheets, sheet, KEY).result())
        for number, item in enumerate(read_pages(path, Limits()), start=1):
            assert isinstance(item, PageImage)
            read_page(item, reader)
            if number in {pages // 10, pages // 4, pages // 2, pages}:
                seen.append((number, _resident_mb()))
    return seen


def _resident_mb() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(argv: Sequence[str]) -> int:
    """Run and print one table (or JSON)."""
    parser = argparse.ArgumentParser(prog="benchmarks.scan", description=__doc__)
    parser.add_argument("--sheets", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--memory",
        type=int,
        nargs="?",
        const=1000,
        default=0,
        metavar="PAGES",
        help="only memory, bubbles only",
    )
    shared = Path(os.environ.get("ZHIWEI_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("--handwriting", type=Path, default=shared / "handwriting_zh")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(list(argv))
    os.environ["OMP_NUM_THREADS"] = "1"
    if options.memory:
        report: dict[str, object] = memory_report(options.memory)
        print(json.dumps(report) if options.json else "\n".join(f"{k}: {v}" for k, v in report.items()))
        return 0
    names = list(CONDITIONS)
    jobs = [(index, names[index % len(names)]) for index in range(options.sheets)]
    with ProcessPoolExecutor(options.workers) as pool:
        list(pool.map(score_page, jobs[: options.workers]))
        start = time.perf_counter()
        scores = list(pool.map(score_page, jobs, chunksize=4))
        wall = time.perf_counter() - start
    report = summary(scores, wall)
    report["class_of_50_pdf_seconds"] = round(class_seconds(), 2)
    report["real_handwriting"] = real_hands.rows_for(options.handwriting)
    print(json.dumps(report, ensure_ascii=False) if options.json else table(report))
    return 0


def summary(scores: Sequence[Score], wall: float) -> dict[str, object]:
    """Totals by condition."""
    by: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        by[score.condition].append(score)
        by["all"].append(score)
    rows = {
        name: {
            "pages": len(part),
            "bubble_rows": sum(s.rows for s in part),
            "right": sum(s.right for s in part),
            "silent_wrong": sum(s.silent for s in part),
            "bound_right_share": round(sum(s.bound_right for s in part) / sum(s.rows - 1 for s in part), 4),
            "boxes": sum(s.boxes for s in part),
            "boxes_right": sum(s.boxes_right for s in part),
            "boxes_silent_wrong": sum(s.boxes_silent for s in part),
            "owner_wrong": sum(s.owner == "wrong" for s in part),
            "owner_unknown": sum(s.owner == "unknown" for s in part),
            "cpu_ms_a_page": round(1000 * sum(s.seconds for s in part) / len(part)),
        }
        for name, part in by.items()
    }
    busy = sum(score.seconds for score in scores)
    return {
        "conditions": rows,
        "pages_a_cpu_minute": round(60 * len(scores) / busy),
        "wall_seconds": round(wall, 1),
    }


def table(report: dict[str, object]) -> str:
    """The report as text."""
    conditions = report["conditions"]
    assert isinstance(conditions, dict)
    head = list(next(iter(conditions.values())))
    lines = ["condition    " + "  ".join(head)]
    for name, row in conditions.items():
        lines.append(f"{name:<12} " + "  ".join(f"{row[key]!s:>{len(key)}}" for key in head))
    lines += [f"{key}: {value}" for key, value in report.items() if not isinstance(value, dict | list)]
    hands = report["real_handwriting"]
    assert isinstance(hands, list)
    lines.append("real handwriting" if hands else "real handwriting: put the set handwriting_zh beside it")
    lines += ["  ".join(f"{name} {value}" for name, value in row.items()) for row in hands]
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
