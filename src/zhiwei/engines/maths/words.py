"""Numbers that are written in Chinese words, as figures: 三分之二, 一又二分之一, 百分之五, 负根号三, 二十五."""

from __future__ import annotations

import re

from zhiwei.engines.maths.names import CHINESE_WORDS, UNITS_ZH
from zhiwei.engines.quantities import chinese_number

_FIGURES = "零〇一二两三四五六七八九十百千万亿"
_NUMBER = rf"(?:[{_FIGURES}]+(?:点[{_FIGURES}]+)?|\d+(?:\.\d+)?)"
_FRACTION = re.compile(
    rf"(?:(?P<whole>{_NUMBER})又)?(?P<below>{_NUMBER})分之(?P<root>根号)?(?P<above>{_NUMBER}|派|π)"
)
_WORDS = re.compile(rf"[{_FIGURES}]+(?:点[{_FIGURES}]+)?")
_LARGE = re.compile(r"(\d+(?:\.\d+)?)\s*([万亿])(?!分之)")
_MINUS = re.compile(r"(?<!正)负(?=[\d(√a-zA-Zπ]|根号)")
_RUN = re.compile("[\u4e00-\u9fff]+")
_KNOWN = sorted([*CHINESE_WORDS, *UNITS_ZH, "负"], key=len, reverse=True)
_PARTS = {"百": "100", "千": "1000", "万": "10000"}


def figures(text: str) -> str:
    """Return ``text`` with its number words as figures; a run with a word that says something else stays whole.

    >>> figures("负三分之二"), figures("一又二分之一"), figures("x=二十五厘米"), figures("一次函数")
    ('-(2/3)', '(1+1/2)', 'x=25厘米', '一次函数')
    """
    if not _RUN.search(text):
        return text
    text = _LARGE.sub(r"(\1*\2)", text).replace("*万)", "*10000)").replace("*亿)", "*100000000)")
    text = _FRACTION.sub(_fraction, text)
    return _MINUS.sub("-", _RUN.sub(_run, text))


def _fraction(found: re.Match[str]) -> str:
    below, above = _value(found["below"]), found["above"]
    top = above if above in {"派", "π"} else _value(above)
    top = f"√({top})" if found["root"] else top
    whole = f"{_value(found['whole'])}+" if found["whole"] else ""
    return f"({whole}{top}/{below})"


def _value(word: str) -> str:
    if word[0].isdigit():
        return word
    value = chinese_number(word)
    return _PARTS.get(word, word) if value is None else f"{value:.12g}"


def _run(found: re.Match[str]) -> str:
    """The run with figures, when it is wholly numbers, units and words of mathematics."""
    run, at, out = found.group(), 0, ""
    while at < len(run):
        word = next((one for one in _KNOWN if run.startswith(one, at)), "")
        number = _WORDS.match(run, at)
        if word and not (number and len(word) == 1 and word in _FIGURES):
            out, at = out + word, at + len(word)
        elif number and chinese_number(number.group()) is not None:
            out, at = out + _value(number.group()), number.end()
        else:
            return run
    return out
