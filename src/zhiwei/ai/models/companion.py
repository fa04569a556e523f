"""The companion: what school and guardians allow, who sat beside, and what was said (sealed)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zhiwei.ai.values import DialogueState
from zhiwei.kernel.sealed import SealedTextField
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class CompanionSetting(TenantModel):
    """What a school allows; without a row the companion is off."""

    declaration = Declaration("学伴设置", Level.INTERNAL)

    enabled = models.BooleanField(_("开放"), default=False)
    grades = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("开放的年级"), default=list, blank=True
    )
    minutes_a_day = models.PositiveSmallIntegerField(_("每天分钟"), default=30)
    from_hour = models.PositiveSmallIntegerField(_("开始时刻"), default=6)
    until_hour = models.PositiveSmallIntegerField(_("结束时刻"), default=21)
    teachers_see = models.BooleanField(_("任课教师可看对话"), default=True)
    uses_model = models.BooleanField(_("可用大模型"), default=False)
    keep_days = models.PositiveSmallIntegerField(_("对话保存天数"), default=180)
    changed_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("修改人")
    )
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("学伴设置")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="companion_setting_once")]

    def __str__(self) -> str:
        return f"companion of {self.tenant_id}"


class CompanionChoice(TenantModel):
    """What a guardian allows a child; it can only narrow what the school allows."""

    declaration = Declaration("监护人对学伴的选择", Level.PERSONAL, person="person")

    person = models.OneToOneField(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    allowed = models.BooleanField(_("允许"), default=True)
    minutes_a_day = models.PositiveSmallIntegerField(_("每天分钟"), null=True, blank=True)
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("选择人")
    )
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("监护人对学伴的选择")

    def __str__(self) -> str:
        return f"choice for {self.person_id}"


class AdultPresence(TenantModel):
    """An adult said that they sit beside a primary pupil until an instant."""

    declaration = Declaration("成人陪同确认", Level.PERSONAL, retention="P1Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("陪同人")
    )
    at = models.DateTimeField(_("开始"))
    until = models.DateTimeField(_("结束"))

    class Meta(TenantModel.Meta):
        verbose_name = _("成人陪同确认")
        indexes = [models.Index(fields=["person", "-until"], name="presence_by_person")]

    def __str__(self) -> str:
        return f"presence {self.pk}"


class Dialogue(TenantModel):
    """One conversation of a pupil with the companion, about a task or a subject."""

    declaration = Declaration("学伴对话", Level.SENSITIVE, retention="P180D", person="person")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    subject = models.CharField(_("学科"), max_length=30, blank=True)
    source = models.CharField(_("任务来源"), max_length=30, blank=True)
    task = models.CharField(_("任务标识"), max_length=120, blank=True)
    title = SealedTextField(_("标题"), label="dialogue.title")
    rung = models.PositiveSmallIntegerField(_("提示级别"), default=0)
    state = models.CharField(_("状态"), max_length=10, default=DialogueState.OPEN)
    begun_at = models.DateTimeField(_("开始时间"))
    last_at = models.DateTimeField(_("最近一次"))
    seconds = models.PositiveIntegerField(_("用时（秒）"), default=0)
    handed_at = models.DateTimeField(_("转交时间"), null=True, blank=True)
    keep_until = models.DateTimeField(_("保存至"))

    class Meta(TenantModel.Meta):
        verbose_name = _("学伴对话")
        indexes = [
            models.Index(fields=["person", "-last_at"], name="dialogue_by_person"),
            models.Index(F("keep_until"), name="dialogue_by_end"),
        ]

    def __str__(self) -> str:
        return f"dialogue {self.pk}"


class Turn(TenantModel):
    """One utterance, sealed; ``speaker`` is ``pupil``, ``companion`` or ``teacher``."""

    declaration = Declaration("学伴对话的一句", Level.SENSITIVE, retention="P180D")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    dialogue = models.ForeignKey(
        Dialogue, on_delete=models.CASCADE, related_name="turns", verbose_name=_("对话")
    )
    number = models.PositiveIntegerField(_("序号"))
    speaker = models.CharField(_("谁说的"), max_length=10)
    kind = models.CharField(_("种类"), max_length=14)
    said = SealedTextField(_("内容"), label="turn.said")
    rung = models.PositiveSmallIntegerField(_("提示级别"), default=0)
    citations = models.JSONField(_("出处"), default=list, blank=True)
    guards = models.JSONField(_("防护结果"), default=dict, blank=True)
    model = models.CharField(_("模型"), max_length=80, blank=True)
    by = models.ForeignKey(
        "kernel.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("教师"),
    )
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("学伴对话的一句")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "number"], name="turn_number_once")]

    def __str__(self) -> str:
        return f"turn {self.pk}"
