"""The curriculum's pages: what they show, and whom they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from test_curriculum_bank import QUESTION, acting, write
from tests.cast import NOW, Cast

from zhiwei.curriculum.models import Item, ItemNote
from zhiwei.curriculum.services.graphs import take_graph
from zhiwei.curriculum.values import Audience
from zhiwei.engines.knowledge import graph_from_rows
from zhiwei.kernel import scope
from zhiwei.kernel.values import Role, system_actor

KEY = "math.9.quadratic.solve"
ROWS = [
    {"key": "math.8.root.meaning", "name": "平方根", "definition": "平方等于它的数。", "subject": "math",
     "stage": "junior", "grade": 8},
    {"key": KEY, "name": "解一元二次方程", "definition": "求出未知数的值。", "subject": "math", "stage": "junior",
     "grade": 9, "prerequisites": ["math.8.root.meaning"],
     "misconceptions": [{"code": "lost-root", "description": "漏掉一个根", "wrong": "x=3"}]},
]  # fmt: skip


@pytest.fixture
def graph(cast: Cast) -> None:
    with scope.everywhere("test"):
        take_graph(actor=system_actor(cast.county), now=NOW, graph=graph_from_rows(ROWS, edition="t"))


def post(client: Client, name: str, body: Any, *args: object) -> Any:
    """Send JSON as the editor's script does."""
    return client.post(
        reverse(f"curriculum:{name}", args=args),
        data=json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def test_the_list_finds_and_shows(cast: Cast, graph: None, sign_in: dict[str, Client]) -> None:
    write(cast, content={"points": [KEY]})
    page = sign_in["teacher"].get("/curriculum/items/?q=二次方程")
    assert page.status_code == 200 and "解一元二次方程".encode() in page.content
    assert "没有找到题目".encode() in sign_in["teacher"].get("/curriculum/items/?q=hanshu").content
    assert "没有找到题目".encode() in sign_in["other_teacher"].get("/curriculum/items/").content


@pytest.mark.parametrize("nickname", ["pupil", "guardian"])
def test_pupils_and_guardians_see_no_bank(cast: Cast, sign_in: dict[str, Client], nickname: str) -> None:
    made = write(cast, audience=Audience.PUBLIC)
    for address in ("/curriculum/items/", f"/curriculum/items/{made.uuid}/", "/curriculum/items/new/"):
        assert sign_in[nickname].get(address).status_code == 404
    assert (
        post(sign_in[nickname], "try_answer", {"content": QUESTION, "answer": {"text": "B"}}).status_code
        == 404
    )


def test_an_item_shows_itself_and_its_key(cast: Cast, graph: None, sign_in: dict[str, Client]) -> None:
    made = write(cast, content={"points": [KEY], "explanation": "因式分解得 $x=2$ 或 $x=3$。"})
    page = sign_in["teacher"].get(reverse("curriculum:item", args=[made.uuid])).content.decode()
    assert "较大根" in page and "因式分解得" in page and "解一元二次方程" in page
    assert sign_in["other_teacher"].get(reverse("curriculum:item", args=[made.uuid])).status_code == 404


def test_scripts_in_a_stem_do_not_run(cast: Cast, sign_in: dict[str, Client]) -> None:
    made = write(cast, content={"stem": "<script>alert(1)</script> [x](javascript:alert(1))"})
    page = sign_in["teacher"].get(reverse("curriculum:item", args=[made.uuid])).content.decode()
    assert "<script>alert" not in page and 'href="javascript' not in page


def test_writing_reviewing_publishing_retiring(cast: Cast, sign_in: dict[str, Client]) -> None:
    teacher = sign_in["teacher"]
    saved = post(teacher, "save_new_item", {"content": QUESTION})
    assert saved.status_code == 200
    uuid = saved.json()["uuid"]
    step = reverse("curriculum:item_step", args=[uuid])
    assert teacher.post(step, {"step": "publish"}).status_code == 404
    assert teacher.post(step, {"step": "send", "note": "请看"}).status_code == 302
    assert teacher.post(step, {"step": "send"}).status_code == 409
    make_lead(cast, "head")
    lead = sign_in["head"]
    assert lead.post(step, {"step": "back"}).status_code == 422
    assert lead.post(step, {"step": "back", "note": "选项太少"}).status_code == 302
    changed = {**QUESTION, "stem": "另一道 $x^2=4$"}
    assert post(teacher, "save_item", {"content": changed}, uuid).json()["version"] == 2
    assert lead.post(step, {"step": "publish", "audience": "county"}).status_code == 302
    with acting(cast, "teacher"):
        item = Item.objects.get(uuid=uuid)
        assert (item.state, item.version, item.audience) == ("published", 2, "county")
        assert list(ItemNote.objects.order_by("pk").values_list("state", flat=True)) == [
            "review",
            "draft",
            "published",
        ]
    assert lead.post(step, {"step": "retire"}).status_code == 302
    assert sign_in["outsider"].post(step, {"step": "retire"}).status_code == 404
    assert lead.post(step, {"step": "explode"}).status_code == 422


def make_lead(cast: Cast, nickname: str) -> None:
    """Let somebody of the school look after mathematics."""
    from tests.cast import BEGIN

    from zhiwei.kernel.services import people

    with scope.everywhere("test"):
        people.give_role(
            actor=system_actor(), now=NOW, person_id=cast.people[nickname], organisation_id=cast.school,
            role=Role.SUBJECT_LEAD, subject="math", starts_on=BEGIN,
        )  # fmt: skip


def test_a_sealed_item_waits_for_its_date(cast: Cast, sign_in: dict[str, Client]) -> None:
    make_lead(cast, "head")
    made = write(cast, publish=False)
    step = reverse("curriculum:item_step", args=[made.uuid])
    form = {"step": "publish", "audience": "public", "sealed_until": "2099-01-01T08:00"}
    assert sign_in["head"].post(step, {**form, "sealed_until": "morgen"}).status_code == 422
    assert sign_in["head"].post(step, form).status_code == 302
    page = reverse("curriculum:item", args=[made.uuid])
    seen = {
        name: sign_in[name].get(page).status_code
        for name in ("teacher", "head", "principal", "other_teacher")
    }
    assert seen == {"teacher": 200, "head": 200, "principal": 404, "other_teacher": 404}


@pytest.mark.parametrize(
    "body",
    ["[]", "{", '{"content": 3}', '{"content": {"type": "riddle", "max_score": 1}}', '{"content": {}}'],
)
def test_a_broken_save_is_told_in_words(cast: Cast, sign_in: dict[str, Client], body: str) -> None:
    answer = sign_in["teacher"].post(
        "/curriculum/items/save/",
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 422 and answer.json()["message"]


def test_strangers_cannot_save(cast: Cast, sign_in: dict[str, Client]) -> None:
    made = write(cast, audience=Audience.PUBLIC)
    for nickname in ("other_teacher", "admin", "pupil"):
        assert post(sign_in[nickname], "save_item", {"content": QUESTION}, made.uuid).status_code == 404
    assert sign_in["other_teacher"].get(reverse("curriculum:edit_item", args=[made.uuid])).status_code == 404


def test_the_test_box_marks_and_says_why(cast: Cast, sign_in: dict[str, Client]) -> None:
    right = post(sign_in["teacher"], "try_answer", {"content": QUESTION, "answer": {"text": "B"}})
    assert 'data-score="2.0"' in right.content.decode()
    wrong = post(
        sign_in["teacher"], "try_answer", {"content": QUESTION, "answer": {"text": "A"}}
    ).content.decode()
    assert 'data-score="0.0"' in wrong
    odd = post(sign_in["teacher"], "try_answer", {"content": QUESTION, "answer": {"text": {"a": 1}}})
    assert odd.status_code == 422 and "text" in odd.json()["message"]


def test_preview_needs_no_finished_question(sign_in: dict[str, Client]) -> None:
    shown = post(sign_in["teacher"], "preview_item", {"content": {"type": "essay", "stem": "写 $x^2$"}})
    assert shown.status_code == 200 and "formula" in shown.content.decode()
    broken = post(
        sign_in["teacher"], "preview_item", {"content": {"stem": "{{a}}", "parameters": [{"name": "b"}]}}
    )
    assert broken.status_code == 422


def test_near_duplicates_are_found_and_others_not(cast: Cast, sign_in: dict[str, Client]) -> None:
    made = write(
        cast, content={"stem": "一个水池装有进水管和出水管，单开进水管 6 小时注满，求同时开放时注满的时间。"}
    )
    again = {
        **QUESTION,
        "stem": "一个水池装有进水管和出水管，单开进水管 8 小时注满，求同时开放时注满的时间。",
    }
    found = post(sign_in["teacher"], "alike_items", {"content": again}).content.decode()
    assert str(made.uuid) in found
    other = {**QUESTION, "stem": "在直角三角形中，已知两条直角边，求斜边上的高。"}
    assert str(made.uuid) not in post(sign_in["teacher"], "alike_items", {"content": other}).content.decode()
    assert (
        str(made.uuid)
        not in post(sign_in["other_teacher"], "alike_items", {"content": again}).content.decode()
    )


def test_points_are_suggested_from_alike_items(cast: Cast, graph: None, sign_in: dict[str, Client]) -> None:
    write(cast, content={"points": [KEY]})
    new = {**QUESTION, "stem": "一元二次方程 $x^2-7x+12=0$ 的较小根是", "points": []}
    assert post(sign_in["teacher"], "suggest_points", {"content": new}).json()["points"][0]["key"] == KEY


def test_the_graph_is_for_everybody_who_signed_in(
    cast: Cast, graph: None, sign_in: dict[str, Client]
) -> None:
    write(cast, content={"points": [KEY]})
    for nickname in ("pupil", "teacher"):
        assert sign_in[nickname].get("/curriculum/graph/").status_code == 200
        data = sign_in[nickname].get(f"/curriculum/graph/data/?focus={KEY}").json()
        assert [node[0] for node in data["nodes"]] == ["math.8.root.meaning", KEY] and data["lines"] == [
            [0, 1]
        ]
        page = sign_in[nickname].get(f"/curriculum/points/{KEY}/").content.decode()
        assert "漏掉一个根" in page and "平方根" in page
        assert ("较大根" in page) == (nickname == "teacher")
        assert "平方根" in sign_in[nickname].get("/curriculum/points/?q=pingfang").content.decode()
    assert sign_in["pupil"].get("/curriculum/points/math.1.no.where/").status_code == 404
    assert sign_in["pupil"].get("/curriculum/graph/data/?focus=no").status_code == 404


@pytest.mark.parametrize("form", ["csv", "jsonld", "case"])
def test_the_graph_goes_out_as_a_file(cast: Cast, graph: None, sign_in: dict[str, Client], form: str) -> None:
    answer = sign_in["teacher"].get(f"/curriculum/points/export/{form}/?subject=math")
    assert answer.status_code == 200 and KEY in answer.content.decode()
    assert sign_in["teacher"].get("/curriculum/points/export/exe/?subject=math").status_code == 404
    assert sign_in["teacher"].get(f"/curriculum/points/export/{form}/?subject=alchemy").status_code == 404
