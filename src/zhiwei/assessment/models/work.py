"""Works: what is set, its questions with their history, and for whom."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.values import Medium, WorkKind, WorkState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Work(TenantModel):
    """A homework, practice or exam that a teacher sets."""

    declaration = Declaration("作业", Level.INTERNAL, retention="P6Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("标题"), max_length=120)
    subject = models.CharField(_("学科"), max_length=30)
    kind = models.CharField(_("类型"), max_length=10, default=WorkKind.HOMEWORK)
    state = models.CharField(_("状态"), max_length=10, default=WorkState.DRAFT)
    medium = models.CharField(_("作答方式"), max_length=10, default=Medium.ONLINE)
    author = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("布置人")
    )
    note = models.TextField(_("说明"), blank=True)
    opens_at = models.DateTimeField(_("开放时间"), null=True, blank=True)
    due_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    rules = models.JSONField(_("规则"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("修订号"), default=1)
    is_template = models.BooleanField(_("模板"), default=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("复制自")
    )
    release_at = models.DateTimeField(_("定时发布"), null=True, blank=True)
    created_at = models.DateTimeField(_("创建时间"))
    removed_at = models.DateTimeField(_("移入回收站时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("作业")
        indexes = [models.Index(fields=["tenant", "-created_at"], name="work_by_time")]

    def __str__(self) -> str:
        return f"work {self.pk}"


class WorkItem(TenantModel):
    """One question of a work: a copy of the item as it was set, so that the bank can change without us."""

    declaration = Declaration("作业题目", Level.INTERNAL, retention="P6Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="items", verbose_name=_("作业"))
    position = models.PositiveIntegerField(_("题号"))
    content = models.JSONField(_("内容"))
    type = models.CharField(_("题型"), max_length=20)
    max_score = models.FloatField(_("满分"))
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"), default=list, blank=True)
    item_uuid = models.UUIDField(_("题库题目"), null=True, blank=True)
    item_version = models.PositiveIntegerField(_("题目版本"), default=0)
    revision = models.PositiveIntegerField(_("修订号"), default=1)

    class Meta(TenantModel.Meta):
        verbose_name = _("作业题目")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "position"],
                name="work_item_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"work item {self.pk}"


class WorkItemRevision(TenantModel):
    """What a question's key and rubric were before a change, who changed them and why."""

    declaration = Declaration("作业题目修订", Level.INTERNAL, retention="P6Y")

    item = models.ForeignKey(
        WorkItem, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("题目")
    )
    number = models.PositiveIntegerField(_("修订号"))
    content = models.JSONField(_("内容"))
    changed_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("修改人")
    )
    changed_at = models.DateTimeField(_("修改时间"))
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("作业题目修订")
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="work_item_revision_once")]

    def __str__(self) -> str:
        return f"revision {self.item_id}/{self.number}"


class Target(TenantModel):
    """For whom a work is set: a class, or single pupils of it; with times of its own where they differ."""

    declaration = Declaration("布置对象", Level.INTERNAL, retention="P6Y")

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="targets", verbose_name=_("作业"))
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("班级")
    )
    person = models.ForeignKey(
        "kernel.Person",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("学生"),
    )
    opens_at = models.DateTimeField(_("开放时间"), null=True, blank=True)
    due_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    extra_minutes = models.PositiveIntegerField(_("延长分钟"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("布置对象")
        constraints = [
            models.UniqueConstraint(
                fields=["work", "organisation", "person"], name="target_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"target {self.pk}"
