"""OpenID Connect: authorization code with state, nonce and PKCE; the ID token checked by every rule of Core 3.1.3.7."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from django.core.cache import cache

from zhiwei.kernel.adapters import outward
from zhiwei.kernel.adapters.vouching import Party, Question, Vouched, VouchingError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a private key only: ``none`` and shared secrets are refused."""
LEEWAY = 60
REMEMBERED = 600
_DISCOVERY = "/.well-known/openid-configuration"


def begin(party: Party, *, state: str, now: datetime) -> Question:
    """Return the authorization request."""
    del now
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": party.setting("client_id"),
        "redirect_uri": party.callback,
        "scope": party.settings.get("scope", "").strip() or "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address = _address(_discovered(party), "authorization_endpoint")
    joint = "&" if urlsplit(address).query else "?"
    return Question(f"{address}{joint}{urlencode(asked)}", {"nonce": nonce, "verifier": verifier})


def finish(party: Party, answer: Mapping[str, str], kept: Mapping[str, str], *, now: datetime) -> Vouched:
    """Exchange the code and return whom the ID token vouches for.

    Raises:
        VouchingError: Any check of the protocol fails.
    """
    if answer.get("error") or not answer.get("code"):
        raise VouchingError("denied", "您没有在统一身份认证完成登录。")
    found = _discovered(party)
    if answer.get("iss", found["issuer"]) != found["issuer"]:
        raise VouchingError("issuer")
    told = _exchanged(party, found, answer["code"], kept["verifier"])
    claims = _checked(party, found, str(told.get("id_token", "")), kept["nonce"], now.timestamp())
    return Vouched(claims["sub"], _texts({**_more(found, told, claims["sub"]), **claims}))


def _discovered(party: Party) -> dict[str, Any]:
    issuer = party.setting("issuer")
    key = f"oidc/{hashlib.sha256(issuer.encode()).hexdigest()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = outward.fetch_json("GET", issuer.rstrip("/") + _DISCOVERY)
        if found.get("issuer") != issuer:
            raise VouchingError("issuer")
        cache.set(key, found, REMEMBERED)
    return found


def _address(found: Mapping[str, Any], name: str) -> str:
    address = str(found.get(name, ""))
    outward.checked(address)
    return address


def _exchanged(party: Party, found: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": party.callback,
        "code_verifier": verifier,
        "client_id": party.setting("client_id"),
    }
    headers: dict[str, str] = {}
    if "client_secret_post" in found.get("token_endpoint_auth_methods_supported", ()):
        form["client_secret"] = party.secret
    else:
        pair = f"{party.setting('client_id')}:{party.secret}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return outward.fetch_json("POST", _address(found, "token_endpoint"), form=form, headers=headers)


def _checked(
    party: Party, found: Mapping[str, Any], token: str, nonce: str, seconds: float
) -> dict[str, Any]:
    claims = _signed(party, found, token)
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise VouchingError("nonce")
    if not _number(claims, "iat") - LEEWAY <= seconds < _number(claims, "exp") + LEEWAY:
        raise VouchingError("expired", "统一身份认证的应答已过期，请重新登录。")
    if "nbf" in claims and _number(claims, "nbf") > seconds + LEEWAY:
        raise VouchingError("too_early")
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", party.setting("client_id")) != party.setting("client_id") or (
        len(audiences) > 1 and "azp" not in claims
    ):
        raise VouchingError("authorized_party")
    if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255:
        raise VouchingError("subject")
    return claims


def _signed(party: Party, found: Mapping[str, Any], token: str) -> dict[str, Any]:
    """Return the claims of a token that the issuer signed for us; times are checked by the caller's clock."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise VouchingError("algorithm")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(found, header),
            algorithms=[header["alg"]],
            audience=party.setting("client_id"),
            issuer=str(found["issuer"]),
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidAudienceError as error:
        raise VouchingError("audience") from error
    except jwt.InvalidIssuerError as error:
        raise VouchingError("issuer") from error
    except jwt.PyJWTError as error:
        raise VouchingError("signature") from error
    return claims


def _key(found: Mapping[str, Any], header: Mapping[str, Any]) -> jwt.PyJWK:
    """Return the issuer's key that a token names (or its only one, when it names none).

    A key not seen yet makes the set be fetched anew, once.
    """
    address = _address(found, "jwks_uri")
    name = f"jwks/{hashlib.sha256(address.encode()).hexdigest()}"
    for fresh in (False, True):
        told: dict[str, Any] | None = None if fresh else cache.get(name)
        if told is None:
            told = outward.fetch_json("GET", address)
            cache.set(name, told, REMEMBERED)
        usable = [
            one for one in told.get("keys", ()) if one.get("use", "sig") == "sig" and one.get("kty") != "oct"
        ]
        named = [one for one in usable if "kid" in header and one.get("kid") == header["kid"]]
        chosen = named or (usable if "kid" not in header and len(usable) == 1 else [])
        if chosen:
            return jwt.PyJWK(chosen[0], algorithm=str(header["alg"]))
    raise VouchingError("key")


def _more(found: Mapping[str, Any], told: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return what the user-info endpoint adds, if there is one; it must speak of the same subject."""
    if not found.get("userinfo_endpoint") or not told.get("access_token"):
        return {}
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    more = outward.fetch_json("GET", _address(found, "userinfo_endpoint"), headers=headers)
    if more.get("sub") != subject:
        raise VouchingError("subject")
    return more


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise VouchingError("signature")
    return float(value)


def _texts(claims: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in claims.items() if isinstance(value, str | int)}
