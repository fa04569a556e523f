"""Words of the safety pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.values import FactorRule, MatchField, Protocol

FACTOR_RULES = {
    FactorRule.OFF: _("不要求（各人自愿）"),
    FactorRule.PRIVILEGED: _("管理员、校长、数据与安全专员、审计员"),
    FactorRule.STAFF: _("全体教职工"),
}
MATCH_FIELDS = {
    MatchField.NUMBER: _("学号/工号"),
    MatchField.SOURCE_KEY: _("统一标识（花名册的 sourcedId）"),
}
PROTOCOLS = {
    Protocol.OIDC: "OpenID Connect",
    Protocol.SAML: "SAML 2.0",
    Protocol.CAS: "CAS",
    Protocol.WECOM: _("企业微信"),
    Protocol.DINGTALK: _("钉钉"),
}
SETTINGS = {
    Protocol.OIDC: {
        "issuer": _("签发者地址（issuer）"),
        "client_id": _("应用标识（client_id）"),
        "scope": _("范围（留空为 openid profile）"),
    },
    Protocol.SAML: {
        "idp_entity_id": _("对方实体标识（entityID）"),
        "sso_url": _("对方登录地址（HTTP-Redirect）"),
        "certificate": _("对方签名证书（PEM）"),
    },
    Protocol.CAS: {"server": _("服务器地址（不含 /login）")},
    Protocol.WECOM: {"corp_id": _("企业标识（CorpID）"), "agent_id": _("应用标识（AgentID）")},
    Protocol.DINGTALK: {"client_id": _("应用标识（AppKey）")},
}
"""Settings of each protocol in the order of the form."""
