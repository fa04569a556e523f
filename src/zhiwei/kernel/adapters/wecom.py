"""WeCom (企业微信): an OAuth variant; a member's ``userid`` comes from a code and the application's own token."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from zhiwei.kernel.adapters import outward
from zhiwei.kernel.adapters.vouching import Party, Question, Vouched, VouchingError

AUTHORIZE = "https://login.work.weixin.qq.com/wwlogin/sso/login"
API = "https://qyapi.weixin.qq.com"


def begin(party: Party, *, state: str, now: datetime) -> Question:
    """Return the address of the page that shows the QR code."""
    del now
    asked = {
        "login_type": "CorpApp",
        "appid": party.setting("corp_id"),
        "agentid": party.setting("agent_id"),
        "redirect_uri": party.callback,
        "state": state,
    }
    address = party.settings.get("authorize_url") or AUTHORIZE
    outward.checked(address)
    return Question(f"{address}?{urlencode(asked)}", {})


def finish(party: Party, answer: Mapping[str, str], kept: Mapping[str, str], *, now: datetime) -> Vouched:
    """Return the member whose code this is; people outside the corporation have no ``userid`` and are refused.

    Raises:
        VouchingError: WeCom does not vouch for the code, or for a member.
    """
    del kept, now
    if not answer.get("code"):
        raise VouchingError("denied", "您没有在企业微信完成登录。")
    api = party.settings.get("api_url") or API
    pair = {"corpid": party.setting("corp_id"), "corpsecret": party.secret}
    token = _told(outward.fetch_json("GET", f"{api}/cgi-bin/gettoken", query=pair))["access_token"]
    asked = {"access_token": str(token), "code": answer["code"]}
    found = _told(outward.fetch_json("GET", f"{api}/cgi-bin/auth/getuserinfo", query=asked))
    member = found.get("userid") or found.get("UserId")
    if not isinstance(member, str) or not member:
        raise VouchingError("member", "您不是本单位企业微信的成员。")
    return Vouched(member, {"userid": member})


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("errcode") != 0:
        raise VouchingError("denied", "企业微信没有认可这次登录，请重新扫码。")
    return answer
