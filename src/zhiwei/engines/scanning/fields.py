"""Read one region of a flattened page by its kind."""

from __future__ import annotations

from collections.abc import Sequence

from zhiwei.engines.scanning.bubbles import BubbleInk, choose, measure_bubbles, paper_level
from zhiwei.engines.scanning.essay import read_grid
from zhiwei.engines.scanning.flatten import crop, png
from zhiwei.engines.scanning.values import UNSURE_BELOW, Pixels, Reading, Recogniser
from zhiwei.engines.scanning.writing import read_boxes, read_ruled_lines, read_short
from zhiwei.engines.sheets import PageTemplate, Region

_CROP_MARGIN_MM = 1.0


def read_regions(flat: Pixels, page: PageTemplate, recogniser: Recogniser | None) -> list[Reading]:
    """Read every region of a page.

    Args:
        flat: flattened grey page.
        page: its template.
        recogniser: reads handwriting; without one, written fields come back as crops, unsure.
    """
    inks = {
        region.key: measure_bubbles(flat, region.cells)
        for region in page.regions
        if region.kind in {"bubbles", "number"}
    }
    empty = paper_level([ink for row in inks.values() for ink in row])
    return [_read(flat, region, inks, empty, recogniser) for region in page.regions]


def _read(
    flat: Pixels,
    region: Region,
    inks: dict[str, list[BubbleInk]],
    empty: float,
    recogniser: Recogniser | None,
) -> Reading:
    picture = png(crop(flat, region.box.grown(_CROP_MARGIN_MM)))
    if region.kind == "bubbles":
        row = choose(inks[region.key], empty, multiple=region.multiple)
        return reading(region, row.values, row.confidence, row.remark, picture)
    if region.kind == "number":
        digits, confidence = _number(region, inks[region.key], empty)
        return reading(region, (digits,) if digits else (), confidence, "" if digits else "blank", picture)
    if region.kind == "free" or recogniser is None:
        return reading(region, (), 0.0, "for_a_person", picture)
    values, confidence, remark = _read_writing(flat, region, recogniser)
    return reading(region, values, confidence, remark, picture)


def _read_writing(flat: Pixels, region: Region, recogniser: Recogniser) -> tuple[tuple[str, ...], float, str]:
    if region.kind in {"digits", "letter"}:
        return read_boxes(flat, region, recogniser)
    if region.kind == "short":
        return read_short(crop(flat, region.box.grown(_CROP_MARGIN_MM)), region.alphabet, recogniser)
    if region.kind == "grid":
        return read_grid(flat, region, recogniser)
    return read_ruled_lines(flat, region, recogniser)


def _number(region: Region, inks: Sequence[BubbleInk], empty: float) -> tuple[str, float]:
    """The pupil's number: one digit a column; a column in doubt makes the whole number doubtful."""
    groups = [cell.group for cell in region.cells]
    digits, confidences = [], []
    for group in range(max(groups) + 1):
        row = choose(
            [ink for ink, at in zip(inks, groups, strict=True) if at == group], empty, multiple=False
        )
        digits.append(row.values[0] if len(row.values) == 1 else "?" if row.values else " ")
        confidences.append(row.confidence)
    text = "".join(digits).strip()
    if not text:
        return "", min(confidences)
    broken = "?" in text or " " in text
    return text.replace(" ", "?"), 0.2 if broken else min(confidences)


def reading(
    region: Region, values: tuple[str, ...], confidence: float, remark: str, picture: bytes
) -> Reading:
    """A reading of a region; unsure below the common bound."""
    unsure = confidence < UNSURE_BELOW
    return Reading(
        region.key, region.question, region.kind, values, round(confidence, 4), unsure, remark, picture
    )
