"""The one way out: an address is checked, resolved once, and the connection goes to just what was checked.

Without permission nothing private is reached: loopback, the school's own network, link-local, cloud metadata. A
platform's operator names exceptions in ``ZHIWEI_AI_PRIVATE_NETWORKS`` (``127.0.0.1:11434, 10.8.0.0/16``).
Because the checked address itself is connected to, a name that changes its mind between check and use gains nothing.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from zhiwei.kernel.errors import InvalidInputError

_HOST = re.compile(r"^[A-Za-z0-9._\-\[\]:]{1,253}$")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Allowed:
    """A private network that may be reached; ``port`` 0 means every port."""

    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    port: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: the name for TLS and the Host field, the very address, the path before the operation."""

    secure: bool
    host: str
    address: str
    port: int
    path: str


def read_allowed(text: str) -> tuple[Allowed, ...]:
    """Return the networks of a setting: ``network[:port]`` separated by commas.

    Raises:
        ValueError: Names the part that is no network.
    """
    return tuple(_allowed(one.strip()) for one in text.split(",") if one.strip())


def split_url(url: str) -> tuple[bool, str, int, str]:
    """Return ``(secure, host, port, path)`` of a base address.

    Raises:
        InvalidInputError: Not an http(s) address, or with a name, password, query or fragment in it.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _refused("地址的格式不对。") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not _HOST.match(parts.netloc):
        raise _refused("地址应以 https:// 或 http:// 开头，且不含用户名、口令。")
    if parts.query or parts.fragment:
        raise _refused("地址不应含 ? 或 #。")
    return parts.scheme == "https", parts.hostname, port, parts.path.rstrip("/")


def resolve(url: str, allowed: Iterable[Allowed]) -> Target:
    """Check an address and resolve it.

    Raises:
        InvalidInputError: Malformed, unknown, or it leads to a private place that is not allowed.
    """
    secure, host, port, path = split_url(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _refused(f"找不到主机 {host}。", code="ai.address_unknown") from None
    addresses = [ipaddress.ip_address(str(one[4][0]).split("%")[0]) for one in found]
    networks = tuple(allowed)
    for address in addresses:
        exempt = _is_allowed(address, port, networks)
        if not exempt and not _is_public(address):
            raise _refused(f"{host} 指向内部地址，平台运维未允许访问。", code="ai.address_private")
        if not exempt and not secure:
            raise _refused("公网地址必须使用 https://。", code="ai.address_plain")
    return Target(secure, host, str(addresses[0]), port, path)


def connect(target: Target, *, seconds: float) -> http.client.HTTPConnection:
    """Return an open connection to exactly the checked address."""
    connection: http.client.HTTPConnection
    if target.secure:
        connection = _PinnedTls(target, seconds)
    else:
        connection = http.client.HTTPConnection(target.address, target.port, timeout=seconds)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class _PinnedTls(http.client.HTTPSConnection):
    """TLS to a fixed address, the certificate checked against the name."""

    def __init__(self, target: Target, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds, context=_context())
        self._target = target

    def connect(self) -> None:
        """Open the socket to the checked address."""
        plain = socket.create_connection((self._target.address, self._target.port), self.timeout)
        self.sock = _context().wrap_socket(plain, server_hostname=self._target.host)


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _allowed(part: str) -> Allowed:
    text, port = part, 0
    found = re.fullmatch(r"(\[[^\]]+\]|[^:\[\]]+):([0-9]{1,5})", part)
    if found:
        text, port = found[1], int(found[2])
    return Allowed(ipaddress.ip_network(text.strip("[]"), strict=False), port)


def _is_allowed(address: Address, port: int, networks: tuple[Allowed, ...]) -> bool:
    return any(
        one.network.version == address.version and address in one.network and one.port in (0, port)
        for one in networks
    )


def _is_public(address: Address) -> bool:
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is not None:
        return _is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _refused(message: str, *, code: str = "ai.address") -> InvalidInputError:
    return InvalidInputError(message, code=code)
