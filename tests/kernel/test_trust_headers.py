"""Headers and pages: every route answers under the same policy, runs no inline script, and leads nowhere else."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from ninja.operation import Operation
from tests.cast import Cast
from tests.house.test_house_routes import routes

from zhiwei.config.rest import api
from zhiwei.kernel.models import Account
from zhiwei.kernel.web.rim import Needs

SOURCE = Path(__file__).parents[2] / "src/zhiwei"
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)(?![^>]*type=\"(?:application|text)/[a-z.+-]*json\")[^>]*>\s*\S"
    r"|<[a-z][^>]*\son[a-z]+\s*=\s*[\"']|href=[\"']javascript:"
)


def wrong_with(response: HttpResponse) -> Iterator[str]:
    """Yield what is wrong with the headers and the page of an answer."""
    policy = response.headers.get("Content-Security-Policy", "")
    script = next((one for one in policy.split(";") if one.strip().startswith("script-src ")), "")
    inert = "default-src 'none'" in policy and "sandbox" in policy
    if not inert and ("'self'" not in script or "unsafe" in script):
        yield "script-src"
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        if part not in policy and not inert:
            yield part
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        yield "nosniff"
    if "no-store" not in response.headers.get("Cache-Control", "") and "private" not in response.headers.get(
        "Cache-Control", ""
    ):
        yield "cache"
    if response.headers.get("Referrer-Policy") != "same-origin":
        yield "referrer"
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html") and INLINE.search(response.content.decode()):
        yield "inline script"
    if kind.startswith("text/") and "charset=utf-8" not in kind:
        yield "charset"
    location = response.headers.get("Location", "/")
    if not location.startswith("/") or location.startswith("//"):
        yield f"leads to {location}"


def test_every_route_answers_under_the_policy(cast: Cast, sign_in: dict[str, Client]) -> None:
    found = {}
    browsers = [Client(), sign_in["admin"], sign_in["pupil"]]
    for name, address in sorted(set(routes())):
        for client in browsers:
            response = client.get(address)
            if getattr(response, "streaming", False):
                continue
            if wrong := list(wrong_with(response)):
                found[name] = wrong
    assert not found


def test_the_session_is_for_http_only_and_changes_at_sign_in(cast: Cast) -> None:
    account = Account.objects.get(pk=cast.accounts["teacher"])
    account.set_password("long enough 2026")
    account.save()
    client = Client()
    client.get("/sign-in/")
    before = client.session.session_key
    client.post("/sign-in/", {"login": "test-teacher", "password": "long enough 2026"})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert cookie.value != before
    kept = cookie.value
    client.post("/sign-out/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert thief.get("/account/").status_code == 302


def test_over_https_cookies_are_secure_and_bound_to_the_host() -> None:
    asked = "from zhiwei.config import settings as s; print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, "
    asked += "s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.DEBUG)"
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked], capture_output=True, text=True, check=True,
        env={"ZHIWEI_ORIGIN": "https://zw.example.edu.cn", "PYTHONPATH": str(SOURCE.parent), "ZHIWEI_DATA": "/none"},
    )  # fmt: skip
    assert told.stdout.split() == ["__Host-sessionid", "True", "True", "31536000", "True", "False"]


def test_a_password_is_changed_with_the_present_one_only(cast: Cast) -> None:
    account = Account.objects.get(pk=cast.accounts["teacher"])
    account.set_password("long enough 2026")
    account.save()
    client = Client()
    client.post("/sign-in/", {"login": "test-teacher", "password": "long enough 2026"})
    fresh = {"password": "another autumn 2026", "again": "another autumn 2026"}
    assert client.post("/account/", {**fresh, "current": "guess"}).status_code == 422
    assert client.post("/account/", {**fresh, "current": "long enough 2026"}).status_code == 302


def operations() -> Iterator[tuple[str, Operation]]:
    """Yield every operation of the REST API with its address."""
    for _prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{'/'.join(operation.methods)} {path}", operation


def test_every_rest_operation_needs_a_token_with_a_scope() -> None:
    found = dict(operations())
    assert len(found) > 10
    for name, operation in found.items():
        needs = operation.auth_callbacks
        assert needs and all(isinstance(one, Needs) and one.scope for one in needs), name


def test_a_browser_session_opens_no_rest_operation(cast: Cast, sign_in: dict[str, Client]) -> None:
    for name, _operation in operations():
        methods, path = name.split(" ", 1)
        address = "/api/v1" + re.sub(r"\{[^}]+\}", "00000000-0000-0000-0000-000000000000", path)
        for method in methods.split("/"):
            status = sign_in["teacher"].generic(method, address).status_code
            assert status in {401, 404, 422}, (name, status)
            assert status != 200


def test_only_one_place_reads_where_to_go_next() -> None:
    """A ``next`` that is read anywhere else would need its own check against other sites."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        if re.search(r"(GET|POST)(\.get\(|\[)\s*[\"'](next|return_to|redirect_to|continue|back)[\"']", text):
            found.add(path.relative_to(SOURCE).as_posix())
    assert found == {"kernel/web/entering.py"}


def test_changing_the_language_leads_nowhere_else(db: None) -> None:
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = Client().post("/language/", {"language": "en", "next": target})
        assert answer.headers["Location"] == "/", target


def test_a_file_that_is_given_out_can_run_nothing(cast: Cast, sign_in: dict[str, Client]) -> None:
    answer = sign_in["admin"].get("/rosters/template.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
