"""``zhiwei bench NAME``: run one of the measurements in ``benchmarks/``.

A name that Python reserves has an underscore behind it in its file (``bench import`` is ``import_.py``).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[4]


def main(argv: Sequence[str]) -> int:
    """Run ``benchmarks/NAME.py`` and return its exit status; without a name, list them."""
    folder = ROOT / "benchmarks"
    known = {
        path.stem.rstrip("_"): path.stem
        for path in sorted(folder.glob("*.py"))
        if "def main(" in path.read_text("utf-8")
    }
    if not argv or argv[0] not in known:
        print(f"usage: zhiwei bench NAME [--json]\nNAME: {', '.join(known)}", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT))
    status: int = import_module(f"benchmarks.{known[argv[0]]}").main(list(argv[1:]))
    return status
