"""Answering: everybody's own sheet and nobody else's; saves lost never, doubled never, refused after handing in."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.cast import Cast

from zhiwei.assessment.models import Response, Sitting, Work
from zhiwei.assessment.queries.questions import present
from zhiwei.assessment.services import answering, autosaving, photos, setting
from zhiwei.assessment.values import Change
from zhiwei.kernel import files, scope
from zhiwei.kernel.errors import InvalidInputError

SAVE = "/assessment/sittings/save/"
CHOICE: dict[str, Any] = {
    "type": "single_choice",
    "max_score": 2,
    "stem": "1+1=?",
    "options": [{"id": "A", "text": "1"}, {"id": "B", "text": "$2$"}],
    "reference_answers": ["B"],
    "explanation": "secret-explanation",
}
BLANK: dict[str, Any] = {
    "type": "blank",
    "max_score": 4,
    "stem": "植物通过____作用释放____，$x_1+x_2$ 不是空。",
    "reference_answers": [["光合secret"], ["氧气secret"]],
}
SHORT: dict[str, Any] = {
    "type": "short_answer",
    "max_score": 4,
    "stem": "为什么？",
    "reference_answers": ["因为secret"],
}


@pytest.fixture
def now() -> Any:
    return timezone.now()


@pytest.fixture
def work(cast: Cast, now: Any) -> Work:
    teacher = cast.actor("teacher")
    with scope.entered(teacher.tenants):
        made = setting.create_work(
            actor=teacher, now=now, title="周三作业", subject="math", due_at=now + timedelta(days=1)
        )
        for content in (CHOICE, BLANK, SHORT):
            setting.add_typed_item(actor=teacher, now=now, work=made, content=content)
        setting.set_targets(actor=teacher, now=now, work=made, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=now, work=made)
        return made


def begin(client: Client, work: Work) -> str:
    """Begin in the browser; returns the sheet's address."""
    return client.post(f"/assessment/answer/{work.uuid}/").headers["Location"]


def start_of(client: Client, sheet: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{sheet}latest/").json()
    return found


def save(client: Client, start: dict[str, Any], answers: list[dict[str, Any]], device: str = "phone") -> Any:
    body = {"ticket": start["ticket"], "device": device, "answers": answers}
    return client.post(SAVE, json.dumps(body), content_type="application/json")


def change(
    start: dict[str, Any], text: str, sequence: int, base: int | None = 0, n: int = 0
) -> dict[str, Any]:
    return {"item": list(start["kept"])[n], "value": {"text": text}, "sequence": sequence, "base": base}


def stored(start: dict[str, Any], n: int = 0) -> Any:
    with scope.everywhere("test"):
        return Response.objects.get(item__uuid=list(start["kept"])[n], sitting__uuid=start["sitting"]).value


def picture(kind: str = "JPEG", size: tuple[int, int] = (80, 60)) -> io.BytesIO:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", size, "red").save(out, kind, exif=exif)
    out.seek(0)
    out.name = "p.jpg"
    return out


def test_the_sheet_shows_questions_without_giving_anything_away(
    sign_in: dict[str, Client], work: Work
) -> None:
    page = sign_in["pupil"].get(begin(sign_in["pupil"], work)).content.decode()
    assert "1+1=?" in page and 'data-gap="0"' in page and 'data-gap="1"' in page
    assert page.count("data-gap=") == 2
    assert "secret" not in page


@pytest.mark.parametrize("nickname", ["pupil_two", "outsider", "guardian", "teacher", "other_teacher"])
def test_a_work_not_set_for_one_does_not_exist(sign_in: dict[str, Client], work: Work, nickname: str) -> None:
    for method in ("get", "post"):
        assert getattr(sign_in[nickname], method)(f"/assessment/answer/{work.uuid}/").status_code == 404


@pytest.mark.parametrize("nickname", ["classmate", "pupil_two", "guardian", "teacher", "admin", "outsider"])
def test_nobody_else_answers_on_a_sheet(sign_in: dict[str, Client], work: Work, nickname: str) -> None:
    sheet = begin(sign_in["pupil"], work)
    start = start_of(sign_in["pupil"], sheet)
    other = sign_in[nickname]
    for address in ("", "latest/"):
        assert other.get(sheet + address).status_code == 404
    assert other.post(f"{sheet}hand-in/").status_code == 404
    assert save(other, start, [change(start, "A", 1)]).status_code == 401, "a ticket is its session's alone"
    item = next(iter(start["kept"]))
    assert other.post(f"{sheet}photos/{item}/", {"photo": picture()}).status_code == 404
    with scope.everywhere("test"):
        assert not Response.objects.exists()


def test_a_stranger_and_a_forger_save_nothing(sign_in: dict[str, Client], work: Work) -> None:
    start = start_of(sign_in["pupil"], begin(sign_in["pupil"], work))
    assert save(Client(), start, [change(start, "A", 1)]).status_code == 401
    forged = {**start, "ticket": start["ticket"][:-3] + "abc"}
    assert save(sign_in["pupil"], forged, [change(start, "A", 1)]).status_code == 401
    sign_in["pupil"].post("/sign-out/")
    assert save(sign_in["pupil"], start, [change(start, "A", 1)]).status_code == 401


def test_a_session_ended_elsewhere_saves_nothing_though_its_cookie_is_still_there(
    sign_in: dict[str, Client], work: Work
) -> None:
    start = start_of(sign_in["pupil"], begin(sign_in["pupil"], work))
    sign_in["pupil"].session.delete(sign_in["pupil"].session.session_key)
    assert save(sign_in["pupil"], start, [change(start, "A", 1)]).status_code == 401
    with scope.everywhere("test"):
        assert not Response.objects.exists()


def test_saving_alone_keeps_a_session_from_ending_as_idle(sign_in: dict[str, Client], work: Work) -> None:
    pupil = sign_in["pupil"]
    start = start_of(pupil, begin(pupil, work))
    mine = Session.objects.filter(session_key=pupil.session.session_key)
    soon = timezone.now() + timedelta(minutes=20)
    mine.update(expire_date=soon)
    assert save(pupil, start, [change(start, "A", 1)]).status_code == 200
    assert mine.get().expire_date > soon + timedelta(hours=1)


def test_a_save_without_a_session_is_refused_at_the_door(sign_in: dict[str, Client], work: Work) -> None:
    begin(sign_in["pupil"], work)
    with scope.everywhere("test"):
        sitting = Sitting.objects.get()
    refused = autosaving.save_at_the_door(
        tenant_id=sitting.tenant_id, session_key="", now=timezone.now(), sitting_id=sitting.pk, changes=[]
    )
    assert refused is None


def test_several_answers_are_kept_at_once_and_again_changes_nothing(
    sign_in: dict[str, Client], work: Work
) -> None:
    start = start_of(sign_in["pupil"], begin(sign_in["pupil"], work))
    both = [change(start, "B", 10), change(start, "因为", 11, n=2)]
    first, again = save(sign_in["pupil"], start, both), save(sign_in["pupil"], start, both)
    assert [one["sequence"] for one in first.json()["saved"]] == [10, 11]
    assert not any(one["conflict"] for one in again.json()["saved"])
    assert stored(start) == {"text": "B"} and stored(start, 2) == {"text": "因为"}
    with scope.everywhere("test"):
        row = Response.objects.get(item__position=3)
        assert row.order_key == autosaving.reading_order(row.sitting_id, row.item_id)


def test_another_devices_answer_is_told_and_never_overwritten_unseen(
    sign_in: dict[str, Client], work: Work
) -> None:
    pupil = sign_in["pupil"]
    start = start_of(pupil, begin(pupil, work))
    save(pupil, start, [change(start, "手机", 10)])
    # the laptop opened before: it has not seen the phone's answer, though its clock is ahead
    told = save(pupil, start, [change(start, "电脑", 99)], device="laptop").json()["saved"][0]
    assert told["conflict"] and told["value"] == {"text": "手机"} and told["sequence"] == 10
    chosen = save(pupil, start, [change(start, "电脑", 100, base=10)], device="laptop").json()["saved"][0]
    assert not chosen["conflict"]
    late = save(pupil, start, [change(start, "手机旧", 50, base=10)]).json()["saved"][0]
    assert late["conflict"] and late["value"] == {"text": "电脑"}
    assert stored(start) == {"text": "电脑"}


def test_an_older_save_of_the_same_device_is_no_conflict(sign_in: dict[str, Client], work: Work) -> None:
    start = start_of(sign_in["pupil"], begin(sign_in["pupil"], work))
    save(sign_in["pupil"], start, [change(start, "新", 20)])
    told = save(sign_in["pupil"], start, [change(start, "旧", 15)]).json()["saved"][0]
    assert (told["conflict"], told["sequence"]) == (False, 20)
    assert stored(start) == {"text": "新"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("not json", 422),
        ("[1]", 422),
        ('{"answers": []}', 401),
        ("[" * 5000, 422),
    ],
)
def test_a_broken_save_is_refused(sign_in: dict[str, Client], body: str, status: int) -> None:
    reply: HttpResponse = sign_in["pupil"].post(SAVE, body, content_type="application/json")
    assert reply.status_code == status


@pytest.mark.parametrize(
    "broken",
    [
        {"value": {"script": "x"}},
        {"value": "text"},
        {"value": {"text": "字" * 70_000}},
        {"value": {"text": "a\u0000b"}},
        {"value": {"text": "\ud800"}},
        {"sequence": 0},
        {"sequence": "x"},
        {"sequence": 2**70},
    ],
)
def test_what_is_no_answer_is_refused(sign_in: dict[str, Client], work: Work, broken: dict[str, Any]) -> None:
    start = start_of(sign_in["pupil"], begin(sign_in["pupil"], work))
    good = change(start, "B", 5, n=1)
    assert save(sign_in["pupil"], start, [good, {**change(start, "A", 5), **broken}]).status_code == 422
    with scope.everywhere("test"):
        assert not Response.objects.exists()


def test_a_question_of_another_work_is_refused_with_the_whole_batch(
    sign_in: dict[str, Client], work: Work
) -> None:
    start = start_of(sign_in["pupil"], begin(sign_in["pupil"], work))
    foreign = {**change(start, "A", 5), "item": "00000000-0000-0000-0000-000000000000"}
    assert save(sign_in["pupil"], start, [change(start, "A", 5), foreign]).status_code == 404
    with scope.everywhere("test"):
        assert not Response.objects.exists()


def test_after_handing_in_nothing_is_taken(sign_in: dict[str, Client], work: Work) -> None:
    pupil = sign_in["pupil"]
    sheet = begin(pupil, work)
    start = start_of(pupil, sheet)
    save(pupil, start, [change(start, "B", 5)])
    assert pupil.post(f"{sheet}hand-in/").status_code == 302
    assert pupil.post(f"{sheet}hand-in/").status_code == 302
    refused = save(pupil, start, [change(start, "A", 6)])
    assert (refused.status_code, refused.json()["code"]) == (409, "sitting.handed_in")
    item = next(iter(start["kept"]))
    assert pupil.post(f"{sheet}photos/{item}/", {"photo": picture()}).status_code == 409
    assert stored(start) == {"text": "B"}
    receipt = pupil.get(sheet).content.decode()
    assert "已交卷" in receipt and "作答 1 题" in receipt


def test_after_the_time_nothing_is_taken(sign_in: dict[str, Client], work: Work, now: Any) -> None:
    start = start_of(sign_in["pupil"], begin(sign_in["pupil"], work))
    with scope.everywhere("test"):
        Sitting.objects.update(due_at=now - timedelta(minutes=5))
    refused = save(sign_in["pupil"], start, [change(start, "A", 6)])
    assert (refused.status_code, refused.json()["code"]) == (409, "work.not_open")


def test_a_photo_is_drawn_anew_and_shown_to_those_who_may(sign_in: dict[str, Client], work: Work) -> None:
    pupil = sign_in["pupil"]
    sheet = begin(pupil, work)
    item = list(start_of(pupil, sheet)["kept"])[2]
    kept = pupil.post(f"{sheet}photos/{item}/", {"photo": picture()}).json()["photo"]
    assert pupil.post(f"{sheet}photos/{item}/", {"photo": picture()}).json()["photo"] == kept
    assert start_of(pupil, sheet)["kept"][item]["photos"] == [kept]
    with scope.everywhere("test"):
        assert b"SecretCamera" not in files.read(kept) and files.describe(kept).media_type == "image/jpeg"
    address = f"/assessment/photos/{sheet.rstrip('/').split('/')[-1]}/{kept}/"
    seen = {name: client.get(address).status_code for name, client in sign_in.items()}
    assert {name for name, status in seen.items() if status == 200} == {
        "pupil",
        "guardian",
        "teacher",
        "head",
    }
    assert set(seen.values()) == {200, 404}
    # a file of another place cannot be fetched through this sheet
    assert pupil.get(address.replace(f"/{kept}/", f"/{kept + 1}/")).status_code == 404
    assert pupil.post(f"{sheet}photos/{item}/{kept}/remove/").status_code == 200
    assert start_of(pupil, sheet)["kept"][item]["photos"] == []


@pytest.mark.parametrize("content", [b"", b"GIF89a....", b"%PDF-1.7", b"\xff\xd8\xff" + b"x" * 50])
def test_what_is_no_photo_is_refused(sign_in: dict[str, Client], work: Work, content: bytes) -> None:
    sheet = begin(sign_in["pupil"], work)
    item = list(start_of(sign_in["pupil"], sheet)["kept"])[2]
    sent = io.BytesIO(content)
    sent.name = "p.jpg"
    assert sign_in["pupil"].post(f"{sheet}photos/{item}/", {"photo": sent}).status_code == 422


def test_a_huge_photo_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PIXELS", 100)
    with pytest.raises(InvalidInputError, match="像素"):
        photos.redrawn(picture())


def test_today_shows_each_their_own(sign_in: dict[str, Client], work: Work) -> None:
    for nickname, sees in {"pupil": True, "classmate": True, "guardian": True, "pupil_two": False}.items():
        page = sign_in[nickname].get("/assessment/today/").content.decode()
        assert ("周三作业" in page) is sees, nickname
    assert (
        f"/assessment/answer/{work.uuid}/"
        not in sign_in["guardian"].get("/assessment/today/").content.decode()
    )
    assert sign_in["teacher"].get("/assessment/today/").status_code == 404


def test_a_save_waits_for_nobody_elses_rows(cast: Cast, work: Work, now: Any) -> None:
    pupil = cast.actor("pupil")
    with scope.entered(pupil.tenants):
        sitting = answering.begin_sitting(actor=pupil, now=now, work_uuid=work.uuid)
        items = [str(one) for one in work.items.values_list("uuid", flat=True)]
        with pytest.raises(InvalidInputError):
            autosaving.save_changes(now=now, sitting_id=sitting.pk, changes=[Change(items[0], {}, 1)] * 2)
        with pytest.raises(InvalidInputError):
            autosaving.save_changes(now=now, sitting_id=sitting.pk, changes=[])


def test_a_figure_is_shown_to_who_answers_and_nothing_in_it_runs() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    content = {"type": "numeric", "stem": "求周长。", "figure": {"svg": drawing, "alt": '长 4 "宽" 3'}}
    stem = present(content, key="k", number="1").stem
    assert "<img" in stem and "data:image/svg+xml;base64," in stem and "<script" not in stem
    assert 'alt="长 4 &quot;宽&quot; 3"' in stem
    parts = present({"type": "composite", "stem": "", "parts": [content]}, key="k", number="1").parts
    assert "<img" in parts[0].stem
    assert "<img" not in present({"type": "numeric", "stem": "1"}, key="k", number="1").stem
