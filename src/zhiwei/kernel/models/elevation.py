"""Elevated mode, exports that need a second person, and each organisation's own rules for both."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.models.person import Person
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, FactorRule, Level


class SafetyPolicy(TenantModel):
    """What an organisation asks of its people beyond the platform's floor."""

    declaration = Declaration("安全策略", Level.INTERNAL)

    second_factor = models.CharField(
        _("第二因素"), max_length=12, choices=[(one.value, one.value) for one in FactorRule]
    )
    elevated_minutes = models.PositiveSmallIntegerField(_("高权限最长分钟数"), default=30)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("安全策略")
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="safety_policy_once"),
            models.CheckConstraint(
                condition=Q(elevated_minutes__gte=5, elevated_minutes__lte=120),
                name="elevated_minutes_range",
            ),
        ]

    def __str__(self) -> str:
        return f"safety policy {self.pk}"


class Elevation(TenantModel):
    """A stretch of time in which somebody may see more, for a reason that those concerned can read."""

    declaration = Declaration("高权限时段", Level.PERSONAL, retention="P3Y", person="person")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("人员"))
    account_id = models.BigIntegerField(_("账号"))
    reason = models.CharField(_("事由"), max_length=200)
    began_at = models.DateTimeField(_("开始时间"))
    until = models.DateTimeField(_("到期时间"))
    ended_at = models.DateTimeField(_("提前结束时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("高权限时段")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("began_at")), name="elevation_period_forward")
        ]

    def __str__(self) -> str:
        return f"elevation {self.pk}"


class ExportRequest(TenantModel):
    """A bulk export of level 3–4 data that somebody asked for and another person decides."""

    declaration = Declaration("导出申请", Level.PERSONAL, retention="P3Y", person="asked_by")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("内容"), max_length=40)
    choices = models.JSONField(_("范围"), default=dict)
    rows = models.PositiveIntegerField(_("行数"))
    level = models.PositiveSmallIntegerField(_("数据级别"))
    reason = models.CharField(_("用途"), max_length=200)
    asked_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("申请人"))
    asked_account = models.BigIntegerField(_("申请账号"))
    asked_at = models.DateTimeField(_("申请时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_account = models.BigIntegerField(_("审批账号"), null=True, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved = models.BooleanField(_("批准"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("下载时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("导出申请")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="export_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_account__isnull=True) | ~Q(decided_account=F("asked_account")),
                name="export_decided_by_another_account",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"
