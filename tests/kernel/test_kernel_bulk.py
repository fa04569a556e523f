"""Many rows in one statement: every kind of value arrives as Django would store it, and the walls hold."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from tests.cast import Cast

from zhiwei.kernel import bulk, scope
from zhiwei.learning.models import Mastery, Observation

AT = datetime(2026, 3, 4, 5, 6, 7, 891000, tzinfo=UTC)


def mastery(
    tenant: int, person: int, point: str, state: list[float], seen: datetime | None = None
) -> Mastery:
    """A row with floats, an array and an optional time."""
    return Mastery(
        tenant_id=tenant, person_id=person, point=point, subject="数学\"'\\", state=state, estimate=0.25,
        standard_error=1.5, n=3, last_seen=seen, forgetting=0.0, level="shaky",
    )  # fmt: skip


def test_rows_arrive_as_they_were_and_in_order(cast: Cast) -> None:
    with scope.entered([cast.school]):
        sent = [
            mastery(
                cast.school,
                cast.people["pupil"],
                f"p{n}",
                [n / 3, math.nan, -math.inf],
                AT if n % 2 else None,
            )
            for n in range(20)
        ]
        made = bulk.insert_rows(sent)
        read = {row.pk: row for row in Mastery.objects.filter(person_id=cast.people["pupil"])}
        for n, row in enumerate(made):
            found = read[row.pk]
            assert (found.point, found.subject, found.last_seen) == (
                f"p{n}",
                "数学\"'\\",
                AT if n % 2 else None,
            )
            assert found.state[0] == n / 3 and math.isnan(found.state[1]) and found.state[2] == -math.inf


def test_a_row_that_is_there_gets_only_what_was_named(cast: Cast) -> None:
    with scope.entered([cast.school]):
        (first,) = bulk.insert_rows([mastery(cast.school, cast.people["pupil"], "p", [1.0])])
        changed = mastery(cast.school, cast.people["pupil"], "p", [2.0], AT)
        (again,) = bulk.insert_rows([changed], unique=["person", "point"], update=["state"])
        found = Mastery.objects.get(person_id=cast.people["pupil"], point="p")
        assert again.pk == first.pk and found.state == [2.0] and found.last_seen is None


def test_texts_and_documents_stay_text(cast: Cast) -> None:
    with scope.entered([cast.school]):
        (row,) = bulk.insert_rows(
            [
                Observation(
                    tenant_id=cast.school, person_id=cast.people["pupil"], source="released", response_id=7,
                    sitting_id=1, subject="math", item_key="'); drop table kernel_person; --",
                    points=["a,b", '{"c"}', "中"], score=1.0, max_score=2.0, share=0.5, at=AT,
                )
            ]
        )  # fmt: skip
        found = Observation.objects.get(pk=row.pk)
        assert (
            found.points == ["a,b", '{"c"}', "中"] and found.item_key.startswith("')") and found.revision == 1
        )


def test_nothing_asks_nothing(cast: Cast) -> None:
    with scope.entered([cast.school]):
        assert bulk.insert_rows([]) == []


def test_another_school_and_a_broken_rule_are_refused(cast: Cast) -> None:
    with scope.entered([cast.school]):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            bulk.insert_rows([mastery(cast.other_school, cast.people["pupil"], "p", [1.0])])
        twice = [mastery(cast.school, cast.people["pupil"], "p", [1.0]) for _ in range(2)]
        with pytest.raises(IntegrityError), transaction.atomic():
            bulk.insert_rows(twice)
        assert not Mastery.objects.filter(person_id=cast.people["pupil"]).exists()
