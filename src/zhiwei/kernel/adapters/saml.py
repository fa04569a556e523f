"""SAML 2.0 web sign-in: our question by redirect, the answer by POST; only what the signature covers is ever read."""

from __future__ import annotations

import base64
import binascii
import secrets
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from lxml import etree

from zhiwei.kernel.adapters import outward
from zhiwei.kernel.adapters.saml_signature import ASSERTION, PROTOCOL, parsed, signed_assertion
from zhiwei.kernel.adapters.vouching import Party, Question, Vouched, VouchingError

SKEW = timedelta(seconds=60)
MOST_BYTES = 512 * 1024
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_NS = {"a": ASSERTION, "p": PROTOCOL}


def begin(party: Party, *, state: str, now: datetime) -> Question:
    """Return the redirect that carries our request; its id must come back inside the assertion."""
    address = party.setting("sso_url")
    outward.checked(address)
    request_id = f"_{secrets.token_hex(20)}"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(_request(party, address, request_id, now)) + packer.flush()
    asked = {"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": state}
    joint = "&" if urlsplit(address).query else "?"
    return Question(f"{address}{joint}{urlencode(asked)}", {"request_id": request_id})


def finish(party: Party, answer: Mapping[str, str], kept: Mapping[str, str], *, now: datetime) -> Vouched:
    """Return whom a response vouches for.

    Raises:
        VouchingError: Unsigned, signed by another, changed, wrapped, for another audience, address, request or time.
    """
    root = parsed(_decoded(answer.get("SAMLResponse", "")))
    if root.tag != f"{{{PROTOCOL}}}Response" or root.get("Destination", party.callback) != party.callback:
        raise VouchingError("destination")
    code = root.find("p:Status/p:StatusCode", _NS)
    if code is None or code.get("Value") != _SUCCESS:
        raise VouchingError("denied", "统一身份认证没有完成登录。")
    assertion = signed_assertion(root, party.setting("certificate"), now)
    if _text(assertion, "a:Issuer") != party.setting("idp_entity_id"):
        raise VouchingError("issuer")
    _check_conditions(assertion, party, now)
    _check_confirmation(assertion, party, kept["request_id"], now)
    subject = _text(assertion, "a:Subject/a:NameID")
    if not subject or len(subject) > 255 or assertion.find("a:AuthnStatement", _NS) is None:
        raise VouchingError("subject")
    return Vouched(subject, {**_attributes(assertion), "NameID": subject}, once=assertion.get("ID", ""))


def metadata(party: Party) -> bytes:
    """Return our description for the provider's administrator."""
    space = "urn:oasis:names:tc:SAML:2.0:metadata"
    root = etree.Element(f"{{{space}}}EntityDescriptor", {"entityID": party.entity}, nsmap={"md": space})
    role = etree.SubElement(
        root,
        f"{{{space}}}SPSSODescriptor",
        {
            "protocolSupportEnumeration": PROTOCOL,
            "AuthnRequestsSigned": "false",
            "WantAssertionsSigned": "true",
        },
    )
    post = {
        "Binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        "Location": party.callback,
        "index": "0",
    }
    etree.SubElement(role, f"{{{space}}}AssertionConsumerService", post)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _request(party: Party, address: str, request_id: str, now: datetime) -> bytes:
    root = etree.Element(
        f"{{{PROTOCOL}}}AuthnRequest",
        {
            "ID": request_id,
            "Version": "2.0",
            "IssueInstant": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Destination": address,
            "AssertionConsumerServiceURL": party.callback,
            "ProtocolBinding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        },
        nsmap={"samlp": PROTOCOL, "saml": ASSERTION},
    )
    etree.SubElement(root, f"{{{ASSERTION}}}Issuer").text = party.entity
    return etree.tostring(root)


def _decoded(field: str) -> bytes:
    if not field or len(field) > MOST_BYTES:
        raise VouchingError("unreadable")
    try:
        return base64.b64decode("".join(field.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise VouchingError("unreadable") from error


def _check_conditions(assertion: etree._Element, party: Party, now: datetime) -> None:
    found = assertion.findall("a:Conditions", _NS)
    if len(found) != 1:
        raise VouchingError("conditions")
    _check_period(found[0], now)
    restrictions = found[0].findall("a:AudienceRestriction", _NS)
    if not restrictions:
        raise VouchingError("audience")
    for one in restrictions:
        if party.entity not in {_whole(audience) for audience in one.iterfind("a:Audience", _NS)}:
            raise VouchingError("audience")


def _check_confirmation(assertion: etree._Element, party: Party, request_id: str, now: datetime) -> None:
    """Find one bearer confirmation made for this address, this request and this time (SAML profiles 4.1.4.3)."""
    for one in assertion.iterfind("a:Subject/a:SubjectConfirmation", _NS):
        data = one.find("a:SubjectConfirmationData", _NS)
        if one.get("Method") != _BEARER or data is None or not data.get("NotOnOrAfter"):
            continue
        if data.get("Recipient") == party.callback and data.get("InResponseTo") == request_id:
            _check_period(data, now)
            return
    raise VouchingError("confirmation")


def _check_period(element: etree._Element, now: datetime) -> None:
    before, after = _instant(element.get("NotBefore")), _instant(element.get("NotOnOrAfter"))
    if before is not None and now + SKEW < before:
        raise VouchingError("too_early")
    if after is not None and now - SKEW >= after:
        raise VouchingError("expired", "统一身份认证的应答已过期，请重新登录。")


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise VouchingError("unreadable") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _attributes(assertion: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in assertion.iterfind("a:AttributeStatement/a:Attribute", _NS):
        values = [_whole(value) for value in one.iterfind("a:AttributeValue", _NS)]
        for name in (one.get("Name"), one.get("FriendlyName")):
            if name and len(values) == 1:
                found[name] = values[0]
    return found


def _text(element: etree._Element, path: str) -> str:
    found = element.findall(path, _NS)
    return _whole(found[0]) if len(found) == 1 else ""


def _whole(element: etree._Element) -> str:
    """Return all text of an element; a comment must not cut a name short, so what holds one is refused."""
    if len(element):
        raise VouchingError("unreadable")
    return (element.text or "").strip()
