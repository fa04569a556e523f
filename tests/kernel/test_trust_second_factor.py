"""The second factor: enrolled, asked, limited, never twice, required by policy, reset with a trail."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import NOW, Cast

from zhiwei.engines.passcodes import code_at
from zhiwei.kernel import scope
from zhiwei.kernel.errors import InvalidInputError, NotFoundError, TooManyAttemptsError
from zhiwei.kernel.models import Account, AuditRow, Device, Notification, Person, SecondFactor
from zhiwei.kernel.services import accounts, safety, second_factor, small_secrets
from zhiwei.kernel.values import FactorRule

PASSWORD = "long enough 2026"


def enrolled(cast: Cast, nickname: str, now: datetime) -> tuple[bytes, list[str]]:
    """Enrol somebody; returns the secret and the recovery codes."""
    actor = cast.actor(nickname)
    secret = second_factor.begin(actor=actor, now=now)
    before = now - timedelta(seconds=60)
    return secret, second_factor.confirm(actor=actor, code=code_at(secret, before.timestamp()), now=before)


def with_password(cast: Cast, nickname: str) -> Client:
    """Return a browser that has just passed the first factor."""
    account = Account.objects.get(pk=cast.accounts[nickname])
    account.set_password(PASSWORD)
    account.save()
    client = Client()
    client.post("/sign-in/", {"login": account.login, "password": PASSWORD, "next": "/account/"})
    return client


def test_the_secret_is_encrypted_and_bound_to_its_account(cast: Cast) -> None:
    secret, _codes = enrolled(cast, "teacher", NOW)
    with scope.everywhere("test"):
        row = SecondFactor.objects.get()
        assert secret not in bytes(row.secret) and row.tenant_id == cast.school
        with pytest.raises(NotFoundError):
            small_secrets.unseal(tenant_id=row.tenant_id, place="second-factor/0", sealed=bytes(row.secret))


def test_a_code_counts_once(cast: Cast) -> None:
    secret, _codes = enrolled(cast, "teacher", NOW)
    code, account = code_at(secret, NOW.timestamp()), cast.accounts["teacher"]
    assert second_factor.check(account_id=account, word=f" {code[:3]} {code[3:]}", now=NOW)
    assert not second_factor.check(account_id=account, word=code, now=NOW)
    later = NOW + timedelta(seconds=30)
    assert second_factor.check(account_id=account, word=code_at(secret, later.timestamp()), now=later)


def test_a_recovery_code_counts_once_and_for_its_account_only(cast: Cast) -> None:
    _secret, codes = enrolled(cast, "teacher", NOW)
    enrolled(cast, "head", NOW)
    assert len(set(codes)) == 10
    assert not second_factor.check(account_id=cast.accounts["head"], word=codes[0], now=NOW)
    assert second_factor.check(account_id=cast.accounts["teacher"], word=codes[0].upper(), now=NOW)
    assert not second_factor.check(account_id=cast.accounts["teacher"], word=codes[0], now=NOW)
    assert second_factor.codes_left(cast.accounts["teacher"]) == 9


def test_guessing_codes_is_stopped(cast: Cast) -> None:
    secret, _codes = enrolled(cast, "teacher", NOW - timedelta(hours=1))
    account = cast.accounts["teacher"]
    assert [second_factor.check(account_id=account, word="000000", now=NOW) for _try in range(5)] == [
        False
    ] * 5
    with pytest.raises(TooManyAttemptsError):
        second_factor.check(account_id=account, word=code_at(secret, NOW.timestamp()), now=NOW)


def test_a_wrong_first_code_puts_nothing_in_force(cast: Cast) -> None:
    actor = cast.actor("teacher")
    second_factor.begin(actor=actor, now=NOW)
    with pytest.raises(InvalidInputError):
        second_factor.confirm(actor=actor, code="000000", now=NOW)
    assert not second_factor.enrolled(actor.account_id)


def test_beginning_again_forgets_the_secret_somebody_may_have_seen(cast: Cast) -> None:
    actor = cast.actor("teacher")
    seen = second_factor.begin(actor=actor, now=NOW)
    fresh = second_factor.begin(actor=actor, now=NOW)
    assert seen != fresh == second_factor.begun(actor.account_id)
    with pytest.raises(InvalidInputError):
        second_factor.confirm(actor=actor, code=code_at(seen, NOW.timestamp()), now=NOW)


def test_the_password_alone_opens_nothing(cast: Cast) -> None:
    secret, _codes = enrolled(cast, "teacher", timezone.now())
    client = with_password(cast, "teacher")
    assert client.get("/account/").status_code == 302
    assert client.get("/sign-in/code/").status_code == 200
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert wrong.status_code == 422 and not Device.objects.exists()
    code = code_at(secret, timezone.now().timestamp())
    right = client.post("/sign-in/code/", {"code": code})
    assert right.headers["Location"] == "/account/" and client.get("/account/").status_code == 200
    again = with_password(cast, "teacher").post("/sign-in/code/", {"code": code})
    assert again.status_code == 422
    with scope.everywhere("test"):
        kinds = list(AuditRow.objects.filter(kind__startswith="sign_in").values_list("kind", flat=True))
    assert sorted(kinds) == ["sign_in", "sign_in_failed", "sign_in_failed"]


def test_a_one_time_link_asks_the_code_too(cast: Cast) -> None:
    enrolled(cast, "teacher", timezone.now())
    link = accounts.make_link(account_id=cast.accounts["teacher"], now=timezone.now())
    client = Client()
    assert client.post(f"/link/{link}/").headers["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302


def test_the_second_step_without_the_first_leads_back(db: None) -> None:
    for address in ("/sign-in/code/", "/sign-in/enrol/"):
        assert Client().post(address, {"code": "123456"}).headers["Location"] == "/sign-in/"


def test_the_first_factor_is_forgotten_after_ten_minutes(cast: Cast) -> None:
    enrolled(cast, "teacher", timezone.now())
    client = with_password(cast, "teacher")
    session = client.session
    session["pending_sign_in"] = {**session["pending_sign_in"], "at": timezone.now().timestamp() - 601}
    session.save()
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_a_privileged_role_enrols_before_its_first_session(cast: Cast) -> None:
    client = with_password(cast, "admin")
    page = client.get("/sign-in/enrol/").content.decode()
    assert "<svg" in page and client.get("/people/").status_code == 302
    words = re.findall(r"<code class=\"token-secret\">([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
    code = code_at(b32decode(words), timezone.now().timestamp())
    done = client.post("/sign-in/enrol/", {"code": code})
    assert done.status_code == 200 and done.content.decode().count("<li><code>") == 10
    assert client.get("/people/").status_code == 200
    refused = client.post("/account/second-factor/remove/", {"code": code})
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("rule", "asked"), [(FactorRule.OFF, False), (FactorRule.PRIVILEGED, False), (FactorRule.STAFF, True)]
)
def test_an_organisation_may_ask_more_and_never_less(cast: Cast, rule: FactorRule, asked: bool) -> None:
    with scope.everywhere("test"):
        safety.set_policy(actor=cast.actor("bureau"), now=NOW, second_factor=rule, elevated_minutes=20)
    assert safety.safety_of(cast.school).elevated_minutes == 20
    assert safety.asks_second_factor([cast.actor("teacher")]) is asked
    assert safety.asks_second_factor([cast.actor("admin")])
    assert not safety.asks_second_factor([cast.actor("pupil")])


def test_only_an_administrator_resets_and_the_owner_hears_of_it(
    cast: Cast, sign_in: dict[str, Client]
) -> None:
    enrolled(cast, "teacher", timezone.now())
    with scope.everywhere("test"):
        teacher = Person.objects.get(pk=cast.people["teacher"])
    address = f"/people/{teacher.uuid}/second-factor/reset/"
    for nickname in ("teacher", "principal", "pupil", "outsider", "bureau"):
        assert sign_in[nickname].post(address).status_code == 404, nickname
    assert second_factor.enrolled(cast.accounts["teacher"])
    assert sign_in["admin"].post(address).status_code == 302
    assert not second_factor.enrolled(cast.accounts["teacher"])
    with scope.everywhere("test"):
        row = AuditRow.objects.get(kind="second_factor", verb="delete")
        assert (row.actor_id, row.about_id) == (cast.people["admin"], teacher.pk)
        assert Notification.objects.filter(person_id=teacher.pk).count() == 1


def test_one_manages_ones_own_on_the_account_page(cast: Cast, sign_in: dict[str, Client]) -> None:
    secret, codes = enrolled(cast, "teacher", timezone.now())
    client = sign_in["teacher"]
    assert "10" in client.get("/account/second-factor/").content.decode()
    assert client.post("/account/second-factor/codes/", {"code": "000000"}).status_code == 422
    renewed = client.post("/account/second-factor/codes/", {"code": codes[0]})
    assert renewed.status_code == 200 and codes[1] not in renewed.content.decode()
    assert not second_factor.check(account_id=cast.accounts["teacher"], word=codes[1], now=timezone.now())
    code = code_at(secret, timezone.now().timestamp())
    assert client.post("/account/second-factor/remove/", {"code": code}).status_code == 302
    assert not second_factor.enrolled(cast.accounts["teacher"])
