"""The projection: once each, in any order of arrival the same, forgotten when recalled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from learning_stage import CHAIN, add_graph, hear, released
from tests.cast import NOW, Cast

from zhiwei.assessment.events import MarksRecalled, MarksReleased
from zhiwei.kernel import outbox, scope
from zhiwei.kernel.models import Delivery
from zhiwei.learning.models import Calibration, Encounter, Learner, Mastery, Observation
from zhiwei.learning.services import calibrating, projecting, releases

WEEK = [("math.8.a", 1.0), ("math.8.a", 0.5), ("math.8.b", 0.0), ("math.8.b", 0.25)]


def snapshot(cast: Cast, nickname: str = "pupil") -> tuple[object, ...]:
    """Everything the projection holds of a person, ready to compare."""
    person = cast.people[nickname]
    with scope.entered([cast.school]):
        learner = Learner.objects.get(person_id=person)
        pairs = sorted((row.point, tuple(row.state)) for row in Mastery.objects.filter(person_id=person))
        items = sorted((row.item_key, tuple(row.state)) for row in Encounter.objects.filter(person_id=person))
    return repr(
        (learner.state, learner.observations, learner.last_at, pairs, items)
    ).split()  # nan equals nan


def rebuilt(cast: Cast, nickname: str = "pupil") -> tuple[object, ...]:
    """The same after a rebuild from observations alone."""
    with scope.entered([cast.school]):
        projecting.rebuild_person(tenant_id=cast.school, person_id=cast.people[nickname], now=NOW)
    return snapshot(cast, nickname)


def test_a_release_is_learned_from_once(cast: Cast) -> None:
    add_graph()
    news = released(cast, "pupil", WEEK)
    assert hear(cast, news) == 4
    before = snapshot(cast)
    assert hear(cast, news) == 0
    assert snapshot(cast) == before
    with scope.entered([cast.school]):
        rows = {row.point: row for row in Mastery.objects.all()}
        assert rows["math.8.a"].estimate > rows["math.8.b"].estimate
        assert (rows["math.8.a"].n, rows["math.8.b"].level) == (2, "weak")
        assert rows["math.8.c"].n == 0, "linked points are moved, not counted"
        assert Observation.objects.count() == 4


def test_a_higher_revision_replaces_and_a_lower_one_is_not_believed(cast: Cast) -> None:
    add_graph()
    hear(cast, released(cast, "pupil", [("math.8.a", 0.0)]))
    low = snapshot(cast)
    assert hear(cast, released(cast, "pupil", [("math.8.a", 1.0)], revision=2)) == 1
    high = snapshot(cast)
    assert high != low
    assert hear(cast, released(cast, "pupil", [("math.8.a", 0.0)], revision=1)) == 0
    assert snapshot(cast) == high


def test_recalled_marks_are_forgotten_and_old_news_stays_out(cast: Cast) -> None:
    add_graph()
    hear(cast, released(cast, "pupil", WEEK[:2], sitting_id=1))
    kept = snapshot(cast)
    later = released(cast, "pupil", WEEK[2:], sitting_id=2, first_id=50, at=NOW + timedelta(days=1))
    hear(cast, later)
    assert snapshot(cast) != kept
    with scope.entered([cast.school]):
        payload = {"person_id": cast.people["pupil"], "sitting_id": 2, "revision": 2}
        assert releases.take_back(tenant_id=cast.school, payload=payload, now=NOW) == 2
    assert snapshot(cast) == kept
    assert hear(cast, later) == 0


def test_no_score_teaches_nothing(cast: Cast) -> None:
    news = released(cast, "pupil", WEEK)
    news["responses"][0]["score"] = None
    news["responses"][1]["max_score"] = 0
    assert hear(cast, news) == 2


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(CHAIN), st.sampled_from([0.0, 0.25, 0.5, 1.0])),
        min_size=1,
        max_size=8,
    )
)
def test_rebuilding_equals_what_arrived_in_any_order(
    cast: Cast, answers: list[tuple[int, str, float]]
) -> None:
    from django.db import transaction

    with transaction.atomic():
        add_graph()
        for number, (day, point, share) in enumerate(answers):
            news = released(
                cast,
                "pupil",
                [(point, share)],
                first_id=number + 1,
                sitting_id=number,
                at=NOW + timedelta(days=day),
            )
            hear(cast, news)
        assert snapshot(cast) == rebuilt(cast)
        transaction.set_rollback(True)


def test_recalibration_keeps_the_two_ways_equal_and_learns_items(cast: Cast) -> None:
    add_graph()
    hear(cast, released(cast, "pupil", WEEK))
    hear(cast, released(cast, "classmate", WEEK, first_id=20, sitting_id=2, at=NOW + timedelta(hours=1)))
    with scope.entered([cast.school]):
        live = {(row.kind, row.key): row.live for row in Calibration.objects.all()}
        assert live["item", "work-item:100"][0] > 0 > live["item", "work-item:102"][0]
        assert Calibration.objects.get(key="work-item:100").calibrated[0] == 0
        done = calibrating.recalibrate(tenant_id=cast.school, now=NOW)
        assert (done["observations"], done["people"]) == (8, 2)
        assert Calibration.objects.get(key="work-item:100").calibrated[0] > 0
    later = released(cast, "pupil", WEEK, first_id=40, sitting_id=3, at=NOW + timedelta(days=2))
    hear(cast, later)
    assert snapshot(cast) == rebuilt(cast)


def test_news_arrives_through_the_outbox(cast: Cast) -> None:
    person, news = cast.people["pupil"], released(cast, "pupil", WEEK)
    with scope.entered([cast.school]):
        event = MarksReleased(
            cast.school, 1, 1, person, cast.class_one, "math", 1, NOW.isoformat(), tuple(news["responses"])
        )
        outbox.publish(event, tenant_id=cast.school, now=NOW)
        outbox.publish(MarksRecalled(cast.school, 1, 1, person, 2), tenant_id=cast.school, now=NOW)
        assert set(
            Delivery.objects.filter(consumer="learning.tracing").values_list("subject_key", flat=True)
        ) == {f"person:{person}"}
    assert outbox.deliver(cast.school, "learning.tracing", f"person:{person}") == 2
    with scope.entered([cast.school]):
        assert Observation.objects.filter(recalled=True).count() == 4
        assert Learner.objects.get(person_id=person).observations == 0


def test_another_school_sees_none_of_it(cast: Cast) -> None:
    hear(cast, released(cast, "pupil", WEEK))
    with scope.entered([cast.other_school]):
        assert not Observation.objects.exists() and not Mastery.objects.exists()


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_its_range_is_refused_by_the_database(cast: Cast, share: float) -> None:
    from django.db import IntegrityError, transaction

    hear(cast, released(cast, "pupil", WEEK))
    with scope.entered([cast.school]), pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.update(share=share)
