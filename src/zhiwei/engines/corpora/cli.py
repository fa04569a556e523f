"""``zhiwei corpus COPY.zip``: verify a copy of a published corpus, anywhere, without the platform."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from zhiwei.engines.corpora.errors import CorpusError
from zhiwei.engines.corpora.verifying import verify_copy


def main(argv: Sequence[str]) -> int:
    """Verify one archive; 1 when something was changed, 2 when it is no corpus."""
    parser = argparse.ArgumentParser(prog="zhiwei corpus", description="verify a copy of a published corpus")
    parser.add_argument("copy", type=Path, metavar="COPY.zip")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    try:
        found = verify_copy(chosen.copy)
    except CorpusError as error:
        print(f"zhiwei corpus: {error}", file=sys.stderr)
        return 2
    if chosen.json:
        print(json.dumps({**asdict(found), "sound": found.sound}, ensure_ascii=False))
    else:
        print(f"{found.records} records, {found.pictures} pictures, content hash {found.content_hash}")
        print("sound" if found.sound else f"CHANGED: {', '.join(found.wrong) or 'the content hash differs'}")
    return 0 if found.sound else 1
