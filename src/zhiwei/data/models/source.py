"""Sources: where data are brought in from, how their columns map to the standard, what each bringing-in gave."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.data.values import IntakeState, Origin, SourceState
from zhiwei.kernel.sealed import SealedTextField
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Connection(TenantModel):
    """A database that may be read: where it is and with which read-only account; its password is sealed."""

    declaration = Declaration("数据库连接", Level.INTERNAL, levels={"secret": Level.SENSITIVE})

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("连接名称"), max_length=60)
    kind = models.CharField(_("数据库类型"), max_length=20)
    host = models.CharField(_("主机或文件"), max_length=253)
    port = models.PositiveIntegerField(_("端口"), default=0)
    database = models.CharField(_("库名"), max_length=63, blank=True)
    username = models.CharField(_("账号"), max_length=63, blank=True)
    secret = SealedTextField(_("口令"), label="connection.secret")
    tls = models.CharField(_("加密方式"), max_length=20, blank=True)
    tables = models.JSONField(_("可读的表"), default=list, blank=True)
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    checked_at = models.DateTimeField(_("检查时间"), null=True, blank=True)
    created_by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("建立人")
    )
    created_at = models.DateTimeField(_("建立时间"))
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("数据库连接")

    def __str__(self) -> str:
        return f"connection {self.pk}"


class Source(TenantModel):
    """A table that is brought in, once or by schedule; ``fields`` say what its columns are and how sensitive."""

    declaration = Declaration("接入的数据", Level.INTERNAL)

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("数据名称"), max_length=60)
    origin = models.CharField(_("来源"), max_length=10, default=Origin.FILE)
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, null=True, related_name="sources", verbose_name=_("数据库连接")
    )
    table = models.CharField(_("来源中的表"), max_length=130, blank=True)
    file = models.ForeignKey(
        "kernel.Blob", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("原文件")
    )
    file_name = models.CharField(_("文件名"), max_length=160, blank=True)
    sample = models.ForeignKey(
        "kernel.Blob", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("样例")
    )
    columns = models.JSONField(_("来源的列"), default=list, blank=True)
    fields = models.JSONField(_("字段"), default=list, blank=True)
    level = models.PositiveSmallIntegerField(_("级别"), default=Level.PERSONAL)
    retention = models.CharField(_("保存期限"), max_length=10, default="P3Y")
    owner = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("责任人")
    )
    schedule = models.CharField(_("接入频率"), max_length=10, blank=True)
    next_at = models.DateTimeField(_("下次接入"), null=True, blank=True)
    scheduled_by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("排定人")
    )
    scheduled_account = models.BigIntegerField(_("排定人的账号"), default=0)
    state = models.CharField(_("状态"), max_length=10, default=SourceState.READING)
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("建立人")
    )
    created_at = models.DateTimeField(_("建立时间"))
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("接入的数据")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="source_name_once")]
        indexes = [models.Index(fields=["next_at"], name="source_by_next")]

    def __str__(self) -> str:
        return f"source {self.pk}"


class Intake(TenantModel):
    """One bringing-in of a source: a whole picture of it as it was then."""

    declaration = Declaration("数据接入记录", Level.INTERNAL)

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="intakes", verbose_name=_("接入的数据")
    )
    number = models.PositiveIntegerField(_("第几次"))
    origin = models.CharField(_("来源"), max_length=300)
    file = models.ForeignKey(
        "kernel.Blob", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("原文件")
    )
    columns = models.JSONField(_("来源的列"), default=list)
    fields = models.JSONField(_("字段"), default=list)
    state = models.CharField(_("状态"), max_length=10, default=IntakeState.RUNNING)
    accepted = models.PositiveIntegerField(_("接入行数"), default=0)
    rejected = models.PositiveIntegerField(_("拒收行数"), default=0)
    reasons = models.JSONField(_("拒收原因"), default=list, blank=True)
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("接入人")
    )
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("数据接入记录")
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="intake_number_once")]

    def __str__(self) -> str:
        return f"intake {self.pk}"


class IntakePart(TenantModel):
    """A piece of a bringing-in, committed by itself, so that a job that was cut goes on behind it."""

    declaration = Declaration("接入的数据块", Level.SENSITIVE)

    intake = models.ForeignKey(
        Intake, on_delete=models.CASCADE, related_name="parts", verbose_name=_("接入记录")
    )
    number = models.PositiveIntegerField(_("次序"))
    last_row = models.BigIntegerField(_("最后一行"))
    accepted_file = models.ForeignKey(
        "kernel.Blob", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("接入的行")
    )
    rejected_file = models.ForeignKey(
        "kernel.Blob", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("拒收的行")
    )
    accepted = models.PositiveIntegerField(_("接入行数"))
    rejected = models.PositiveIntegerField(_("拒收行数"))

    class Meta(TenantModel.Meta):
        verbose_name = _("接入的数据块")
        constraints = [models.UniqueConstraint(fields=["intake", "number"], name="intake_part_once")]

    def __str__(self) -> str:
        return f"intake part {self.intake_id}/{self.number}"
