"""What a call uses and costs: whole numbers only, so that sums of any size are exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MILLION = 1_000_000
_ASIAN_FROM = "\u2e80"


@dataclass(frozen=True, slots=True)
class Rates:
    """A price snapshot in micro-yuan: tokens by the million, pages, seconds and calls by the piece."""

    price_id: int
    input_per_million: int = 0
    cached_per_million: int = 0
    output_per_million: int = 0
    per_page: int = 0
    per_second: int = 0
    per_call: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used; ``input_tokens`` includes ``cached_tokens``. ``estimated`` when nobody counted."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    pages: int = 0
    milliseconds: int = 0
    estimated: bool = False

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.input_tokens + self.output_tokens


def cost(rates: Rates, usage: Usage) -> int:
    """Return what a call costs in micro-yuan, rounded up once at the end."""
    fresh = usage.input_tokens - usage.cached_tokens
    by_million = (
        fresh * rates.input_per_million
        + usage.cached_tokens * rates.cached_per_million
        + usage.output_tokens * rates.output_per_million
        + usage.pages * rates.per_page * MILLION
        + usage.milliseconds * rates.per_second * (MILLION // 1000)
        + rates.per_call * MILLION
    )
    return -(-by_million // MILLION)


def estimate_tokens(texts: Iterable[str]) -> int:
    """Return roughly how many tokens texts are: 1.2 a Chinese character, one for three others, four a message."""
    total = 0
    for text in texts:
        asian = _asian(text)
        total += 4 + -(-asian * 6 // 5) + -(-(len(text) - asian) // 3)
    return total


def most_tokens(texts: Iterable[str]) -> int:
    """Return more tokens than any tokenizer makes of texts: one a byte, and room for a chat template."""
    return sum(len(text.encode()) + 256 for text in texts)


def believable(told: Usage, *, most_input: int, most_output: int) -> bool:
    """Tell whether usage a server reports can be true; what cannot be is estimated instead."""
    return (
        0 <= told.cached_tokens <= told.input_tokens <= most_input and 0 <= told.output_tokens <= most_output
    )


def _asian(text: str) -> int:
    return 0 if text.isascii() else sum(char >= _ASIAN_FROM for char in text)
