"""What the gateway adds: the same load straight to a server that does nothing, and through something before it."""

from __future__ import annotations

import asyncio

from benchmarks.gateway_load import Seen, load
from benchmarks.gateway_school import MODEL, UPSTREAM
from benchmarks.gateway_servers import cpu_seconds, gateway, stop

WARM_UP = 100
AT_ONCE = 16
Loads = dict[str, Seen]


def measure(port: int, calls: int, *, upstream: bool = False) -> Loads:
    """Return what one client sees, whole and streamed, and many at once."""
    model = UPSTREAM + MODEL if upstream else MODEL
    asyncio.run(load(port, WARM_UP, 4, model=model, stream=False))
    return {
        "one": asyncio.run(load(port, calls // 6, 1, model=model, stream=False)),
        "many": asyncio.run(load(port, calls, AT_ONCE, model=model, stream=False)),
        "stream": asyncio.run(load(port, calls // 6, 1, model=model, stream=True)),
    }


def through_gateway(port: int, calls: int) -> tuple[Loads, float]:
    """Return what was seen through the gateway, and the processor milliseconds a call of gateway and database."""
    server = gateway(port)
    try:
        asyncio.run(load(port, WARM_UP, 4, model=MODEL, stream=False))
        before = cpu_seconds(port)
        seen = measure(port, calls)
        used = cpu_seconds(port) - before
    finally:
        stop(server)
    answered = WARM_UP + sum(len(one.whole) for one in seen.values())
    return seen, round(1000 * used / answered, 2)


def added(bare: Loads, through: Loads) -> dict[str, float]:
    """Return the figures of what stood between."""
    many = through["many"]
    found: dict[str, float] = {
        "requests_per_second": round(len(many.whole) / many.seconds),
        "failed": sum(one.failed for one in through.values()),
    }
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        found[f"added_{name}_ms"] = _milli(through["one"].whole, share) - _milli(bare["one"].whole, share)
        found[f"first_token_added_{name}_ms"] = _milli(through["stream"].first, share) - _milli(
            bare["stream"].first, share
        )
        found[f"at_{AT_ONCE}_{name}_ms"] = _milli(many.whole, share)
    return {name: round(value, 2) for name, value in found.items()}


def _milli(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]
