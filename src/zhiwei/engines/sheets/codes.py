"""The QR payload: work, pupil and page, signed so that a code from elsewhere is not taken for ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from zhiwei.engines.sheets.errors import SheetError

_PAYLOAD = re.compile(r"ZW1:([A-Z0-9-]{1,24}):([A-Z0-9-]{0,24}):([0-9]{1,3}):([A-Z2-7]{8}|-)")
_SIGNATURE_BYTES = 5
UNSIGNED = "-"
BLANK_SHEET = "BLANK-"
"""Begins the serial that takes the pupil's place on a sheet printed without a name."""


@dataclass(frozen=True)
class SheetCode:
    """What one page's QR code says; ``pupil`` begins with ``BLANK-`` on a sheet without a name."""

    work: str
    pupil: str
    page: int


@dataclass(frozen=True)
class CheckedCode:
    """A code read from paper; its signature was ``good``, ``bad``, or ``unchecked`` (no key given)."""

    code: SheetCode
    signature: str


def encode_code(code: SheetCode, key: bytes) -> str:
    """The text to print as QR, only characters of QR's compact alphanumeric mode.

    Args:
        code: what to say.
        key: secret of the school, at least 16 bytes; empty bytes print an unsigned code.

    Raises:
        SheetError: the key is too short to mean anything.
    """
    if key and len(key) < 16:
        raise SheetError("key: needs at least 16 bytes")
    body = f"ZW1:{code.work}:{code.pupil}:{code.page}"
    return f"{body}:{_sign(body, key) if key else UNSIGNED}"


def decode_code(text: str, key: bytes) -> CheckedCode | None:
    """What a QR text says, or None when it is not one of ours. The comparison takes constant time."""
    found = _PAYLOAD.fullmatch(text)
    if found is None:
        return None
    code = SheetCode(found[1], found[2], int(found[3]))
    if not key:
        return CheckedCode(code, "unchecked")
    good = hmac.compare_digest(_sign(text.rsplit(":", 1)[0], key), found[4])
    return CheckedCode(code, "good" if good else "bad")


def _sign(body: str, key: bytes) -> str:
    digest = hmac.new(key, body.encode("ascii"), hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode("ascii")
