from __future__ import annotations

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.sheets import (
    KINDS,
    PAPERS,
    Box,
    Pupil,
    Question,
    SheetError,
    SheetSpec,
    answer_space_for,
    lay_out,
    render_sheets,
)

KEY = b"0123456789abcdef"


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def spec_of(kinds: list[tuple[str, int]], paper: str = "A4", **more: object) -> SheetSpec:
    questions = tuple(
        Question(str(i), kind, points=5, size=size) for i, (kind, size) in enumerate(kinds, start=1)
    )
    return SheetSpec("W1", "练习", questions, paper=paper, **more)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(
    kinds=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 60)), min_size=1, max_size=25),
    paper=st.sampled_from(sorted(PAPERS)),
    digits=st.integers(0, 12),
)
def test_every_question_has_its_space_inside_the_page_and_nothing_overlaps(
    kinds: list[tuple[str, int]], paper: str, digits: int
) -> None:
    template = lay_out(spec_of(kinds, paper, number_digits=digits)).template
    asked = {str(i) for i in range(1, len(kinds) + 1)} | ({""} if digits else set())
    assert {region.question for page in template.pages for region in page.regions} == asked
    keys = [region.key for page in template.pages for region in page.regions]
    assert len(set(keys)) == len(keys)
    for page in template.pages:
        assert page.qr is not None
        boxes = [region.box for region in page.regions]
        furniture = [*(mark.box for mark in page.markers), page.qr]
        for i, box in enumerate(boxes):
            assert box.x >= 0 and box.y >= 0
            assert box.x + box.w <= page.width_mm and box.y + box.h <= page.height_mm
            assert not any(overlap(box, other) for other in [*boxes[i + 1 :], *furniture])


def test_an_essay_gets_at_least_the_squares_asked_for() -> None:
    template = lay_out(spec_of([("grid", 800)])).template
    squares = sum(
        len(region.cells) for page in template.pages for region in page.regions if region.kind == "grid"
    )
    assert squares >= 800


def test_double_sided_sheets_have_whole_leaves() -> None:
    assert len(lay_out(spec_of([("choice", 0)], "8K")).template.pages) == 2
    assert len(lay_out(spec_of([("choice", 0)], "8K", double_sided=False)).template.pages) == 1


def test_pages_carry_their_own_number_mark() -> None:
    template = lay_out(spec_of([("grid", 900), ("free", 200)])).template
    assert len(template.pages) > 1
    for page in template.pages:
        assert 10 + page.number in {mark.number for mark in page.markers}


def test_one_pdf_for_a_class_with_names_and_without_running_what_pupils_are_called() -> None:
    pupils = (Pupil("P1", "#panic(1)", "1", "$x$"), Pupil("P2", "王*小_明", "2"))
    question = Question(
        "1", "blank", text='若 $\\frac{1}{2}x^2=\\sqrt{3}$ #read("/etc/passwd") $\\input{x}$ 则'
    )
    pdf = render_sheets(SheetSpec("W1", "标题 #eval", (question,), pupils), KEY)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 2
    words = document[0].get_textpage().get_text_bounded()
    assert "#panic(1)" in words and "#eval" in words and "#read" in words and "\\input" in words
    assert "王*小_明" in document[1].get_textpage().get_text_bounded()


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda: Question("1", "chalk"), "kind 'chalk'"),
        (lambda: Question("1", "choice", options=()), "1–10 options"),
        (lambda: Pupil("张三"), "pupil code"),
        (lambda: Pupil("BLANK-1"), "pupil code"),
        (lambda: spec_of([("blank", 1)], paper="B5"), "paper 'B5'"),
        (lambda: SheetSpec("w lower", "t", (Question("1", "free"),)), "work code"),
        (lambda: SheetSpec("W", "t", ()), "at least one"),
        (lambda: SheetSpec("W", "t", (Question("1", "free"), Question("1", "free"))), "appears twice"),
        (lambda: lay_out(spec_of([("grid", 5000)] * 20)), "pages"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_by_name(make: object, names: str) -> None:
    with pytest.raises(SheetError, match=names):
        make()  # type: ignore[operator]


def test_item_types_have_a_space() -> None:
    assert answer_space_for("single_choice") == "choice"
    assert answer_space_for("something new") == "free"
