"""DingTalk (钉钉): an OAuth variant; the union id leads to a member's ``userid`` by the application's own token."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from zhiwei.kernel.adapters import outward
from zhiwei.kernel.adapters.vouching import Party, Question, Vouched, VouchingError

AUTHORIZE = "https://login.dingtalk.com/oauth2/auth"
API = "https://api.dingtalk.com"
OLD_API = "https://oapi.dingtalk.com"


def begin(party: Party, *, state: str, now: datetime) -> Question:
    """Return the address of the page that shows the QR code."""
    del now
    asked = {
        "response_type": "code",
        "client_id": party.setting("client_id"),
        "scope": "openid",
        "prompt": "consent",
        "redirect_uri": party.callback,
        "state": state,
    }
    address = party.settings.get("authorize_url") or AUTHORIZE
    outward.checked(address)
    return Question(f"{address}?{urlencode(asked)}", {})


def finish(party: Party, answer: Mapping[str, str], kept: Mapping[str, str], *, now: datetime) -> Vouched:
    """Return the member whose code this is; only members of the application's own corporation have a ``userid``.

    Raises:
        VouchingError: DingTalk does not vouch for the code, or for a member.
    """
    del kept, now
    code = answer.get("authCode") or answer.get("code")
    if not code:
        raise VouchingError("denied", "您没有在钉钉完成登录。")
    pair = {"clientId": party.setting("client_id"), "clientSecret": party.secret}
    api = party.settings.get("api_url") or API
    wanted = {**pair, "code": code, "grantType": "authorization_code"}
    token = _text(
        outward.fetch_json("POST", f"{api}/v1.0/oauth2/userAccessToken", body=wanted), "accessToken"
    )
    headers = {"x-acs-dingtalk-access-token": token}
    union = _text(outward.fetch_json("GET", f"{api}/v1.0/contact/users/me", headers=headers), "unionId")
    own = {"appKey": pair["clientId"], "appSecret": pair["clientSecret"]}
    ours = _text(outward.fetch_json("POST", f"{api}/v1.0/oauth2/accessToken", body=own), "accessToken")
    found = outward.fetch_json(
        "POST",
        f"{party.settings.get('old_api_url') or OLD_API}/topapi/user/getbyunionid",
        query={"access_token": ours},
        form={"unionid": union},
    )
    member = found.get("result", {}).get("userid") if found.get("errcode") == 0 else None
    if not isinstance(member, str) or not member:
        raise VouchingError("member", "您不是本单位钉钉的成员。")
    return Vouched(union, {"userid": member, "unionId": union})


def _text(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise VouchingError("denied", "钉钉没有认可这次登录，请重新扫码。")
    return value
