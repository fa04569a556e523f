"""MathML as LaTeX: what can be said, and refusals."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from zhiwei.engines.exchange.markup import to_text
from zhiwei.engines.exchange.mathml import to_latex
from zhiwei.engines.exchange.values import NotUnderstoodError


@pytest.mark.parametrize(
    ("source", "latex"),
    [("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E = m c^{2}"),
     ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", r"\frac{a}{b + 1}"),
     ("<msqrt><mn>2</mn><mi>x</mi></msqrt>", r"\sqrt{2 x}"),
     ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[3]{x}"),
     ("<mi>sin</mi><mi>θ</mi>", r"\sin \theta"),
     ("<msub><mi>x</mi><mn>1</mn></msub><mo>≤</mo><mn>5</mn>", r"x_{1} \le 5"),
     ("<mfenced open='[' close=')'><mn>0</mn><mn>1</mn></mfenced>", r"\left[0,1\right)"),
     ("<mover><mrow><mi>A</mi><mi>B</mi></mrow><mo>→</mo></mover>", r"\overrightarrow{A B}"),
     ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>", r"{\sum}_{i}^{n}"),
     ("<mtext>km 50%</mtext>", r"\text{km 50\%}"),
     ("<semantics><mn>7</mn><annotation encoding='x'>bad</annotation></semantics>", "7")],
)  # fmt: skip
def test_school_formulas(source: str, latex: str) -> None:
    said = to_latex(fromstring(f"<math>{source}</math>"))
    assert said.replace(" ", "").replace("{\\sum}", "\\sum") == latex.replace(" ", "").replace(
        "{\\sum}", "\\sum"
    )


@pytest.mark.parametrize(
    "source",
    ["<apply><plus/><ci>x</ci></apply>", "<mphantom><mn>1</mn></mphantom>", "<mo>\U0001f600</mo>",
     "<mfrac><mn>1</mn></mfrac>",
     "<maction><mn>1</mn></maction>", "<semantics/>", "<mrow>" * 60 + "<mn>1</mn>" + "</mrow>" * 60],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(source: str) -> None:
    with pytest.raises(NotUnderstoodError):
        to_latex(fromstring(f"<math>{source}</math>"))


def test_formulas_in_html_come_in_and_dollars_cannot_break_out() -> None:
    text, notes = to_text(
        "<p>So <m:math><m:mi>x</m:mi><m:mo>&lt;</m:mo><m:mn>2</m:mn></m:math> &amp; "
        "<math><mi>&theta;</mi></math></p>"
    )
    assert text == r"So $x < 2$ & $\theta$" and not notes
    assert to_text("<math><mtext>a$b</mtext></math>")[0] == r"$\text{a\$b}$"


def test_entities_in_a_formula_are_refused() -> None:
    with pytest.raises(NotUnderstoodError):
        to_text('<math><!DOCTYPE x [<!ENTITY a "b">]><mi>x</mi></math>')
