"""Shares: data of an organisation shown to a person or handed down to its schools, for a purpose and a time."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.data.values_sharing import ShareKind, ShareState
from zhiwei.kernel.sealed import SealedTextField
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Share(TenantModel):
    """What was asked for and what was allowed. The tenant is the organisation whose data these are.

    ``risk`` and ``coarse`` are worked out before anybody decides: how many people, how many look alike, and how
    circumstances are told. ``secret`` draws pseudonyms and noise of this share alone; it goes when the share ends.
    """

    declaration = Declaration(
        "数据共享申请", Level.INTERNAL, retention="P10Y", levels={"secret": Level.SENSITIVE}
    )
    crosses_tenants: ClassVar[frozenset[str]] = frozenset({"asked_by", "decided_by"})

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("方式"), max_length=10, default=ShareKind.ROWS)
    table = models.CharField(_("数据表"), max_length=60)
    columns = ArrayField(models.CharField(max_length=40), verbose_name=_("列"))
    filters = models.JSONField(_("行的条件"), default=list, blank=True)
    purpose = models.CharField(_("用途说明"), max_length=300)
    basis = models.CharField(_("使用依据"), max_length=20)
    days = models.PositiveIntegerField(_("期限（天）"))
    plain = models.BooleanField(_("含原始身份"), default=False)
    k = models.PositiveIntegerField(_("至少几名学生看起来相同（k）"), default=5)
    budget = models.PositiveIntegerField(_("分析间可得的数字个数"), default=1000)
    tenants = ArrayField(models.BigIntegerField(), verbose_name=_("取数单位"), default=list)
    state = models.CharField(_("状态"), max_length=10, default=ShareState.WEIGHING)
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    risk = models.JSONField(_("剩余风险"), default=dict, blank=True)
    coarse = models.JSONField(_("放宽方式"), default=dict, blank=True)
    secret = SealedTextField(_("化名密钥"), label="share.secret")
    asked_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    asked_account = models.BigIntegerField(_("申请账号"))
    asked_from = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人单位")
    )
    asked_name = models.CharField(_("申请人姓名"), max_length=60)
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)
    until = models.DateTimeField(_("到期时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    reads = models.PositiveIntegerField(_("读取次数"), default=0)
    rows_read = models.PositiveBigIntegerField(_("读取行数"), default=0)
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("数据共享申请")
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="share_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="open") | ~models.Q(decided_by=models.F("asked_by")),
                name="share_second_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(decided_by__isnull=False, until__isnull=False),
                name="share_open_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"


class ShareTicket(TenantModel):
    """Where somebody's share is found when another organisation's data were asked for."""

    declaration = Declaration("共享申请凭据", Level.INTERNAL, retention="P10Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("申请人")
    )
    share = models.UUIDField(_("共享申请"), unique=True)
    giver = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("数据所属单位")
    )
    asked_at = models.DateTimeField(_("申请时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("共享申请凭据")

    def __str__(self) -> str:
        return f"ticket {self.share}"


class HandedDown(TenantModel):
    """What an organisation above handed down to this school: it reads its own rows, beside the giver's figures.

    The terms are copied, as a school cannot read rows of the organisation above it.
    """

    declaration = Declaration(
        "下发数据", Level.INTERNAL, retention="P10Y", levels={"secret": Level.SENSITIVE}
    )

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    share = models.UUIDField(_("共享申请"))
    giver = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("下发单位")
    )
    table = models.CharField(_("数据表"), max_length=60)
    columns = ArrayField(models.CharField(max_length=40), verbose_name=_("列"))
    filters = models.JSONField(_("行的条件"), default=list, blank=True)
    purpose = models.CharField(_("用途说明"), max_length=300)
    plain = models.BooleanField(_("含原始身份"), default=False)
    secret = SealedTextField(_("化名密钥"), label="handed.secret")
    figures = models.JSONField(_("全区对照"), default=list, blank=True)
    at = models.DateTimeField(_("下发时间"))
    until = models.DateTimeField(_("到期时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    reads = models.PositiveIntegerField(_("读取次数"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("下发数据")
        constraints = [models.UniqueConstraint(fields=["tenant", "share"], name="handed_down_once")]

    def __str__(self) -> str:
        return f"handed down {self.pk}"
