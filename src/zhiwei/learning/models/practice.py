"""Practice sets: chosen by a pupil or pushed by a teacher, answered in place."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level
from zhiwei.learning.values import PracticeState


class Assignment(TenantModel):
    """A practice a teacher pushed to a tier of a class; each pupil's set is chosen for that pupil."""

    declaration = Declaration("分层练习", Level.INTERNAL, retention="P6Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("班级")
    )
    subject = models.CharField(_("学科"), max_length=30)
    tier = models.CharField(_("层次"), max_length=10)
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"), default=list, blank=True)
    minutes = models.PositiveIntegerField(_("分钟"))
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("布置人")
    )
    at = models.DateTimeField(_("布置时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("分层练习")

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Practice(TenantModel):
    """One practice set of one pupil. ``parameters`` says with what it was chosen (engine, tier's band, settings)."""

    declaration = Declaration("练习", Level.PERSONAL, retention="P6Y", person="person")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="practices",
        verbose_name=_("分层练习"),
    )
    subject = models.CharField(_("学科"), max_length=30)
    tier = models.CharField(_("层次"), max_length=10)
    minutes = models.PositiveIntegerField(_("分钟"))
    state = models.CharField(_("状态"), max_length=10, default=PracticeState.OPEN)
    parameters = models.JSONField(_("选题参数"), default=dict, blank=True)
    made_at = models.DateTimeField(_("生成时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("练习")
        indexes = [models.Index(fields=["person", "-made_at"], name="practice_by_person")]

    def __str__(self) -> str:
        return f"practice {self.pk}"


class PracticeItem(TenantModel):
    """One question of a practice set, with the answer, the hints taken and the verdict."""

    declaration = Declaration("练习题目", Level.PERSONAL, retention="P6Y")

    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="items", verbose_name=_("练习")
    )
    position = models.PositiveIntegerField(_("题号"))
    item_uuid = models.UUIDField(_("题库题目"))
    item_version = models.PositiveIntegerField(_("题目版本"))
    content = models.JSONField(_("内容"))
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"), default=list, blank=True)
    reason = models.CharField(_("选题理由"), max_length=10)
    expected = models.FloatField(_("预计得分率"))
    hints = models.PositiveIntegerField(_("已看提示"), default=0)
    value = models.JSONField(_("作答"), default=dict, blank=True)
    score = models.FloatField(_("得分"), null=True, blank=True)
    max_score = models.FloatField(_("满分"))
    judgement = models.JSONField(_("评分点与依据"), default=dict, blank=True)
    answered_at = models.DateTimeField(_("作答时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("练习题目")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "position"], name="practice_item_position_once")
        ]

    def __str__(self) -> str:
        return f"practice item {self.pk}"
