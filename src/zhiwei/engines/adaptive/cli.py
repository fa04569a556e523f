"""``zhiwei cat-simulate``: what adaptive tests over a bank would be like."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zhiwei.engines.adaptive.pool import CatSettings, Floats, Pool, prepare
from zhiwei.engines.adaptive.simulation import Simulation, control_exposure, simulate
from zhiwei.engines.psychometrics import ScoreMatrixError, read_items, write_rows

_MOST_EXAMINEES = 1_000_000
_CHUNK = 5_000


def main(argv: Sequence[str]) -> int:
    """Simulate; returns 0, or 2 when the bank or the settings cannot be used."""
    parser = argparse.ArgumentParser(prog="zhiwei cat-simulate", description=__doc__)
    parser.add_argument("params", type=Path, help="bank: a,b[,c] or a,b1,b2…; optional item, model, content")
    parser.add_argument("--examinees", type=int, default=1000)
    parser.add_argument("--length", type=int, default=20, help="most items")
    parser.add_argument("--least", type=int, default=1, help="fewest items before an early end")
    parser.add_argument("--stop-se", type=float, default=0.0, help="end at this standard error")
    parser.add_argument("--randomesque", type=int, default=1, help="choose among this many best items")
    parser.add_argument("--max-exposure", type=float, default=1.0, help="Sympson–Hetter limit")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="where to write one row an examinee")
    chosen = parser.parse_args(argv)
    try:
        return _run(chosen)
    except (ScoreMatrixError, ValueError, OSError) as error:
        print(f"zhiwei cat-simulate: {error}", file=sys.stderr)
        return 2


def _run(chosen: argparse.Namespace) -> int:
    if not 1 <= chosen.examinees <= _MOST_EXAMINEES:
        raise ValueError(f"examinees must be from 1 to {_MOST_EXAMINEES}")
    names, items, content = read_items(chosen.params)
    areas = {area: code for code, area in enumerate(dict.fromkeys(content))}
    codes = [areas[area] for area in content]
    shares = np.bincount(codes).astype(float).tolist() if len(areas) > 1 else []
    pool = prepare(items, content=codes, target=shares)
    length = min(chosen.length, len(pool))
    settings = CatSettings(length, min(chosen.least, length), chosen.stop_se, top=chosen.randomesque)
    rng = np.random.default_rng(chosen.seed)
    if chosen.max_exposure < 1.0:
        pool = control_exposure(pool, settings, chosen.max_exposure, rng)
    theta = rng.normal(size=chosen.examinees)
    parts = [simulate(pool, theta[a : a + _CHUNK], settings, rng) for a in range(0, len(theta), _CHUNK)]
    joined = (np.concatenate([getattr(p, name) for p in parts]) for name in Simulation.__slots__)
    told = Simulation(*joined)
    _summarise(pool, theta, told)
    if chosen.out:
        _write(chosen.out, names, theta, told)
    return 0


def _summarise(pool: Pool, theta: Floats, told: Simulation) -> None:
    error = told.theta - theta
    rate = told.exposure(len(pool))
    print(f"examinees {len(theta)}  bank {len(pool)}  mean length {told.lengths.mean():.2f}")
    print(
        f"RMSE {np.sqrt(np.mean(error**2)):.4f}  bias {error.mean():+.4f}"
        f"  mean SE {told.standard_error.mean():.4f}"
    )
    overlap = float(rate @ rate) / max(float(rate.sum()), 1e-9)
    print(f"exposure: highest {rate.max():.3f}, never used {np.mean(rate == 0):.1%}, overlap {overlap:.3f}")


def _write(path: Path, names: list[str], theta: Floats, told: Simulation) -> None:
    rows = (
        [n + 1, float(theta[n]), float(told.theta[n]), float(told.standard_error[n]), int(told.lengths[n]),
         " ".join(names[j] for j in told.items[n] if j >= 0)]
        for n in range(len(theta))
    )  # fmt: skip
    write_rows(path, ["examinee", "true_theta", "theta", "se", "length", "items"], rows)
