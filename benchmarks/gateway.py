"""What the gateway adds to a call, and whether its books are exact when processes are killed.

    zhiwei bench gateway [--calls 3000] [--kill-calls 1000] [--peer-python PY] [--install-peer] [--json]

A throwaway school gets a model whose server does nothing (``gateway_upstream.py``). The same requests go straight to
it and through the gateway (its own process, as ``zhiwei start`` runs it): the difference is what the gateway adds.
Every request carries another prompt, so that nothing found in an earlier one helps. Then as many calls as asked for
are under way at the same instant while the gateway is killed again and again (``gateway_kills.py``). LiteLLM's proxy
stands before the same server in the same run when it is there (``gateway_peer.py``).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import gateway_kills, gateway_peer
from benchmarks.gateway_added import added, measure, through_gateway
from benchmarks.gateway_school import found_school, use_folder
from benchmarks.gateway_servers import null_upstream, stop

EXACT = ("lost", "doubled", "still_held", "wrong_micro_yuan")


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; exit 1 when the books are wrong."""
    parser = argparse.ArgumentParser(prog="zhiwei bench gateway", description="what the gateway adds")
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--kill-calls", type=int, default=1000, help="calls under way at once while killed")
    parser.add_argument("--port", type=int, default=8196)
    parser.add_argument("--peer-python", default="", help="an interpreter that has litellm[proxy]")
    parser.add_argument("--install-peer", action="store_true", help="make a temporary environment with it")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    began = time.monotonic()
    peer = gateway_peer.found(chosen.peer_python, install=chosen.install_peer)
    with tempfile.TemporaryDirectory(prefix="zhiwei-gateway-") as folder:
        Path(folder).chmod(0o711)
        use_folder(folder, chosen.port)
        from zhiwei.config.commands import boot

        with boot.ready():
            found = _run(chosen, peer)
    found["seconds"] = round(time.monotonic() - began)
    print(json.dumps(found) if chosen.json else table(found))
    if not peer and not chosen.json:
        print(gateway_peer.HOW)
    return 0 if all(found[name] == 0 for name in EXACT) else 1


def _run(chosen: argparse.Namespace, peer: str) -> dict[str, float]:
    port = chosen.port
    budget = found_school(port + 2)
    upstream = null_upstream(port + 2, chosen.kill_calls)
    try:
        bare = measure(port + 2, chosen.calls, upstream=True)
        seen, milliseconds = through_gateway(port + 1, chosen.calls)
        found = {**added(bare, seen), "cpu_ms_per_call": milliseconds}
        if peer:
            found |= gateway_peer.measured(peer, port + 3, port + 2, bare, chosen.calls)
        return found | gateway_kills.measured(chosen.kill_calls, port + 1, port + 2, budget)
    finally:
        stop(upstream)


def table(found: dict[str, float]) -> str:
    """Return figures as lines."""
    width = max(map(len, found))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in found.items())


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
