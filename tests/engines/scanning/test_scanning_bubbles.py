from __future__ import annotations

from zhiwei.engines.scanning.bubbles import BubbleInk, choose, paper_level

EMPTY = 0.08


def row(*inside: float, ring: tuple[float, ...] = ()) -> list[BubbleInk]:
    rings = ring or (0.05,) * len(inside)
    return [BubbleInk(value, ink, r) for value, ink, r in zip("ABCD", inside, rings, strict=True)]


def test_one_filled() -> None:
    reading = choose(row(0.08, 0.8, 0.09, 0.07), EMPTY, multiple=False)
    assert reading.values == ("B",) and reading.confidence > 0.9 and not reading.remark


def test_none_filled_is_a_sure_blank() -> None:
    reading = choose(row(0.08, 0.09, 0.09, 0.07), EMPTY, multiple=False)
    assert reading.values == () and reading.confidence > 0.9


def test_a_faint_mark_is_read_but_a_person_looks() -> None:
    reading = choose(row(0.08, 0.27, 0.09, 0.07), EMPTY, multiple=False)
    assert reading.values == ("B",) and reading.confidence < 0.8


def test_an_erased_bubble_beside_a_filled_one_does_not_count() -> None:
    reading = choose(row(0.2, 0.8, 0.09, 0.07), EMPTY, multiple=False)
    assert reading.values == ("B",) and reading.confidence > 0.8


def test_two_filled_are_both_given_and_never_sure() -> None:
    reading = choose(row(0.7, 0.8, 0.09, 0.07), EMPTY, multiple=False)
    assert reading.values == ("A", "B") and reading.confidence < 0.5 and reading.remark == "several"
    many = choose(row(0.7, 0.8, 0.09, 0.07), EMPTY, multiple=True)
    assert many.values == ("A", "B") and many.confidence > 0.8


def test_a_crossed_out_bubble_is_cancelled_and_shown() -> None:
    reading = choose(row(0.8, 0.75, 0.09, 0.07, ring=(0.45, 0.06, 0.05, 0.05)), EMPTY, multiple=False)
    assert reading.values == ("B",) and reading.remark == "cancelled" and reading.confidence < 0.8


def test_a_row_where_all_are_crossed_is_left_to_a_person() -> None:
    reading = choose(row(0.8, 0.75, 0.09, 0.07, ring=(0.45, 0.45, 0.05, 0.05)), EMPTY, multiple=False)
    assert reading.remark == "several"


def test_paper_level_ignores_the_filled() -> None:
    assert paper_level(row(0.8, 0.08, 0.09, 0.07)) < 0.1
    assert paper_level([]) == 0.0
