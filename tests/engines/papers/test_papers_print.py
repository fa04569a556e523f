"""Papers print: every question and answer is in the PDF, answers on a page of their own, bad numbers refused."""

from __future__ import annotations

import pypdfium2
import pytest

from zhiwei.engines.papers import Paper, PaperQuestion, Slip, SlipLine, render_paper, render_slip
from zhiwei.engines.sheets import runs_of

CHOICE = PaperQuestion(
    "1",
    "计算 $\\frac{1}{2}+x^2$ 的值。",
    "周三作业",
    ("A. $1$", "B. $2$"),
    answer=("B. $2$",),
    note="先通分。",
)
PARTS = PaperQuestion("2", "阅读材料。\n第二段", parts=("写出函数。", "求 $x$。"), room_mm=60)


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def test_questions_and_answers_stand_on_their_own_sheets() -> None:
    found = pages(render_paper(Paper("错题练习", "人甲", (CHOICE, PARTS))))
    assert len(found) == 2
    assert "错题练习" in found[0] and "的值" in found[0] and "第二段" in found[0] and "先通分" not in found[0]
    assert "参考答案" in found[1] and "先通分" in found[1]


def test_without_answers_there_is_no_answer_sheet() -> None:
    assert len(pages(render_paper(Paper("错题", "", (PARTS,))))) == 1


def test_many_questions_flow_over_pages() -> None:
    found = pages(render_paper(Paper("错题", "", (PARTS,) * 12)))
    assert 3 <= len(found) <= 8


def test_words_are_never_run() -> None:
    told = '#panic("x") #read("/etc/passwd") $\\foo$ **粗** ____空'
    text = pages(render_paper(Paper(told, told, (PaperQuestion("1", told, choices=(told,)),))))[0]
    assert "panic" in text and "root:" not in text and "____" in text


@pytest.mark.parametrize("count", [0, 201])
def test_none_or_too_many_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="questions"):
        render_paper(Paper("错题", "", (PARTS,) * count))


SAID = dict.fromkeys(("answer", "blank", "good", "missing", "comment", "solution", "closing"), "词")


def test_a_slip_holds_answer_reasons_and_solution() -> None:
    wrong = SlipLine(
        "1", "1 / 3", right=False, stem="求 $x$。", answer=("$x=3$",), missing=("移项时没有变号",),
        comment="再看一遍", solution=("$x=2$",), knowledge=("一元一次方程",),
    )  # fmt: skip
    text = "".join(pages(render_slip(Slip("周三作业", "人甲", "1 / 5", (wrong,), SAID))))
    for part in ("周三作业", "人甲", "1 / 5", "移项时没有变号", "再看一遍", "一元一次方程"):
        assert part in text, part


def test_what_people_wrote_is_never_run() -> None:
    evil = '#panic("x") #read("/etc/passwd") $\\input{/etc/passwd}$'
    line = SlipLine("1", "0 / 1", right=False, stem=evil, answer=(evil,), comment=evil)
    text = "".join(pages(render_slip(Slip(evil, evil, "0 / 1", (line,), SAID))))
    assert "#panic" in text and "root:" not in text


@pytest.mark.parametrize("count", [0, 201])
def test_a_slip_of_nothing_or_too_much_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="questions"):
        render_slip(Slip("", "", "", (SlipLine("1", "1 / 1", right=True, stem="题"),) * count, SAID))


def test_a_slip_without_its_words_is_refused() -> None:
    with pytest.raises(ValueError, match="closing"):
        words = {name: text for name, text in SAID.items() if name != "closing"}
        render_slip(Slip("", "", "", (SlipLine("1", "1 / 1", right=True, stem="题"),), words))


@pytest.mark.parametrize(
    "formula",
    [
        r"\text{Rt}\triangle ABC",
        r"\begin{cases}3x+2y=12\\5x-2y=4\end{cases}",
        r"0.\dot{3}",
        r"\sqrt[3]{8}",
        r"\odot O\cong P",
    ],
)
def test_formulas_of_the_starter_are_drawn(formula: str) -> None:
    (drawn,) = runs_of(f"${formula}$")
    assert drawn["t"] == "math"
    assert len(render_paper(Paper("t", "", (PaperQuestion("1", f"${formula}$"),)))) > 1000


@pytest.mark.parametrize(
    "formula",
    [
        r"\text{a",
        r"\begin{cases}x",
        r"\begin{matrix}1\end{matrix}",
        r"\sqrt[3",
        r"\begin{cases}" * 30,
        r"\sqrt" * 300 + "x",
    ],
)
def test_formulas_that_break_off_or_go_too_deep_stay_as_written(formula: str) -> None:
    assert runs_of(f"${formula}$") == [{"t": "plain", "v": formula}]


def test_a_figure_is_printed_and_one_that_cannot_be_costs_nothing_else() -> None:
    square = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    plain, drawn, broken = (
        render_paper(Paper("t", "", (PaperQuestion("1", "求面积。", drawing=svg),)))
        for svg in ("", square, "<svg")
    )
    assert drawn != plain
    assert broken == plain
