"""``zhiwei judge-math "A" "B"`` and ``zhiwei judge-math --batch PAIRS.jsonl --json``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from zhiwei.engines.maths.guard import guarded
from zhiwei.engines.maths.judge import Verdict, judge
from zhiwei.engines.maths.limits import PAIR_SECONDS

_MAX_LINE = 100_000


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 equal (or batch done), 1 not equal, 2 wrong use."""
    words = _arguments().parse_args(list(argv))
    _warm_up()
    if words.batch:
        return _batch(words.batch)
    if words.student is None or words.reference is None:
        print("zhiwei judge-math: two answers are needed, or --batch FILE", file=sys.stderr)
        return 2
    start = time.perf_counter()
    verdict = _safely(words.student, words.reference, words.test, ",".join(words.form or []), {})
    answer = _answer("1", verdict, start)
    print(json.dumps(answer, ensure_ascii=False) if words.json else _text(verdict))
    return 0 if verdict.equal else 1


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zhiwei judge-math", description="Compare two mathematical answers."
    )
    parser.add_argument("student", nargs="?", help="the pupil's answer")
    parser.add_argument("reference", nargs="?", help="the right answer")
    parser.add_argument(
        "--form",
        action="append",
        help="required form: factored, expanded, simplified, single_fraction, exact, standard, lowest_terms",
    )
    parser.add_argument("--test", default="", help="kind of comparison; by default decided from both answers")
    parser.add_argument("--batch", help="JSON lines with id, student, reference, optional test and options")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    return parser


def _warm_up() -> None:
    """Load what is loaded late (computer algebra, for factors) before any clock runs."""
    judge("x^2+y^2+1", "x^2+y^2+1", form="factored")


def _text(verdict: Verdict) -> str:
    lines = [
        "equal" if verdict.equal else "not equal",
        f"reason: {verdict.reason} — {verdict.message('zh')} {verdict.message('en')}",
    ]
    for side, shown in (("student", verdict.student), ("reference", verdict.reference)):
        lines.append(f"{side}: " + (f"I read this as {shown}" if shown else "could not be read"))
    if verdict.notes:
        lines.append("other readings are possible: " + ", ".join(verdict.notes))
    return "\n".join(lines)


def _safely(student: str, reference: str, test: str, form: str, options: Mapping[str, object]) -> Verdict:
    found = guarded(lambda: judge(student, reference, test=test, form=form, options=options), PAIR_SECONDS)
    return found if found is not None else Verdict(False, "undecided.time")


def _answer(key: object, verdict: Verdict, start: float) -> dict[str, object]:
    return {
        "id": key,
        "equal": verdict.equal,
        "reason": verdict.reason,
        "read": {"student": verdict.student, "reference": verdict.reference, "notes": list(verdict.notes)},
        "ms": round((time.perf_counter() - start) * 1000, 3),
    }


def _batch(path: str) -> int:
    try:
        for line in _lines(path):
            print(json.dumps(_one(line), ensure_ascii=False))
    except (OSError, UnicodeDecodeError) as error:
        print(f"zhiwei judge-math: cannot read {path}: {error}", file=sys.stderr)
        return 2
    return 0


def _lines(path: str) -> Iterator[str]:
    if path == "-":
        yield from _filled(sys.stdin)
        return
    with Path(path).open(encoding="utf-8-sig") as file:
        yield from _filled(file)


def _filled(file: TextIO) -> Iterator[str]:
    while line := file.readline(_MAX_LINE):
        if line.strip():
            yield line


def _one(line: str) -> dict[str, object]:
    start = time.perf_counter()
    try:
        pair = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return _answer(None, Verdict(False, "unreadable.not_json"), start)
    if not isinstance(pair, dict) or "student" not in pair or "reference" not in pair:
        return _answer(
            pair.get("id") if isinstance(pair, dict) else None,
            Verdict(False, "unreadable.missing_field"),
            start,
        )
    given = pair.get("options")
    options = given if isinstance(given, dict) else {}
    test = pair.get("test")
    form = pair.get("form") or options.get("form") or ""
    joined = ",".join(map(str, form)) if isinstance(form, list) else str(form)
    verdict = _safely(str(pair["student"]), str(pair["reference"]), str(test or ""), joined, options)
    return _answer(pair.get("id"), verdict, start)
