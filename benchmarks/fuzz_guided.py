"""One parser under atheris (libFuzzer): inputs grow towards code not reached before. Run by ``bench fuzz --guided``."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARSERS = ("zhiwei.engines",)


@dataclass(frozen=True)
class Guided:
    """What one parser went through: inputs run, places of the code reached, what broke it."""

    target: str
    tries: int
    covered: int
    findings: list[str]


def run(target: str, seconds: int, folder: Path) -> Guided:
    """Fuzz one parser in a process of its own; what breaks it stays in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "benchmarks.fuzz_guided",
        target,
        str(seconds),
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=ROOT, check=False)
    told = done.stderr + done.stdout
    tries = re.findall(r"number_of_executed_units:\s*(\d+)", told) or re.findall(r"#(\d+)\t", told)
    covered = re.findall(r"cov: (\d+)", told)
    findings = [f"{path.name} ({path.stat().st_size} bytes)" for path in sorted(folder.glob("found-*"))]
    if done.returncode and not findings:
        findings = [f"exit {done.returncode}: {told.strip()[-300:]}"]
    return Guided(target, int(tries[-1]) if tries else 0, int(covered[-1]) if covered else 0, findings)


def main(argv: Sequence[str]) -> int:
    """Fuzz in this process until the time is up (libFuzzer ends the process)."""
    import atheris

    target, seconds, folder = argv[0], int(argv[1]), Path(argv[2])
    with atheris.instrument_imports(include=list(PARSERS), enable_loader_override=False):
        from benchmarks.fuzz import RefusedInputError, _targets

        parse, seeds = _targets()[target]
        parse(seeds[0])
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)

    def once(content: bytes) -> None:
        try:
            parse(content)
        except RefusedInputError:
            return

    words = [f"-max_total_time={seconds}", "-max_len=20000", "-timeout=10", "-print_final_stats=1"]
    atheris.Setup(["fuzz", str(corpus), *words, f"-artifact_prefix={folder}/found-"], once)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
