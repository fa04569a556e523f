"""``bench exchange``: of files in the shapes the standards document, how many questions come in, with reasons.

Without ``--folder`` the files are our own, one for each shape named in the QTI 2.x/3.0 implementation guides, Moodle's
XML, GIFT and Aiken documentation. ``--folder DIR`` reads every file of a folder instead: public samples (where they
are to be had stands in docs/curriculum.md) or a school's own exports. Also how much of the starter bank survives a
round trip, and what it loses, by reason. The bound is every question.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from zhiwei.engines.exchange import ExchangeError, Imported, Written, read_questions, write_moodle, write_qti

ROOT = Path(__file__).parents[1]
SAMPLES = Path(__file__).parent / "samples" / "exchange"
KEPT = ("type", "stem", "max_score", "options", "reference_answers", "settings", "explanation", "rubric", "parts",
        "figure", "points", "parameters")  # fmt: skip
"""Keys that are compared after a round trip."""


def main(argv: Sequence[str]) -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(prog="bench exchange")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--folder", type=Path, help="read the files of this folder instead of our own samples"
    )
    arguments = parser.parse_args(argv)
    folder = arguments.folder or SAMPLES
    if not folder.is_dir():
        print(f"{folder} is no folder")
        return 2
    read = [(path, _read(path)) for path in sorted(folder.iterdir()) if path.is_file()]
    files = [_file(path, found) for path, found in read]
    kinds = _by_kind([found for _path, found in read if isinstance(found, Imported)])
    trips = [_round_trip("QTI 3.0", write_qti), _round_trip("Moodle XML", write_moodle)]
    if arguments.json:
        print(json.dumps({"files": files, "kinds": kinds, "round_trips": trips}, ensure_ascii=False))
        return 0
    _print(files, kinds, trips)
    return 0


def _print(
    files: list[dict[str, Any]], kinds: dict[str, dict[str, int]], trips: list[dict[str, Any]]
) -> None:
    for one in files:
        print(
            f"{one['file'][:60]:<62}{one['taken']:>4} in {len(one['refused']):>3} refused {one['notes']:>3} notes"
        )
        for reason in one["refused"]:
            print(f"    {reason}")
    print("\nby kind of question")
    for kind, counts in kinds.items():
        print(f"{kind:<34}{counts['in']:>4} in {counts['refused']:>3} refused")
    taken, refused = sum(one["taken"] for one in files), sum(len(one["refused"]) for one in files)
    print(f"together: {taken} of {taken + refused} questions of {len(files)} files come in")
    for trip in trips:
        losses = trip.pop("losses")
        print("\n" + " · ".join(f"{name} {value}" for name, value in trip.items()))
        for reason, count in losses.items():
            print(f"{count:>6}  {reason}")


def _read(path: Path) -> Imported | str:
    try:
        return read_questions(path.name, path.read_bytes())
    except ExchangeError as error:
        return str(error)


def _file(path: Path, found: Imported | str) -> dict[str, Any]:
    if isinstance(found, str):
        return {"file": path.name, "taken": 0, "refused": [found], "notes": 0}
    refused = [f"{one.place}: {one.reason}" for one in found.refused]
    notes = sum(len(one.notes) for one in found.taken)
    return {"file": path.name, "taken": len(found.taken), "refused": refused, "notes": notes}


def _by_kind(found: list[Imported]) -> dict[str, dict[str, int]]:
    """How many of each kind of interaction or question; an item of several kinds counts for each."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"in": 0, "refused": 0})
    for one in found:
        for taken in one.taken:
            for kind in taken.kinds or {str(taken.content["type"])}:
                counts[f"{one.form} {kind}"]["in"] += 1
        for refused in one.refused:
            for kind in refused.kinds or {"?"}:
                counts[f"{one.form} {kind}"]["refused"] += 1
    return dict(sorted(counts.items()))


def _round_trip(name: str, write: Callable[[Sequence[dict[str, Any]]], Written]) -> dict[str, Any]:
    files = sorted((ROOT / "src/zhiwei/curriculum/starter/items").glob("*.jsonl"))
    items = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    began = time.process_time()
    written = write(items)
    middle = time.process_time()
    back = {one.content["id"]: one.content for one in read_questions(name, written.data).taken}
    ended = time.process_time()
    asked = Counter(key for item in items for key in KEPT if item.get(key))
    same = Counter(
        key
        for item in items
        for key in KEPT
        if item.get(key) and back.get(item["id"], {}).get(key) == item.get(key)
    )
    losses = Counter(re.sub(r"\s+", " ", note) for _item, note in written.notes)
    return {
        "format": name,
        "out_and_in": f"{len(back)}/{len(items)}",
        **{f"same_{key}": f"{same[key]}/{asked[key]}" for key in KEPT},
        "write_items_per_s": round(len(items) / (middle - began)),
        "read_items_per_s": round(len(items) / (ended - middle)),
        "losses": dict(losses.most_common()),
    }
