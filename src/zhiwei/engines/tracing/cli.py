"""``zhiwei trace``: a probability for every response of a log, made before learning from it."""

from __future__ import annotations

import argparse
import csv
import itertools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from zhiwei.engines.tracing.blend import Tracer
from zhiwei.engines.tracing.errors import TraceError
from zhiwei.engines.tracing.log import Block
from zhiwei.engines.tracing.qmatrix import read_qmatrix
from zhiwei.engines.tracing.reading import LogReader, RawBlock, Vocabulary

_NAMED_AT_MOST = 20


def main(argv: Sequence[str]) -> int:
    """Predict a log; returns 0, or 2 when a file cannot be used (told in one sentence)."""
    parser = argparse.ArgumentParser(prog="zhiwei trace", description=__doc__)
    parser.add_argument("responses", type=Path, help="user_id,item_id,correct[,timestamp][,skills]")
    parser.add_argument("--train", type=Path, help="responses of other pupils to learn from first")
    parser.add_argument("--qmatrix", type=Path, help="item → skills: sparse .npz or CSV")
    parser.add_argument("--predict", type=Path, required=True, help="where to write the probabilities")
    chosen = parser.parse_args(argv)
    try:
        return _trace(chosen.responses, chosen.train, chosen.qmatrix, chosen.predict)
    except (TraceError, OSError) as error:
        print(f"zhiwei trace: {error}", file=sys.stderr)
        return 2


def _trace(responses: Path, train: Path | None, qmatrix: Path | None, out: Path) -> int:
    vocabulary = Vocabulary(read_qmatrix(qmatrix) if qmatrix else None)
    reader = LogReader(responses, vocabulary)
    tracer = Tracer()
    if train:
        _learn(tracer, LogReader(train, vocabulary))
    return _write(tracer, reader, out)


def _learn(tracer: Tracer, reader: LogReader) -> None:
    """Read a training log whole (as codes, 40 bytes a row) and learn from it."""
    blocks, broken = [], []
    for raw in reader.blocks(itertools.repeat(50_000)):
        blocks.append(raw.block)
        broken.extend(raw.broken[:_NAMED_AT_MOST])
    _name(reader.path, broken)
    if not blocks:
        raise TraceError(f"{reader.path}: no rows under the header")
    whole = Block(*(np.concatenate([getattr(b, name) for b in blocks]) for name in Block.__slots__))
    tracer.train(whole, reader.vocabulary.structure())
    reader.vocabulary.users.clear()


def _write(tracer: Tracer, reader: LogReader, out: Path) -> int:
    rows, broken = 0, []
    with out.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow([*reader.header, "probability"])
        for raw in reader.blocks(_sizes(tracer)):
            broken.extend(raw.broken)
            rows += len(raw.rows)
            writer.writerows(_with_probabilities(tracer, reader, raw))
    _name(reader.path, broken)
    if rows and len(broken) == rows:
        raise TraceError(f"{reader.path}: every row is broken; first: row {broken[0][0]}: {broken[0][1]}")
    return 0


def _sizes(tracer: Tracer) -> Iterator[int]:
    while True:
        yield tracer.next_size()


def _with_probabilities(tracer: Tracer, reader: LogReader, raw: RawBlock) -> Iterator[list[str]]:
    chances = tracer.predict(raw.block, reader.vocabulary.structure())
    for row, chance in zip(raw.rows, chances.tolist(), strict=True):
        width = reader.columns.count
        yield [*row[:width], *[""] * (width - len(row)), f"{chance:.6f}"]


def _name(path: Path, broken: list[tuple[int, str]]) -> None:
    for row, reason in broken[:_NAMED_AT_MOST]:
        print(f"zhiwei trace: {path}: row {row}: {reason}; not learned from", file=sys.stderr)
    if len(broken) > _NAMED_AT_MOST:
        print(f"zhiwei trace: {path}: {len(broken) - _NAMED_AT_MOST} more broken rows", file=sys.stderr)
