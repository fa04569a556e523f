"""Mathematical equality beside math-verify and plain sympy on the same pairs.

Three sets written by hand, each after the one before had been mended by. What each showed when it was new stands in
docs/maths.md; here all must hold.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judging_frame import Row
from zhiwei.engines.maths import judge
from zhiwei.engines.maths.guard import guarded

HERE = Path(__file__).resolve().parent / "data"
SETS = {
    "first": "maths_pairs.jsonl",
    "second": "maths_pairs_second.jsonl",
    "third": "maths_pairs_third.jsonl",
}
SIMPLE = frozenset({"polynomial", "number", "fraction", "equation", "numeric"})
PEER_PAIRS = 100
_LIMIT = 4.0
Pair = dict[str, str]
Judge = Callable[[Pair], bool]


@dataclass(frozen=True, slots=True)
class Measured:
    """Share right, false accepts, and sorted processor times in milliseconds."""

    right: float
    false_accepts: int
    times: list[float]

    def quantile(self, share: float) -> float:
        """The time below which ``share`` of the pairs took."""
        return self.times[min(int(len(self.times) * share), len(self.times) - 1)]


def ours(pair: Pair) -> bool:
    """The engine measured."""
    return judge(
        pair["student"], pair["reference"], test=pair.get("test", ""), form=pair.get("form", "")
    ).equal


def plain_sympy(pair: Pair) -> bool:
    """The obvious way: parse, subtract, simplify."""
    import sympy
    from sympy.parsing.sympy_parser import (
        implicit_multiplication_application,
        parse_expr,
        standard_transformations,
    )

    rules = (*standard_transformations, implicit_multiplication_application)
    sides = [
        parse_expr(pair[key].replace("^", "**"), transformations=rules) for key in ("student", "reference")
    ]
    return bool(sympy.simplify(sides[0] - sides[1]) == 0)


def math_verify(pair: Pair) -> bool:
    """The math-verify package."""
    from math_verify import parse, verify

    gold, answer = (parse(f"${pair[key]}$") for key in ("reference", "student"))
    return bool(gold and answer and verify(gold, answer))


def measure(pairs: Sequence[dict[str, object]], how: Judge) -> Measured:
    """Judge all pairs, each within four seconds; what raises counts as refused."""
    right = accepts = 0
    times = []
    for pair in pairs:
        texts = {key: str(value) for key, value in pair.items()}
        start = time.process_time()
        try:
            said = bool(guarded(lambda texts=texts: how(texts), _LIMIT))
        except Exception:  # noqa: BLE001 - a peer may fail in any way
            said = False
        times.append((time.process_time() - start) * 1000)
        right += said == pair["equal"]
        accepts += said and not pair["equal"]
    return Measured(right / len(pairs), accepts, sorted(times))


def load(name: str) -> list[dict[str, object]]:
    """The pairs of one set."""
    return [json.loads(line) for line in (HERE / SETS[name]).read_text(encoding="utf-8").splitlines()]


def rows(data: Path, quick: bool) -> list[Row]:
    """Rightness and times on all sets, peers on the second, simple pairs a second."""
    del data
    judge("x^2+y^2+1", "x^2+y^2+1", form="factored")
    sets = {name: load(name) for name in SETS}
    found = [row for name, pairs in sets.items() for row in _set_rows(name, pairs)]
    peers = sets["second"][: 20 if quick else PEER_PAIRS]
    for name, how in (("math-verify", math_verify), ("plain sympy", plain_sympy)):
        done = measure(peers, how)
        found.append(Row("maths", f"{name} on {len(peers)} of the second pairs: right", done.right))
        found.append(Row("maths", f"{name}: false accepts", done.false_accepts))
        found.append(Row("maths", f"{name}: p50, ms of processor", statistics.median(done.times)))
    return [*found, _simple([pair for pairs in sets.values() for pair in pairs])]


def _set_rows(name: str, pairs: Sequence[dict[str, object]]) -> list[Row]:
    done = measure(pairs, ours)
    title = f"{len(pairs)} pairs ({name})"
    return [
        Row("maths", f"{title}: right", done.right, None, 0.97),
        Row("maths", f"{title}: false accepts", done.false_accepts, None, 0.0, higher_is_better=False),
        Row("maths", f"{title}: p50, ms of processor", done.quantile(0.5), None, 2.0, higher_is_better=False),
        Row(
            "maths",
            f"{title}: p99, ms of processor",
            done.quantile(0.99),
            None,
            200.0,
            higher_is_better=False,
        ),
    ]


def _simple(pairs: Sequence[dict[str, object]]) -> Row:
    """Every simple pair once, nothing remembered from before."""
    simple = [pair for pair in pairs if pair.get("kind") in SIMPLE and not pair.get("form")]
    _forget()
    start = time.process_time()
    for pair in simple:
        judge(str(pair["student"]), str(pair["reference"]))
    rate = len(simple) / (time.process_time() - start)
    return Row("maths", f"{len(simple)} simple pairs, a second on one core", rate, None, 1000.0)


def _forget() -> None:
    from zhiwei.engines.maths.judge import _read

    _read.cache_clear()
