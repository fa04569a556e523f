from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.scanning import PageFact, Tray, advice, all_codes, assemble

ROSTER = ["P1", "P2", "P3"]


def page(name: str, pupil: str, number: int, *doubts: str, sheet: str = "", work: str = "W") -> PageFact:
    return PageFact(name, work, pupil, sheet, number, doubts)


def places(tray: Tray) -> list[str]:
    held = [name for pupil in tray.pupils for _, name in pupil.pages]
    twice = [name for group in tray.duplicate for name in group]
    return [*held, *twice, *tray.unknown, *tray.extra, *tray.doubtful]


FACTS = st.lists(
    st.builds(
        PageFact,
        st.just(""),
        st.sampled_from(["W", "W", "OTHER", ""]),
        st.sampled_from(["", "P1", "P2", "P3", "P9"]),
        st.sampled_from(["", "", "BLANK-1", "BLANK-2"]),
        st.integers(0, 4),
        st.lists(
            st.sampled_from(["unknown_page", "unknown_pupil", "two_pages", "other_work", "number_disagrees"]),
            max_size=2,
        ).map(tuple),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(FACTS)
def test_every_page_is_in_exactly_one_place(facts: list[PageFact]) -> None:
    named = [PageFact(str(i), f.work, f.pupil, f.sheet, f.page, f.doubts) for i, f in enumerate(facts)]
    assert sorted(places(assemble(named, "W", ROSTER, 3))) == sorted(f.id for f in named)


@settings(max_examples=100, deadline=None)
@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_scanning_does_not_matter(facts: list[PageFact], random: object) -> None:
    named = [PageFact(str(i), f.work, f.pupil, f.sheet, f.page, f.doubts) for i, f in enumerate(facts)]
    mixed = list(named)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = assemble(named, "W", ROSTER, 3), assemble(mixed, "W", ROSTER, 3)
    assert one.pupils == other.pupils and sorted(one.unknown) == sorted(other.unknown)


def test_a_lost_page_shifts_nothing() -> None:
    facts = [page(f"{p}{n}", p, n) for p in ROSTER for n in (1, 2, 3)]
    whole = assemble(facts, "W", ROSTER, 3)
    lost = assemble([f for f in facts if f.id != "P22"], "W", ROSTER, 3)
    assert lost.pupils[0] == whole.pupils[0] and lost.pupils[2] == whole.pupils[2]
    assert lost.pupils[1].missing == (2,) and lost.pupils[1].pages == ((1, "P21"), (3, "P23"))


def test_two_of_a_page_are_both_shown_and_neither_chosen() -> None:
    tray = assemble([page("a", "P1", 1), page("b", "P1", 1)], "W", ROSTER, 1)
    assert tray.duplicate == (("a", "b"),) and tray.pupils[0].pages == () and tray.pupils[0].missing == ()


def test_a_nameless_sheet_follows_the_number_on_its_first_page() -> None:
    facts = [page("a", "P1", 1, sheet="BLANK-1"), page("b", "", 2, "unknown_pupil", sheet="BLANK-1")]
    assert assemble(facts, "W", ROSTER, 2).pupils[0].pages == ((1, "a"), (2, "b"))


def test_photocopies_of_a_nameless_sheet_are_never_mixed() -> None:
    facts = [
        page("a", "P1", 1, sheet="BLANK-1"),
        page("b", "P2", 1, sheet="BLANK-1"),
        page("c", "", 2, "unknown_pupil", sheet="BLANK-1"),
    ]
    assert assemble(facts, "W", ROSTER, 2).unknown == ("c",)


def test_strangers_and_other_works_are_extra_and_contradictions_doubtful() -> None:
    facts = [page("a", "P9", 1), page("b", "P1", 1, work="V"), page("c", "P1", 1, "bad_signature")]
    tray = assemble(facts, "W", ROSTER, 1)
    assert set(tray.extra) == {"a", "b"} and tray.doubtful == ("c",)


def test_every_code_has_both_sentences() -> None:
    for code in all_codes():
        found = advice(code)
        assert found.zh and found.en.endswith((".", "read.")) and found.zh != found.en
