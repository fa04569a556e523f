"""Budgets and the ledger: reserve, settle, give back; whole numbers only.

Rows of the hot path name others by id without foreign keys: a model or person that goes away changes no usage.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiwei.ai.values import BudgetFor, EntryKind, Period, Unit
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Budget(TenantModel):
    """How much may be used in a period: by each person, each class, or the place as a whole. 0 is no limit."""

    declaration = Declaration("模型用量额度", Level.INTERNAL)

    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("适用单位")
    )
    counted = models.CharField(_("按谁累计"), max_length=10, default=BudgetFor.PLACE)
    role = models.CharField(_("只限角色"), max_length=30, blank=True)
    purpose = models.CharField(_("只限用途"), max_length=20, blank=True)
    unit = models.CharField(_("单位"), max_length=10, default=Unit.MICRO)
    period = models.CharField(_("周期"), max_length=10, default=Period.MONTH)
    soft = models.BigIntegerField(_("提醒线"), default=0)
    hard = models.BigIntegerField(_("上限"), default=0)
    enabled = models.BooleanField(_("启用"), default=True)
    made_at = models.DateTimeField(_("创建时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("模型用量额度")

    def __str__(self) -> str:
        return f"budget {self.pk}"


class Account(TenantModel):
    """What one person, class or place has used and reserved of a budget in one period."""

    declaration = Declaration("模型用量累计", Level.PERSONAL, retention="P2Y")

    budget_id = models.BigIntegerField(_("额度"))
    subject_id = models.BigIntegerField(_("人员或单位"))
    begins_at = models.DateTimeField(_("周期开始"))
    spent = models.BigIntegerField(_("已用"), default=0)
    held = models.BigIntegerField(_("预留"), default=0)
    warned_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("模型用量累计")
        constraints = [
            models.UniqueConstraint(fields=["budget_id", "subject_id", "begins_at"], name="ai_account_once"),
            models.CheckConstraint(condition=Q(held__gte=0), name="ai_account_held_not_negative"),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"


class Hold(TenantModel):
    """A call under way and what is reserved for it; gone when it is settled or released."""

    declaration = Declaration("用量预留", Level.INTERNAL, retention="P1D")

    call_uuid = models.UUIDField(_("调用"), unique=True)
    key_id = models.BigIntegerField(_("模型密钥"), default=0)
    person_id = models.BigIntegerField(_("人员"), default=0)
    model_id = models.BigIntegerField(_("模型"))
    price_id = models.BigIntegerField(_("价格快照"))
    micro = models.BigIntegerField(_("预留金额（微元）"))
    tokens = models.BigIntegerField(_("预留词元"))
    accounts = ArrayField(models.BigIntegerField(), verbose_name=_("累计账户"))
    amounts = ArrayField(models.BigIntegerField(), verbose_name=_("各账户预留"))
    units = ArrayField(models.CharField(max_length=10), verbose_name=_("各账户单位"))
    scope = models.CharField(_("涉及单位"), max_length=200)
    made_at = models.DateTimeField(_("开始时间"))
    expires_at = models.DateTimeField(_("最迟结清时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("用量预留")
        indexes = [
            models.Index(fields=["key_id"], name="ai_hold_by_key"),
            models.Index(fields=["model_id"], name="ai_hold_by_model"),
            models.Index(fields=["expires_at"], name="ai_hold_by_end"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class LedgerEntry(TenantModel):
    """One line of the ledger. Tokens, pages and milliseconds are what the provider counted, or an estimate."""

    append_only: ClassVar[bool] = True
    declaration = Declaration("模型用量账目", Level.PERSONAL, retention="P6Y", person="person_id")

    call_uuid = models.UUIDField(_("调用"))
    kind = models.CharField(_("类别"), max_length=10)
    person_id = models.BigIntegerField(_("人员"), default=0)
    model_id = models.BigIntegerField(_("模型"))
    price_id = models.BigIntegerField(_("价格快照"))
    micro = models.BigIntegerField(_("金额（微元）"))
    input_tokens = models.BigIntegerField(_("输入词元"), default=0)
    cached_tokens = models.BigIntegerField(_("缓存输入词元"), default=0)
    output_tokens = models.BigIntegerField(_("输出词元"), default=0)
    pages = models.BigIntegerField(_("页（图）数"), default=0)
    milliseconds = models.BigIntegerField(_("音频毫秒"), default=0)
    estimated = models.BooleanField(_("估算"), default=False)
    accounts = ArrayField(models.BigIntegerField(), verbose_name=_("累计账户"), default=list)
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("模型用量账目")
        constraints = [
            models.UniqueConstraint(
                fields=["call_uuid"], condition=Q(kind=EntryKind.HOLD), name="ai_entry_held_once"
            ),
            models.UniqueConstraint(
                fields=["call_uuid"],
                condition=Q(kind__in=[EntryKind.SETTLE, EntryKind.RELEASE]),
                name="ai_entry_closed_once",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-at"], name="ai_entry_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.call_uuid}"
