"""Exact books: many calls under way at the same instant, the gateway killed meanwhile, ledger against what was seen.

Every client sends one call. The model server answers none before all of them wait there (so each has its reservation),
then all at once: the first kill comes into the crowd of settlements, the others into the calls sent again. In the end
every call a client saw answered must stand in the books once, with its exact cost, and nothing may stay reserved.
"""

from __future__ import annotations

import asyncio
import signal

from benchmarks.gateway_load import Seen, client, load
from benchmarks.gateway_school import MODEL, PRICE, SLOW, books, sweep
from benchmarks.gateway_servers import gateway, stop, told
from benchmarks.gateway_upstream import TOKENS

KILLED_AT = (0.15, 0.35, 0.55, 0.75)
"""Shares of the calls acknowledged at which the gateway is killed."""
GATE_SECONDS = 60.0
COST = sum(count * price // 1_000_000 for count, price in zip(TOKENS, PRICE, strict=True))


def measured(calls: int, port: int, upstream_port: int, budget: int) -> dict[str, float]:
    """Run the calls and the kills; returns the figures."""
    before = books(budget)
    seen, kills, at_once = asyncio.run(_with_kills(calls, port, upstream_port))
    given_back = sweep()
    after = books(budget)
    acknowledged = set(seen.acknowledged)
    settled = after.settled - before.settled
    return {
        "kill_calls": calls,
        "under_way_at_once": at_once,
        "kills": kills,
        "tries_cut_off_or_refused": seen.failed + seen.broken,
        "acknowledged": len(acknowledged),
        "settled": len(settled),
        "given_back": given_back,
        "lost": len(acknowledged - settled),
        "doubled": after.doubled + len(seen.acknowledged) - len(acknowledged),
        "still_held": after.held,
        "wrong_micro_yuan": abs(after.spent - COST * len(after.settled)),
    }


async def _with_kills(calls: int, port: int, upstream_port: int) -> tuple[Seen, int, int]:
    seen, left, kills = Seen(), iter(range(calls)), 0
    server = gateway(port, threads=calls + 8)
    await load(port, 4, 1, model=MODEL, stream=False)
    ones = [client(port, left, seen, SLOW, stream=at % 3 == 0, again=True) for at in range(calls)]
    clients = asyncio.gather(*ones)
    try:
        at_once = await _gate_open(upstream_port, calls)
        for share in KILLED_AT:
            while len(seen.acknowledged) < share * calls:
                await asyncio.sleep(0.01)
            stop(server, signal.SIGKILL)
            kills += 1
            server = await asyncio.to_thread(gateway, port)
        await clients
    finally:
        stop(server)
    return seen, kills, at_once


async def _gate_open(port: int, calls: int) -> int:
    """Return how many calls were at the model server at once, when all are there or time is up."""
    for _ in range(int(GATE_SECONDS / 0.1)):
        most = await asyncio.to_thread(told, port, "/most")
        if most >= calls:
            break
        await asyncio.sleep(0.1)
    return most
