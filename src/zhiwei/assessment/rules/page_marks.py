"""What is written on a marked page: the total, a sign and the marks beside each answer, points and comments."""

from __future__ import annotations

from dataclasses import dataclass

from zhiwei.engines.scanning import Mark
from zhiwei.engines.sheets import Box, PageTemplate, Region

_SIGN_MM = 5.0
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


@dataclass(frozen=True)
class SeenMark:
    """One answer's mark as it is written on paper; ``points`` are the rubric's in order."""

    score: float
    max_score: float
    points: tuple[float, ...] = ()
    comment: str = ""


def total(score: float | None, page: PageTemplate | None = None) -> list[Mark]:
    """Return the total as written at the head of a pupil's first page; nothing while there is none."""
    if score is None:
        return []
    left = 60.0 if page is None else page.width_mm * 0.42
    return [Mark("score", Box(left, 12.0, 40.0, 11.0), f"{score:g}")]


def on_answer(region: Region, mark: SeenMark, width_mm: float) -> list[Mark]:
    """Return what is written at an answer: tick, half or cross with the marks, the points, the comment."""
    x = min(region.box.x + region.box.w + 1.5, width_mm - 22.0)
    y = region.box.y + max(0.0, min(region.box.h, 14.0) / 2 - _SIGN_MM / 2)
    found = [Mark(_sign(mark), Box(x, y, _SIGN_MM, _SIGN_MM), f"{mark.score:g}")]
    if len(mark.points) > 1 and region.box.h > 16:
        words = " ".join(f"{_CIRCLED[i]}{score:+g}" for i, score in enumerate(mark.points[: len(_CIRCLED)]))
        found.append(Mark("comment", Box(region.box.x + 2, region.box.y + 1, region.box.w - 30, 5.0), words))
    if mark.comment:
        height = max(8.0, region.box.h * 0.3)
        top = region.box.y + max(0.0, region.box.h - height)
        found.append(Mark("comment", Box(region.box.x + 2, top, region.box.w - 6, height), mark.comment))
    return found


def _sign(mark: SeenMark) -> str:
    if mark.score >= mark.max_score - 1e-9:
        return "tick"
    return "half" if mark.score > 0 else "cross"
