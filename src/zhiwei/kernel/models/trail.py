"""The audit trail: append-only; the app role may insert and read, never change or remove."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class AuditRow(TenantModel):
    """Who did what to which object about whom; written in the transaction of the deed itself."""

    append_only: ClassVar[bool] = True
    declaration = Declaration("审计记录", Level.PERSONAL, retention="P3Y", person="about_id")

    at = models.DateTimeField(_("时间"))
    account_id = models.BigIntegerField(_("账号"), default=0)
    actor_id = models.BigIntegerField(_("操作人"), default=0)
    actor_name = models.CharField(_("操作人姓名"), max_length=60, blank=True)
    verb = models.CharField(_("动作"), max_length=20)
    kind = models.CharField(_("对象类型"), max_length=40)
    object_id = models.CharField(_("对象"), max_length=64, blank=True)
    about_id = models.BigIntegerField(_("关于何人"), null=True)
    level = models.PositiveSmallIntegerField(_("数据级别"), default=Level.INTERNAL)
    detail = models.JSONField(_("说明"), default=dict, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("审计记录")
        indexes = [
            models.Index(fields=["tenant", "-at"], name="audit_by_time"),
            models.Index(fields=["about_id", "-at"], name="audit_by_person"),
            models.Index(fields=["actor_id", "-at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"audit {self.pk}"
