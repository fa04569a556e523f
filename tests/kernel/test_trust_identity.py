"""Sign-in by institutions: honest providers let known people in; cheats, replays and strangers stay out."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import jwt
import oidc_provider_mock
import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings
from tests.cast import NOW, TODAY, Cast
from tests.kernel import trust_servers
from tests.kernel.trust_servers import Cas, Cheat, serving

from zhiwei.kernel import scope
from zhiwei.kernel.adapters import outward
from zhiwei.kernel.adapters.vouching import VouchingError
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.models import Account, AuditRow, Holding, IdentityLink, IdentityProvider, Person
from zhiwei.kernel.services import identity_providers, people
from zhiwei.kernel.services.identity_providers import Wanted
from zhiwei.kernel.values import MatchField, Protocol, system_actor

CHEAT = Cheat()


@pytest.fixture(autouse=True)
def loopback(settings: Settings) -> None:
    """Let this machine's own servers vouch, and forget what others said."""
    settings.IDENTITY_HOSTS = frozenset({"127.0.0.1", "localhost"})
    settings.SECOND_FACTOR = "off"
    cache.clear()


@pytest.fixture
def cheat() -> Iterator[Cheat]:
    """An OpenID provider under the test's orders."""
    own = Cheat(key=CHEAT.key)
    with serving(own.respond) as address:
        own.address = address
        yield own


def provider(cast: Cast, protocol: Protocol, actor: str = "admin", **given: Any) -> IdentityProvider:
    """Set a provider up as an administrator would."""
    settings = {
        name: value for name, value in given.items() if name not in {"claim", "trusts_factor", "secret"}
    }
    wanted = Wanted(
        "区统一认证", settings, given.get("secret", "s3cret"), given.get("claim", "preferred_username"),
        MatchField.NUMBER, given.get("trusts_factor", False), True,
    )  # fmt: skip
    acting = cast.actor(actor)
    with scope.entered(acting.tenants):
        made = identity_providers.set_up(actor=acting, now=NOW, protocol=protocol, wanted=wanted)
        return IdentityProvider.objects.get(pk=made)


def oidc(cast: Cast, cheat: Cheat, **given: Any) -> IdentityProvider:
    """Set the cheat up as the school's provider."""
    return provider(cast, Protocol.OIDC, issuer=cheat.address, client_id="zw", **given)


def out_and_back(client: Client, row: IdentityProvider, *, onward: str = "") -> str:
    """Go out to the provider and return the address it sends the browser back to."""
    asked = client.get(f"/sign-in/with/{row.uuid}/" + (f"?next={quote(onward)}" if onward else ""))
    assert asked.status_code == 302, asked.content.decode()
    answered = httpx.get(asked.headers["Location"], follow_redirects=False)
    parts = urlsplit(answered.headers["Location"])
    assert parts.path == f"/sign-in/with/{row.uuid}/back/"
    return f"{parts.path}?{parts.query}"


def signed_in_as(client: Client) -> str:
    """Return the login of whoever the browser is signed in as; empty for nobody."""
    key = client.session.get("_auth_user_id")
    return Account.objects.get(pk=key).login if key else ""


def test_an_honest_provider_lets_a_known_person_in(cast: Cast) -> None:
    with oidc_provider_mock.run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        person = {"preferred_username": "teacher", "name": "张老师"}
        assert httpx.put(f"{issuer}/users/sub-17", json=person).status_code == 204
        row = provider(cast, Protocol.OIDC, issuer=issuer, client_id="zw")
        client = Client()
        asked = client.get(f"/sign-in/with/{row.uuid}/?next=/account/")
        assert asked.status_code == 302, re.findall(r"identity\.\w+", asked.content.decode())
        answered = httpx.post(asked.headers["Location"], data={"sub": "sub-17"})
        assert answered.status_code == 302, answered.text
        back = urlsplit(answered.headers["Location"])
        done = client.get(f"{back.path}?{back.query}")
    assert (done.status_code, done.headers["Location"]) == (302, "/account/")
    assert signed_in_as(client) == "test-teacher"
    with scope.everywhere("test"):
        assert AuditRow.objects.filter(kind="identity_link", about_id=cast.people["teacher"]).count() == 1


def test_the_code_is_bound_to_this_browser_by_pkce(cast: Cast, cheat: Cheat) -> None:
    row, client = oidc(cast, cheat), Client()
    assert client.get(out_and_back(client, row)).status_code == 302
    assert cheat.asked["code_challenge_method"] == "S256"
    proof = hashlib.sha256(cheat.exchanged[0]["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == cheat.asked["code_challenge"]
    assert len({cheat.asked["state"], cheat.asked["nonce"], cheat.exchanged[0]["code_verifier"]}) == 3


def test_the_second_time_the_subject_is_known_whatever_it_is_called_now(cast: Cast, cheat: Cheat) -> None:
    row, client = oidc(cast, cheat), Client()
    client.get(out_and_back(client, row))
    cheat.info = {"preferred_username": "admin"}
    again = Client()
    assert again.get(out_and_back(again, row)).status_code == 302
    assert signed_in_as(again) == "test-teacher"


WRONG: dict[str, tuple[str, Callable[[Cheat], None]]] = {
    "nonce of another question": ("nonce", lambda one: one.claims.update(nonce="other")),
    "no nonce": ("nonce", lambda one: one.claims.update(nonce=None)),
    "for another audience": ("audience", lambda one: one.claims.update(aud="other-client")),
    "for two, party unnamed": ("authorized_party", lambda one: one.claims.update(aud=["zw", "x"])),
    "for two, other party": ("authorized_party", lambda one: one.claims.update(aud=["zw", "x"], azp="x")),
    "expired": ("expired", lambda one: one.claims.update(exp=int(time.time()) - 120)),
    "made in the future": ("expired", lambda one: one.claims.update(iat=int(time.time()) + 600)),
    "by another issuer": ("issuer", lambda one: one.claims.update(iss="https://evil.example")),
    "without subject": ("signature", lambda one: one.claims.update(sub=None)),
    "unsigned": ("algorithm", lambda one: setattr(one, "sign", trust_servers.unsigned)),
    "signed with the client's secret": (
        "algorithm",
        lambda one: setattr(
            one, "sign", lambda c: jwt.encode(c, "s3cret" * 8, "HS256", headers={"kid": "k1"})
        ),
    ),
    "signed by another key": (
        "signature",
        lambda one: setattr(
            one,
            "sign",
            lambda c: jwt.encode(c, trust_servers.key_pair("x")[0], "RS256", headers={"kid": "k1"}),
        ),
    ),
    "signed by an unknown key": (
        "key",
        lambda one: setattr(one, "sign", lambda c: jwt.encode(c, one.key, "RS256", headers={"kid": "k2"})),
    ),
    "user-info of somebody else": ("subject", lambda one: one.info.update(sub="s-2")),
    "no number": ("claim", lambda one: one.info.update(preferred_username="")),
    "a stranger": ("unknown", lambda one: one.info.update(preferred_username="nobody")),
    "somebody of another school": (
        "unknown",
        lambda one: one.info.update(preferred_username="other_teacher"),
    ),
}


def test_what_a_provider_must_not_get_away_with(cast: Cast, cheat: Cheat) -> None:
    row = oidc(cast, cheat)
    with scope.everywhere("test"):
        before = Person.objects.count(), Account.objects.count()
    found = {}
    for name, (_reason, order) in WRONG.items():
        cheat.claims, cheat.info, cheat.sign = {}, {}, None
        order(cheat)
        client = Client()
        page = client.get(out_and_back(client, row))
        reasons = re.findall(r"identity\.(\w+)", page.content.decode())
        found[name] = reasons[0] if page.status_code == 403 and not signed_in_as(client) else "in"
    assert found == {name: reason for name, (reason, _order) in WRONG.items()}
    with scope.everywhere("test"):
        assert (Person.objects.count(), Account.objects.count()) == before
        assert not IdentityLink.objects.exists()


def test_a_state_is_good_once_and_only_in_the_browser_that_asked(cast: Cast, cheat: Cheat) -> None:
    row, client = oidc(cast, cheat), Client()
    back = out_and_back(client, row)
    assert "identity.state" in Client().get(back).content.decode()
    assert client.get(back).status_code == 302
    assert "identity.state" in client.get(back).content.decode()
    other = Client()
    forged = parse_qs(urlsplit(out_and_back(other, row)).query)["code"][0]
    assert (
        "identity.state"
        in other.get(f"/sign-in/with/{row.uuid}/back/?code={forged}&state=x").content.decode()
    )


def test_an_issuer_that_is_mixed_up_is_refused(cast: Cast, cheat: Cheat) -> None:
    row, client = oidc(cast, cheat), Client()
    mixed = out_and_back(client, row) + "&iss=https%3A%2F%2Fevil.example"
    assert "identity.issuer" in client.get(mixed).content.decode()
    cheat.document = {"issuer": "https://evil.example"}
    cache.clear()
    assert "identity.issuer" in Client().get(f"/sign-in/with/{row.uuid}/").content.decode()


def test_no_institution_leads_elsewhere(cast: Cast, cheat: Cheat) -> None:
    row = oidc(cast, cheat)
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        client = Client()
        assert client.get(out_and_back(client, row, onward=target)).headers["Location"] == "/", target


def test_two_who_answer_to_one_number_are_refused(cast: Cast, cheat: Cheat) -> None:
    with scope.everywhere("test"):
        for tenant in (cast.school, cast.other_school):
            people.register_person(
                actor=system_actor(), now=NOW, tenant_id=tenant, name="重号", number="twin"
            )
    cheat.info = {"preferred_username": "twin"}
    row, client = oidc(cast, cheat, actor="bureau"), Client()
    assert "identity.ambiguous" in client.get(out_and_back(client, row)).content.decode()


def test_a_number_taken_over_by_another_subject_is_refused(cast: Cast, cheat: Cheat) -> None:
    row, client = oidc(cast, cheat), Client()
    client.get(out_and_back(client, row))
    cheat.claims, cheat.info = {"sub": "s-2"}, {"sub": "s-2"}
    thief = Client()
    assert "identity.linked" in thief.get(out_and_back(thief, row)).content.decode()


def test_an_administrator_undoes_the_link_and_ends_the_sessions(
    cast: Cast, cheat: Cheat, sign_in: dict[str, Client]
) -> None:
    row, client = oidc(cast, cheat), Client()
    client.get(out_and_back(client, row))
    with scope.entered([cast.school]):
        person = IdentityLink.objects.get().person
    page, undo = f"/people/{person.uuid}/", f"/people/{person.uuid}/identity/unlink/"
    for stranger in ("pupil", "guardian", "head", "other_teacher", "outsider"):
        for address in (undo, f"/people/{person.uuid}/sessions/end/"):
            assert sign_in[stranger].post(address).status_code == 404
    assert "解除统一身份绑定" in sign_in["admin"].get(page).content.decode()
    assert sign_in["admin"].post(undo).status_code == 302
    assert client.get("/account/").status_code == 302
    assert "解除统一身份绑定" not in sign_in["admin"].get(page).content.decode()
    assert sign_in["admin"].post(undo).status_code == 404
    cheat.claims, cheat.info = {"sub": "s-2"}, {"sub": "s-2"}
    anew = Client()
    assert anew.get(out_and_back(anew, row)).status_code == 302
    assert sign_in["admin"].post(f"/people/{person.uuid}/sessions/end/").status_code == 302
    assert anew.get("/account/").status_code == 302
    with scope.entered([cast.school]):
        kinds = AuditRow.objects.filter(about_id=person.pk).values_list("kind", flat=True)
        assert {"identity_link", "session"} <= set(kinds)


def test_who_has_left_is_refused(cast: Cast, cheat: Cheat) -> None:
    with scope.everywhere("test"):
        Holding.objects.filter(person_id=cast.people["teacher"]).update(ends_on=TODAY)
    row, client = oidc(cast, cheat), Client()
    assert "identity.left" in client.get(out_and_back(client, row)).content.decode()


def test_a_school_vouches_for_its_own_people_only_even_of_one_account(cast: Cast, cheat: Cheat) -> None:
    with scope.everywhere("test"):
        Person.objects.filter(pk=cast.people["outsider"]).update(account_id=cast.accounts["teacher"])
    row, client = oidc(cast, cheat), Client()
    client.get(out_and_back(client, row))
    assert client.get("/account/").status_code == 200
    assert client.post("/account/act-as/", {"person": cast.people["outsider"]}).status_code == 404


@pytest.mark.parametrize(("trusted", "location"), [(False, "/sign-in/enrol/"), (True, "/")])
def test_the_second_factor_is_asked_unless_the_school_relies_on_the_provider(
    cast: Cast, cheat: Cheat, settings: Settings, trusted: bool, location: str
) -> None:
    settings.SECOND_FACTOR = "staff"
    row, client = oidc(cast, cheat, trusts_factor=trusted), Client()
    assert client.get(out_and_back(client, row)).headers["Location"] == location


def test_cas_lets_in_and_takes_a_ticket_once(cast: Cast) -> None:
    own = Cas()
    with serving(own.respond) as address:
        row = provider(cast, Protocol.CAS, server=f"{address}/cas", claim="employeeNumber", secret="")
        client = Client()
        back = out_and_back(client, row)
        assert client.get(back).status_code == 302 and signed_in_as(client) == "test-teacher"
        thief = Client()
        theirs = out_and_back(thief, row)
        stolen = back.split("ticket=")[1]
        assert thief.get(theirs.split("&ticket=")[0] + f"&ticket={stolen}").status_code == 403
        for raw in ("<x/>", "no xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'):
            own.raw = raw
            other = Client()
            assert other.get(out_and_back(other, row)).status_code == 403


def test_a_cas_user_cannot_smuggle_markup(cast: Cast) -> None:
    own = Cas(user="x</cas:user><cas:user>teacher")
    with serving(own.respond) as address:
        row = provider(cast, Protocol.CAS, server=f"{address}/cas", claim="user", secret="")
        client = Client()
        assert "identity.unknown" in client.get(out_and_back(client, row)).content.decode()


@pytest.mark.parametrize(
    ("protocol", "serve", "own", "field"),
    [
        (Protocol.WECOM, trust_servers.wecom, {"corp_id": "ww1", "agent_id": "1"}, "code"),
        (Protocol.DINGTALK, trust_servers.dingtalk, {"client_id": "ding1"}, "authCode"),
    ],
)
def test_wecom_and_dingtalk_let_members_in_and_nobody_else(
    cast: Cast, protocol: Protocol, serve: trust_servers.Respond, own: dict[str, str], field: str
) -> None:
    with serving(serve) as address:
        given = {**own, "authorize_url": f"{address}/login", "api_url": address, "old_api_url": address}
        row = provider(cast, protocol, claim="userid", **given)
        for code, status in (("teacher-code", 302), ("guest-code", 403), ("stale", 403), ("", 403)):
            client = Client()
            asked = client.get(f"/sign-in/with/{row.uuid}/")
            state = parse_qs(urlsplit(asked.headers["Location"]).query)["state"][0]
            back = f"/sign-in/with/{row.uuid}/back/?state={state}&{field}={code}"
            assert client.get(back).status_code == status, code


@pytest.mark.parametrize(
    "url",
    [
        "http://example.edu.cn/", "ftp://127.0.0.1/", "https://user:pw@127.0.0.1/", "https:///x", "file:///etc/passwd",
        "https://10.0.0.1/", "https://169.254.169.254/latest/", "https://[::1]/", "http://2130706433/",
    ],
)  # fmt: skip
def test_the_door_outward_opens_to_allowed_addresses_only(url: str) -> None:
    with pytest.raises(VouchingError):
        outward.checked(url)


def test_the_door_outward_follows_no_redirect_and_bounds_what_it_reads() -> None:
    def respond(path: str, query: dict[str, str], form: dict[str, str]) -> trust_servers.Answer:
        del query, form
        if path == "/away":
            return 302, "http://127.0.0.1:1/", b""
        return 200, trust_servers.JSON, b"x" * (outward.MOST_BYTES + 1)

    with serving(respond) as address:
        for path, reason in (("/away", "status"), ("/large", "too_large")):
            with pytest.raises(VouchingError) as refused:
                outward.fetch("GET", address + path)
            assert refused.value.reason == reason


def test_a_provider_inside_the_network_needs_the_platforms_word(cast: Cast, settings: Settings) -> None:
    settings.IDENTITY_HOSTS = frozenset()
    with pytest.raises(InvalidInputError):
        provider(cast, Protocol.CAS, server="http://127.0.0.1:9/cas", claim="user", secret="")
