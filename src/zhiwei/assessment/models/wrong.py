"""The wrong-answer book: one entry a pupil and question, kept from released marks."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.models.sitting import Response
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class WrongEntry(TenantModel):
    """A question a pupil did not get in full: why, on what, and when to look at it again.

    Built from ``MarksReleased`` alone; ``cause`` may be corrected by the pupil or the teacher and is then kept.
    ``card`` is the review schedule's state (FSRS).
    """

    declaration = Declaration("错题", Level.PERSONAL, retention="P6Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="+", verbose_name=_("作答内容")
    )
    subject = models.CharField(_("学科"), max_length=30)
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"), default=list, blank=True)
    cause = models.CharField(_("错因"), max_length=80, blank=True)
    cause_by = models.CharField(_("错因来源"), max_length=10, default="machine")
    state = models.CharField(_("掌握状态"), max_length=10, default="not_yet")
    lost = models.FloatField(_("失分"))
    card = models.JSONField(_("复习安排"), default=dict, blank=True)
    due_at = models.DateTimeField(_("复习时间"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("发布次数"), default=0)
    added_at = models.DateTimeField(_("收入时间"))
    reviewed_at = models.DateTimeField(_("上次复习"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("错题")
        constraints = [models.UniqueConstraint(fields=["person", "response"], name="wrong_entry_once")]
        indexes = [models.Index(fields=["person", "due_at"], name="wrong_entry_due")]

    def __str__(self) -> str:
        return f"wrong entry {self.pk}"
