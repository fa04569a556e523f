"""Find a strip of paper by its long printed rules, e.g. the blanks of a cut-out answer."""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.scanning.locate import Location
from zhiwei.engines.scanning.values import Pixels
from zhiwei.engines.sheets import PageTemplate, Rule

_SHORTEST_SHARE = 0.05
_NEAR_SHARE = 0.02


def find_rules(image: Pixels) -> list[Rule]:
    """Long dark nearly horizontal lines of a grey picture, in pixels, from top to bottom then left to right.

    Breaks where handwriting crosses or the pen of the printer skipped are bridged.
    """
    height, width = image.shape
    dark = _as_pixels(
        cv2.adaptiveThreshold(image, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 15)
    )
    shortest = max(24, int(width * _SHORTEST_SHARE))
    bar = cv2.getStructuringElement(cv2.MORPH_RECT, (max(12, shortest // 2), 1))
    lines = cv2.morphologyEx(cv2.dilate(dark, np.ones((3, 1), np.uint8)), cv2.MORPH_OPEN, bar)
    bridge = cv2.getStructuringElement(cv2.MORPH_RECT, (max(5, width // 60), 3))
    joined = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, bridge)
    count, _, stats, centres = cv2.connectedComponentsWithStats(_as_pixels(joined))
    rules = [
        Rule(float(stats[i, 0]), float(stats[i, 0] + stats[i, 2]), float(centres[i][1]))
        for i in range(1, count)
        if stats[i, 2] >= shortest and stats[i, 3] < max(8, height // 8)
    ]
    return sorted(rules, key=lambda rule: (round(rule.y / max(height, 1) * 10), rule.x0))


def locate_by_rules(image: Pixels, page: PageTemplate) -> Location | None:
    """Fit scale and position so that the template's rules lie on lines of the picture.

    Every pair of a printed and a found rule proposes a fit, at the ratio of their lengths and at the
    resolution of the template's own scan; the proposal that explains most rules wins. Rotation is not
    fitted: this is for scanned strips that lie straight. Refused when fewer than half of the rules are found.
    """
    found = find_rules(image)
    proposals = [m for printed, seen in product(page.rules, found) for m in _proposals(printed, seen, page)]
    scored = [(_explained(matrix, page.rules, found, image.shape[1]), matrix) for matrix in proposals]
    score, matrix = max(scored, key=lambda pair: pair[0], default=(0.0, np.eye(3)))
    if not scored or score < 0.5 * len(page.rules):
        return None
    matrix = _refit(matrix, page.rules, found, image.shape[1])
    nothing = np.zeros((0, 2))
    return Location(matrix, nothing, nothing, round(score), len(page.rules), page.number, 0.0, 0)


Matrix = NDArray[np.float64]


def _proposals(printed: Rule, seen: Rule, page: PageTemplate) -> list[Matrix]:
    """By the ends of both, and by either end at the template's resolution (the other end may be broken)."""
    by_length = (seen.x1 - seen.x0) / max(printed.x1 - printed.x0, 1e-6)
    fits = [(by_length, seen.x0 - by_length * printed.x0)]
    known = page.px_per_mm
    if known:
        if not 0.7 < by_length / known < 1.4:
            fits = []
        fits += [(known, seen.x0 - known * printed.x0), (known, seen.x1 - known * printed.x1)]
    return [
        np.array([[scale, 0.0, shift], [0.0, scale, seen.y - scale * printed.y], [0.0, 0.0, 1.0]])
        for scale, shift in fits
    ]


def _placed(matrix: Matrix, rule: Rule) -> Rule:
    scale, across, down = float(matrix[0, 0]), float(matrix[0, 2]), float(matrix[1, 2])
    return Rule(scale * rule.x0 + across, scale * rule.x1 + across, scale * rule.y + down)


def _nearest(placed: Rule, found: list[Rule], width: int) -> tuple[Rule, float] | None:
    """The found line that lies best along a placed rule, and how far its ends are off, in pixels."""
    near = width * _NEAR_SHARE
    close = [(rule, _off(rule, placed, width)) for rule in found if abs(rule.y - placed.y) < near / 2]
    best = min(close, key=lambda pair: pair[1], default=None)
    return best if best and best[1] < 2 * near else None


def _off(rule: Rule, placed: Rule, width: int) -> float:
    """Ends apart; an end cut off by the picture's edge counts only half, for it may lie anywhere beyond."""
    right = 0.5 if rule.x1 >= width - 4 and placed.x1 >= width - 4 else 1.0
    left = 0.5 if rule.x0 <= 4 and placed.x0 <= 4 else 1.0
    ends = left * abs(rule.x0 - max(placed.x0, 0.0)) + right * abs(rule.x1 - min(placed.x1, float(width)))
    return ends + abs(rule.y - placed.y)


def _explained(matrix: Matrix, rules: tuple[Rule, ...], found: list[Rule], width: int) -> float:
    total = 0.0
    for rule in rules:
        nearest = _nearest(_placed(matrix, rule), found, width)
        if nearest is not None:
            total += 1.0 - 0.45 * nearest[1] / (2 * width * _NEAR_SHARE)
    return total


def _refit(matrix: Matrix, rules: tuple[Rule, ...], found: list[Rule], width: int) -> Matrix:
    """Least squares over the whole rules; those cut off or broken are left out."""
    pairs = [(rule, near) for rule in rules if (near := _nearest(_placed(matrix, rule), found, width))]
    ends: list[tuple[float, float]] = []
    for rule, (seen, off) in pairs:
        if off < 0.5 * width * _NEAR_SHARE and seen.x0 > 4 and seen.x1 < width - 4:
            ends += [(rule.x0, seen.x0), (rule.x1, seen.x1)]
    if len(ends) < 4:
        return matrix
    scale, shift = np.polyfit([end[0] for end in ends], [end[1] for end in ends], 1)
    lift = float(np.median([seen.y - scale * rule.y for rule, (seen, _) in pairs]))
    return np.array([[scale, 0.0, shift], [0.0, scale, lift], [0.0, 0.0, 1.0]])


def _as_pixels(image: object) -> Pixels:
    return np.asarray(image, dtype=np.uint8)
