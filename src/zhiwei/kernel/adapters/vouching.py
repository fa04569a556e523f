"""Words that all protocols share: whom we ask, what we keep of the question, what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol as Shape

from zhiwei.kernel.errors import ZhiweiError


class VouchingError(ZhiweiError):
    """The institution's answer cannot be relied on; ``reason`` goes to the log, the sentence to the visitor."""

    code = "identity.refused"
    status = 403

    def __init__(self, reason: str, message: str = "统一身份认证的应答未通过校验，请重新登录。") -> None:
        super().__init__(message, code=f"identity.{reason}")
        self.reason = reason


@dataclass(frozen=True)
class Party:
    """One configured provider as its protocol needs it.

    Attributes:
        settings: Addresses and identifiers, by the names that docs/sign-in.md gives.
        secret: What we prove ourselves with; "" where the protocol has none.
        callback: Our address to which the browser returns.
        entity: Our own name (SAML entity id).
    """

    settings: Mapping[str, str]
    secret: str
    callback: str
    entity: str = ""

    def setting(self, name: str) -> str:
        """Return a setting.

        Raises:
            VouchingError: It is missing.
        """
        value = self.settings.get(name, "").strip()
        if not value:
            raise VouchingError("setting", f"统一身份认证缺少设置「{name}」，请联系学校管理员。")
        return value


@dataclass(frozen=True)
class Question:
    """Where to send the browser, and what it must bring back; kept in the browser's session."""

    url: str
    kept: Mapping[str, str]


@dataclass(frozen=True)
class Vouched:
    """Whom the institution vouched for.

    Attributes:
        subject: Identifier that never changes for this person at this provider.
        claims: What else it said.
        once: Identifier of the answer itself, where the protocol lets an answer be sent twice.
    """

    subject: str
    claims: Mapping[str, str] = field(default_factory=dict)
    once: str = ""


class Voucher(Shape):
    """What each protocol can do."""

    def begin(self, party: Party, *, state: str, now: datetime) -> Question:
        """Return the question for this party; ``state`` comes back with the answer."""

    def finish(
        self, party: Party, answer: Mapping[str, str], kept: Mapping[str, str], *, now: datetime
    ) -> Vouched:
        """Return whom the answer vouches for, after every check of the protocol."""
