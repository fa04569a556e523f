"""A SAML identity provider built with pysaml2, signing with signxml; tests bend its answers before they are signed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, saml
from saml2.config import IdPConfig
from saml2.server import Server
from signxml import XMLSigner, methods
from tests.kernel.trust_servers import HTML, Answer, key_pair

A = "{urn:oasis:names:tc:SAML:2.0:assertion}"
P = "{urn:oasis:names:tc:SAML:2.0:protocol}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
Bend = Callable[[etree._Element], None]
ENTITY = "https://idp.example.edu.cn/idp"


def nothing(_element: etree._Element) -> None:
    """Bend nothing."""


@dataclass
class SamlIdp:
    """Parses our request with pysaml2, makes a response, lets the test bend it, signs it.

    Attributes:
        before: Bends the response before it is signed (a provider that errs).
        after: Bends it afterwards (an attacker on the way).
        sign: ``assertion``, ``response`` or ``nothing``.
    """

    metadata: bytes
    sso: str = ""
    user: str = "teacher"
    before: Bend = nothing
    after: Bend = nothing
    sign: str = "assertion"
    signer: rsa.RSAPrivateKey | None = None
    pair: tuple[rsa.RSAPrivateKey, str] = field(default_factory=lambda: key_pair("idp"))
    sent: str = ""

    @cached_property
    def server(self) -> Server:
        """The pysaml2 server; it never signs, so it needs no xmlsec1."""
        config = IdPConfig().load(
            {
                "entityid": ENTITY,
                "xmlsec_binary": "/bin/true",
                "metadata": {"inline": [self.metadata.decode()]},
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": [(self.sso, BINDING_HTTP_REDIRECT)]},
                        "policy": {"default": {"lifetime": {"minutes": 5}}},
                    }
                },
            }
        )
        return Server(config=config)

    def honest(self) -> None:
        """Forget all orders."""
        self.user, self.before, self.after, self.sign, self.signer = (
            "teacher",
            nothing,
            nothing,
            "assertion",
            None,
        )

    def respond(self, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        """Answer the browser with a form that holds the response."""
        del path, form
        request = self.server.parse_authn_request(query["SAMLRequest"], BINDING_HTTP_REDIRECT)
        told = self.server.response_args(request.message, [BINDING_HTTP_POST])
        response = self.server.create_authn_response(
            identity={"employeeNumber": self.user},
            userid=self.user,
            name_id=saml.NameID(format=saml.NAMEID_FORMAT_PERSISTENT, text=self.user),
            authn={"class_ref": saml.AUTHN_PASSWORD, "authn_auth": ENTITY},
            **told,
        )
        self.sent = base64.b64encode(self._finished(str(response).encode())).decode()
        field = f'<input name="SAMLResponse" value="{self.sent}">'
        page = f'<form method="post" action="{told["destination"]}">{field}</form>'
        return 200, HTML, page.encode()

    def _finished(self, made: bytes) -> bytes:
        root = etree.fromstring(made)
        self.before(root)
        if self.sign == "assertion":
            inner = root.find(f"{A}Assertion")
            root.replace(inner, self._signed(inner))
        elif self.sign == "response":
            root = self._signed(root)
        self.after(root)
        return etree.tostring(root)

    def _signed(self, element: etree._Element) -> etree._Element:
        alone = etree.fromstring(etree.tostring(element, with_tail=False))
        place = etree.Element(f"{DS}Signature", {"Id": "placeholder"}, nsmap={"ds": DS[1:-1]})
        alone.insert(1, place)
        signer = XMLSigner(
            method=methods.enveloped, signature_algorithm="rsa-sha256", digest_algorithm="sha256",
            c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
        )  # fmt: skip
        return signer.sign(
            alone, key=self.signer or self.pair[0], cert=self.pair[1], reference_uri=alone.get("ID")
        )


def set_attribute(path: str, name: str, value: str) -> Bend:
    """Set an attribute of the first element at ``path``."""

    def bend(root: etree._Element) -> None:
        root.find(path).set(name, value)

    return bend


def set_text(path: str, value: str) -> Bend:
    """Set the text of the first element at ``path``."""

    def bend(root: etree._Element) -> None:
        root.find(path).text = value

    return bend


def ago(minutes: int) -> str:
    """Return an instant some minutes ago as SAML writes it."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
