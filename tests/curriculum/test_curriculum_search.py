"""The index of the bank: it lists just what may be seen, and what a search names comes first."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from tests.cast import NOW, Cast
from tests.curriculum.test_curriculum_bank import QUESTION, acting, write

from zhiwei.curriculum import access
from zhiwei.curriculum.models import Item, ItemEntry
from zhiwei.curriculum.queries.searching import Search, find_items
from zhiwei.curriculum.services.graphs import take_graph
from zhiwei.curriculum.services.indexing import index_items
from zhiwei.curriculum.services.items import save_item
from zhiwei.curriculum.services.workflow import publish_item, retire_item
from zhiwei.curriculum.values import Audience, ItemState
from zhiwei.engines.knowledge import graph_from_rows
from zhiwei.kernel import scope
from zhiwei.kernel.errors import ForbiddenError
from zhiwei.kernel.values import system_actor

LATER = NOW + timedelta(days=9999)


def one_of_each(cast: Cast) -> None:
    """Items of two schools in every state, audience and seal."""
    people, states = ("teacher", "other_teacher"), (*ItemState, "sealed")
    for nickname, state, audience in itertools.product(people, states, Audience):
        item = write(cast, nickname, publish=False, content={"stem": f"{nickname} {state} {audience}"})
        with acting(cast, nickname) as actor:
            if state in (ItemState.DRAFT, ItemState.REVIEW):
                Item.objects.filter(pk=item.pk).update(state=state, audience=audience)
                index_items([Item.objects.get(pk=item.pk)])
                continue
            until = LATER if state == "sealed" else None
            publish_item(actor=actor, now=NOW, item=item, audience=audience, sealed_until=until)
            if state == ItemState.RETIRED:
                retire_item(actor=actor, now=NOW, item=item)


def test_the_index_lists_just_the_items_in_reach(cast: Cast) -> None:
    one_of_each(cast)
    sizes = {}
    for nickname in ("teacher", "other_teacher", "head", "admin", "bureau", "outsider"):
        with acting(cast, nickname) as actor:
            try:
                items = set(access.items_in_reach(actor).values_list("pk", flat=True))
            except ForbiddenError:
                with pytest.raises(ForbiddenError):
                    access.entries_in_reach(actor)
                continue
            assert set(access.entries_in_reach(actor).values_list("pk", flat=True)) == items, nickname
            sizes[nickname] = len(items)
    assert sizes["teacher"] > 15 and len(set(sizes.values())) > 1, sizes
    with acting(cast, "pupil") as pupil, pytest.raises(ForbiddenError):
        find_items(pupil, Search())


def test_an_item_that_is_sealed_again_leaves_the_index_of_others(cast: Cast) -> None:
    item = write(cast, audience=Audience.PUBLIC)
    with acting(cast, "teacher") as actor:
        publish_item(actor=actor, now=NOW, item=item, sealed_until=LATER)
    with acting(cast, "other_teacher") as actor:
        assert find_items(actor, Search(text="二次方程")).total == 0
        assert not ItemEntry.objects.exists()


def test_what_the_search_names_comes_before_what_only_mentions_it(cast: Cast) -> None:
    row = {"key": "math.8.area", "name": "面积公式", "definition": "。", "subject": "math", "stage": "junior",
           "grade": 8, "domain": "图形", "prerequisites": []}  # fmt: skip
    with scope.everywhere("test"):
        take_graph(actor=system_actor(cast.school), now=NOW, graph=graph_from_rows([row], edition="t"))
    on_topic = write(cast, content={"stem": "长 3 宽 4 的长方形", "points": ["math.8.area"]})
    mentions = [write(cast, content={"stem": f"已知面积公式，第 {n} 问", "points": []}) for n in (1, 2)]
    with acting(cast, "teacher") as actor:
        for text in ("面积公式", "mjgs", "mianji", "面积"):
            first = find_items(actor, Search(text=text)).rows
            assert first[0].pk == on_topic.pk, text
        found = find_items(actor, Search(text="面积公式"))
        assert [row.pk for row in found.rows[1:]] == [row.pk for row in reversed(mentions)]
        pages = [find_items(actor, Search(text="面积"), limit=1, offset=n).rows[0].pk for n in range(3)]
        assert len(set(pages)) == 3
        assert (found.total, found.more) == (3, False)


def test_a_changed_question_is_found_by_its_new_words_only(cast: Cast) -> None:
    item = write(cast)
    changed: dict[str, Any] = {**QUESTION, "stem": "三角形的内角和"}
    with acting(cast, "teacher") as actor:
        save_item(
            actor=actor, now=NOW, tenant_id=actor.tenant_id, content=changed, item_id=item.pk, publish=True
        )
        assert find_items(actor, Search(text="三角形")).total == 1
        assert find_items(actor, Search(text="二次方程")).total == 0
