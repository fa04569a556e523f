"""Quality: rules of a dataset, runs with what came of each rule, monthly reports."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.data.values import RunState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class QualityRule(TenantModel):
    """A rule of one dataset; ``dataset`` is ``source:UUID`` or ``table:room.Table``."""

    declaration = Declaration("质量规则", Level.INTERNAL)

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    dataset = models.CharField(_("数据集"), max_length=100)
    form = models.CharField(_("规则形式"), max_length=20)
    columns = ArrayField(models.CharField(max_length=60), verbose_name=_("列"))
    params = models.JSONField(_("参数"), default=dict, blank=True)
    tolerance = models.FloatField(_("容许的比例"), default=0)
    is_suggested = models.BooleanField(_("由剖析生成"), default=False)
    created_by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("建立人")
    )
    created_at = models.DateTimeField(_("建立时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("质量规则")
        indexes = [models.Index(fields=["tenant", "dataset"], name="quality_rule_by_dataset")]

    def __str__(self) -> str:
        return f"quality rule {self.pk}"


class QualityRun(TenantModel):
    """One asking of all rules of a dataset; failing rows are kept in a file of pairs (rule, row)."""

    declaration = Declaration("质量检查", Level.INTERNAL)

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    dataset = models.CharField(_("数据集"), max_length=100)
    name = models.CharField(_("数据集名称"), max_length=100)
    intake = models.ForeignKey(
        "data.Intake", on_delete=models.CASCADE, null=True, related_name="runs", verbose_name=_("接入记录")
    )
    state = models.CharField(_("状态"), max_length=10, default=RunState.RUNNING)
    purpose = models.CharField(_("目的"), max_length=10, default="check")
    suggestions = models.JSONField(_("建议的规则"), default=list, blank=True)
    rows = models.BigIntegerField(_("行数"), default=0)
    rules = models.PositiveIntegerField(_("规则数"), default=0)
    holding = models.PositiveIntegerField(_("通过的规则数"), default=0)
    failing = models.BigIntegerField(_("未通过的行次"), default=0)
    failing_file = models.ForeignKey(
        "kernel.Blob", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("未通过的行")
    )
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("检查人")
    )
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("质量检查")
        indexes = [models.Index(fields=["tenant", "dataset", "-started_at"], name="quality_run_by_dataset")]

    def __str__(self) -> str:
        return f"quality run {self.pk}"


class QualityResult(TenantModel):
    """What came of one rule in one run; the rule is kept as it was asked."""

    declaration = Declaration("质量检查结果", Level.INTERNAL)

    run = models.ForeignKey(
        QualityRun, on_delete=models.CASCADE, related_name="results", verbose_name=_("质量检查")
    )
    position = models.PositiveIntegerField(_("次序"))
    rule = models.ForeignKey(
        QualityRule, on_delete=models.SET_NULL, null=True, related_name="results", verbose_name=_("规则")
    )
    form = models.CharField(_("规则形式"), max_length=20)
    columns = ArrayField(models.CharField(max_length=60), verbose_name=_("列"))
    params = models.JSONField(_("参数"), default=dict, blank=True)
    tolerance = models.FloatField(_("容许的比例"), default=0)
    tested = models.BigIntegerField(_("检查行数"))
    failing = models.BigIntegerField(_("未通过行数"))
    holds = models.BooleanField(_("通过"))
    figures = models.JSONField(_("测得的值"), default=dict, blank=True)
    problem = models.CharField(_("问题"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("质量检查结果")
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="quality_result_once")]

    def __str__(self) -> str:
        return f"quality result {self.run_id}/{self.position}"


class QualityReport(TenantModel):
    """The quality of all datasets over one month, as a PDF."""

    declaration = Declaration("质量月报", Level.INTERNAL)

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    month = models.DateField(_("月份"))
    file = models.ForeignKey(
        "kernel.Blob", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("报告")
    )
    figures = models.JSONField(_("统计"), default=dict)
    made_at = models.DateTimeField(_("生成时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("质量月报")
        constraints = [models.UniqueConstraint(fields=["tenant", "month"], name="quality_report_once")]

    def __str__(self) -> str:
        return f"quality report {self.pk}"
