"""The pages of paper: they work for the teacher of the work and are closed to everybody else."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from rest_program import Program, token
from tests.assessment.paper_sheets import (
    Sheets,
    acting,
    as_pdf,
    paper_work,
    run_jobs,
    scan_in,
    without_code,
)
from tests.cast import NOW, Cast

from zhiwei.assessment.models import PaperFile, Response, ScanBatch, ScanPage, SheetTemplate, Sitting, Work
from zhiwei.engines.scanning import advice

STRANGERS = ("pupil", "guardian", "head", "principal", "admin", "other_teacher", "outsider", "bureau")
Clients = dict[str, Client]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the requests happen on the day of the cast."""
    from zhiwei.kernel import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def work(cast: Cast) -> Work:
    """Two choices on one page, sheets printed."""
    made = paper_work(cast)
    run_jobs()
    return made


def test_the_way_through_the_pages(cast: Cast, sign_in: Clients, work: Work) -> None:
    teacher, printed = sign_in["teacher"], Sheets(cast, work)
    assert work.title in teacher.get(reverse("assessment:paper_works")).content.decode()
    home = reverse("assessment:paper", args=[work.uuid])
    assert "生成的文件" in teacher.get(home).content.decode()
    torn = without_code(printed.filled(cast.people["pupil"], {1: "B", 2: "AC"}), printed)
    sent = SimpleUploadedFile("扫描.pdf", as_pdf(torn))
    assert (
        teacher.post(reverse("assessment:paper_upload", args=[work.uuid]), {"scans": [sent]}).status_code
        == 302
    )
    run_jobs()
    assert "1 页" in teacher.get(reverse("assessment:paper_batches", args=[work.uuid])).content.decode()
    body = teacher.get(reverse("assessment:paper_tray", args=[work.uuid])).content.decode()
    assert "不知道是谁的" in body
    with acting(cast, "teacher"):
        page = ScanPage.objects.get()
    for name in ("paper_thumb", "paper_image"):
        assert teacher.get(reverse(f"assessment:{name}", args=[page.uuid])).content[:2] == b"\xff\xd8"
    place = reverse("assessment:paper_place", args=[page.uuid])
    assert teacher.post(place, {"who": "不存在"}).status_code == 422
    swapped = teacher.post(place, {"who": "人pupil pupil"}, headers={"HX-Request": "true"})
    assert swapped.status_code == 200 and "都分好了" in swapped.content.decode()
    run_jobs()
    with acting(cast, "teacher"):
        assert Sitting.objects.get().score == 4
    assert teacher.post(reverse("assessment:paper_undo", args=[page.uuid])).status_code == 302
    with acting(cast, "teacher"):
        assert not Sitting.objects.exists()


def test_files_come_down(cast: Cast, sign_in: Clients, work: Work) -> None:
    teacher = sign_in["teacher"]
    made = teacher.post(
        reverse("assessment:paper_make_sheets", args=[work.uuid]), {"paper": "A3", "spare": "1"}
    )
    assert made.status_code == 302
    run_jobs()
    with acting(cast, "teacher"):
        newest = PaperFile.objects.order_by("-pk")[0]
    down = teacher.get(reverse("assessment:paper_download", args=[newest.uuid]))
    assert down.content[:5] == b"%PDF-" and "attachment" in down.headers["Content-Disposition"]
    for wrong in ({"paper": "B9", "spare": "1"}, {"paper": "A4", "spare": "many"}):
        assert (
            teacher.post(reverse("assessment:paper_make_sheets", args=[work.uuid]), wrong).status_code == 422
        )
    out = reverse("assessment:paper_make_out", args=[work.uuid])
    assert teacher.post(out, {"class": str(cast.class_two), "what": "dataset"}).status_code == 404
    for name in STRANGERS:
        assert sign_in[name].get(reverse("assessment:paper_download", args=[newest.uuid])).status_code == 404


def test_strangers_find_nothing(cast: Cast, sign_in: Clients, work: Work) -> None:
    scan_in(cast, work, ("a.pdf", as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"}))))
    with acting(cast, "teacher"):
        page, batch, answer = (
            ScanPage.objects.get(),
            ScanBatch.objects.get(),
            Response.objects.order_by("pk")[0],
        )
        template = SheetTemplate.objects.get()
    gets = [
        ("paper", work.uuid), ("paper_made", work.uuid), ("paper_batches", work.uuid), ("paper_batch", batch.uuid),
        ("paper_phone", work.uuid), ("paper_tray", work.uuid), ("paper_thumb", page.uuid), ("paper_image", page.uuid),
        ("paper_readings", work.uuid), ("paper_draw", template.uuid),
    ]  # fmt: skip
    posts = [
        ("paper_make_sheets", work.uuid), ("paper_make_out", work.uuid), ("paper_upload", work.uuid),
        ("paper_accept", work.uuid), ("paper_place", page.uuid), ("paper_aside", page.uuid), ("paper_keep", page.uuid),
        ("paper_undo", page.uuid), ("paper_confirm", answer.uuid), ("paper_begin_template", work.uuid),
    ]  # fmt: skip
    for name in STRANGERS:
        for view, uuid in gets:
            assert sign_in[name].get(reverse(f"assessment:{view}", args=[uuid])).status_code == 404, (
                name,
                view,
            )
        for view, uuid in posts:
            assert sign_in[name].post(reverse(f"assessment:{view}", args=[uuid])).status_code == 404, (
                name,
                view,
            )
        crop = reverse("assessment:paper_crop", args=[answer.uuid, answer.files[0]])
        assert sign_in[name].get(crop).status_code == 404


def test_a_crop_is_shown_only_with_its_answer(cast: Cast, sign_in: Clients, work: Work) -> None:
    scan_in(cast, work, ("a.pdf", as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"}))))
    with acting(cast, "teacher"):
        first, second = Response.objects.order_by("item__position")
        page = ScanPage.objects.get()
    teacher = sign_in["teacher"]
    assert teacher.get(reverse("assessment:paper_crop", args=[first.uuid, first.files[0]])).status_code == 200
    for foreign in (second.files[0], page.image_id):
        assert teacher.get(reverse("assessment:paper_crop", args=[first.uuid, foreign])).status_code == 404


def test_an_unsure_reading_is_settled_by_one_key(cast: Cast, sign_in: Clients, work: Work) -> None:
    scan_in(cast, work, ("a.pdf", as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "A", 2: "AC"}))))
    with acting(cast, "teacher"):
        answer = Response.objects.get(item__position=1)
        answer.value["reading"] |= {"unsure": True, "confidence": 0.5}
        answer.save(update_fields=["value"])
    teacher = sign_in["teacher"]
    assert 'value="A"' in teacher.get(reverse("assessment:paper_readings", args=[work.uuid])).content.decode()
    confirm = reverse("assessment:paper_confirm", args=[answer.uuid])
    assert teacher.post(confirm, {"text": "B" * 6000}).status_code == 422
    assert teacher.post(confirm, {"text": "B"}, headers={"HX-Request": "true"}).status_code == 200
    run_jobs()
    with acting(cast, "teacher"):
        answer.refresh_from_db()
        assert (answer.score, answer.state, answer.value["reading"]["by_person"]) == (2.0, "sure", True)
    assert (
        "没有需要核对的"
        in teacher.get(reverse("assessment:paper_readings", args=[work.uuid])).content.decode()
    )


def test_a_template_is_drawn_on_a_blank(cast: Cast, sign_in: Clients, work: Work) -> None:
    teacher, printed = sign_in["teacher"], Sheets(cast, work)
    blank = SimpleUploadedFile("空白.pdf", as_pdf(printed.pages[0]))
    begin = reverse("assessment:paper_begin_template", args=[work.uuid])
    drawing = teacher.post(begin, {"blank": blank, "name": "旧卷", "paper": "A4"}).headers["Location"]
    with acting(cast, "teacher"):
        item = work.items.get(position=1)
    region = {"page": 1, "question": str(item.pk), "kind": "bubbles", "x": 0.1, "y": 0.4, "w": 0.3, "h": 0.02}
    for wrong in ([], [{**region, "x": 3}], [{**region, "question": "999999"}], {"no": "list"}, [1], "x"):
        assert teacher.post(drawing, json.dumps(wrong), content_type="application/json").status_code == 422
    saved = teacher.post(drawing, json.dumps([region]), content_type="application/json")
    assert saved.status_code == 200
    with acting(cast, "teacher"):
        row = SheetTemplate.objects.get(origin="drawn")
        assert row.name == "旧卷" and '"bubbles"' in row.body
    broken = SimpleUploadedFile("坏.pdf", b"%PDF-1.7 nothing")
    assert teacher.post(begin, {"blank": broken, "paper": "A4"}).status_code == 422


def test_a_program_gets_json(cast: Cast, sign_in: Clients, work: Work) -> None:
    teacher = sign_in["teacher"]
    sent = SimpleUploadedFile("a.pdf", as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"})))
    headers = {"Accept": "application/json"}
    upload = reverse("assessment:paper_upload", args=[work.uuid])
    answer = teacher.post(upload, {"scans": [sent], "source": "api"}, headers=headers)
    assert answer.status_code == 201
    run_jobs()
    told = teacher.get(answer.json()["url"], headers=headers).json()
    assert told["state"] == "done" and told["files"][0]["findings"][0]["pupil_known"]
    assert teacher.post(upload, {}, headers=headers).json()["code"] == "scan.how_many"


def test_programs_hand_scans_in_by_token(cast: Cast, work: Work) -> None:
    page = as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B", 2: "AC"}))
    address = f"/api/v1/works/{work.uuid}/scans"

    def send(secret: str, *files: tuple[str, bytes]) -> HttpResponse:
        sent = {"scans": [SimpleUploadedFile(name, content) for name, content in files]}
        return Client(enforce_csrf_checks=True).post(
            address, sent, headers={"Authorization": f"Bearer {secret}"}
        )

    secrets = {one: token(cast, one) for one in ("teacher", "pupil", "other_teacher")}
    narrow = token(cast, "teacher", ("works:read",))
    assert send(narrow, ("a.pdf", page)).json()["code"] == "token.scope"
    assert send(secrets["pupil"], ("a.pdf", page)).status_code == 404
    assert send(secrets["other_teacher"], ("a.pdf", page)).status_code == 404
    assert send(secrets["teacher"]).status_code == 422
    made = send(secrets["teacher"], ("a.pdf", page), ("b.txt", b"hello"))
    assert made.status_code == 202, made.content
    run_jobs()
    program = Program(secrets["teacher"])
    told = program("GET", f"/scans/{made.json()['batch']}").json()
    good, bad = told["files"]
    assert (told["state"], good["pages"], good["findings"][0]["pupil_known"]) == ("done", 1, True)
    assert [one["en"] for one in bad["problems"]] == [advice("unsupported").en]
    assert Program(secrets["other_teacher"])("GET", f"/scans/{told['batch']}").status_code == 404
    with acting(cast, "teacher"):
        assert (Sitting.objects.get().score, ScanBatch.objects.get().source) == (4, "api")
