"""Questions in and out, and teaching resources: what works and who is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from test_curriculum_bank import acting, write
from test_curriculum_web import KEY, graph  # noqa: F401 - the fixture
from tests.cast import NOW, Cast

from zhiwei.curriculum.models import Item, Resource
from zhiwei.curriculum.services.importing import import_file, look_into
from zhiwei.curriculum.values import Audience
from zhiwei.engines.exchange import read_questions
from zhiwei.kernel.errors import ForbiddenError, InvalidInputError

GIFT = "天空是什么颜色的？{=蓝 ~红}\n\n一加一等于{=2 =二}。\n\n这只是说明。"
LESSON = {
    "kind": "lesson", "title": "配方法的引入", "subject": "math", "points": KEY, "text": "从 $x^2=4$ 讲起。",
    "licence": "CC-BY-4.0", "source": "甲校数学组", "audience": "county",
}  # fmt: skip


def upload(client: Client, text: str, name: str = "q.gift") -> Any:
    """Let somebody look into a file."""
    return client.post(
        "/curriculum/items/import/", {"file": SimpleUploadedFile(name, text.encode()), "subject": "math"}
    )


def test_a_file_is_looked_into_and_then_taken_in(cast: Cast, sign_in: dict[str, Client]) -> None:
    page = upload(sign_in["teacher"], GIFT).content.decode()
    assert "天空" in page and "question 3" in page and "description" in page
    with acting(cast, "teacher"):
        assert not Item.objects.exists()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]
    form = {"ticket": ticket, "subject": "math"}
    for _again in range(2):
        assert sign_in["teacher"].post("/curriculum/items/import/confirm/", form).status_code == 302
    with acting(cast, "teacher"):
        rows = list(Item.objects.all())
        assert [row.state for row in rows] == ["draft", "draft"] and "q.gift" in rows[0].source
    assert sign_in["other_teacher"].post("/curriculum/items/import/confirm/", form).status_code == 422
    assert (
        sign_in["teacher"].post("/curriculum/items/import/confirm/", {**form, "ticket": "x"}).status_code
        == 422
    )


def test_a_hostile_file_is_told_and_nothing_is_kept(cast: Cast, sign_in: dict[str, Client]) -> None:
    bad = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><quiz>&e;</quiz>'
    answer = upload(sign_in["teacher"], bad, "q.xml")
    assert answer.status_code == 422 and "root:" not in answer.content.decode()


def test_who_may_not_import(cast: Cast, sign_in: dict[str, Client]) -> None:
    for nickname in ("pupil", "guardian", "auditor"):
        assert upload(sign_in[nickname], GIFT).status_code == 404
    with acting(cast, "pupil") as pupil, pytest.raises(ForbiddenError):
        look_into(actor=pupil, now=NOW, name="q", data=GIFT.encode())
    with acting(cast, "teacher") as teacher, pytest.raises(InvalidInputError):
        look_into(actor=teacher, now=NOW, name="q", data=b"nothing")


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    with acting(cast, "teacher") as teacher:
        kept, _found = look_into(actor=teacher, now=NOW, name="q", data=GIFT.encode())
        first, again = (
            import_file(actor=teacher, now=NOW, blob_id=kept.id, name="q", subject="math") for _n in range(2)
        )
        assert (first.new, again.new, again.same) == (2, 0, 2)


@pytest.mark.parametrize("form", ["qti", "moodle"])
def test_picked_items_go_out(cast: Cast, sign_in: dict[str, Client], form: str) -> None:
    made, hidden = write(cast), write(cast, publish=False, content={"stem": "草稿"})
    address = reverse("curriculum:export_items")
    answer = sign_in["teacher"].get(address, {"form": form, "picked": [made.uuid, hidden.uuid]})
    (one,) = read_questions("x", answer.content).taken
    assert one.content["reference_answers"] == ["B"]
    assert sign_in["other_teacher"].get(address, {"form": form, "picked": [made.uuid]}).status_code == 404
    assert sign_in["teacher"].get(address, {"form": "exe", "picked": [made.uuid]}).status_code == 404
    assert sign_in["teacher"].get(address, {"form": form}).status_code == 422


def test_drawn_numbers_go_out_as_they_were_written(cast: Cast, sign_in: dict[str, Client]) -> None:
    pattern = {"stem": "{{a}}+1=?", "type": "numeric", "reference_answers": ["{{a+1}}"], "options": [],
               "parameters": [{"name": "a", "min": 2, "max": 9}]}  # fmt: skip
    made = write(cast, content=pattern)
    answer = sign_in["teacher"].get(
        reverse("curriculum:export_items"), {"form": "qti", "picked": [made.uuid]}
    )
    (one,) = read_questions("x", answer.content).taken
    assert one.content["stem"] == "{{a}}+1=?" and one.content["parameters"] == pattern["parameters"]


def test_the_template_is_there(sign_in: dict[str, Client]) -> None:
    assert sign_in["teacher"].get("/curriculum/items/import/template/").content[:2] == b"PK"
    assert sign_in["pupil"].get("/curriculum/items/import/template/").status_code == 404


@pytest.mark.usefixtures("graph")
def test_a_resource_is_written_and_seen_in_the_county(cast: Cast, sign_in: dict[str, Client]) -> None:
    data = {**LESSON, "file": SimpleUploadedFile("a.md", "# 教案".encode())}
    assert sign_in["teacher"].post("/curriculum/resources/new/", data).status_code == 302
    with acting(cast, "teacher"):
        made = Resource.objects.get()
        assert (made.audience, made.points) == (Audience.COUNTY, [KEY])
    page = reverse("curriculum:resource", args=[made.uuid])
    for nickname in ("pupil", "other_teacher", "teacher"):
        assert "甲校数学组" in sign_in[nickname].get(page).content.decode()
        assert sign_in[nickname].get(page + "file/").content.decode() == "# 教案"
    assert "配方法的引入" in sign_in["pupil"].get(f"/curriculum/points/{KEY}/").content.decode()
    edit = reverse("curriculum:edit_resource", args=[made.uuid])
    assert sign_in["other_teacher"].post(edit, LESSON).status_code == 404
    assert sign_in["pupil"].get(edit).status_code == 404
    assert sign_in["teacher"].post(edit, {**LESSON, "audience": "school", "title": "新"}).status_code == 302
    assert sign_in["other_teacher"].get(page).status_code == 404


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize(
    "change",
    [{"url": "javascript:alert(1)"}, {"licence": " "}, {"source": ""}, {"points": "math.0.no.where"},
     {"text": "", "url": ""}, {"kind": "spell"}],
)  # fmt: skip
def test_a_resource_that_lacks_something_is_refused(
    cast: Cast, sign_in: dict[str, Client], change: dict[str, str]
) -> None:
    assert sign_in["teacher"].post("/curriculum/resources/new/", {**LESSON, **change}).status_code == 422
    with acting(cast, "teacher"):
        assert not Resource.objects.exists()
