"""Length-preserving views of a text, so that every offset found in a view is an offset of the original."""

from __future__ import annotations

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
"""Inside a character class: any Han character."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys(
    (0x3000, 0x00A0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), 0x20
)
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63), 0x2D)
_DOTS = dict.fromkeys((0x00B7, 0x2022, 0x2027, 0x30FB, 0xFF65), 0x00B7)
_FOLD = _FULL_WIDTH | _BLANKS | _DASHES | _DOTS

_CHINESE_DIGITS = {ord(char): str(value) for value, char in enumerate("〇一二三四五六七八九")}
_CHINESE_DIGITS |= {ord(c): d for c, d in zip("零幺壹贰叁肆伍陆柒捌玖两", "011234567892", strict=True)}


def fold(text: str) -> str:
    """Full-width to ASCII, every blank (also zero-width) to a space, dashes and middle dots to one each."""
    return text.translate(_FOLD)


def fold_chinese_digits(text: str) -> str:
    """Spoken and formal Chinese digits to ASCII digits, one for one."""
    return text.translate(_CHINESE_DIGITS)
