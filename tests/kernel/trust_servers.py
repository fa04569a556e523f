"""Identity providers that tests talk to over real HTTP on this machine: honest ones, and ones that cheat."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

Answer = tuple[int, str, bytes]
Respond = Callable[[str, dict[str, str], dict[str, str]], Answer]
JSON, XML, HTML = "application/json", "application/xml", "text/html"


@contextmanager
def serving(respond: Respond) -> Iterator[str]:
    """Serve ``respond(path, query, form)`` on a free port and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            read = (
                json.loads if self.headers.get("Content-Type") == JSON else lambda text: dict(parse_qsl(text))
            )
            told = {**(read(body) if body else {}), "_authorization": self.headers.get("Authorization", "")}
            told["_token"] = self.headers.get("x-acs-dingtalk-access-token", "")
            status, kind, content = respond(parts.path, dict(parse_qsl(parts.query)), told)
            self.send_response(status)
            self.send_header("Location" if status == 302 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def told(content: object, status: int = 200) -> Answer:
    """Answer with JSON."""
    return status, JSON, json.dumps(content).encode()


def key_pair(name: str) -> tuple[rsa.RSAPrivateKey, str]:
    """Return a private key and a self-signed certificate (PEM) for it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=400))
    return key, made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@dataclass
class Cheat:
    """An OpenID provider that does what a test tells it to; without orders it is honest.

    Attributes:
        claims: Laid over the ID token's claims; ``None`` leaves one out.
        sign: Makes the token from the claims.
        info: Laid over the user-info answer.
        document: Laid over the discovery document.
    """

    key: rsa.RSAPrivateKey = field(default_factory=lambda: key_pair("op")[0])
    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    info: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    exchanged: list[dict[str, str]] = field(default_factory=list)

    def respond(self, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        """Answer one request."""
        if path == "/.well-known/openid-configuration":
            return told({**self._document(), **self.document})
        if path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return told({"keys": [{**public, "kid": "k1", "use": "sig"}]})
        if path == "/authorize":
            self.asked = query
            back = urlencode({"code": "c0de", "state": query["state"]})
            return 302, f"{query['redirect_uri']}?{back}", b""
        if path == "/token":
            self.exchanged.append(form)
            return told({"access_token": "at", "token_type": "Bearer", "id_token": self._token()})
        return told({"sub": "s-1", "preferred_username": "teacher", **self.info})

    def signed(self, claims: dict[str, Any]) -> str:
        """Sign with the provider's own key."""
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "k1"})

    def _token(self) -> str:
        now = int(time.time())
        honest = {
            "iss": self.address, "sub": "s-1", "aud": self.asked["client_id"], "iat": now, "exp": now + 300,
            "nonce": self.asked["nonce"],
        }  # fmt: skip
        claims = {name: one for name, one in {**honest, **self.claims}.items() if one is not None}
        return (self.sign or self.signed)(claims)

    def _document(self) -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.address,
            "jwks_uri": f"{self.address}/jwks",
            **{f"{name}_endpoint": f"{self.address}/{path}" for name, path in ends.items()},
        }


@dataclass
class Cas:
    """A CAS server of one user; a ticket is good once, for the service it was made for."""

    user: str = "teacher"
    tickets: dict[str, str] = field(default_factory=dict)
    raw: str = ""
    made: int = 0

    def respond(self, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        """Answer one request."""
        del form
        if path == "/cas/login":
            self.made += 1
            ticket = f"ST-{self.made}-abcdef"
            self.tickets[ticket] = query["service"]
            return 302, f"{query['service']}&{urlencode({'ticket': ticket})}", b""
        good = self.tickets.pop(query.get("ticket", ""), None) == query.get("service")
        inner = (
            f"<cas:authenticationSuccess><cas:user>{escape(self.user)}</cas:user><cas:attributes>"
            f"<cas:employeeNumber>{escape(self.user)}</cas:employeeNumber></cas:attributes></cas:authenticationSuccess>"
            if good
            else '<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>'
        )
        whole = f'<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{inner}</cas:serviceResponse>'
        return 200, XML, (self.raw or whole).encode()


def wecom(path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
    """Answer as WeCom's server does for one corporation."""
    del form
    if path == "/cgi-bin/gettoken":
        good = query == {"corpid": "ww1", "corpsecret": "s3cret"}
        return told({"errcode": 0, "access_token": "t1"} if good else {"errcode": 40001, "errmsg": "invalid"})
    people = {
        "teacher-code": {"errcode": 0, "userid": "teacher"},
        "guest-code": {"errcode": 0, "openid": "o1"},
    }
    return told(
        people.get(query.get("code", ""), {"errcode": 40029}) if query.get("access_token") == "t1" else {}
    )


def dingtalk(path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
    """Answer as DingTalk's servers do for one corporation."""
    if path == "/v1.0/oauth2/userAccessToken":
        good = form.get("clientSecret") == "s3cret" and form.get("code", "").endswith("-code")
        return told(
            {"accessToken": f"user-{form['code']}"} if good else {"code": "invalid"}, 200 if good else 400
        )
    if path == "/v1.0/contact/users/me":
        return told({"unionId": form["_token"].removeprefix("user-").removesuffix("-code")})
    if path == "/v1.0/oauth2/accessToken":
        return told({"accessToken": "app-token"})
    ours = query.get("access_token") == "app-token" and form.get("unionid") == "teacher"
    return told({"errcode": 0, "result": {"userid": "teacher"}} if ours else {"errcode": 60121})


def unsigned(claims: dict[str, Any]) -> str:
    """Return a token with ``alg: none``."""
    parts = [{"alg": "none", "kid": "k1"}, claims]
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts)
        + "."
    )
