"""The drawing of an item as it may be printed: shapes and words, nothing that reaches outside."""

from __future__ import annotations

import pytest

from zhiwei.engines.exchange import drawing_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def test_a_sound_drawing_is_given_as_it_is() -> None:
    drawn = SVG.format('<rect width="9" height="9"/>')
    assert drawing_of({"figure": {"svg": drawn}}) == drawn


@pytest.mark.parametrize(
    "inside", ["<script>1</script>", '<image href="file:///etc/passwd"/>', '<image href="http://x/y.png"/>']
)
def test_what_reaches_outside_is_left_out(inside: str) -> None:
    drawn = drawing_of({"figure": {"svg": SVG.format('<rect width="1" height="1"/>' + inside)}})
    assert "rect" in drawn and "script" not in drawn and "href" not in drawn


@pytest.mark.parametrize("figure", [None, {}, {"svg": 7}, {"svg": ""}, {"svg": "<svg"}, {"svg": "x"}, "svg"])
def test_what_is_no_drawing_gives_none(figure: object) -> None:
    assert drawing_of({"figure": figure}) == ""
