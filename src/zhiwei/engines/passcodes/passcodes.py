"""One-time passwords: computed and matched in constant time; the instant is passed in.

Source: RFC 4226 (HOTP), RFC 6238 (TOTP).
"""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum

PERIOD = 30
"""Seconds a code is shown for."""
DIGITS = 6


class Algorithm(StrEnum):
    """Hash functions of RFC 6238; authenticator apps reliably know only SHA-1."""

    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"


def hotp(secret: bytes, counter: int, *, digits: int = DIGITS, algorithm: Algorithm = Algorithm.SHA1) -> str:
    """Return the code of a counter.

    Args:
        counter: 0 … 2**64 - 1.
        digits: 6 … 8.

    Raises:
        ValueError: The counter or the number of digits is out of range.
    """
    if not 0 <= counter < 1 << 64 or not 6 <= digits <= 8:
        raise ValueError("counter must be 0…2**64-1 and digits 6…8")
    digest = hmac.new(secret, counter.to_bytes(8, "big"), getattr(hashlib, algorithm.value)).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_at(seconds: float, *, period: int = PERIOD) -> int:
    """Return the time step of an instant in seconds since 1970 (UTC)."""
    return int(seconds // period)


def code_at(
    secret: bytes, seconds: float, *, digits: int = DIGITS, algorithm: Algorithm = Algorithm.SHA1
) -> str:
    """Return the code an authenticator shows at an instant (seconds since 1970, UTC)."""
    return hotp(secret, step_at(seconds), digits=digits, algorithm=algorithm)


def matching_step(secret: bytes, code: str, seconds: float, *, after: int = -1, drift: int = 1) -> int | None:
    """Return the time step whose code this is, or ``None``.

    Args:
        after: Steps up to this one were used already and never match again.
        drift: How many steps a clock may be off in either direction.
    """
    here, found = step_at(seconds), None
    for step in range(max(here - drift, after + 1, 0), here + drift + 1):
        if hmac.compare_digest(hotp(secret, step, digits=DIGITS).encode(), code.encode()):
            found = step
    return found
