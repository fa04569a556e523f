"""LiteLLM's proxy beside: before the same server, one worker, without its database (it keeps no books then).

It is no dependency: it lives in an environment of its own in the temporary folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from benchmarks.gateway_added import Loads, added, measure
from benchmarks.gateway_school import MODEL, SECRET
from benchmarks.gateway_servers import started, stop

PLACE = Path(tempfile.gettempdir()) / "zhiwei-litellm"
HOW = (
    "LiteLLM's proxy was not measured beside: add --install-peer (makes an environment in "
    f"{PLACE}), or name an interpreter that has litellm[proxy] with --peer-python"
)
MOST_CALLS = 300
QUIET = {"LITELLM_TELEMETRY": "False", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"}


def found(python: str, *, install: bool) -> str:
    """Return the path of LiteLLM's command, "" when there is none.

    Args:
        python: An interpreter of an environment that has it; else the temporary one is looked into.
        install: Make the temporary environment when it is missing.
    """
    command = (Path(python).parent if python else PLACE / "bin") / "litellm"
    if install and not command.exists():
        _install()
    return str(command) if command.exists() else ""


def _install() -> None:
    uv = shutil.which("uv")
    python = str(PLACE / "bin" / "python")
    if uv:
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(PLACE)], check=True)
        command = [uv, "pip", "install", "-q", "--python", python]
    else:
        venv.create(PLACE, with_pip=True)
        command = [python, "-m", "pip", "install", "-q"]
    subprocess.run([*command, "litellm[proxy]"], check=True)


def measured(command: str, port: int, upstream_port: int, bare: Loads, calls: int) -> dict[str, float]:
    """Return its figures, ``peer_`` before each name."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as settings:
        serves = {"model": "openai/up", "api_base": f"http://127.0.0.1:{upstream_port}/v1", "api_key": "none"}
        json.dump({"model_list": [{"model_name": MODEL, "litellm_params": serves}]}, settings)
        settings.flush()
        options = ["--port", str(port), "--num_workers", "1", "--host", "127.0.0.1"]
        environment = {**os.environ, **QUIET, "LITELLM_MASTER_KEY": SECRET}
        server = started([command, "--config", settings.name, *options], port, environment, seconds=120)
        try:
            through = measure(port, min(calls, MOST_CALLS))
        finally:
            stop(server)
    return {f"peer_{name}": value for name, value in added(bare, through).items()}
