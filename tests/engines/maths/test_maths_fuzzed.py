"""Inputs that a fuzzer found: the reader must come to an end, whatever it says of them."""

from __future__ import annotations

import pytest

from zhiwei.engines.maths import judge


@pytest.mark.parametrize(
    "text", ["sqrte3", "sqrt e 3", "sin x 3", "sqrt{3}sqrte3}sqrt{3}", "\\sqrt{3}sqr m3}sqrt{3}"]
)
def test_a_number_behind_a_bare_argument_does_not_hang(text: str) -> None:
    assert not judge(text, "x^2+2x+1").equal
