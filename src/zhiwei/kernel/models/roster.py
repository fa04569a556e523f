"""Roster imports: what was handed in, what the check found, how far the taking-in is."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.models.blob import Blob
from zhiwei.kernel.models.person import Person
from zhiwei.kernel.models.work import Job
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class RosterState(models.TextChoices):
    """Where an import stands."""

    CHECKING = "checking", _("检查中")
    READY = "ready", _("待确认")
    UNUSABLE = "unusable", _("有问题")
    RUNNING = "running", _("导入中")
    DONE = "done", _("已导入")
    DISCARDED = "discarded", _("已放弃")


class RosterImport(TenantModel):
    """One roster on its way in. ``applied`` counts the entries written, so that a dead worker's job goes on."""

    declaration = Declaration(
        "花名册导入",
        Level.PERSONAL,
        retention="P180D",
        levels={"uuid": Level.INTERNAL, "state": Level.INTERNAL},
    )

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("文件名"), max_length=120)
    file = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", verbose_name=_("文件"))
    format = models.CharField(_("格式"), max_length=20, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=RosterState.choices, default=RosterState.CHECKING
    )
    counts = models.JSONField(_("变更计数"), default=dict, blank=True)
    problems = models.JSONField(_("问题"), default=list, blank=True)
    problem_total = models.PositiveIntegerField(_("问题总数"), default=0)
    begins_on = models.DateField(_("生效日期"), null=True, blank=True)
    end_missing = models.BooleanField(_("结束未列出学生的在读"), default=False)
    applied = models.PositiveIntegerField(_("已写入人数"), default=0)
    total = models.PositiveIntegerField(_("总人数"), default=0)
    owner = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("导入人")
    )
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )
    created_at = models.DateTimeField(_("创建时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("花名册导入")
        indexes = [models.Index(fields=["tenant", "-created_at"], name="roster_by_time")]

    def __str__(self) -> str:
        return f"roster {self.pk}"
