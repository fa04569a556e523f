"""One page of a PDF as a picture, with words marked: drawn by a process that limits itself and can be killed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from zhiwei.engines.documents.values import Limits, PagePicture, RefusedError

_WORKER = Path(__file__).with_name("page_worker.py")
LIMITS = Limits(seconds=10, memory_bytes=1 << 30)


def picture_page(path: Path, number: int, words: str = "", limits: Limits = LIMITS) -> PagePicture:
    """Draw a page of a PDF and mark where words stand on it.

    Args:
        path: Where the bytes are.
        number: The page, from 1.
        words: What to mark; blanks and line breaks do not matter. A page of pictures has nothing to mark.
        limits: Seconds and memory the drawing may take.

    Returns:
        The picture, at most 1240 by 1754 pixels.

    Raises:
        RefusedError: ``broken``, ``no_page`` or ``took_too_long``.
    """
    command = [sys.executable, "-I", str(_WORKER), str(path), str(number), json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and program; path and number are data
            command,
            input=words.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError("took_too_long") from error
    head, _end, picture = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise RefusedError("took_too_long" if done.returncode < 0 else "crashed")
    told = json.loads(head)
    if "refused" in told:
        raise RefusedError(str(told["refused"]))
    return PagePicture(picture, int(told["width"]), int(told["height"]), int(told["marked"]))
