"""The bank: the starter import, search, and who sees which item."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.cast import NOW, Cast

from zhiwei.curriculum import access, api
from zhiwei.curriculum.models import Item, ItemEntry, ItemVersion, Point, Requirement
from zhiwei.curriculum.services.items import save_item
from zhiwei.curriculum.services.starter import import_starter
from zhiwei.curriculum.values import Audience
from zhiwei.kernel import scope
from zhiwei.kernel.errors import ForbiddenError, InvalidInputError, NotFoundError
from zhiwei.kernel.models import Organisation
from zhiwei.kernel.values import Actor, system_actor
from zhiwei.ui.tags.filters import markdown

QUESTION: dict[str, Any] = {
    "type": "single_choice",
    "max_score": 2,
    "subject": "math",
    "stem": "一元二次方程 $x^2-5x+6=0$ 的较大根是",
    "options": [{"id": "A", "text": "2"}, {"id": "B", "text": "3"}],
    "reference_answers": ["B"],
    "points": ["math.9.quadratic.solve"],
    "difficulty": 0.4,
}


@contextmanager
def acting(cast: Cast, nickname: str) -> Iterator[Actor]:
    """Act as somebody within the tenants they reach."""
    actor = cast.actor(nickname)
    with scope.entered(actor.tenants):
        yield actor


def write(cast: Cast, nickname: str = "teacher", **given: Any) -> Item:
    """Let somebody write an item into their school's bank."""
    changes = given.pop("content", {})
    with acting(cast, nickname) as actor:
        wanted = {"publish": True, **given}
        pk = save_item(
            actor=actor, now=NOW, tenant_id=actor.tenant_id, content={**QUESTION, **changes}, **wanted
        )
        return Item.objects.get(pk=pk)


def seen(cast: Cast, nickname: str, **search: Any) -> set[str]:
    """Return what somebody finds."""
    with acting(cast, nickname) as actor:
        return {card.uuid for card in api.search_items(actor, **search).items}


def test_the_starter_comes_in_fast_whole_and_once(cast: Cast) -> None:
    with scope.everywhere("test"):
        province = Organisation.objects.get(kind="province").pk
        began = time.perf_counter()
        first = import_starter(actor=system_actor(province), now=NOW, tenant_id=province)
        spent = time.perf_counter() - began
        counts = [model.objects.count() for model in (Item, ItemVersion, ItemEntry, Point, Requirement)]
        again = import_starter(actor=system_actor(province), now=NOW, tenant_id=province)
        assert counts == [m.objects.count() for m in (Item, ItemVersion, ItemEntry, Point, Requirement)]
    assert (first.new, first.problems) == (counts[0], ()) and first.new >= 400
    assert (again.new, again.changed, again.same) == (0, 0, first.new)
    assert counts[3] > 600 and counts[4] > 600
    assert spent < 10, spent
    _resources_are_there_for_all(cast)
    with acting(cast, "teacher") as teacher:
        found = api.search_items(teacher, text="平方根", subject="math")
        assert found.total and all("平方根" in str(card.content) for card in found.items[:3])
        assert api.points_tree("physics")[0].points
        assert [one.name for one in api.search_points("shuzhou")][:1] == ["数轴"]


def _resources_are_there_for_all(cast: Cast) -> None:
    """The worked examples and lessons came in once, each on points that exist, with licence and source."""
    with acting(cast, "other_teacher") as teacher:
        rows = list(access.resources_in_reach(teacher))
        named = {key for row in rows for key in row.points}
        assert len(rows) == len({row.key for row in rows}) >= 25
        assert all(row.points and row.licence and row.source and row.subject for row in rows)
        assert named == set(Point.objects.filter(key__in=named).values_list("key", flat=True))
        shown = [str(markdown(row.text)) for row in rows]
        assert not [text for text in shown if "$" in text or "**" in text]


@pytest.mark.parametrize(
    "text",
    ["二次方程", "根", "erci", "fangcheng", "x^2-5x", "$x^2-5x+6=0$", "x²-5x+6", "方程 6=0", "一元 jiaoda"],
)
def test_a_question_is_found(cast: Cast, text: str) -> None:
    made = write(cast)
    assert seen(cast, "teacher", text=text) == {str(made.uuid)}


@pytest.mark.parametrize("text", ["三次方程", "x^3", "hanshu", "x^2+5x", "方根", "圆"])
def test_what_does_not_fit_is_not_found(cast: Cast, text: str) -> None:
    write(cast)
    assert seen(cast, "teacher", text=text) == set()


def test_facts_narrow_a_search(cast: Cast) -> None:
    made = str(write(cast).uuid)
    for search in ({"easiest": 0.3}, {"hardest": 0.5}, {"types": ["single_choice"]}, {"subject": "math"},
                   {"points": ["math.9.quadratic.solve", "other"]}, {"grade": 9}):  # fmt: skip
        assert seen(cast, "teacher", **search) == {made}, search
    for search in ({"easiest": 0.5}, {"hardest": 0.3}, {"types": ["blank"]}, {"subject": "physics"},
                   {"points": ["other"]}, {"grade": 8}):  # fmt: skip
        assert seen(cast, "teacher", **search) == set(), search


def test_who_sees_which_audience(cast: Cast) -> None:
    school, county, public = (
        str(write(cast, audience=one, content={"stem": f"题 {one}"}).uuid)
        for one in (Audience.SCHOOL, Audience.COUNTY, Audience.PUBLIC)
    )
    assert seen(cast, "teacher") == {school, county, public}
    assert seen(cast, "other_teacher") == {county, public}
    with scope.everywhere("test"):
        far = Organisation.objects.create(kind="county", name="远县", path="/9999/")
        Organisation.objects.filter(pk=far.pk).update(tenant_id=far.pk)
    with scope.entered([far.pk]):
        assert {str(one.uuid) for one in Item.objects.all()} == {public}
        with scope.without_filters():
            assert {str(one.uuid) for one in Item.objects.all()} == {public}


def test_drafts_and_sealed_items_stay_at_home(cast: Cast) -> None:
    draft = write(cast, audience=Audience.PUBLIC, publish=False)
    sealed = write(cast, audience=Audience.PUBLIC, content={"stem": "保密"})
    with acting(cast, "teacher"):
        Item.objects.filter(pk=sealed.pk).update(sealed_until=NOW + timedelta(days=9999))
    assert seen(cast, "teacher") == {str(sealed.uuid)}
    for nickname in ("other_teacher", "outsider", "bureau", "head", "admin"):
        with acting(cast, nickname) as actor:
            assert not set(access.items_in_reach(actor)), nickname
            assert not api.get_items([str(draft.uuid), str(sealed.uuid)], actor=actor)
    with acting(cast, "other_teacher"), scope.without_filters():
        assert not Item.objects.exists() and not ItemVersion.objects.exists()


def test_a_draft_beside_a_published_version_is_not_given_out(cast: Cast) -> None:
    made = write(cast, audience=Audience.PUBLIC)
    with acting(cast, "teacher") as teacher:
        save_item(
            actor=teacher,
            now=NOW,
            tenant_id=cast.school,
            content={**QUESTION, "stem": "新稿"},
            item_id=made.pk,
        )
    with acting(cast, "other_teacher"):
        (card,) = api.get_items([str(made.uuid)])
        assert card.content["stem"] == QUESTION["stem"]
        assert ItemVersion.objects.count() == 1


def test_a_pupil_sees_no_bank(cast: Cast) -> None:
    write(cast, audience=Audience.PUBLIC)
    with acting(cast, "pupil") as pupil, pytest.raises(ForbiddenError):
        api.search_items(pupil)


def test_a_colleague_cannot_write_in_anothers_item(cast: Cast) -> None:
    made = write(cast, audience=Audience.PUBLIC)
    for nickname in ("head", "other_teacher", "pupil", "bureau"):
        with acting(cast, nickname) as actor, pytest.raises(NotFoundError):
            access.access_item_for_writing(actor, made.uuid)


def test_a_broken_question_is_refused(cast: Cast) -> None:
    with pytest.raises(InvalidInputError, match="题目有误"):
        write(cast, content={"type": "riddle"})


def test_versions_cannot_be_changed_even_by_our_own_code(cast: Cast) -> None:
    made = write(cast)
    with (
        acting(cast, "teacher"),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        ItemVersion.objects.filter(item=made).update(number=9)


def test_a_pattern_reaches_others_with_its_numbers_drawn(cast: Cast) -> None:
    pattern = {
        "stem": "${{a}}+1$",
        "parameters": [{"name": "a", "min": 1, "max": 1000}],
        "type": "numeric",
        "reference_answers": ["{{a+1}}"],
        "options": [],
    }
    made = str(write(cast, content=pattern).uuid)
    with acting(cast, "teacher"):
        drawn = {seed: api.get_items([made], seed=seed)[0].content for seed in (1, 1, 2, 3)}
        assert len({content["stem"] for content in drawn.values()}) > 1
        for content in drawn.values():
            value = int(content["variant"]["values"]["a"])
            assert content["stem"] == f"${value}+1$" and content["reference_answers"] == [str(value + 1)]
    with pytest.raises(InvalidInputError, match="nobody"):
        write(cast, content={**pattern, "stem": "{{nobody}}"})
