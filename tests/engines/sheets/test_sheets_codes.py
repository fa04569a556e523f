from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.sheets import SheetCode, SheetError, decode_code, encode_code
from zhiwei.engines.sheets.formula import parse_formula, split_formulas

KEY = b"0123456789abcdef"
CODES = st.text("ABCZ019-", min_size=1, max_size=24)


@given(work=CODES, pupil=CODES, page=st.integers(1, 99))
def test_a_code_says_what_was_put_in_and_only_under_its_key(work: str, pupil: str, page: int) -> None:
    code = SheetCode(work, pupil, page)
    text = encode_code(code, KEY)
    read = decode_code(text, KEY)
    assert read is not None and read.code == code and read.signature == "good"
    other = decode_code(text, b"another key of 16")
    assert other is not None and other.signature == "bad"
    unchecked = decode_code(text, b"")
    assert unchecked is not None and unchecked.signature == "unchecked"


def test_a_changed_pupil_or_an_unsigned_code_is_not_good() -> None:
    text = encode_code(SheetCode("W", "P1", 1), KEY)
    for forged in (text.replace(":P1:", ":P2:"), encode_code(SheetCode("W", "P1", 1), b"")):
        read = decode_code(forged, KEY)
        assert read is not None and read.signature == "bad"


@pytest.mark.parametrize(
    "text", ["", "https://example.org", "ZW1:W:P", "ZW1:w:P:1:AAAAAAAA", "ZW1:W:P:1:AAAAAAAA\n"]
)
def test_other_codes_are_not_ours(text: str) -> None:
    assert decode_code(text, KEY) is None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(SheetError, match="16 bytes"):
        encode_code(SheetCode("W", "P", 1), b"short")


def test_formulas_become_data_and_unknown_commands_stay_words() -> None:
    runs = split_formulas(r"若 $x_1^2=\frac{a}{b}$ 与 $\write18{x}$")
    assert isinstance(runs[1], dict)
    assert r"\write18{x}" in runs


@settings(max_examples=200)
@given(st.text(alphabet="\\{}^_$ab12frc sqt+", max_size=60))
def test_any_text_is_taken_without_an_error(text: str) -> None:
    assert all(isinstance(run, str | dict) for run in split_formulas(text))
    parse_formula(text)


def test_depth_is_bounded() -> None:
    assert parse_formula("{" * 500 + "x" + "}" * 500) is None
