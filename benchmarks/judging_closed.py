"""Closed types on answers generated with a known truth: harmless rewritings and named mistakes.

There is no public set of Chinese pupils' short numeric and blank answers with marks; the truth here comes from how
an answer was made. The peer is pint reading the same texts. Rightness beside a peer is what this can show; the
calibration error holds for this mixture only.
"""

from __future__ import annotations

import random
import time
import tokenize
from pathlib import Path

from benchmarks.judging_frame import Row
from zhiwei.engines.judging import Item, ItemType, Response, grader_for
from zhiwei.engines.judging.confidence import expected_calibration_error

UNITS = [
    ("m/s", ["米每秒", "米/秒", "m/s", "m·s⁻¹"], ("cm/s", 100.0), "N"),
    ("kg", ["千克", "公斤", "kg", "Ｋｇ"], ("g", 1000.0), "m"),
    ("J", ["焦耳", "焦", "J"], ("kJ", 0.001), "W"),
    ("cm^2", ["平方厘米", "cm²", "cm2"], ("m^2", 0.0001), "cm"),
    ("Pa", ["帕", "帕斯卡", "Pa"], ("kPa", 0.001), "J"),
]
WORDS = ["光合作用", "氧气", "叶绿体", "牛顿", "蒸发", "凝固"]
WORDS += ["photosynthesis", "friction", "mitochondria", "evaporation"]
_UNREADABLE = (ArithmeticError, AssertionError, AttributeError, SyntaxError, TypeError, ValueError)
Case = tuple[Item, Response, float]


def numeric_cases(n: int, draw: random.Random) -> list[Case]:
    """Quantities of 4 marks, the unit worth 1, with the score each answer should get."""
    cases = []
    for number in range(n):
        unit, names, (other, factor), wrong = draw.choice(UNITS)
        value = round(draw.uniform(1.1, 99), 1)
        item = Item(ItemType.NUMERIC, 4, reference_answers=(f"{value} {unit}",), settings={"unit_score": 1})
        answers = [
            (f"{value}{draw.choice(names)}", 4.0),
            (f"答：{value} {draw.choice(names)}。", 4.0),
            (f"{value * factor:.8g} {other}", 4.0),
            (f"{value / 10:.6g}×10 {draw.choice(names)}".replace("×10 ", "×10^1 "), 4.0),
            (f"{value}", 3.0),
            (f"{value}{wrong}", 3.0),
            (f"{value * 10:.6g}{draw.choice(names)}", 0.0),
            (f"-{value}{draw.choice(names)}", 0.0),
            (f"{value + draw.choice([0.5, 3, -1.05]):.6g}{draw.choice(names)}", 0.0),
        ]
        text, score = draw.choice(answers)
        cases.append((item, Response(str(number), text), score))
    return cases


def blank_cases(n: int, draw: random.Random) -> list[Case]:
    """Words of 2 marks in many disguises, other words, and slips of the keyboard."""
    cases = []
    for number in range(n):
        word, other = draw.sample(WORDS, 2)
        item = Item(ItemType.BLANK, 2, reference_answers=(word,))
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
        right = [
            word,
            f" {word}。",
            wide,
            word.upper(),
            f"“{word}”",
            word.replace("气", "氣").replace("发", "發"),
        ]
        wrong = [other, f"不是{word}", word[:-1] + "?", other.upper()]
        truth = draw.random() < 0.6
        cases.append((item, Response(str(number), draw.choice(right if truth else wrong)), 2.0 * truth))
    return cases


def choice_cases(n: int, draw: random.Random) -> list[Case]:
    """One of four options, written in many ways."""
    cases = []
    for number in range(n):
        key, chosen = draw.choice("ABCD"), draw.choice("ABCD")
        item = Item(ItemType.SINGLE_CHOICE, 2, reference_answers=(key,))
        text = draw.choice(["{}", "选{}", "({})", "答案是{}", "{}。"]).format(
            draw.choice([chosen, chosen.lower()])
        )
        cases.append((item, Response(str(number), text), 2.0 * (chosen == key)))
    return cases


def measured(name: str, cases: list[Case]) -> list[Row]:
    """Rightness, false accepts, calibration error and throughput on ``cases``."""
    graders = {item.reference_answers: grader_for(item) for item, _, _ in cases}
    for item, response, _ in cases[:50]:
        graders[item.reference_answers].judge(response)
    began = time.process_time()
    judged = [graders[item.reference_answers].judge(response) for item, response, _ in cases]
    seconds = time.process_time() - began
    right = [made.score == score for made, (_, _, score) in zip(judged, cases, strict=True)]
    over = sum(made.score > score for made, (_, _, score) in zip(judged, cases, strict=True))
    calibration = expected_calibration_error([made.confidence for made in judged], right)
    return [
        Row("closed", f"{name}: judged right", sum(right) / len(right), None, 0.97, peer=_pint_right(cases)),
        Row("closed", f"{name}: given too much", over / len(right), None, 0.0, higher_is_better=False),
        Row("closed", f"{name}: calibration error", calibration, None, 0.05, higher_is_better=False),
        Row("closed", f"{name}: judgements a second, one core", len(cases) / seconds, None, 2000),
    ]


def _pint_right(cases: list[Case]) -> float | None:
    """How often pint alone, reading the text as it is, gives full marks exactly when they are due."""
    if cases[0][0].type is not ItemType.NUMERIC:
        return None
    import pint

    registry = pint.UnitRegistry()
    hits = 0
    for item, response, score in cases:
        try:
            reference = registry.Quantity(str(item.reference_answers[0]))
            same = abs((registry.Quantity(response.text) / reference).to("").magnitude - 1)
        except (pint.PintError, tokenize.TokenError, *_UNREADABLE):
            same = 1.0
        hits += (same < 1e-9) == (score == item.max_score)
    return hits / len(cases)


def rows(data: Path, quick: bool) -> list[Row]:
    """The rows of this section; needs no data set."""
    del data
    n, draw = (500 if quick else 5000), random.Random(20)
    kinds = (("numbers", numeric_cases), ("blanks", blank_cases), ("choices", choice_cases))
    return [row for name, make in kinds for row in measured(name, make(n, draw))]
