"""``zhiwei judge``: judge the responses of a file to the item of another, one line each."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from .calibrated import risk_of
from .errors import ItemError
from .protocol import Grader, grader_for
from .records import read_item, read_marked, read_responses
from .values import Judgement, Response
from .writing import judgement_to_json

if TYPE_CHECKING:
    from .confidence import RiskPoint

BATCH = 2_000


def main(argv: Sequence[str]) -> int:
    """Judge and print; 0 when all is judged, 2 when the input is wrong (one sentence on standard error)."""
    options = _parser().parse_args(argv)
    try:
        item = read_item(options.item)
        marked = read_marked(options.marked, item) if options.marked else []
        if options.risk:
            _print_risk(risk_of(item, marked, seed=options.seed))
        grader = grader_for(item, marked, seed=options.seed, tolerated_error=options.tolerated_error)
        as_json = options.json or not sys.stdout.isatty()
        for judged in _judged(grader, read_responses(options.responses)):
            print(_json_line(judged) if as_json else _plain_line(judged))
    except ItemError as error:
        print(f"zhiwei judge: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhiwei judge", description="Judge responses to an item.")
    parser.add_argument("item", type=Path, metavar="ITEM.json", help="the item (docs/item-format.md)")
    parser.add_argument(
        "responses", type=Path, metavar="RESPONSES.jsonl", help='lines of {"id", "text"|"value"|"steps"}'
    )
    parser.add_argument(
        "--marked", type=Path, metavar="MARKED.jsonl", help='responses with "score", to learn from'
    )
    parser.add_argument(
        "--json", action="store_true", help="JSON lines (always so when not printing to a terminal)"
    )
    parser.add_argument(
        "--tolerated-error",
        type=float,
        metavar="SHARE",
        help="defer what is less sure than this allows, e.g. 0.05",
    )
    parser.add_argument(
        "--risk",
        action="store_true",
        help="first print, to standard error, what releasing without a person would risk (needs --marked)",
    )
    parser.add_argument("--seed", type=int, default=0, help="makes what is drawn at random repeatable")
    return parser


def _print_risk(table: Sequence[RiskPoint]) -> None:
    """At most ten lines: from which confidence how many would be released, and how many of them wrongly."""
    print("confidence  released  coverage  error  at most (90 %)", file=sys.stderr)
    step = max(1, len(table) // 9)
    for point in [*table[step - 1 : -1 : step], *table[-1:]]:
        print(
            f"{point.threshold:10.3f}  {point.released:8d}  {point.coverage:8.3f}  {point.error_rate:5.3f}  "
            f"{point.at_most:.3f}",
            file=sys.stderr,
        )


def _judged(grader: Grader, responses: Iterable[Response]) -> Iterator[Judgement]:
    rest = iter(responses)
    while batch := list(islice(rest, BATCH)):
        yield from grader.judge_many(batch)


def _json_line(judged: Judgement) -> str:
    shape = judgement_to_json(judged)
    line = json.dumps(shape, ensure_ascii=False)
    return line if line.isprintable() or _encodable(line) else json.dumps(shape)


def _encodable(line: str) -> bool:
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _plain_line(judged: Judgement) -> str:
    marks = " ".join(["defer"] * judged.defer + sorted(judged.flags))
    why = " ".join(f"{reason.zh} {reason.en}" for reason in judged.reasons)
    mark = f"{judged.score:g}/{judged.max_score:g}\t{judged.confidence:.2f}"
    line = f"{judged.response_id}\t{mark}\t{marks}\t{why}"
    return "".join(c if c.isprintable() or c == "\t" else "�" for c in line)
