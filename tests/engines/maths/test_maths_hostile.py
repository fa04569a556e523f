"""Inputs that once broke the reader: each is read or refused, at once."""

from __future__ import annotations

import pytest

from zhiwei.engines.maths import UnreadableError, read


@pytest.mark.parametrize(
    "text",
    [
        "3TA[",
        "x>=2 o=" + "r" * 900,
        "(a+b)" + "-" * 50 + "(a+b)",
        "a_[",
        "\\frac" * 250,
        "√" * 55 + "2",
        "+".join("x" * 300),
    ],
)
def test_odd_input_is_read_or_refused(text: str) -> None:
    try:
        assert read(text).shown
    except UnreadableError as error:
        assert error.code
