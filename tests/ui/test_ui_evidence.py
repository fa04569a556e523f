"""Evidence never changes the answer it is drawn in."""

from hypothesis import given
from hypothesis import strategies as st

from zhiwei.ui.evidence import Piece, split_by_spans
from zhiwei.ui.values import Origin, Span

SPANS = st.builds(Span, st.integers(-5, 40), st.integers(-5, 40), st.sampled_from(Origin))


@given(st.text(max_size=30), st.lists(SPANS, max_size=8))
def test_pieces_join_to_the_answer(text: str, spans: list[Span]) -> None:
    pieces = split_by_spans(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


def test_the_earlier_span_keeps_shared_letters() -> None:
    first, second = Span(0, 3), Span(2, 5, Origin.MACHINE)
    assert split_by_spans("abcdef", [second, first]) == [Piece("abc", first), Piece("de", second), Piece("f")]


def test_spans_outside_are_left_out() -> None:
    assert split_by_spans("ab", [Span(5, 9), Span(1, 1)]) == [Piece("ab")]
