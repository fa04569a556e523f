"""Find a strip of paper by its long printed rules, e.g. the blanks of a cut-out answer."""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np

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

    Every pair of a printed and a found rule proposes a fit; the one that explains most rules wins.
    Rotation is taken from the fitted lines only as far as scale and position can express it, so this is
    for scanned strips that lie straight. Refused when fewer than half of the rules are found.
    """
    found = find_rules(image)
    best: tuple[float, np.ndarray[tuple[int, int], np.dtype[np.float64]]] | None = None
    for printed, seen in product(page.rules, found):
        scale = (seen.x1 - seen.x0) / max(printed.x1 - printed.x0, 1e-6)
        matrix = np.array(
            [[scale, 0, seen.x0 - scale * printed.x0], [0, scale, seen.y - scale * printed.y], [0, 0, 1.0]]
        )
        score = _explained(matrix, page.rules, found, image.shape[1])
        if best is None or score > best[0]:
            best = (score, matrix)
    if best is None or best[0] < 0.5 * len(page.rules):
        return None
    matrix = _refit(best[1], page.rules, found, image.shape[1])
    nothing = np.zeros((0, 2))
    return Location(matrix, nothing, nothing, round(best[0]), len(page.rules), page.number, 0.0, 0)


Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def _placed(matrix: Matrix, rule: Rule) -> Rule:
    scale = float(matrix[0, 0])
    return Rule(
        scale * rule.x0 + float(matrix[0, 2]),
        scale * rule.x1 + float(matrix[0, 2]),
        float(matrix[1, 1]) * rule.y + float(matrix[1, 2]),
    )


def _nearest(placed: Rule, found: list[Rule], width: int) -> Rule | None:
    near = width * _NEAR_SHARE
    close = [rule for rule in found if abs(rule.y - placed.y) < near and _off(rule, placed) < 2 * near]
    return min(close, key=lambda rule: _off(rule, placed), default=None)


def _off(rule: Rule, placed: Rule) -> float:
    return abs(rule.x0 - placed.x0) + abs(rule.x1 - placed.x1) + abs(rule.y - placed.y)


def _explained(matrix: Matrix, rules: tuple[Rule, ...], found: list[Rule], width: int) -> float:
    total = 0.0
    for rule in rules:
        placed = _placed(matrix, rule)
        nearest = _nearest(placed, found, width)
        if nearest is not None:
            total += 1.0 - 0.45 * _off(nearest, placed) / (3 * width * _NEAR_SHARE)
    return total


def _refit(matrix: Matrix, rules: tuple[Rule, ...], found: list[Rule], width: int) -> Matrix:
    pairs = [(rule, near) for rule in rules if (near := _nearest(_placed(matrix, rule), found, width))]
    if len(pairs) < 2:
        return matrix
    ends = np.array([x for rule, _ in pairs for x in (rule.x0, rule.x1)])
    seen = np.array([x for _, near in pairs for x in (near.x0, near.x1)])
    if np.ptp(ends) < 1e-6:
        return matrix
    scale, shift = np.polyfit(ends, seen, 1)
    lift = float(np.median([near.y - scale * rule.y for rule, near in pairs]))
    return np.array([[scale, 0.0, shift], [0.0, scale, lift], [0.0, 0.0, 1.0]])


def _as_pixels(image: object) -> Pixels:
    return np.asarray(image, dtype=np.uint8)
