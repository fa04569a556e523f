"""Markdown comes out safe, with formulas as they were typed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.ui.markdown import LONGEST, inline_formulas, to_html

HARMFUL = re.compile(
    r"<script|<iframe|<svg|<style|<[^>]*javascript:|<[^>]*\son\w+\s*=|<[^>]*\sstyle\s*=", re.IGNORECASE
)


def test_formulas_survive_markdown() -> None:
    html = to_html(r"由 $a_1*b_2*c$ 得 $$\frac{x_1}{y_2} < 3$$")
    assert 'data-tex="a_1*b_2*c"' in html
    assert r'data-tex="\frac{x_1}{y_2} &lt; 3"' in html or r'data-tex="\frac{x_1}{y_2} < 3"' in html
    assert "<em>" not in html


def test_money_is_not_a_formula() -> None:
    assert "formula" not in to_html("一支 $5 和 $6 的笔")
    assert "formula" not in inline_formulas("价格 $5，找回 $ 3 $")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        '![$"onerror="alert(1)$](x.png)',
        '$"><script>alert(1)</script>$',
        "[a]: data:text/html,<script>\n\n[a]",
        '<a href="x" style="position:fixed">x</a>',
        "\ue0000\ue001 $x$",
    ],
)
def test_nothing_harmful_comes_out(source: str) -> None:
    assert not HARMFUL.search(to_html(source))
    assert not HARMFUL.search(inline_formulas(source))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>\"'$\\[]()!*`# \nax=:/&;onerscipt\ue000\ue0010", max_size=80))
def test_nothing_harmful_comes_out_of_anything(source: str) -> None:
    assert not HARMFUL.search(to_html(source))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_plain_text_keeps_every_letter(source: str) -> None:
    from html import unescape

    shown = unescape(re.sub(r"<[^>]*>", "", inline_formulas(source)))
    assert shown.replace("$", "") == unescape(source).replace("$", "") or shown.replace(
        "$", ""
    ) == source.replace("$", "")


def test_tables_and_headings_stand_under_the_page() -> None:
    html = to_html("# 速度\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<h2>速度</h2>" in html
    assert "<td>1</td>" in html


def test_links_do_not_leak_the_page() -> None:
    assert 'rel="noopener noreferrer"' in to_html("[x](https://example.org)")


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(ValueError, match=str(LONGEST)):
        to_html("x" * (LONGEST + 1))
