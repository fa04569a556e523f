"""The kernel's one door to other machines: identity providers, at addresses that were checked.

Only ``https`` to public addresses, or hosts that ``ZHIWEI_IDENTITY_HOSTS`` names (those may also be plain ``http`` on
this machine). The name is resolved once and the connection made to that address, so that a name which changes its mind
between check and use (DNS rebinding) gains nothing. Redirects are not followed; answers are bounded.
"""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from zhiwei.kernel.adapters.vouching import VouchingError

SECONDS = 5.0
MOST_BYTES = 512 * 1024
_UNREACHABLE = "暂时连不上统一身份认证，请稍后再试。"


def fetch(
    method: str,
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Return the body of a 200 answer.

    Args:
        form: Sent as a form; ``body`` is sent as JSON.

    Raises:
        VouchingError: The address is not allowed, nothing answers in time, or the answer is not 200 or too large.
    """
    host, addresses = checked(url)
    port = urlsplit(url).port
    sent = {"Accept": "application/json", **(headers or {}), "Host": f"{host}:{port}" if port else host}
    for address in addresses:
        target = httpx.URL(url).copy_with(host=address)
        try:
            with (
                httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    method, target, params=query, data=form, json=body, headers=sent,
                    extensions={"sni_hostname": host},
                ) as answer,
            ):  # fmt: skip
                return _bounded(answer)
        except httpx.ConnectError:
            continue
        except httpx.HTTPError as error:
            raise VouchingError("unreachable", _UNREACHABLE) from error
    raise VouchingError("unreachable", _UNREACHABLE)


def fetch_json(method: str, url: str, **sent: Mapping[str, str] | None) -> dict[str, Any]:
    """Return a JSON object; see ``fetch``."""
    try:
        found = json.loads(fetch(method, url, **sent))
    except ValueError as error:
        raise VouchingError("unreadable") from error
    if not isinstance(found, dict):
        raise VouchingError("unreadable")
    return found


def checked(url: str) -> tuple[str, list[str]]:
    """Return host and addresses of a URL that may be called.

    Raises:
        VouchingError: Another scheme, no such host, or an address inside a network that nobody allowed.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    known = host in settings.IDENTITY_HOSTS
    if not host or parts.username or parts.scheme not in {"https", "http"}:
        raise VouchingError("address", "统一身份认证的地址不正确，请联系学校管理员。")
    addresses = _resolved(host)
    if parts.scheme == "http" and not (known and all(one.is_loopback for one in addresses)):
        raise VouchingError("address", "统一身份认证的地址必须以 https:// 开头。")
    if not (known or all(one.is_global for one in addresses)):
        raise VouchingError("address", "统一身份认证的地址在内部网络，请由平台管理员允许。")
    return host, [str(one) for one in addresses]


def _resolved(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return [ipaddress.ip_address(one) for one in dict.fromkeys(str(row[4][0]) for row in found)]
    except (OSError, ValueError) as error:
        raise VouchingError("unreachable", "找不到统一身份认证的服务器，请稍后再试。") from error


def _bounded(answer: httpx.Response) -> bytes:
    if answer.status_code != 200:
        raise VouchingError("status")
    taken = bytearray()
    for part in answer.iter_bytes():
        taken += part
        if len(taken) > MOST_BYTES:
            raise VouchingError("too_large")
    return bytes(taken)
