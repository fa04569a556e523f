"""Sign-in by an institution: who vouches for people, and whom they vouched for."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.models.person import Person
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level, MatchField, Protocol


class IdentityProvider(TenantModel):
    """A server that vouches for an organisation's people; ``secret`` is encrypted with the tenant's key."""

    declaration = Declaration("统一身份认证", Level.INTERNAL, levels={"secret": Level.SENSITIVE})

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    protocol = models.CharField(
        _("协议"), max_length=10, choices=[(one.value, one.value) for one in Protocol]
    )
    name = models.CharField(_("名称"), max_length=60)
    settings = models.JSONField(_("设置"), default=dict)
    secret = models.BinaryField(_("密钥（已加密）"), null=True)
    claim = models.CharField(_("对应的声明"), max_length=60)
    match_field = models.CharField(
        _("对应的字段"), max_length=12, choices=[(one.value, one.value) for one in MatchField]
    )
    trusts_factor = models.BooleanField(_("由对方验证第二因素"), default=False)
    enabled = models.BooleanField(_("启用"), default=True)
    made_at = models.DateTimeField(_("创建时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("统一身份认证")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="identity_provider_name_once")]

    def __str__(self) -> str:
        return self.name


class IdentityLink(TenantModel):
    """A known person whom a provider vouched for; the subject is kept as a keyed hash."""

    declaration = Declaration("统一身份绑定", Level.PERSONAL, person="person")
    crosses_tenants: ClassVar[frozenset[str]] = frozenset({"provider"})

    provider = models.ForeignKey(
        IdentityProvider, on_delete=models.CASCADE, related_name="links", verbose_name=_("统一身份认证")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("人员"))
    subject_hash = models.CharField(_("对方标识摘要"), max_length=64)
    linked_at = models.DateTimeField(_("绑定时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("统一身份绑定")
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject_hash"], name="identity_subject_once"),
            models.UniqueConstraint(fields=["provider", "person"], name="identity_person_once"),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


class IdentityReply(TenantModel):
    """A provider's answer between its arrival and the browser's return; each assertion counts once."""

    declaration = Declaration("统一身份应答", Level.PERSONAL, retention="P1D")

    provider = models.ForeignKey(
        IdentityProvider, on_delete=models.CASCADE, related_name="+", verbose_name=_("统一身份认证")
    )
    assertion_hash = models.CharField(_("断言摘要"), max_length=64)
    ticket_hash = models.CharField(_("取件凭据摘要"), max_length=64, unique=True)
    facts = models.BinaryField(_("应答（已加密）"))
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("统一身份应答")
        constraints = [
            models.UniqueConstraint(fields=["provider", "assertion_hash"], name="identity_assertion_once")
        ]

    def __str__(self) -> str:
        return f"reply {self.pk}"
