"""Two thousand pupils saving every five seconds: a real server, real requests over loopback, nothing lost.

    zhiwei bench homework_load [--pupils 2000] [--seconds 40] [--json]

A throwaway school is founded, the web server is started as ``zhiwei start`` does, and every pupil holds a
connection and saves one changed answer each five seconds. A sample of pupils also opens the sheet and hands it in
through all pages. In the end every acknowledged answer is looked for in the database.

"Takers per core" is how many savers' worth of processor time a core has: five seconds by the processor time that
server and database (opened sheets included) took a save, so that it does not depend on what else the machine is
doing; the load's own time is not counted. Keep a core a third idle for answers within a second. For comparison,
published figures of autosaving assessment on other platforms are 125 to 188 (Moodle) and 238 (Open edX).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load_line import Line, processor_seconds, wait_for
from benchmarks.load_school import Taker, found_school

EVERY_S = 5.0
SAMPLE = 60
LONGEST_S = 60


@dataclass
class Tally:
    """What was seen from outside."""

    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    opened: list[float] = field(default_factory=list)
    handed_in: list[float] = field(default_factory=list)


def main(argv: Sequence[str]) -> int:
    """Run the load and print one table."""
    parser = argparse.ArgumentParser(
        prog="zhiwei bench homework_load", description="pupils saving all at once"
    )
    parser.add_argument("--pupils", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--workers", type=int, default=1, help="web processes")
    parser.add_argument("--port", type=int, default=8192)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    chosen.seconds = min(chosen.seconds, LONGEST_S)
    with tempfile.TemporaryDirectory(prefix="zhiwei-load-") as folder:
        Path(folder).chmod(0o711)
        _environment(folder, chosen.port, chosen.workers)
        from zhiwei.config.commands import boot

        with boot.ready() as place:
            found = _run(chosen, place.database)
    print(json.dumps(found) if chosen.json else _table(found))
    return 0 if found["lost"] == 0 and found["errors"] == 0 else 1


def _environment(folder: str, port: int, workers: int) -> None:
    os.environ |= {
        "ZHIWEI_DATA": folder,
        "ZHIWEI_PORT": str(port),
        "ZHIWEI_WEB_WORKERS": str(workers),
        "OMP_NUM_THREADS": "1",
    }
    os.environ.pop("ZHIWEI_DATABASE_URL", None)


def _run(chosen: argparse.Namespace, database: Path) -> dict[str, float]:
    from zhiwei.config.commands import boot, supervise

    takers = found_school(chosen.pupils)
    server = subprocess.Popen(supervise.web_command(), env=boot.child_environment())
    try:
        wait_for(chosen.port)
        roots = [server.pid, int((database / "postmaster.pid").read_text().split()[0])]
        before, began = processor_seconds(roots), time.monotonic()
        tally = asyncio.run(_load(takers, chosen.port, chosen.seconds))
        used, took = processor_seconds(roots) - before, time.monotonic() - began
        finished = asyncio.run(_hand_in_some(takers[:SAMPLE], chosen.port, tally))
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
    lost = _lost(takers)
    cores = used / took
    return {
        "pupils": chosen.pupils,
        "seconds": round(took, 1),
        "saves": len(tally.latencies),
        "p50_ms": _share(tally.latencies, 0.50),
        "p95_ms": _share(tally.latencies, 0.95),
        "p99_ms": _share(tally.latencies, 0.99),
        "errors": tally.errors,
        "lost": lost,
        "cpu_ms_per_save": round(1000 * used / max(len(tally.latencies), 1), 2),
        "cores_used": round(cores, 2),
        "takers_per_core": round(EVERY_S * len(tally.latencies) / used),
        "open_p95_ms": _share(tally.opened, 0.95),
        "hand_in_p95_ms": _share(tally.handed_in, 0.95),
        "handed_in": finished,
    }


async def _load(takers: list[Taker], port: int, seconds: float) -> Tally:
    tally, draw = Tally(), random.Random(1)
    end = time.monotonic() + seconds
    tasks = [_save_for(one, port, end, draw.random() * EVERY_S, tally) for one in takers]
    tasks += [_open(one, port, draw.random() * seconds * 0.8, tally) for one in takers[:SAMPLE]]
    await asyncio.gather(*tasks)
    return tally


async def _save_for(taker: Taker, port: int, end: float, wait: float, tally: Tally) -> None:
    line = Line(port)
    await asyncio.sleep(wait)
    while time.monotonic() < end:
        began = time.monotonic()
        await _save(taker, line, tally)
        await asyncio.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))
    line.close()


async def _save(taker: Taker, line: Line, tally: Tally) -> None:
    taker.sequence += 1
    item = taker.items[taker.sequence % len(taker.items)]
    text = f"第 {taker.sequence} 次修改：因为两边同时除以二，所以等式仍然成立。" * 3
    answer = {"item": item, "value": {"text": text}, "sequence": taker.sequence, "base": 0}
    body = json.dumps(
        {"ticket": taker.ticket, "device": "load", "answers": [answer]}, ensure_ascii=False
    ).encode()
    began = time.monotonic()
    try:
        status, told = await line.ask("POST", "/assessment/sittings/save/", taker.cookie, body)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        status, told = 0, b""
    tally.latencies.append(time.monotonic() - began)
    if status == 200 and json.loads(told)["saved"][0]["sequence"] == taker.sequence:
        taker.acknowledged[item] = text
    else:
        tally.errors += 1


async def _open(taker: Taker, port: int, wait: float, tally: Tally) -> None:
    await asyncio.sleep(wait)
    line, began = Line(port), time.monotonic()
    try:
        status, page = await line.ask("GET", f"/assessment/sittings/{taker.sitting}/", taker.cookie)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        status, page = 0, b""
    tally.opened.append(time.monotonic() - began)
    tally.errors += status != 200 or "data-question" not in page.decode()
    line.close()


async def _hand_in_some(takers: list[Taker], port: int, tally: Tally) -> int:
    secret = "a" * 32
    done = 0
    for one in takers:
        line, began = Line(port), time.monotonic()
        cookie = f"{one.cookie}; csrftoken={secret}"
        status, _page = await line.ask(
            "POST", f"/assessment/sittings/{one.sitting}/hand-in/", cookie, b"", f"X-CSRFToken: {secret}\r\n"
        )
        tally.handed_in.append(time.monotonic() - began)
        done += status == 302
        line.close()
    tally.errors += len(takers) - done
    return done


def _lost(takers: list[Taker]) -> int:
    """Count acknowledged answers that the database does not hold, or holds otherwise."""
    from zhiwei.assessment.models import Response
    from zhiwei.kernel import scope

    with scope.everywhere("look for every acknowledged answer"):
        rows = Response.objects.values_list("sitting__uuid", "item__uuid", "value")
        held = {(str(sitting), str(item)): value.get("text") for sitting, item, value in rows.iterator()}
    return sum(
        held.get((one.sitting, item)) != text for one in takers for item, text in one.acknowledged.items()
    )


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return round(1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)], 1)


def _table(found: dict[str, float]) -> str:
    return "\n".join(f"{name:>16}  {value:,}" for name, value in found.items())


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
