"""Mathematical equality beside math-verify and plain sympy on the same pairs; steps of word problems,
cross-validated."""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from zhiwei.engines.maths import check_prose, judge

ROOT = Path(__file__).resolve().parents[1]
PAIRS = ROOT / "benchmarks" / "data" / "maths_pairs.jsonl"
SHARED = Path(os.environ.get("ZHIWEI_SHARED_DATA", ROOT.parent / "shared" / "data"))
STEPS = Path("maths_steps/verify_then_generate_dev.json")
Pair = dict[str, str]
Judge = Callable[[Pair], bool]


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
    """The math-verify package, when installed."""
    from math_verify import parse, verify

    gold, answer = (parse(f"${pair[key]}$") for key in ("reference", "student"))
    return bool(gold and answer and verify(gold, answer))


def measure(pairs: Sequence[dict[str, object]], how: Judge) -> dict[str, float]:
    """Right answers, false accepts and times in milliseconds."""
    from zhiwei.engines.maths.guard import guarded

    right = accepts = 0
    times = []
    for pair in pairs:
        texts = {key: str(value) for key, value in pair.items()}
        start = time.perf_counter()
        try:
            said = bool(guarded(lambda texts=texts: how(texts), 4.0))
        except Exception:  # noqa: BLE001 - a peer may fail in any way
            said = False
        times.append((time.perf_counter() - start) * 1000)
        right += said == pair["equal"]
        accepts += said and not pair["equal"]
    times.sort()
    return {"n": len(pairs), "right": right / len(pairs), "false_accepts": accepts, "p50_ms": statistics.median(times),
            "p99_ms": times[int(len(times) * 0.99) - 1], "per_s": 1000 * len(times) / sum(times)}  # fmt: skip


def steps() -> dict[str, float] | None:
    """First wrong step and category, five-fold, coefficients fitted on the other folds; false alarms."""
    path = SHARED / STEPS
    if not path.exists():
        return None
    from sklearn.linear_model import LogisticRegression

    from zhiwei.engines.maths.steps.evidence import describe, measure, setting
    from zhiwei.engines.maths.steps.prose import most_likely
    from zhiwei.engines.maths.steps.quantities import read_line

    rows = json.loads(path.read_text(encoding="utf-8"))
    lines = [[read_line(text) for text in row["student_incorrect_solution"]] for row in rows]
    frames = [setting(row["problem"], row["reference_solution"].split("\n")) for row in rows]
    table = [measure(one, frame) for one, frame in zip(lines, frames, strict=True)]
    wanted = [row["incorrect_index"] for row in rows]
    kinds = np.array([row["error_category"] for row in rows])
    order = np.random.default_rng(0).permutation(len(rows))
    hits, named = [], []
    for fold in range(5):
        held = order[fold::5]
        rest = np.setdiff1d(order, held)
        weights = fit([np.array(table[i]) for i in rest], [wanted[i] for i in rest]).tolist()
        found = [most_likely(one, weights) for one in table]
        features = np.array([describe(*item) for item in zip(lines, frames, found, table, strict=True)])
        model = LogisticRegression(C=0.3, max_iter=2000, fit_intercept=False).fit(features[rest], kinds[rest])
        hits += [found[i] == wanted[i] for i in held]
        named += list(model.predict(features[held]) == kinds[held])
    return {
        "first_wrong_step": float(np.mean(hits)),
        "category": float(np.mean(named)),
        "false_alarms": alarms(rows),
    }


def alarms(rows: Sequence[dict[str, str]]) -> float:
    """Share of correct solutions in which a wrong step is claimed."""
    claimed = 0
    for row in rows:
        sentences = re.split(r"(?<=[.!?])\s+", row["student_correct_response"])
        verdict = check_prose(row["problem"], row["reference_solution"].split("\n"), sentences)
        claimed += verdict.first_wrong is not None
    return claimed / len(rows)


def fit(rows: Sequence[np.ndarray], wanted: Sequence[int], strength: float = 10.0) -> np.ndarray:
    """Conditional logistic regression over the lines of each solution."""
    from scipy.optimize import minimize

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(weights)
        for features, hit in zip(rows, wanted, strict=True):
            scores = features @ weights
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            total -= float(np.log(odds[hit] + 1e-12))
            slope -= features[hit] - odds @ features
        return total + strength / 2 * float(weights @ weights), slope + strength * weights

    return np.asarray(minimize(loss, np.zeros(rows[0].shape[1]), jac=True, method="L-BFGS-B").x)


def main(argv: Sequence[str]) -> int:
    """Print one table; 3 when the shared data is absent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peers", action="store_true", help="also run math-verify and plain sympy (slow)")
    words = parser.parse_args(list(argv))
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    halves = {"first half": [], "second half": []}
    for pair in pairs:
        halves["first half" if zlib.crc32(pair["id"].encode()) % 2 else "second half"].append(pair)
    judge("x^2+y^2+1", "x^2+y^2+1", form="factored")
    result: dict[str, object] = {f"zhiwei, {name}": measure(half, ours) for name, half in halves.items()}
    if words.peers:
        result |= {"math-verify": measure(pairs, math_verify), "plain sympy": measure(pairs, plain_sympy)}
    found = steps()
    result["steps"] = found
    print(
        json.dumps(result)
        if words.json
        else "\n".join(f"{name:<24}{_row(row)}" for name, row in result.items())
    )
    if found is None:
        print(
            f"{STEPS} is absent: put the shared data beside the repository or set ZHIWEI_SHARED_DATA",
            file=sys.stderr,
        )
        return 3
    return 0


def _row(row: object) -> str:
    return (
        "  ".join(f"{key} {value:.4g}" for key, value in row.items()) if isinstance(row, dict) else str(row)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
