"""Single digits of real hands, read twice: ``python -m benchmarks.signs [--digits 1797] [--json]``.

The digits are those scikit-learn ships (UCI optical digits, 13 writers, only 8 x 8 pixels each, drawn large again:
harder than a scan). The second look learns from four fifths and is measured on the last, five times; the recogniser
of lines never saw them. A digit is *sure* from the confidence at which a page's field counts without a person.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

import cv2
import numpy as np

from zhiwei.engines.scanning import UNSURE_BELOW, recogniser
from zhiwei.engines.scanning.second_look import DIGITS, digits_by_shape, hand_written, weighed
from zhiwei.engines.scanning.strokes import cut_writing
from zhiwei.engines.scanning.values import Pixels
from zhiwei.engines.scanning.writing import squared

FOLDS = 5


def measured(most: int) -> list[dict[str, object]]:
    """Rows of the table: the recogniser alone, the shape alone, both."""
    cv2.setNumThreads(1)
    shipped = list(hand_written())[:most]
    truth = np.array([label for _, label in shipped])
    signs = [_cut(picture) for picture, _ in shipped]
    lines = recogniser().read_lines([squared(sign) for sign in signs], DIGITS)
    shapes = np.array(_held_out(signs))
    texts = np.array([line.text for line in lines])
    alone = np.array([line.confidence for line in lines])
    both = np.array(
        [weighed(line.text, line.confidence, shape) for line, shape in zip(lines, shapes, strict=True)]
    )
    return [
        _row("recogniser alone", texts, truth, alone),
        _row("shape alone (held out)", shapes, truth, np.ones(len(truth))),
        _row("both", texts, truth, both),
    ]


def _cut(picture: Pixels) -> Pixels:
    found = cut_writing(np.pad(picture, 8, constant_values=255), ruled=False)
    return picture if found is None else found.picture


def _held_out(signs: Sequence[Pixels]) -> list[str]:
    found: list[str] = []
    size = -(-len(signs) // FOLDS)
    for start in range(0, len(signs), size):
        part = range(start, min(start + size, len(signs)))
        found += digits_by_shape([signs[index] for index in part], unseen=part)
    return found


def _row(
    name: str, read: np.ndarray[tuple[int], np.dtype[np.str_]], truth: object, sure: object
) -> dict[str, object]:
    right = read == truth
    counted = np.asarray(sure) >= UNSURE_BELOW
    return {
        "read by": name,
        "digits": len(right),
        "right": round(float(right.mean()), 4),
        "sure": round(float(counted.mean()), 4),
        "silent_wrong": int((counted & ~right).sum()),
    }


def main(argv: Sequence[str]) -> int:
    """Run and print one table (or JSON)."""
    parser = argparse.ArgumentParser(prog="benchmarks.signs", description=__doc__)
    parser.add_argument("--digits", type=int, default=1797)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(list(argv))
    rows = measured(options.digits)
    if options.json:
        print(json.dumps(rows))
        return 0
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    return 0


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
