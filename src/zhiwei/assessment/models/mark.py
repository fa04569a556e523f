"""Marks: what a machine or a person gave a response. Never changed; a later one takes its place."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.models.sitting import Response, Sitting
from zhiwei.assessment.models.work import Work
from zhiwei.assessment.values import MarkerKind
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Mark(TenantModel):
    """One mark with everything needed to explain it and make it again.

    ``judgement`` holds points, evidence, reasons and flags as the engines write them; ``input_hash`` is over
    item revision, response and learned marks, so that judging the same twice writes nothing.
    """

    declaration = Declaration("评分", Level.PERSONAL, retention="P6Y")

    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="marks", verbose_name=_("作答内容")
    )
    kind = models.CharField(
        _("评分方"), max_length=10, choices=[(kind.value, kind.value) for kind in MarkerKind]
    )
    marker = models.ForeignKey(
        "kernel.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("评分人"),
    )
    engine = models.CharField(_("引擎"), max_length=60, blank=True)
    engine_version = models.CharField(_("引擎版本"), max_length=30, blank=True)
    parameters = models.JSONField(_("参数"), default=dict, blank=True)
    input_hash = models.CharField(_("输入摘要"), max_length=64, blank=True)
    item_revision = models.PositiveIntegerField(_("题目修订号"), default=1)
    score = models.FloatField(_("得分"))
    max_score = models.FloatField(_("满分"))
    judgement = models.JSONField(_("评分点与依据"), default=dict, blank=True)
    confidence = models.FloatField(_("把握"), null=True, blank=True)
    comment = models.TextField(_("评语"), blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    at = models.DateTimeField(_("评分时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("评分")
        indexes = [models.Index(fields=["response", "-at"], name="mark_by_response")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=0) & models.Q(score__lte=models.F("max_score")),
                name="mark_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class Release(TenantModel):
    """That marks of a work were released (or recalled), to whom, when, by whom."""

    declaration = Declaration("成绩发布", Level.INTERNAL, retention="P6Y")

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="releases", verbose_name=_("作业"))
    organisation = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("班级"),
    )
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("操作人")
    )
    at = models.DateTimeField(_("时间"))
    recalled = models.BooleanField(_("撤回"), default=False)
    sittings = models.PositiveIntegerField(_("份数"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("成绩发布")

    def __str__(self) -> str:
        return f"release {self.pk}"


class RegradeRequest(TenantModel):
    """A pupil's request to look at a mark again: where, why, what came of it."""

    declaration = Declaration("复核申请", Level.PERSONAL, retention="P6Y", person="person")

    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="regrade_requests", verbose_name=_("作答内容")
    )
    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="+", verbose_name=_("作答"))
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    reason = models.TextField(_("理由"))
    place = models.JSONField(_("所指位置"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, default="open")
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(
        "kernel.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复人"),
    )
    old_score = models.FloatField(_("原得分"), null=True, blank=True)
    new_score = models.FloatField(_("新得分"), null=True, blank=True)
    asked_at = models.DateTimeField(_("申请时间"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("复核申请")
        constraints = [
            models.UniqueConstraint(
                fields=["response"], condition=models.Q(state="open"), name="regrade_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"regrade {self.pk}"
