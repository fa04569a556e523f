"""``bench exchange``: of small files in the shapes the standards document, how many questions come in, with reasons.

The files are our own, one for each shape named in the QTI 2.x/3.0 implementation guides, Moodle's XML, GIFT and
Aiken documentation; also how much of the starter bank survives a round trip. The bound is every question.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zhiwei.engines.exchange import ExchangeError, read_questions, write_moodle, write_qti

ROOT = Path(__file__).parents[1]
SAMPLES = Path(__file__).parent / "samples" / "exchange"


def main(argv: Sequence[str]) -> int:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(prog="bench exchange")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    files = [_file(path) for path in sorted(SAMPLES.iterdir())]
    trips = [_round_trip("QTI 3.0", write_qti), _round_trip("Moodle XML", write_moodle)]
    if arguments.json:
        print(json.dumps({"files": files, "round_trips": trips}, ensure_ascii=False))
        return 0
    for one in files:
        print(
            f"{one['file']:<34}{one['taken']:>4} in {len(one['refused']):>3} refused {one['notes']:>3} notes"
        )
        for reason in one["refused"]:
            print(f"    {reason}")
    taken, refused = sum(one["taken"] for one in files), sum(len(one["refused"]) for one in files)
    print(f"together: {taken} of {taken + refused} questions come in")
    for trip in trips:
        print(" · ".join(f"{name} {value}" for name, value in trip.items()))
    return 0


def _file(path: Path) -> dict[str, Any]:
    try:
        found = read_questions(path.name, path.read_bytes())
    except ExchangeError as error:
        return {"file": path.name, "taken": 0, "refused": [str(error)], "notes": 0}
    refused = [f"{one.place}: {one.reason}" for one in found.refused]
    return {
        "file": path.name,
        "taken": len(found.taken),
        "refused": refused,
        "notes": sum(len(one.notes) for one in found.taken),
    }


def _round_trip(name: str, write: Any) -> dict[str, Any]:
    files = sorted((ROOT / "src/zhiwei/curriculum/starter/items").glob("*.jsonl"))
    items = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    began = time.perf_counter()
    written = write(items)
    middle = time.perf_counter()
    back = {one.content["id"]: one.content for one in read_questions(name, written.data).taken}
    ended = time.perf_counter()
    same = Counter(
        key
        for item in items
        if item["id"] in back
        for key in ("type", "stem", "max_score", "reference_answers", "explanation")
        if back[item["id"]].get(key) == item.get(key)
    )
    return {
        "format": name,
        "out_and_in": f"{len(back)}/{len(items)}",
        **{f"same_{key}": f"{same[key] / max(len(back), 1):.0%}" for key in sorted(same)},
        "told_losses": len(written.notes),
        "write_items_per_s": round(len(items) / (middle - began)),
        "read_items_per_s": round(len(items) / (ended - middle)),
    }
