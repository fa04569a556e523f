"""Keys for the gateway: in whose name, for what, how far."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.ai.values import Purpose
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class GatewayKey(TenantModel):
    """A key that calls models in a person's name, in one of the person's roles and for one purpose."""

    declaration = Declaration("模型密钥", Level.PERSONAL, retention="P2Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("人员")
    )
    account_id = models.BigIntegerField(_("账号"))
    name = models.CharField(_("名称"), max_length=60)
    role = models.CharField(_("角色"), max_length=30)
    purpose = models.CharField(_("用途"), max_length=20, default=Purpose.PROGRAM)
    secret_hash = models.CharField(_("密钥摘要"), max_length=64, unique=True)
    models_allowed = ArrayField(
        models.CharField(max_length=80), verbose_name=_("可用模型"), default=list, blank=True
    )
    most_at_once = models.PositiveIntegerField(_("并发上限"), default=8)
    made_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("模型密钥")
        indexes = [models.Index(fields=["person", "-made_at"], name="ai_key_by_person")]

    def __str__(self) -> str:
        return f"key {self.pk}"
