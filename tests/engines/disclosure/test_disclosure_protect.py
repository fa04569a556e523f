"""Figures of groups: too few people, one large contribution, differences, repetition, scaled copies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.disclosure import (
    BUCKETS,
    Cell,
    Earlier,
    Kind,
    Measured,
    Output,
    Protection,
    Query,
    present,
    protect,
)

HOW = Protection(k=10, epsilon=1.0, key=b"k" * 32)


def measured(values: dict[int, float], *, salt: int = 0) -> Measured:
    """What people (by number) contribute, one row each."""
    sketch = np.zeros(BUCKETS, dtype=np.uint16)
    for person, value in values.items():
        sketch[person % BUCKETS] ^= np.uint16(
            (person * 40503 + int(value * 1000) * 9973 + salt * 31337) % 65536
        )
    given_values = np.array(list(values.values()), dtype=float)
    return Measured(
        rows=len(values),
        total=float(given_values.sum()),
        squares=float((given_values**2).sum()),
        most_rows=1,
        most=float(np.abs(given_values).max(initial=0)),
        amount=float(np.abs(given_values).sum()),
        most_squares=float((given_values**2).max(initial=0)),
        contributing=int(np.count_nonzero(given_values)),
        people=len(values),
        sketch=sketch,
    )


@given(st.integers(1, 9))
@settings(max_examples=9)
def test_fewer_than_k_people_have_no_figure(people: int) -> None:
    assert protect(measured(dict.fromkeys(range(1, people + 1), 3.0)), HOW, []) is None


def test_fewer_than_k_people_contributing_look_like_nobody_contributing() -> None:
    few = {person: float(person < 4) for person in range(1, 40)}
    none = dict.fromkeys(range(1, 40), 0.0)
    assert protect(measured(few), HOW, []) is None
    assert protect(measured(none), HOW, []) is None


def test_one_person_never_dominates() -> None:
    assert protect(measured({**dict.fromkeys(range(1, 30), 1.0), 77: 1000.0}), HOW, []) is None


def test_asking_again_gives_the_same_and_teaches_nothing() -> None:
    values = {person: float(person % 7 + 1) for person in range(1, 60)}
    first, again = protect(measured(values), HOW, []), protect(measured(values), HOW, [])
    assert first == again
    assert first is not None
    assert first.total != sum(values.values())


def test_all_but_one_gets_the_answer_of_all() -> None:
    """The difference of the two would be one pupil's score."""
    everybody = {person: float(person % 7 + 1) for person in range(1, 60)}
    told = protect(measured(everybody), HOW, [])
    assert told is not None
    known = [Earlier(measured(everybody).sketch, told)]
    for left_out in (3, 17, 42):
        fewer = protect(measured({p: v for p, v in everybody.items() if p != left_out}), HOW, known)
        assert fewer is not None
        assert fewer.earlier
        assert (fewer.total, fewer.rows) == (told.total, told.rows)


def test_an_answer_and_its_refusal_cannot_be_told_apart() -> None:
    """Nobody, or one, fulfils a condition: the same answer either way."""
    everybody = dict.fromkeys(range(1, 60), 4.0)
    told = protect(measured(everybody), HOW, [])
    assert told is not None
    known = [Earlier(measured(everybody).sketch, told)]
    nobody = protect(measured(everybody), HOW, known)
    one = protect(measured({p: v for p, v in everybody.items() if p != 5}), HOW, known)
    assert nobody == one


def test_scaled_copies_carry_noise_of_their_own() -> None:
    """Twice the sum less the sum of doubles is no exact zero: what is left hides one contribution."""
    values = {person: float(person % 5 + 1) for person in range(1, 60)}
    left = []
    for trial in range(200):
        how = Protection(10, 1.0, trial.to_bytes(32, "big"))
        once = protect(measured(values), how, [])
        twice = protect(measured({p: 2 * v for p, v in values.items()}), how, [])
        assert once is not None
        assert twice is not None
        left.append(2 * once.total - twice.total)
    assert np.std(left) > max(values.values())


def test_noise_has_the_promised_scale() -> None:
    values = {person: float(person % 5 + 1) for person in range(1, 60)}
    errors = []
    for trial in range(2000):
        told = protect(measured(values), Protection(10, 1.0, trial.to_bytes(32, "big")), [])
        assert told is not None
        errors.append(told.total - sum(values.values()))
    assert abs(np.mean(errors)) < 0.6
    assert np.mean(np.abs(errors)) == pytest.approx(5.0, rel=0.1)


@pytest.mark.parametrize(
    ("k", "epsilon", "key"), [(4, 1.0, b"k" * 32), (10, 0.0, b"k" * 32), (10, 1.0, b"k")]
)
def test_weak_settings_are_refused(k: int, epsilon: float, key: bytes) -> None:
    with pytest.raises(ValueError, match="k ="):
        Protection(k, epsilon, key)


def test_small_groups_are_left_out_and_nobody_learns_how_many() -> None:
    query = Query(
        "answers", ("g",), ("1",), (Output("g", Kind.GROUP), Output("n", Kind.PERSONS)), "", ((1, True),)
    )
    cells = [
        Cell((name,), size, (measured(dict.fromkeys(range(start, start + size), 1.0)),))
        for name, start, size in (("a", 1, 30), ("b", 100, 3), ("c", 200, 50))
    ]
    result = present(query, cells, HOW, [])
    assert [row[0] for row in result.rows] == ["c", "a"]
    assert result.left_out
    assert len(result.new) == 2
