"""What the gateway adds to a call, and whether its books are exact when processes are killed.

    zhiwei bench gateway [--calls 3000] [--kill-calls 1000] [--peer-python PY] [--json]

A throwaway school gets a model whose server does nothing (``gateway_upstream.py``). The same requests go straight to
it and through the gateway (its own process, as ``zhiwei start`` runs it): the difference is what the gateway adds.
Every request carries another prompt, so that nothing found in an earlier one helps. Then many calls run at once
while the gateway's processes are killed; in the end every call a client saw answered must stand in the books once,
with its exact cost, and nothing may stay reserved.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from benchmarks.gateway_upstream import TOKENS

PRICE = (2_000_000, 8_000_000)
COST = TOKENS[0] * 2 + TOKENS[1] * 8
SECRET = "zwm_bench-key-of-a-program"
MODEL = "null"
SLOW = "slow"
WARM_UP = 50
KILLS = 4
MOST_TRIES = 1500
SUBJECTS = ("光合作用", "一元二次方程", "浮力", "the water cycle", "丝绸之路", "修辞手法")


@dataclass
class Seen:
    """What a load saw: seconds a request took, seconds to the first piece, calls acknowledged, refusals."""

    whole: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; exit 1 when the books are wrong."""
    parser = argparse.ArgumentParser(prog="zhiwei bench gateway", description="what the gateway adds")
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--kill-calls", type=int, default=1000)
    parser.add_argument("--port", type=int, default=8196)
    parser.add_argument(
        "--peer-python", default="", help="an interpreter with litellm[proxy], to measure beside"
    )
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="zhiwei-gateway-") as folder:
        Path(folder).chmod(0o711)
        _environment(folder, chosen.port)
        from zhiwei.config.commands import boot

        with boot.ready():
            found = _run(chosen)
    print(json.dumps(found) if chosen.json else _table(found))
    return 0 if found["lost"] == found["doubled"] == found["still_held"] == found["wrong_sum"] == 0 else 1


def _environment(folder: str, port: int) -> None:
    os.environ |= {
        "ZHIWEI_DATA": folder,
        "ZHIWEI_PORT": str(port),
        "ZHIWEI_GATEWAY_PORT": str(port + 1),
        "ZHIWEI_AI_PRIVATE_NETWORKS": "127.0.0.0/8",
        "OMP_NUM_THREADS": "1",
    }
    os.environ.pop("ZHIWEI_DATABASE_URL", None)


def _run(chosen: argparse.Namespace) -> dict[str, float]:
    upstream_port, gateway_port = chosen.port + 2, chosen.port + 1
    budget = _found_school(upstream_port)
    upstream = _started(
        [sys.executable, "-m", "benchmarks.gateway_upstream", str(upstream_port)], upstream_port
    )
    try:
        bare = _measure(upstream_port, chosen.calls, f"up-{MODEL}")
        with_gateway, used = _with_gateway(gateway_port, chosen.calls)
        found = _added(bare, with_gateway)
        answered = sum(len(one.whole) for one in with_gateway.values())
        found["cpu_ms_per_call"] = round(1000 * used / answered, 2)
        found |= _peer(chosen, upstream_port, bare)
        found |= _killed(chosen.kill_calls, gateway_port, budget)
    finally:
        _stop(upstream)
    return found


def _with_gateway(port: int, calls: int) -> tuple[dict[str, Seen], float]:
    """Return what was seen through the gateway, and the processor seconds of gateway and database."""
    server = _gateway(port)
    try:
        asyncio.run(_load(port, WARM_UP, 4, model=MODEL, stream=False))
        before = _cpu_seconds(port)
        seen = _measure(port, calls, MODEL)
        return seen, _cpu_seconds(port) - before
    finally:
        _stop(server)


def _cpu_seconds(port: int) -> float:
    """Return the processor time so far of the gateway on a port and of the database of this run."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((folder / "cwd").readlink()) if words.startswith("postgres") else ""
            if f"--port {port} " in words or os.environ["ZHIWEI_DATA"] in words + place:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
        except (OSError, IndexError, ValueError):
            continue
    return total / os.sysconf("SC_CLK_TCK")


def _gateway(port: int) -> subprocess.Popen[bytes]:
    from zhiwei.config.commands import boot, supervise

    return _started(supervise.gateway_command(), port, boot.child_environment())


def _measure(port: int, calls: int, model: str) -> dict[str, Seen]:
    """Return what one client sees, and many at once, whole and streamed."""
    return {
        "one": asyncio.run(_load(port, calls // 6, 1, model=model, stream=False)),
        "many": asyncio.run(_load(port, calls, 16, model=model, stream=False)),
        "stream": asyncio.run(_load(port, calls // 6, 1, model=model, stream=True)),
    }


async def _load(port: int, calls: int, at_once: int, *, model: str, stream: bool) -> Seen:
    seen, left = Seen(), iter(range(calls))
    began = time.perf_counter()
    await asyncio.gather(*(_client(port, left, seen, model, stream) for _ in range(at_once)))
    seen.seconds = time.perf_counter() - began
    return seen


async def _client(port: int, left: object, seen: Seen, model: str, stream: bool) -> None:
    reader = writer = None
    tries = 0
    number = next(left, None)  # type: ignore[call-overload]
    while number is not None:
        raw = _request(number, model, stream)
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            began = time.perf_counter()
            writer.write(raw)
            status, body, first = await _answer(reader, began)  # type: ignore[arg-type]
        except (OSError, asyncio.IncompleteReadError, ValueError, IndexError):
            seen.failed += 1
            if writer is not None:
                writer.close()
            writer = None
            tries += 1
            number = number if tries < MOST_TRIES else next(left, None)  # type: ignore[call-overload]
            await asyncio.sleep(0.2)
            continue
        number, tries = next(left, None), 0  # type: ignore[call-overload]
        if status != 200:
            seen.failed += 1
            continue
        seen.whole.append(time.perf_counter() - began)
        seen.first.append(first)
        if b'"id": "call-' in body:
            seen.acknowledged.append(body.split(b'"id": "call-')[1][:36].decode())
    if writer is not None:
        writer.close()


def _request(number: int, model: str, stream: bool) -> bytes:
    text = f"请用第 {number} 种说法，向初中生解释{SUBJECTS[number % len(SUBJECTS)]}，并举两个生活中的例子。"
    body = json.dumps(
        {"model": model, "messages": [{"role": "user", "content": text}], "max_tokens": 100, "stream": stream}
    ).encode()
    return (
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n" % (SECRET.encode(), len(body))
    ) + body


async def _answer(reader: asyncio.StreamReader, began: float) -> tuple[int, bytes, float]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ")[1])
    if b"content-length:" in head:
        body = await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        return status, body, time.perf_counter() - began
    body, first = b"", 0.0
    while True:
        size = int((await reader.readuntil(b"\r\n")).strip(), 16)
        piece = (await reader.readexactly(size + 2))[:-2]
        if not size:
            return status, body, first
        body += piece
        if (not first and '"好"'.encode() in piece) or b"\\u597d" in piece:
            first = first or time.perf_counter() - began


def _added(bare: dict[str, Seen], through: dict[str, Seen]) -> dict[str, float]:
    found: dict[str, float] = {
        "requests_per_second": round(len(through["many"].whole) / through["many"].seconds),
        "bare_requests_per_second": round(len(bare["many"].whole) / bare["many"].seconds),
        "failed": through["many"].failed + through["one"].failed + through["stream"].failed,
    }
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        found[f"added_{name}_ms"] = _milli(through["one"].whole, share) - _milli(bare["one"].whole, share)
        found[f"first_token_added_{name}_ms"] = _milli(through["stream"].first, share) - _milli(
            bare["stream"].first, share
        )
        found[f"at_16_{name}_ms"] = _milli(through["many"].whole, share)
    return {name: round(value, 2) for name, value in found.items()}


def _milli(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _killed(calls: int, port: int, budget: int) -> dict[str, float]:
    """Run many calls at once, kill the gateway's processes meanwhile, and compare the books with what was seen."""
    before = _books(budget)
    seen, kills = asyncio.run(_load_with_kills(port, calls))
    released = _sweep()
    after = _books(budget)
    settled = after["settled"] - before["settled"]
    acknowledged = set(seen.acknowledged)
    return {
        "kill_calls": calls,
        "kills": kills,
        "acknowledged": len(acknowledged),
        "settled": len(settled),
        "lost": len(acknowledged - settled),
        "doubled": after["doubled"],
        "given_back": released,
        "still_held": after["held"],
        "wrong_sum": abs(after["spent"] - COST * len(after["settled"])),
    }


async def _load_with_kills(port: int, calls: int) -> tuple[Seen, int]:
    seen, left, kills = Seen(), iter(range(calls)), 0
    server = _gateway(port)
    await _load(port, 4, 1, model=MODEL, stream=False)
    clients = asyncio.gather(*(_client(port, left, seen, SLOW, number % 3 == 0) for number in range(64)))
    try:
        for _ in range(KILLS):
            await asyncio.sleep(1.5)
            if clients.done():
                break
            _stop(server, signal.SIGKILL)
            kills += 1
            server = await asyncio.to_thread(_gateway, port)
        await clients
    finally:
        _stop(server)
    return seen, kills


def _books(budget: int) -> dict[str, object]:
    from django.db.models import Count, Sum

    from zhiwei.ai.models import Account, Hold, LedgerEntry
    from zhiwei.kernel import scope

    with scope.everywhere("bench"):
        closing = LedgerEntry.objects.exclude(kind="hold")
        doubled = closing.values("call_uuid").annotate(n=Count("id")).filter(n__gt=1).count()
        sums = Account.objects.filter(budget_id=budget).aggregate(spent=Sum("spent"), held=Sum("held"))
        return {
            "settled": {
                str(one) for one in closing.filter(kind="settle").values_list("call_uuid", flat=True)
            },
            "doubled": doubled,
            "spent": sums["spent"] or 0,
            "held": (sums["held"] or 0) + Hold.objects.count(),
        }


def _sweep() -> int:
    from zhiwei.ai.services.ledger import default_ledger, sweep
    from zhiwei.kernel import clock

    return sweep(default_ledger(), now=clock.now() + timedelta(hours=1))


def _found_school(upstream_port: int) -> int:
    from zhiwei.ai.models import Budget, GatewayKey, GatewayModel, Price, Provider
    from zhiwei.ai.services.grants import hashed
    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.services import accounts, organisations, people
    from zhiwei.kernel.values import OrganisationKind, Role, system_actor

    now, system = clock.now(), system_actor()
    with scope.everywhere("bench"):
        school = organisations.found_organisation(
            actor=system, now=now, kind=OrganisationKind.SCHOOL, name="测速学校",
            parent_id=organisations.found_organisation(
                actor=system, now=now, kind=OrganisationKind.PROVINCE, name="测速省", parent_id=None
            ),
        )  # fmt: skip
        person = people.register_person(actor=system, now=now, tenant_id=school, name="测速员", number="1")
        people.give_role(
            actor=system, now=now, person_id=person, organisation_id=school, role=Role.SCHOOL_ADMIN,
            starts_on=now.date() - timedelta(days=2),
        )  # fmt: skip
        account = accounts.open_account(actor=system, now=now, person_id=person, login="bench")
        provider = Provider.objects.create(
            tenant_id=school, name="null", base_url=f"http://127.0.0.1:{upstream_port}/v1", made_at=now
        )
        for name in (MODEL, SLOW):
            model = GatewayModel.objects.create(
                tenant_id=school, provider=provider, name=name, upstream_name=f"up-{name}",
                capabilities=["chat"], made_at=now, most_at_once=500,
            )  # fmt: skip
            Price.objects.create(
                tenant_id=school, model=model, input_per_million=PRICE[0], output_per_million=PRICE[1],
                made_at=now,
            )  # fmt: skip
        Price.objects.create(
            tenant_id=school,
            model=model,
            input_per_million=PRICE[0],
            output_per_million=PRICE[1],
            made_at=now,
        )
        GatewayKey.objects.create(
            tenant_id=school, person_id=person, account_id=account, name="bench", role="school_admin",
            secret_hash=hashed(SECRET), made_at=now, expires_at=now + timedelta(days=1), most_at_once=500,
        )  # fmt: skip
        wanted = {"tenant_id": school, "organisation_id": school, "made_at": now, "period": "term"}
        budget = Budget.objects.create(**wanted, unit="micro", hard=10**15)
        Budget.objects.create(**wanted, unit="tokens", counted="person", hard=10**15)
    return budget.pk


def _peer(chosen: argparse.Namespace, upstream_port: int, bare: dict[str, Seen]) -> dict[str, float]:
    """Measure LiteLLM's proxy before the same server, without its database (it keeps no books then)."""
    if not chosen.peer_python:
        return {}
    port = chosen.port + 3
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as settings:
        settings.write(
            f"model_list:\n- model_name: {MODEL}\n  litellm_params:\n    model: openai/up\n"
            f"    api_base: http://127.0.0.1:{upstream_port}/v1\n    api_key: none\n"
        )
        settings.flush()
        command = [
            str(Path(chosen.peer_python).parent / "litellm"),
            "--config",
            settings.name,
            "--port",
            str(port),
        ]
        environment = {**os.environ, "LITELLM_TELEMETRY": "False", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        server = _started(
            [*command, "--num_workers", "1", "--host", "127.0.0.1"], port, environment, seconds=120
        )
        try:
            through = _measure(port, min(chosen.calls, 600), MODEL)
        finally:
            _stop(server)
    return {f"peer_{name}": value for name, value in _added(bare, through).items() if "bare" not in name}


def _started(
    command: list[str], port: int, environment: dict[str, str] | None = None, seconds: float = 40
) -> subprocess.Popen[bytes]:
    import socket

    server = subprocess.Popen(command, env=environment, start_new_session=True)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.05)
    _stop(server)
    raise SystemExit(f"{command[0]} did not answer on port {port}")


def _stop(server: subprocess.Popen[bytes], sign: int = signal.SIGTERM) -> None:
    if server.poll() is None:
        os.killpg(server.pid, sign)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(5)


def _table(found: dict[str, float]) -> str:
    width = max(map(len, found))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in found.items())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
