"""What other rooms get from learning."""

from __future__ import annotations

from datetime import timedelta

from learning_stage import acting, add_graph, add_items, hear, released
from tests.cast import NOW, TODAY, Cast

from zhiwei.engines.practice import Tier
from zhiwei.learning import api
from zhiwei.learning.models import Practice, TierChoice

SHARES = [("math.8.a", 1.0), ("math.8.a", 1.0), ("math.8.b", 0.0), ("math.8.b", 0.25)]


def test_mastery_weak_points_tiers_and_items(cast: Cast) -> None:
    add_graph()
    uuids = add_items(cast)
    hear(cast, released(cast, "pupil", SHARES, at=NOW - timedelta(days=3)))
    pupil = cast.people["pupil"]
    with acting(cast, "teacher"):
        views = api.mastery_of([pupil], subject="math", now=NOW, today=TODAY)[pupil]
        assert views["math.8.a"].estimate > views["math.8.b"].estimate
        assert views["math.8.a"].low < views["math.8.a"].estimate < views["math.8.a"].high
        weak = api.weak_points_of_class(cast.class_one, subject="math", now=NOW, today=TODAY)
        assert next((one.name, one.pupils) for one in weak) == ("因式分解", 1)
        tiers = api.tiers_in_class(cast.class_one, subject="math", now=NOW, today=TODAY)
        assert set(tiers) == {pupil, cast.people["classmate"]} and not tiers[pupil].by_hand
        items = api.recommended_items(pupil, subject="math", now=NOW, today=TODAY)
        assert items and {one.item_uuid for one in items} <= set(uuids)
        assert [one.expected for one in items] == sorted((one.expected for one in items), reverse=True)
        assert not Practice.objects.exists()


def test_a_hands_choice_reaches_other_rooms(cast: Cast) -> None:
    pupil, teacher = cast.people["pupil"], cast.people["teacher"]
    with acting(cast, "teacher"):
        TierChoice.objects.create(
            tenant_id=cast.school, person_id=pupil, subject="math", tier=Tier.EXTENDED, by_id=teacher, at=NOW
        )
        told = api.tiers_in_class(cast.class_one, subject="math", now=NOW, today=TODAY)[pupil]
        assert (told.tier, told.by_hand, told.suggested) == (Tier.EXTENDED, True, Tier.BASIC)


def test_who_may_see(cast: Cast) -> None:
    pupil = cast.people["pupil"]
    seen = set()
    for nickname in cast.people:
        with acting(cast, nickname) as actor:
            if api.may_see(actor, pupil, subject="math", today=TODAY):
                seen.add(nickname)
    assert seen == {"pupil", "guardian", "teacher", "head"}
