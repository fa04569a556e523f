"""Learner engines: held-out accuracy, speed, and peers where they are installed, in one run.

``python -m benchmarks.learner [--json] [--only trace,irt,cat,small]``. The response log is read from
``../shared/data/responses/assistments09`` (or ``ZHIWEI_SHARED_DATA``); peers are in requirements/bench.in.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

Row = tuple[str, str, str]
ROOT = Path(os.environ.get("ZHIWEI_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def _cpu(run: Callable[[], object], times: int = 3) -> float:
    """Return the least processor time of several runs, in seconds."""
    spent = []
    for _ in range(times):
        begin = time.process_time()
        run()
        spent.append(time.process_time() - begin)
    return min(spent)


def _auc(chance: np.ndarray, right: np.ndarray) -> float:
    from scipy.stats import rankdata

    ranks, ones = rankdata(chance), int(right.sum())
    return float((ranks[right == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(right) - ones)))


def _calibration_error(chance: np.ndarray, right: np.ndarray) -> float:
    tenth = np.minimum((chance * 10).astype(int), 9)
    gaps = [
        abs(chance[tenth == k].mean() - right[tenth == k].mean()) * np.mean(tenth == k) for k in set(tenth)
    ]
    return float(sum(gaps))


def trace() -> Iterator[Row]:
    """Accuracy on the given split, with and without a training log; the online filter alone as the peer."""
    from zhiwei.engines.tracing.cli import main as command

    folder = ROOT / "responses" / "assistments09"
    test, train = (str(folder / f"preprocessed_data_{part}.csv") for part in ("test", "train"))
    taught = ["--train", train, "--qmatrix", str(folder / "q_mat.npz")]
    with tempfile.TemporaryDirectory() as made:
        out = Path(made) / "out.csv"
        for name, more in (("with training log", taught), ("online alone", [])):
            begin = time.perf_counter()
            command([test, "--predict", str(out), *more])
            spent = time.perf_counter() - begin
            with out.open(encoding="utf-8") as lines:
                rows = [(float(r["probability"]), float(r["correct"])) for r in csv.DictReader(lines)]
            chance, right = np.array(rows).T
            told = f"AUC {_auc(chance, right):.4f}  calibration error {_calibration_error(chance, right):.4f}"
            yield f"ASSISTments 2009, {name}", told, f"aim .78 / .02; {spent:.1f} s"
    yield from _filter_alone(Path(test), Path(train), folder / "q_mat.npz")


def _filter_alone(test: Path, train: Path, qmatrix: Path) -> Iterator[Row]:
    from zhiwei.engines.tracing.layout import TracingSettings
    from zhiwei.engines.tracing.log import run_block
    from zhiwei.engines.tracing.qmatrix import read_qmatrix
    from zhiwei.engines.tracing.reading import LogReader, Vocabulary
    from zhiwei.engines.tracing.tables import Tables

    words = Vocabulary(read_qmatrix(qmatrix))
    blocks = [next(iter(LogReader(p, words).blocks(iter([10**7, 1])))).block for p in (train, test)]
    shape, tables = words.structure(), Tables(TracingSettings())
    run_block(tables, shape, blocks[0], features=False)
    logit = run_block(tables.forget_pupils(), shape, blocks[1], features=False)[:, 0]
    yield "  online filter alone", f"AUC {_auc(logit, blocks[1].score):.4f}", "multi-level Elo .7657"
    spent = _cpu(lambda: run_block(Tables(TracingSettings()), shape, blocks[0], features=False))
    yield "tracing throughput, full state", f"{len(blocks[0]) / spent / 1e6:.2f} M/s", "aim 2 M/s"


def irt() -> Iterator[Row]:
    """Two-parameter calibration beside girth."""
    from zhiwei.engines.psychometrics import Model, calibrate, items_2pl, probabilities

    for persons, count, aim in ((5_000, 50, ".24 s"), (100_000, 100, "10 s")):
        rng = np.random.default_rng(count)
        truth = items_2pl(rng.lognormal(0, 0.3, count), rng.normal(0, 1, count))
        theta = rng.normal(size=persons)
        chance = np.concatenate([probabilities(truth, part)[:, :, 1].T for part in np.array_split(theta, 20)])
        scores = (rng.random(chance.shape) < chance).astype(np.int16)
        spent = _cpu(lambda scores=scores: calibrate(scores, Model.TWO), 3 if persons < 10_000 else 1)  # type: ignore[misc]
        found = calibrate(scores, Model.TWO).items
        told = _recovery(found.slope, found.difficulty[:, 0], truth.slope, truth.difficulty[:, 0])
        yield f"2PL {persons:,} × {count}", f"{spent:.3f} s CPU  {told}", f"aim {aim}"
        if persons < 10_000:
            yield from _girth(scores, truth.slope, truth.difficulty[:, 0])


def _recovery(a: np.ndarray, b: np.ndarray, slope: np.ndarray, difficulty: np.ndarray) -> str:
    return f"RMSE a {np.sqrt(np.mean((a - slope) ** 2)):.4f} b {np.sqrt(np.mean((b - difficulty) ** 2)):.4f}"


def _girth(scores: np.ndarray, slope: np.ndarray, difficulty: np.ndarray) -> Iterator[Row]:
    try:
        from girth import twopl_mml  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        yield "  girth", "not installed", "requirements/bench.in"
        return
    begin = time.process_time()
    told = twopl_mml(scores.T.astype(int))
    spent = time.process_time() - begin
    accuracy = _recovery(told["Discrimination"], told["Difficulty"], slope, difficulty)
    yield "  girth, same data", f"{spent:.3f} s CPU  {accuracy}", "peer"


def cat() -> Iterator[Row]:
    """Adaptive tests of 20 items from a bank of 300, beside catsim."""
    from zhiwei.engines.adaptive import CatSettings, prepare, simulate
    from zhiwei.engines.psychometrics import items_2pl

    rng = np.random.default_rng(1)
    a, b, theta = rng.lognormal(0, 0.25, 300), rng.normal(0, 1, 300), rng.normal(size=1000)
    items = items_2pl(a, b)
    spent = _cpu(lambda: simulate(prepare(items), theta, CatSettings(20), np.random.default_rng(2)), 5)
    found = simulate(prepare(items), theta, CatSettings(20), np.random.default_rng(2)).theta
    error = np.sqrt(np.mean((found - theta) ** 2))
    yield "adaptive test, 1,000 × 20, bank 300", f"{spent:.3f} s CPU  RMSE {error:.3f}", "aim .05 s"
    try:
        from catsim.estimation import NumericalSearchEstimator  # type: ignore[import-not-found, unused-ignore]
        from catsim.initialization import FixedPointInitializer  # type: ignore[import-not-found, unused-ignore]
        from catsim.selection import MaxInfoSelector  # type: ignore[import-not-found, unused-ignore]
        from catsim.simulation import Simulator  # type: ignore[import-not-found, unused-ignore]
        from catsim.stopping import TestLengthStopper  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        yield "  catsim", "not installed", "requirements/bench.in"
        return
    bank = np.stack([a, b, np.zeros(300), np.ones(300)], axis=1)
    peer = Simulator(
        bank,
        theta,
        FixedPointInitializer(0),
        MaxInfoSelector(),
        NumericalSearchEstimator(),
        TestLengthStopper(max_items=20),
    )
    begin = time.process_time()
    peer.simulate(verbose=False)
    spent = time.process_time() - begin
    error = np.sqrt(np.mean((np.array(peer.latest_estimations) - theta) ** 2))
    yield "  catsim, same bank", f"{spent:.3f} s CPU  RMSE {error:.3f}", "peer"


def small() -> Iterator[Row]:
    """What a page waits for: one response, one pupil, one class, one path."""
    from zhiwei.engines.paths import Graph, plan_path
    from zhiwei.engines.practice import Bank, Constraints, PupilView, Tier, practice_set
    from zhiwei.engines.tracing import Observation, TracingState, rebuild_pupil

    rng = np.random.default_rng(3)
    state = TracingState()
    spent = _cpu(lambda: [state.observe("u", f"i{n}", ["p"], 1.0, float(n)) for n in range(1000)]) / 1000
    yield "one response in the running system", f"{spent * 1e3:.3f} ms", "aim 5 ms"
    log = [Observation("u", f"i{n % 90}", (f"p{n % 20}",), n % 2, float(n)) for n in range(200)]
    yield (
        "rebuild a pupil from 200 responses",
        f"{_cpu(lambda: rebuild_pupil(log), 7) * 1e3:.1f} ms",
        "aim 5 ms",
    )
    graph = Graph.of({f"p{n}": [f"p{k}" for k in rng.integers(0, n, min(n, 3))] for n in range(2000)})
    spent = _cpu(lambda: plan_path(graph, {}, {"p1999": 1.0, "p1998": 1.0}))
    yield "path over 2,000 points", f"{spent * 1e3:.1f} ms", "aim 100 ms"
    bank = Bank(rng.integers(0, 100, 2000), rng.integers(0, 4, 2000), rng.uniform(1, 5, 2000))
    view = PupilView(
        rng.random(2000), rng.random(100), np.zeros(100), np.full(2000, np.inf), np.ones(100, bool)
    )
    spent = _cpu(lambda: [practice_set(bank, view, Tier.RAISED, Constraints()) for _ in range(50)])
    yield "practice sets for a class of 50", f"{spent * 1e3:.1f} ms", "aim 200 ms"


def main(argv: Sequence[str]) -> int:
    """Print one table; 3 when the response log is absent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="trace,irt,cat,small")
    chosen = parser.parse_args(argv)
    parts = {"trace": trace, "irt": irt, "cat": cat, "small": small}
    wanted = [name for name in chosen.only.split(",") if name in parts]
    if "trace" in wanted and not (ROOT / "responses" / "assistments09").is_dir():
        print(
            f"no {ROOT}/responses/assistments09: put the student-level split of ASSISTments 2009 there",
            file=sys.stderr,
        )
        return 3
    rows = [row for name in wanted for row in parts[name]()]
    if chosen.json:
        print(json.dumps([dict(zip(("what", "measured", "beside"), row, strict=True)) for row in rows]))
    else:
        for what, measured, beside in rows:
            print(f"{what:<40} {measured:<46} {beside}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
