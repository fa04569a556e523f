"""The assertion that a SAML response's signature covers, read from the signed bytes and from nothing else.

Signature wrapping moves a signed element aside and puts a forged one where the reader looks. So the reader never
looks: the verifier returns what was signed, parsed anew from the canonical bytes, and only that goes on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from zhiwei.kernel.adapters.vouching import VouchingError

ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_CONFIGURATION = SignatureConfiguration(
    require_x509=True,
    location="./",
    expect_references=1,
    signature_methods=frozenset(
        {
            SignatureMethod.RSA_SHA256,
            SignatureMethod.RSA_SHA384,
            SignatureMethod.RSA_SHA512,
            SignatureMethod.ECDSA_SHA256,
            SignatureMethod.ECDSA_SHA384,
            SignatureMethod.ECDSA_SHA512,
            SignatureMethod.SHA256_RSA_MGF1,
            SignatureMethod.SHA512_RSA_MGF1,
        }
    ),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512}),
    ignore_ambiguous_key_info=True,
)


def parsed(content: bytes) -> etree._Element:
    """Parse XML that a stranger sent: no document type, no entities, no network, no comments, no huge trees.

    Raises:
        VouchingError: It is not such XML.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise VouchingError("unreadable")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise VouchingError("unreadable") from error
    return root


def signed_assertion(response: etree._Element, certificate: str, now: datetime) -> etree._Element:
    """Return the one assertion that the provider's key signed, or that stands in the response it signed.

    Args:
        certificate: PEM of the provider's certificate; certificates inside the message are not trusted.

    Raises:
        VouchingError: Nothing is signed, the signature is wrong, or there is not exactly one assertion.
    """
    if response.find(_SIGNATURE) is not None:
        covered = _verified(response, certificate, now)
        found = covered.findall(f"{{{ASSERTION}}}Assertion")
    else:
        outer = [
            one for one in response.findall(f"{{{ASSERTION}}}Assertion") if one.find(_SIGNATURE) is not None
        ]
        if len(outer) != 1 or len(response.findall(f"{{{ASSERTION}}}Assertion")) != 1:
            raise VouchingError("unsigned")
        alone = etree.fromstring(etree.tostring(outer[0], with_tail=False))
        found = [_verified(alone, certificate, now)]
    if len(found) != 1:
        raise VouchingError("assertions")
    return found[0]


def _verified(element: etree._Element, certificate: str, now: datetime) -> etree._Element:
    """Return what the signature directly inside ``element`` covers, which must be ``element`` itself."""
    if len(element.findall(_SIGNATURE)) != 1:
        raise VouchingError("signature")
    configuration = replace(_CONFIGURATION, verification_time=now)
    try:
        result = XMLVerifier().verify(
            element, x509_cert=pem(certificate), id_attribute="ID", expect_config=configuration
        )
    except (SignXMLException, InvalidSignature, etree.LxmlError, ValueError, KeyError, TypeError) as error:
        raise VouchingError("signature") from error
    covered = None if isinstance(result, list) else result.signed_xml
    if covered is None or covered.tag != element.tag or covered.get("ID") != element.get("ID"):
        raise VouchingError("signature")
    return covered


def pem(certificate: str) -> str:
    """Return a certificate as PEM; administrators often paste the bare base64 of a metadata file."""
    text = certificate.strip()
    if text.startswith("-----"):
        return text
    return f"-----BEGIN CERTIFICATE-----\n{''.join(text.split())}\n-----END CERTIFICATE-----\n"
