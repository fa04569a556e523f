"""Review times grow with success, shrink with failure, and depend on nothing but what is passed in."""

from datetime import UTC, datetime, timedelta

import pytest

from zhiwei.engines.scheduling import Grade, Memory, grade_of, retrievability, review

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def _after(*grades: Grade) -> Memory:
    memory, at = None, START
    for grade in grades:
        memory = review(memory, grade, at)
        at = memory.due
    assert memory is not None
    return memory


def test_success_stretches_the_interval_and_failure_shortens_it() -> None:
    one, three = _after(Grade.GOOD), _after(Grade.GOOD, Grade.GOOD, Grade.GOOD)
    lapsed = _after(Grade.GOOD, Grade.GOOD, Grade.GOOD, Grade.AGAIN)
    assert three.due - three.last_review > 4 * (one.due - one.last_review)
    assert lapsed.stability < three.stability and lapsed.difficulty > three.difficulty


def test_better_grades_come_back_later() -> None:
    dues = [_after(grade).due for grade in Grade]
    assert dues == sorted(dues) and dues[0] >= START + timedelta(days=1)


def test_recall_is_nine_in_ten_when_stability_has_passed() -> None:
    memory = _after(Grade.GOOD)
    assert retrievability(memory, START) == pytest.approx(1.0)
    late = START + timedelta(days=round(memory.stability))
    assert retrievability(memory, late) == pytest.approx(0.9, abs=0.03)
    assert retrievability(memory, late + timedelta(days=60)) < retrievability(memory, late)


def test_the_same_reviews_give_the_same_memory() -> None:
    assert _after(Grade.GOOD, Grade.HARD) == _after(Grade.GOOD, Grade.HARD)


def test_higher_retention_wanted_means_sooner_reviews() -> None:
    first = _after(Grade.GOOD, Grade.GOOD)
    assert (
        review(first, Grade.GOOD, first.due, retention=0.95).due
        < review(first, Grade.GOOD, first.due, retention=0.8).due
    )


@pytest.mark.parametrize(
    ("score", "fluent", "grade"),
    [(0.2, False, Grade.AGAIN), (0.5, False, Grade.HARD), (0.8, True, Grade.GOOD), (1.0, True, Grade.EASY)],
)
def test_grades_from_scores(score: float, fluent: bool, grade: Grade) -> None:
    assert grade_of(score, fluent=fluent) is grade


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        grade_of(1.2)
    with pytest.raises(ValueError, match="zone"):
        review(None, Grade.GOOD, START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="before"):
        review(_after(Grade.GOOD), Grade.GOOD, START - timedelta(days=1))
    with pytest.raises(ValueError, match="retention"):
        review(None, Grade.GOOD, START, retention=0.5)
