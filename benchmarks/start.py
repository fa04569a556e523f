"""Start: seconds from ``./zhiwei start`` on an existing data folder to the first page, and the installed size.

``zhiwei bench start [--json] [--times 3]``. The size is the sum of the files that the default requirements
(``requirements/base.lock``) have installed in this environment.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
AIM_SECONDS, AIM_MB = 5.0, 1200.0


def main(argv: Sequence[str]) -> int:
    """Measure and print; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="zhiwei bench start")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args(argv)
    seconds = starts(given.times)
    sizes = installed()
    total = sum(sizes.values())
    heavy = sorted(sizes.items(), key=lambda one: -one[1])[:12]
    if given.json:
        print(json.dumps({"seconds": seconds, "installed_mb": round(total, 1), "heavy": dict(heavy)}))
    else:
        print(f"{'to first page, s':<28}{statistics.median(seconds):8.2f}   aim < {AIM_SECONDS:g}"
              f"   (runs: {', '.join(f'{one:.2f}' for one in seconds)})")  # fmt: skip
        print(f"{'installed, MB':<28}{total:8.0f}   aim < {AIM_MB:g}")
        for name, size in heavy:
            print(f"  {name:<26}{size:8.0f}")
    return 0 if statistics.median(seconds) < AIM_SECONDS and total < AIM_MB else 1


def starts(times: int) -> list[float]:
    """Return the seconds of each start on a data folder that was started once before."""
    folder = Path(tempfile.mkdtemp(prefix="zhiwei-start-"))
    folder.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "ZHIWEI_DATA": str(folder), "ZHIWEI_PORT": str(port), "ZHIWEI_VENV": sys.prefix,
    }  # fmt: skip
    environment.pop("ZHIWEI_DATABASE_URL", None)
    try:
        once(environment, port)
        return [once(environment, port) for _ in range(times)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def once(environment: dict[str, str], port: int) -> float:
    """Start, wait for the sign-in page, stop; return the seconds to the page."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "zhiwei", "start"]
    process = subprocess.Popen(command, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT / "src")},
                               stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        while time.perf_counter() - began < 120:
            try:
                with urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=10) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - began
            except (URLError, ConnectionError, TimeoutError):
                if process.poll() is not None:
                    raise SystemExit(f"start ended with {process.returncode}") from None
                time.sleep(0.03)
        raise SystemExit("no page after 120 s")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def installed() -> dict[str, float]:
    """Return the megabytes on disk of each package of the default requirements that is installed here."""
    names = re.findall(
        r"^([A-Za-z0-9_.\-]+)(?:\[[^]]*\])?==", (ROOT / "requirements/base.lock").read_text(), re.M
    )
    sizes: dict[str, float] = {}
    for name in names:
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue
        paths = [Path(str(one.locate())) for one in files]
        sizes[name] = sum(path.stat().st_size for path in paths if path.is_file()) / 1e6
    return sizes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
