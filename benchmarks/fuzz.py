"""``bench fuzz``: our parsers under inputs mutated from good ones; anything but an answer or a refusal is a finding.

Mutations: bytes flipped, cut, doubled, spliced from another seed, and words of the formats put in. Deterministic for
a seed. Findings are written to a folder, to be kept as tests beside the parser.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples" / "exchange"
SECONDS_EACH = 10
LONGEST = 20_000
WORDS = (
    b"{",
    b"}",
    b"=",
    b"~",
    b"%50%",
    b"->",
    b"\\frac",
    b"\\sqrt{",
    b"^",
    b"(",
    b")",
    b"ANSWER: A",
    b"A. ",
    b"\n\n",
    b"<",
    b"/>",
    b"<item>",
    b"&lt;",
    b"<![CDATA[",
    b"1e999",
    b"-",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    "，".encode(),
    "学号".encode(),
    b"11010519491231002X",
    b"13800001111",
    b"NaN",
    b'"',
    b",",
    b"::",
    b"#",
    b"//",
    b"[html]",
    b"0x",
    b"9" * 40,
)
Target = Callable[[bytes], None]


@dataclass
class Figures:
    """What one target went through."""

    target: str
    tries: int = 0
    refused: int = 0
    findings: list[str] = field(default_factory=list)


class RefusedInputError(Exception):
    """The parser said in its own words that it does not take this."""


class TooSlowError(Exception):
    """The parser took longer than it may."""


def main(argv: Sequence[str]) -> int:
    """Fuzz each parser for a while; exit 1 on any finding."""
    parser = argparse.ArgumentParser(prog="bench fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="for each parser")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for inputs that broke a parser")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--guided", action="store_true", help="by coverage, with atheris (Linux)")
    arguments = parser.parse_args(argv)
    if arguments.guided:
        return _guided(arguments)
    rows = [_fuzz(name, target, seeds, arguments) for name, (target, seeds) in _targets().items()]
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows]))
    else:
        for row in rows:
            print(
                f"{row.target:<12}{row.tries:>8} tries {row.refused:>8} refused {len(row.findings):>4} findings"
            )
            for finding in row.findings[:5]:
                print(f"    {finding}")
    return 1 if any(row.findings for row in rows) else 0


def _guided(arguments: argparse.Namespace) -> int:
    from benchmarks.fuzz_guided import run

    if find_spec("atheris") is None:
        print(
            "bench fuzz --guided needs atheris (requirements/dev.in; wheels for Linux only)", file=sys.stderr
        )
        return 3
    with tempfile.TemporaryDirectory(prefix="zhiwei-fuzz-") as folder:
        keep = arguments.keep or Path(folder)
        rows = [run(name, int(arguments.seconds), keep / name) for name in _targets()]
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows]))
    for row in () if arguments.json else rows:
        print(f"{row.target:<12}{row.tries:>8} tries {row.covered:>8} places {len(row.findings):>4} findings")
        for finding in row.findings[:5]:
            print(f"    {finding}")
    return 1 if any(row.findings for row in rows) else 0


def _fuzz(name: str, target: Target, seeds: list[bytes], arguments: argparse.Namespace) -> Figures:
    chance = random.Random(f"{name}/{arguments.seed}")
    row, seen = Figures(name), set[str]()
    target(seeds[0])
    until = time.monotonic() + arguments.seconds
    while time.monotonic() < until:
        content = mutated(chance, seeds)
        row.tries += 1
        try:
            with _bounded():
                target(content)
        except RefusedInputError:
            row.refused += 1
        except Exception as error:  # noqa: BLE001 - any other fault is a finding
            told = f"{type(error).__name__}: {str(error)[:120]}"
            if told not in seen:
                seen.add(told)
                row.findings.append(told)
                if arguments.keep:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    (arguments.keep / f"{name}-{len(row.findings)}").write_bytes(content)
    return row


def mutated(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Return a seed after one to six mutations, at most 20,000 bytes."""
    content = bytearray(chance.choice(seeds))
    for _turn in range(chance.randint(1, 6)):
        at = chance.randint(0, len(content))
        end = min(len(content), at + chance.randint(1, 40))
        way = chance.randrange(6)
        if way == 0 and content:
            content[at % len(content)] ^= 1 << chance.randrange(8)
        elif way == 1:
            del content[at:end]
        elif way == 2:
            content[at:at] = content[at:end] * chance.randint(1, 30)
        elif way == 3:
            other = chance.choice(seeds)
            start = chance.randint(0, len(other))
            content[at:end] = other[start : start + chance.randint(1, 200)]
        else:
            content[at:at] = chance.choice(WORDS) * chance.choice((1, 1, 1, 2, 50))
    return bytes(content[:LONGEST])


@contextmanager
def _bounded() -> Iterator[None]:
    def ring(signum: int, frame: object) -> None:
        raise TooSlowError(f"longer than {SECONDS_EACH} s")

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS_EACH)
    try:
        yield
    finally:
        signal.alarm(0)


def _targets() -> dict[str, tuple[Target, list[bytes]]]:
    files = [path.read_bytes() for path in sorted(SAMPLES.iterdir()) if path.stat().st_size < LONGEST]
    roster = "学号,姓名,班级,性别,监护人,手机\n20230101,王小明,八1班,男,王大明,13800001111\n".encode()
    texts = [
        "我叫王小明，学号20230101，手机13800001111，家住青溪县人民路1号，身份证11010519491231002X。".encode()
    ]
    formulas = [
        b"x^2+2x+1",
        b"\\frac{1}{2}+\\sqrt{3}",
        b"(a+b)(a-b)",
        b"3/4 m",
        b"x>=2 or x<-1",
        b"{1,2,3}",
        b"2.5e3",
    ]
    return {
        "questions": (_questions, files),
        "roster": (_roster, [roster, roster.decode().encode("gb18030")]),
        "deidentify": (_deidentify, texts),
        "maths": (_maths, formulas),
    }


def _questions(content: bytes) -> None:
    from zhiwei.engines.exchange import ExchangeError, read_questions

    try:
        read_questions("x.txt", content)
    except ExchangeError as error:
        raise RefusedInputError from error


def _roster(content: bytes) -> None:
    import io
    from datetime import date

    from zhiwei.engines.rosters import UnusableRosterError, open_roster

    try:
        list(open_roster(io.BytesIO(content), name="x.csv", today=date(2026, 9, 1)).lines())
    except UnusableRosterError as error:
        raise RefusedInputError from error


def _deidentify(content: bytes) -> None:
    from zhiwei.engines.privacy import build_roster, detect

    detect(content.decode("utf-8", errors="replace"), build_roster(["王小明", "李华"]))


def _maths(content: bytes) -> None:
    from zhiwei.engines.judging import ItemError, Response, grader_for, item_from_json

    text = content.decode("utf-8", errors="replace")
    item = {"type": "expression", "max_score": 2, "reference_answers": ["x^2+2x+1"], "stem": "化简"}
    try:
        grader_for(item_from_json(item)).judge(Response("1", text=text[:2000]))
    except ItemError as error:
        raise RefusedInputError from error
