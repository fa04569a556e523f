"""Numbers drawn by QTI templates become parameters, or are refused with the reason."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from zhiwei.engines.exchange import read_questions
from zhiwei.engines.variants import draw, variant

NUMBER = "<baseValue baseType='integer'>{}</baseValue>"


def drawn(processing: str, body: str = "<p>What is <printedVariable identifier='A'/>? "
          "<textEntryInteraction responseIdentifier='R'/></p>") -> Any:  # fmt: skip
    """Read a templated item whose answer is computed."""
    text = (
        "<assessmentItem identifier='q' title='t'><responseDeclaration identifier='R' cardinality='single' "
        f"baseType='float'/><templateProcessing>{processing}</templateProcessing><itemBody>{body}</itemBody>"
        "</assessmentItem>"
    )
    return read_questions("q.xml", text.encode())


def put(name: str, value: str) -> str:
    """Set a template value."""
    return f"<setTemplateValue identifier='{name}'>{value}</setTemplateValue>"


def use(name: str) -> str:
    """A variable."""
    return f"<variable identifier='{name}'/>"


RANGE = put("A", "<randomInteger min='2' max='9'/>")
RIGHT = (
    f"<setCorrectResponse identifier='R'><product>{use('A')}{NUMBER.format(3)}</product></setCorrectResponse>"
)


def test_a_drawn_integer_is_a_parameter_and_the_answer_a_formula() -> None:
    (one,) = drawn(RANGE + RIGHT).taken
    for seed in range(5):
        made, values = variant(one.content, seed), draw(one.content, seed)
        assert made["stem"] == f"What is {values['A']}?" and made["reference_answers"] == [
            str(values["A"] * 3)
        ]


def test_constraints_hold_in_every_draw() -> None:
    two = put(
        "B", "<random><multiple>" + "".join(NUMBER.format(n) for n in (4, 6, 9)) + "</multiple></random>"
    )
    rule = f"<templateConstraint><equal><gcd>{use('A')}{use('B')}</gcd>{NUMBER.format(1)}</equal></templateConstraint>"
    (one,) = drawn(RANGE + two + rule + RIGHT).taken
    seen = {(draw(one.content, seed)["A"], draw(one.content, seed)["B"]) for seed in range(60)}
    assert len(seen) > 5 and all(Fraction(a, b).denominator == b for a, b in seen)


def test_a_list_that_depends_on_a_number_drawn_before() -> None:
    branches = (
        "<templateCondition><templateIf><match>" + use("A") + NUMBER.format(2) + "</match>"
        + put("B", "<randomInteger min='4' max='8' step='2'/>") + "</templateIf><templateElse>"
        + put("B", "<randomInteger min='10' max='12'/>") + "</templateElse></templateCondition>"
    )  # fmt: skip
    (one,) = drawn(put("A", "<randomInteger min='2' max='4'/>") + branches + RIGHT).taken
    for seed in range(40):
        values = draw(one.content, seed)
        assert values["B"] in ({4, 6, 8} if values["A"] == 2 else {10, 11, 12})


def test_a_drawn_word_is_fixed_and_told() -> None:
    words = "".join(f"<baseValue baseType='string'>{one}</baseValue>" for one in ("men", "women"))
    (one,) = drawn(put("W", f"<random><multiple>{words}</multiple></random>") + RANGE + RIGHT).taken
    assert "the drawn word 'W' is always 'men'; others: women" in one.notes


@pytest.mark.parametrize(
    "processing",
    [put("A", "<randomFloat min='1' max='2'/>"),
     put("A", "<mathOperator name='exp'><variable identifier='A'/></mathOperator>"),
     put("A", "<randomInteger min='1' max='90000'/>"), put("A", "<randomInteger min='9' max='1'/>"),
     put("A", use("nobody")), put("A", "<randomInteger min='1' max='3' step='0'/>"), "<exitTemplate/>",
     RANGE + f"<templateConstraint><lt>{NUMBER.format('__import__(1)')}{use('A')}</lt></templateConstraint>",
     RANGE + put("B", f"<integerDivide>{use('A')}</integerDivide>"), RANGE + put("B", "<round/>"),
     RANGE + "<setCorrectResponse identifier='R'><baseValue baseType='identifier'>x</baseValue></setCorrectResponse>"],
)  # fmt: skip
def test_what_the_arithmetic_cannot_say_is_refused(processing: str) -> None:
    found = drawn(processing + RIGHT)
    assert not found.taken and len(found.refused) == 1 and found.refused[0].reason
