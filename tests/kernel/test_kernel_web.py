"""Pages of the kernel: who gets in, who is refused, what is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import Cast

from zhiwei.kernel import scope
from zhiwei.kernel.models import Account, AuditRow, Device, Job, Person
from zhiwei.kernel.services import accounts

PAGES = ["/people/", "/audit/", "/jobs/", "/notifications/", "/account/", "/search/?q=人"]


@pytest.mark.parametrize(
    ("nickname", "allowed"),
    [
        ("teacher", {"/people/", "/jobs/", "/search/?q=人"}),
        ("admin", {"/people/", "/jobs/", "/search/?q=人"}),
        ("auditor", {"/people/", "/jobs/", "/search/?q=人"}),
        ("pupil", {"/jobs/"}),
        ("guardian", {"/jobs/"}),
    ],
)
def test_pages_by_role(sign_in: dict[str, Client], nickname: str, allowed: set[str]) -> None:
    for page in PAGES:
        wanted = 200 if page in allowed | {"/account/", "/notifications/", "/audit/"} else 404
        assert sign_in[nickname].get(page).status_code == wanted, (nickname, page)


def test_nobody_gets_anything_without_signing_in(db: None) -> None:
    for page in PAGES:
        assert Client().get(page).status_code == 302
        assert Client().get(page, headers={"accept": "application/json"}).status_code == 401


def test_a_person_page_is_seen_by_those_in_reach_and_written_down(
    cast: Cast, sign_in: dict[str, Client]
) -> None:
    with scope.everywhere("test"):
        pupil = Person.objects.get(pk=cast.people["pupil"])
    address = f"/people/{pupil.uuid}/"
    for nickname in ("classmate", "pupil_two", "outsider", "other_teacher", "auditor"):
        assert sign_in[nickname].get(address).status_code == 404, nickname
    for nickname in ("teacher", "head", "guardian", "pupil"):
        assert sign_in[nickname].get(address).status_code == 200, nickname
    with scope.everywhere("test"):
        readers = AuditRow.objects.filter(verb="read", about_id=pupil.pk).values_list("actor_id", flat=True)
        assert set(readers) == {cast.people[who] for who in ("teacher", "head", "guardian")}
    told = sign_in["guardian"].get("/audit/").content.decode()
    assert "人teacher" in told


def test_search_finds_by_pinyin_and_stays_in_reach(sign_in: dict[str, Client]) -> None:
    found = sign_in["teacher"].get("/search/?q=renpupil").json()
    labels = [item["label"] for group in found["groups"] for item in group["items"]]
    assert "人pupil" in labels
    assert "人pupil_two" not in labels


def test_signing_in_with_a_password(cast: Cast) -> None:
    account = Account.objects.get(pk=cast.accounts["teacher"])
    account.set_password("long enough 2026")
    account.save()
    client = Client()
    wrong = client.post("/sign-in/", {"login": "test-teacher", "password": "no"})
    assert wrong.status_code == 422 and "不对" in wrong.content.decode()
    right = client.post("/sign-in/", {"login": " Test-Teacher ", "password": "long enough 2026"})
    assert right.status_code == 302
    assert Device.objects.filter(account=account).count() == 1
    assert account.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1")


def test_guessing_is_stopped(cast: Cast) -> None:
    statuses = [
        Client().post("/sign-in/", {"login": "test-teacher", "password": f"guess{n}"}).status_code
        for n in range(8)
    ]
    assert statuses[:6] == [422] * 6 and statuses[6:] == [429] * 2


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(cast: Cast, target: str) -> None:
    account = Account.objects.get(pk=cast.accounts["teacher"])
    account.set_password("long enough 2026")
    account.save()
    data = {"login": "test-teacher", "password": "long enough 2026", "next": target}
    assert Client().post("/sign-in/", data).headers["Location"] == "/"


def test_a_link_works_once_and_not_too_late(cast: Cast) -> None:
    now = timezone.now()
    fresh = accounts.make_link(account_id=cast.accounts["pupil"], now=now)
    stale = accounts.make_link(account_id=cast.accounts["pupil"], now=now - timedelta(hours=25))
    assert Client().get(f"/link/{fresh}/").status_code == 200
    assert Client().post(f"/link/{fresh}/").status_code == 302
    for used in (fresh, stale, "nonsense"):
        assert Client().post(f"/link/{used}/").status_code == 410


def test_a_device_can_be_signed_out_by_its_owner_only(cast: Cast) -> None:
    link = accounts.make_link(account_id=cast.accounts["pupil"], now=timezone.now())
    client = Client()
    client.post(f"/link/{link}/")
    device = Device.objects.get(account_id=cast.accounts["pupil"])
    stranger = Client()
    stranger.force_login(Account.objects.get(pk=cast.accounts["teacher"]))
    assert stranger.post(f"/account/devices/{device.pk}/end/").status_code == 404
    assert client.get("/account/").status_code == 200
    assert client.post(f"/account/devices/{device.pk}/end/").status_code == 302
    assert client.get("/account/").status_code == 302


def test_only_the_school_admin_makes_links_for_others(cast: Cast, sign_in: dict[str, Client]) -> None:
    with scope.everywhere("test"):
        pupil = Person.objects.get(pk=cast.people["pupil"])
    address = f"/people/{pupil.uuid}/link/"
    for nickname in ("teacher", "pupil", "guardian", "outsider", "bureau"):
        assert sign_in[nickname].post(address).status_code == 404, nickname
    made = sign_in["admin"].post(address)
    assert made.status_code == 200 and "/link/" in made.content.decode()


def test_a_job_is_seen_by_its_owner_and_not_by_others(cast: Cast, sign_in: dict[str, Client]) -> None:
    with scope.everywhere("test"):
        job = Job.objects.create(
            tenant_id=cast.school,
            task="t",
            key="k",
            owner_id=cast.people["teacher"],
            created_at=timezone.now(),
        )
    for nickname, status in {
        "teacher": 200,
        "admin": 200,
        "pupil": 404,
        "head": 404,
        "outsider": 404,
    }.items():
        assert sign_in[nickname].get(f"/jobs/{job.uuid}/").status_code == status, nickname
    assert sign_in["pupil"].post(f"/jobs/{job.uuid}/cancel/").status_code == 404
    assert sign_in["teacher"].post(f"/jobs/{job.uuid}/cancel/").status_code == 302


def test_answers_carry_the_headers(db: None) -> None:
    response = Client().get("/sign-in/")
    policy = response.headers["Content-Security-Policy"]
    assert (
        "script-src 'self'" in policy and "unsafe-eval" not in policy and "frame-ancestors 'none'" in policy
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_without_its_token_is_refused(db: None) -> None:
    assert (
        Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a", "password": "b"}).status_code == 403
    )


def test_the_language_can_be_changed(db: None) -> None:
    client = Client()
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert '<html lang="en"' in client.get("/sign-in/").content.decode()
