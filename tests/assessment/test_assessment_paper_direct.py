"""Large batches of scans go straight to the object store; the page, the policy, the intake and what it refuses."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from tests.assessment.paper_sheets import Sheets, acting, as_pdf, paper_work, run_jobs
from tests.cast import NOW, Cast
from tests.s3_server import object_server, objects

from zhiwei.assessment.models import ScanFile, ScanPage
from zhiwei.kernel import clock
from zhiwei.kernel.objectstore import ObjectStore

__all__ = ["object_server", "objects"]
Clients = dict[str, Client]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_from_the_page_through_the_inbox_to_read_pages(
    cast: Cast, sign_in: Clients, objects: ObjectStore
) -> None:
    work = paper_work(cast)
    run_jobs()
    page = sign_in["teacher"].get(reverse("assessment:paper", args=[work.uuid]))
    opened = sign_in["teacher"].post(reverse("assessment:paper_inbox", args=[work.uuid])).json()
    origin = opened["address"].rsplit("/", 1)[0]
    assert "direct.js" in page.content.decode()
    assert f"connect-src 'self' {origin};" in page.headers["Content-Security-Policy"]
    sheet = as_pdf(Sheets(cast, work).filled(cast.people["pupil"], {1: "B"}))
    httpx.post(opened["address"], data=opened["fields"], files={"file": sheet}).raise_for_status()
    sent = {"ticket": [opened["ticket"], f"{cast.school}-never"], "ticket_name": ["a.pdf", "b.pdf"]}
    upload = reverse("assessment:paper_upload", args=[work.uuid])
    assert sign_in["teacher"].post(upload, sent).status_code == 302
    run_jobs()
    with acting(cast, "teacher"):
        read, missing = ScanFile.objects.order_by("pk")
        assert (read.state, read.page_count, read.problems) == ("done", 1, [])
        assert (missing.state, missing.blob_id) == ("done", None) and "没有收到" in missing.problems[0]["zh"]
        assert ScanPage.objects.count() == 1
    for name in ("pupil", "guardian", "other_teacher", "outsider"):
        assert sign_in[name].post(reverse("assessment:paper_inbox", args=[work.uuid])).status_code == 404


def test_without_an_object_store_everything_goes_with_the_form(cast: Cast, sign_in: Clients) -> None:
    work = paper_work(cast)
    page = sign_in["teacher"].get(reverse("assessment:paper", args=[work.uuid]))
    assert "direct.js" not in page.content.decode()
    assert "connect-src 'self';" in page.headers["Content-Security-Policy"]
    refused = sign_in["teacher"].post(reverse("assessment:paper_inbox", args=[work.uuid]))
    assert refused.status_code == 422
