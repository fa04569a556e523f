"""CAS 3: the browser brings a ticket, the server says whose it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from zhiwei.kernel.adapters import outward
from zhiwei.kernel.adapters.vouching import Party, Question, Vouched, VouchingError

_SPACE = "{http://www.yale.edu/tp/cas}"
_TICKET = re.compile(r"ST-[\x21-\x7e]{1,250}")


def begin(party: Party, *, state: str, now: datetime) -> Question:
    """Return the address of the login page; the state travels inside the service address."""
    del now
    server = party.setting("server").rstrip("/")
    outward.checked(server)
    return Question(f"{server}/login?{urlencode({'service': _service(party, state)})}", {"state": state})


def finish(party: Party, answer: Mapping[str, str], kept: Mapping[str, str], *, now: datetime) -> Vouched:
    """Let the server say whose ticket this is, for the very service it was made for.

    Raises:
        VouchingError: The ticket is none, or the server does not vouch for it.
    """
    del now
    ticket = answer.get("ticket", "")
    if not _TICKET.fullmatch(ticket):
        raise VouchingError("ticket", "您没有在统一身份认证完成登录。")
    query = {"service": _service(party, kept["state"]), "ticket": ticket}
    address = party.setting("server").rstrip("/") + "/p3/serviceValidate"
    told = outward.fetch("GET", address, query=query, headers={"Accept": "application/xml"})
    return _read(told)


def _service(party: Party, state: str) -> str:
    return f"{party.callback}?{urlencode({'state': state})}"


def _read(told: bytes) -> Vouched:
    try:
        root: Element = fromstring(told, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise VouchingError("unreadable") from error
    success = root.find(f"{_SPACE}authenticationSuccess")
    user = None if success is None else success.findtext(f"{_SPACE}user")
    if root.tag != f"{_SPACE}serviceResponse" or success is None or not user or not user.strip():
        raise VouchingError("ticket", "统一身份认证没有认可这次登录，请重新登录。")
    claims = {
        one.tag.removeprefix(_SPACE): (one.text or "").strip()
        for one in success.iterfind(f"{_SPACE}attributes/*")
    }
    return Vouched(user.strip(), {**claims, "user": user.strip()})
