"""Sittings and responses: what pupils answered."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.models.work import Work, WorkItem
from zhiwei.assessment.values import ResponseState, SittingState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Sitting(TenantModel):
    """One pupil's attempt at a work."""

    declaration = Declaration("作答", Level.PERSONAL, retention="P6Y", person="person")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="sittings", verbose_name=_("作业"))
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("班级")
    )
    attempt = models.PositiveIntegerField(_("第几次"), default=1)
    state = models.CharField(_("状态"), max_length=10, default=SittingState.ANSWERING)
    medium = models.CharField(_("作答方式"), max_length=10, default="online")
    started_at = models.DateTimeField(_("开始时间"))
    due_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("交卷时间"), null=True, blank=True)
    is_late = models.BooleanField(_("迟交"), default=False)
    score = models.FloatField(_("得分"), null=True, blank=True)
    max_score = models.FloatField(_("满分"), default=0)
    released_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    release_count = models.PositiveIntegerField(_("发布次数"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("作答")
        constraints = [models.UniqueConstraint(fields=["work", "person", "attempt"], name="sitting_once")]
        indexes = [
            models.Index(fields=["person", "-started_at"], name="sitting_by_person"),
            models.Index(fields=["work", "state"], name="sitting_by_state"),
        ]

    def __str__(self) -> str:
        return f"sitting {self.pk}"


class Response(TenantModel):
    """The answer to one question in one sitting, and the score it has now.

    ``value`` is ``{"text"}``, ``{"value"}`` or ``{"steps"}`` as docs/item-format.md says, and ``files`` ids of
    photos. ``sequence`` is the client's own counter, so that an older save never overwrites a newer one.
    """

    declaration = Declaration("作答内容", Level.PERSONAL, retention="P6Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(
        Sitting, on_delete=models.CASCADE, related_name="responses", verbose_name=_("作答")
    )
    item = models.ForeignKey(
        WorkItem, on_delete=models.CASCADE, related_name="responses", verbose_name=_("题目")
    )
    value = models.JSONField(_("内容"), default=dict)
    files = models.JSONField(_("图片"), default=list, blank=True)
    sequence = models.BigIntegerField(_("保存序号"), default=0)
    device = models.CharField(_("设备"), max_length=40, blank=True)
    saved_at = models.DateTimeField(_("保存时间"))
    state = models.CharField(_("批改状态"), max_length=10, default=ResponseState.WAITING)
    score = models.FloatField(_("得分"), null=True, blank=True)
    mark = models.ForeignKey(
        "assessment.Mark",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("采用的评分"),
    )
    confidence = models.FloatField(_("把握"), null=True, blank=True)
    group_key = models.CharField(_("相似组"), max_length=64, blank=True)
    order_key = models.IntegerField(_("阅卷次序"), default=0)
    version = models.PositiveIntegerField(_("修改版本"), default=0)
    is_problem = models.BooleanField(_("异常卷"), default=False)
    is_exemplar = models.BooleanField(_("典型卷"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("作答内容")
        constraints = [models.UniqueConstraint(fields=["sitting", "item"], name="response_once")]
        indexes = [models.Index(fields=["item", "state", "order_key"], name="response_on_desk")]

    def __str__(self) -> str:
        return f"response {self.pk}"
