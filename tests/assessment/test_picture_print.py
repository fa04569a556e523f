"""The class picture on paper: formulas in answers are drawn, not printed as typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pypdfium2

from zhiwei.assessment.services.picture_prints import picture_pdf


def _picture(answer: str) -> Any:
    group = SimpleNamespace(text=answer, count=17)
    item = SimpleNamespace(
        position=7, figures=SimpleNamespace(facility=0.92, discrimination=None), answers=[group]
    )
    shown = SimpleNamespace(kind="full", text=answer, score=3.0, max_score=3.0)
    return SimpleNamespace(
        title="周三作业",
        class_name="八1班",
        headline="先讲第 7 题",
        judged=19,
        expected=20,
        mean=None,
        first=[SimpleNamespace(why="第 7 题", showings=[shown])],
        items=[item],
        points=[],
        steps=[],
    )


def test_formulas_in_answers_are_drawn() -> None:
    pdf = picture_pdf(cast(Any, _picture("$(x+2)^2$ — $x^2+4x+4$")))
    words = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "$" not in words and "^" not in words and "×17" in words


def test_no_answer_is_a_dash() -> None:
    words = pypdfium2.PdfDocument(picture_pdf(_picture("")))[0].get_textpage().get_text_range()
    assert "— ×17" in words
