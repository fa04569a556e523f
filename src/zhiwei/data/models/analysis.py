"""The analysis room: what was asked of a share, what was told, and what left after a second person looked."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.data.models.share import Share
from zhiwei.data.values_sharing import ExportState, RunState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class AnalysisRun(TenantModel):
    """One query and its safe answer. ``told`` remembers the figures, ``sketches`` what stood behind them."""

    declaration = Declaration("分析间查询", Level.INTERNAL, retention="P10Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="runs", verbose_name=_("共享"))
    sql = models.TextField(_("查询"))
    state = models.CharField(_("状态"), max_length=10, default=RunState.WAITING)
    problem = models.CharField(_("问题"), max_length=60, blank=True)
    detail = models.CharField(_("问题所在"), max_length=80, blank=True)
    columns = models.JSONField(_("结果的列"), default=list, blank=True)
    rows = models.JSONField(_("结果"), default=list, blank=True)
    people = models.JSONField(_("每行约几人"), default=list, blank=True)
    left_out = models.BooleanField(_("有过小的组没有显示"), default=False)
    told = models.JSONField(_("首次给出的数字"), default=list, blank=True)
    sketches = models.BinaryField(_("数字的指纹"), default=bytes)
    seconds = models.PositiveIntegerField(_("运行用时（秒）"), default=0)
    walls = models.JSONField(_("隔离措施"), default=list, blank=True)
    asked_at = models.DateTimeField(_("查询时间"))
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("分析间查询")
        indexes = [models.Index(fields=["share", "-asked_at"], name="run_by_time")]

    def __str__(self) -> str:
        return f"run {self.pk}"


class AnalysisExport(TenantModel):
    """A wish to take a result away; another person looks at it first."""

    declaration = Declaration("分析结果导出", Level.INTERNAL, retention="P10Y")
    crosses_tenants: ClassVar[frozenset[str]] = frozenset({"asked_by", "decided_by"})

    run = models.OneToOneField(
        AnalysisRun, on_delete=models.CASCADE, related_name="export", verbose_name=_("查询")
    )
    reason = models.CharField(_("用途说明"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, default=ExportState.WAITING)
    asked_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)
    taken = models.PositiveIntegerField(_("下载次数"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("分析结果导出")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="approved") | ~models.Q(decided_by=models.F("asked_by")),
                name="analysis_export_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"export of run {self.run_id}"
