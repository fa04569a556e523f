"""Recall and precision per class, and speed beside Presidio, of the de-identification engine.

Two sets: one drawn from the grammar of school documents (seeded), one written by hand before tuning.
Presidio is a peer, not a dependency: name an interpreter that has it (``--presidio-python``, or
ZHIWEI_PRESIDIO_PYTHON).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.deidentify_grammar import Grammar, Labelled
from zhiwei.engines.privacy import Roster, build_roster, detect

HAND = Path(__file__).parent / "data" / "deidentify_hand.jsonl"
SEED = 20261121
PAGE = 25
WARM = 40
"""Texts that are read once beforehand, here and by the peer: caches and compiled code are ready then."""
Score = dict[str, tuple[int, int, int, int]]


def main(argv: Sequence[str] = ()) -> int:
    """Print the tables; with ``--json`` one object."""
    parser = argparse.ArgumentParser(prog="deidentify")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--presidio-python", default=os.environ.get("ZHIWEI_PRESIDIO_PYTHON", ""))
    options = parser.parse_args(list(argv))
    grammar = Grammar(SEED)
    generated = grammar.documents(options.documents)
    result: dict[str, object] = {}
    for label, documents in (("generated", generated), ("hand", read_hand())):
        names = sorted({d.text[a:b] for d in documents for a, b, kind in d.spans if kind == "name"})
        for way, roster in (("with roster", build_roster(names)), ("without roster", None)):
            result[f"{label}, {way}"] = score(documents, roster)
    texts = [document.text for document in generated]
    pages = ["\n".join(texts[at : at + PAGE]) for at in range(0, len(texts), PAGE)]
    for label, pieces in (("speed, sentences", texts), ("speed, pages of 25 sentences", pages)):
        result[label] = _speed(pieces, sorted(grammar.names), options.presidio_python)
    print(json.dumps(result, ensure_ascii=False) if options.json else _table(result))
    return 0


def read_hand() -> list[Labelled]:
    """The hand-written set."""
    rows = (json.loads(line) for line in HAND.read_text(encoding="utf-8").splitlines())
    return [
        Labelled(row["text"], tuple((s["start"], s["end"], s["class"]) for s in row["spans"])) for row in rows
    ]


def score(documents: Sequence[Labelled], roster: Roster | None) -> Score:
    """Per class: covered whole, of all; false, of found (false touches no span of its class)."""
    hit, gold, false, found = (Counter[str]() for _ in range(4))
    for document in documents:
        got = [(s.start, s.end, s.kind) for s in detect(document.text, roster)]
        for start, end, kind in document.spans:
            gold[kind] += 1
            hit[kind] += any(k == kind and a <= start and b >= end for a, b, k in got)
        for start, end, kind in got:
            found[kind] += 1
            false[kind] += not any(k == kind and a < end and start < b for a, b, k in document.spans)
    return {kind: (hit[kind], gold[kind], false[kind], found[kind]) for kind in sorted(gold | found)}


def _speed(texts: list[str], names: list[str], peer: str) -> dict[str, float]:
    size = sum(len(text.encode()) for text in texts) / 1e6
    roster = build_roster(names)
    for text in texts[:WARM]:
        detect(text, roster)
    started, begun = time.perf_counter(), time.process_time()
    for text in texts:
        detect(text, roster)
    speed = {"MB": size, "MB/s": size / (time.perf_counter() - started)}
    speed["MB/cpu-s"] = size / (time.process_time() - begun)
    if peer:
        given = json.dumps({"texts": texts, "names": names, "warm": WARM})
        script = Path(__file__).with_name("deidentify_peer.py")
        done = subprocess.run([peer, str(script)], input=given, capture_output=True, text=True, check=True)
        timed = json.loads(done.stdout)
        speed |= {"Presidio MB/s": size / timed["seconds"], "Presidio MB/cpu-s": size / timed["cpu_seconds"]}
        speed["times Presidio (cpu)"] = speed["MB/cpu-s"] / speed["Presidio MB/cpu-s"]
    return speed


def _table(result: dict[str, object]) -> str:
    lines: list[str] = []
    for label, rows in result.items():
        assert isinstance(rows, dict)
        lines.append(f"{label}")
        for name, value in rows.items():
            if isinstance(value, tuple):
                hit, gold, false, found = value
                recall, precision = hit / max(1, gold), 1 - false / max(1, found)
                lines.append(
                    f"  {name:<16} recall {recall:6.1%} of {gold:<5} precision {precision:6.1%} of {found}"
                )
            else:
                lines.append(f"  {name:<24} {value:.3f}")
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
