"""SAML against an identity provider made with pysaml2: signatures, wrapping, replays, other audiences."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import pytest
from django.test import Client
from lxml import etree
from pytest_django.fixtures import Settings
from tests.cast import Cast
from tests.kernel.test_trust_identity import provider, signed_in_as
from tests.kernel.trust_saml_idp import DS, ENTITY, A, P, SamlIdp, ago, set_attribute, set_text
from tests.kernel.trust_servers import key_pair, serving

from zhiwei.kernel import scope
from zhiwei.kernel.models import IdentityProvider
from zhiwei.kernel.values import Protocol

PAIR = key_pair("idp")
ALWAYS = UUID("00000000-0000-4000-8000-000000000001")
EVIL = key_pair("evil")[0]


@pytest.fixture(scope="module")
def running() -> Iterator[SamlIdp]:
    """One provider for all tests: its library is slow to start."""
    own = SamlIdp(b"", pair=PAIR)
    with serving(own.respond) as address:
        own.sso = f"{address}/sso"
        yield own


@pytest.fixture
def idp(cast: Cast, settings: Settings, running: SamlIdp) -> tuple[SamlIdp, IdentityProvider]:
    """The provider, honest again, and how the school has set it up."""
    settings.IDENTITY_HOSTS = frozenset({"127.0.0.1"})
    settings.SECOND_FACTOR = "off"
    running.honest()
    given = {"idp_entity_id": ENTITY, "sso_url": running.sso, "certificate": PAIR[1]}
    row = provider(cast, Protocol.SAML, claim="NameID", secret="", **given)
    row.uuid = ALWAYS
    with scope.everywhere("test"):
        row.save(update_fields=["uuid"])
    running.metadata = Client().get(f"/sign-in/with/{row.uuid}/metadata/").content
    return running, row


def answer_of(own: SamlIdp, client: Client, row: IdentityProvider) -> str:
    """Go out to the provider and return the response it would have the browser post."""
    asked = client.get(f"/sign-in/with/{row.uuid}/?next=/account/")
    page = httpx.get(asked.headers["Location"]).text
    assert re.findall(r'action="([^"]+)"', page)[0].endswith(f"/sign-in/with/{row.uuid}/receive/")
    return own.sent


def posted(client: Client, row: IdentityProvider, response: str) -> tuple[int, str]:
    """Post a response as the provider's page would, without the session's cookie, then come back with it."""
    received = Client(enforce_csrf_checks=True).post(
        f"/sign-in/with/{row.uuid}/receive/", {"SAMLResponse": response}
    )
    if received.status_code != 303:
        return received.status_code, received.content.decode()
    done = client.get(received.headers["Location"])
    return done.status_code, done.content.decode() or done.headers.get("Location", "")


def test_a_signed_answer_lets_a_known_person_in(idp: tuple[SamlIdp, IdentityProvider]) -> None:
    own, row = idp
    for own.sign in ("assertion", "response"):
        client = Client()
        assert posted(client, row, answer_of(own, client, row)) == (302, "/account/")
        assert signed_in_as(client) == "test-teacher"


def wrapped(place: str) -> Callable[[etree._Element], None]:
    """Move the signed assertion aside and put a forged one where a careless reader looks."""

    def bend(root: etree._Element) -> None:
        signed = root.find(f"{A}Assertion")
        forged = copy.deepcopy(signed)
        forged.remove(forged.find(f"{DS}Signature"))
        forged.set("ID", "_forged")
        forged.find(f"{A}Subject/{A}NameID").text = "admin"
        if place == "before":
            root.insert(list(root).index(signed), forged)
        elif place == "after":
            root.append(forged)
        elif place == "inside":
            root.replace(signed, forged)
            forged.append(signed)
        elif place == "same id":
            forged.set("ID", signed.get("ID"))
            root.insert(0, forged)
        else:
            root.replace(signed, forged)
            signature = signed.find(f"{DS}Signature")
            etree.SubElement(signature, f"{DS}Object").append(copy.deepcopy(signed))
            forged.insert(1, signature)

    return bend


def commented(root: etree._Element) -> None:
    """Cut a longer name short with a comment (the canonical form has none, so the signature still holds)."""
    name = root.find(f".//{A}NameID")
    name.text = "tea"
    name.insert(0, etree.Comment("x"))
    name[0].tail = "cher"


def unsigned_inside_signed(root: etree._Element) -> None:
    root.find(f"{A}Assertion/{A}Subject/{A}NameID").text = "admin"


CONFIRMATION = f"{A}Assertion/{A}Subject/{A}SubjectConfirmation/{A}SubjectConfirmationData"
CONDITIONS = f"{A}Assertion/{A}Conditions"
BEFORE: dict[str, tuple[str, Callable[[etree._Element], None]]] = {
    "another audience": (
        "audience",
        set_text(f"{CONDITIONS}/{A}AudienceRestriction/{A}Audience", "https://x/"),
    ),
    "no audience": ("audience", lambda root: root.find(CONDITIONS).remove(root.find(CONDITIONS)[0])),
    "expired": ("expired", set_attribute(CONDITIONS, "NotOnOrAfter", ago(3))),
    "not yet": ("too_early", set_attribute(CONDITIONS, "NotBefore", ago(-9))),
    "confirmation expired": ("expired", set_attribute(CONFIRMATION, "NotOnOrAfter", ago(3))),
    "another address": ("confirmation", set_attribute(CONFIRMATION, "Recipient", "https://evil.example/acs")),
    "another request": ("confirmation", set_attribute(CONFIRMATION, "InResponseTo", "_other")),
    "another issuer": ("issuer", set_text(f"{A}Assertion/{A}Issuer", "https://evil.example/idp")),
    "another destination": ("destination", lambda root: root.set("Destination", "https://evil.example/acs")),
    "no success": ("denied", set_attribute(f"{P}Status/{P}StatusCode", "Value", "urn:x:Failed")),
    "a stranger": ("unknown", set_text(f"{A}Assertion/{A}Subject/{A}NameID", "nobody")),
}
AFTER: dict[str, tuple[str, Callable[[etree._Element], None]]] = {
    "changed": ("signature", set_text(f"{A}Assertion/{A}Subject/{A}NameID", "admin")),
    "wrapped before": ("unsigned", wrapped("before")),
    "wrapped after": ("unsigned", wrapped("after")),
    "wrapped inside": ("unsigned", wrapped("inside")),
    "wrapped with one id": ("unsigned", wrapped("same id")),
    "wrapped in the signature": ("signature", wrapped("object")),
}


def refused(own: SamlIdp, row: IdentityProvider) -> str:
    """Try the provider's answer in a fresh browser and return why it was refused; "in" when it was not."""
    client = Client()
    status, page = posted(client, row, answer_of(own, client, row))
    if status != 403 or signed_in_as(client):
        return "in"
    return re.findall(r"identity\.(\w+)", page)[0]


def test_signed_answers_that_are_not_for_us_now(idp: tuple[SamlIdp, IdentityProvider]) -> None:
    own, row = idp
    found = {}
    for name, (_reason, own.before) in BEFORE.items():
        found[name] = refused(own, row)
    assert found == {name: reason for name, (reason, _bend) in BEFORE.items()}


def test_answers_tampered_with_on_the_way(idp: tuple[SamlIdp, IdentityProvider]) -> None:
    own, row = idp
    found = {}
    for name, (_reason, own.after) in AFTER.items():
        found[name] = refused(own, row)
    assert found == {name: reason for name, (reason, _bend) in AFTER.items()}


def test_an_unsigned_answer_and_a_strangers_signature(idp: tuple[SamlIdp, IdentityProvider]) -> None:
    own, row = idp
    own.sign = "nothing"
    assert refused(own, row) == "unsigned"
    own.sign, own.signer = "assertion", EVIL
    assert refused(own, row) == "signature"


def test_a_comment_never_cuts_a_name_short(idp: tuple[SamlIdp, IdentityProvider]) -> None:
    own, row = idp
    own.user, own.after = "teacher", commented
    client = Client()
    status, _page = posted(client, row, answer_of(own, client, row))
    assert status == 403 or signed_in_as(client) == "test-teacher"


def test_an_answer_counts_once_and_only_where_it_was_asked(idp: tuple[SamlIdp, IdentityProvider]) -> None:
    own, row = idp
    client, thief = Client(), Client()
    response = answer_of(own, client, row)
    thief.get(f"/sign-in/with/{row.uuid}/")
    status, page = posted(thief, row, response)
    assert status == 403 and "identity.confirmation" in page
    status, page = posted(client, row, response)
    assert status == 403 and "identity.replayed" in page
    assert posted(client, row, "bm8geG1s")[0] == 403


def test_what_is_no_answer_is_refused(idp: tuple[SamlIdp, IdentityProvider]) -> None:
    own, row = idp
    client = Client()
    for content in ("", "###", "PCFET0NUWVBFIGE+PGEvPg==", "A" * 600_000):
        answer_of(own, client, row)
        assert posted(client, row, content)[0] == 403, content[:20]
