"""The projection: what follows from observations. Derived, rebuildable, never typed in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Learner(TenantModel):
    """One person's general ability; its lock keeps one person's answers in order.

    ``state`` is the pupil's row of the tracing engine; ``engine`` and ``calibrated_at`` say what it was made with.
    """

    declaration = Declaration("学习者模型", Level.PERSONAL, retention="P6Y", person="person")

    person = models.OneToOneField(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    state = ArrayField(models.FloatField(), verbose_name=_("能力状态"), default=list, blank=True)
    observations = models.PositiveIntegerField(_("观测数"), default=0)
    last_at = models.DateTimeField(_("最近作答"), null=True, blank=True)
    engine = models.CharField(_("引擎"), max_length=40, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("学习者模型")

    def __str__(self) -> str:
        return f"learner {self.person_id}"


class Mastery(TenantModel):
    """One person on one knowledge point. ``state`` is the engine's row; the figures are as at the last answer."""

    declaration = Declaration("知识点掌握", Level.PERSONAL, retention="P6Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    point = models.CharField(_("知识点"), max_length=120)
    subject = models.CharField(_("学科"), max_length=30)
    state = ArrayField(models.FloatField(), verbose_name=_("掌握状态"))
    estimate = models.FloatField(_("掌握估计"))
    standard_error = models.FloatField(_("标准误"))
    n = models.PositiveIntegerField(_("观测数"), default=0)
    last_seen = models.DateTimeField(_("最近作答"), null=True, blank=True)
    forgetting = models.FloatField(_("一周内预计遗忘"), default=0)
    level = models.CharField(_("掌握程度"), max_length=10)

    class Meta(TenantModel.Meta):
        verbose_name = _("知识点掌握")
        constraints = [models.UniqueConstraint(fields=["person", "point"], name="mastery_once")]

    def __str__(self) -> str:
        return f"mastery {self.person_id}/{self.point}"


class Encounter(TenantModel):
    """One person with one item: how often, when last, how it went against what was expected."""

    declaration = Declaration("做题记录", Level.PERSONAL, retention="P6Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    item_key = models.CharField(_("题目标识"), max_length=64)
    state = ArrayField(models.FloatField(), verbose_name=_("状态"))
    last_at = models.DateTimeField(_("最近作答"))
    last_share = models.FloatField(_("最近得分率"))

    class Meta(TenantModel.Meta):
        verbose_name = _("做题记录")
        constraints = [models.UniqueConstraint(fields=["person", "item_key"], name="encounter_once")]

    def __str__(self) -> str:
        return f"encounter {self.person_id}/{self.item_key}"


class Calibration(TenantModel):
    """Easiness (Elo) of an item or a knowledge point in one school.

    ``calibrated`` is what pupils are measured against until the next nightly run; ``live`` learns with each answer
    and is what that run begins to replace. Both are rows of the tracing engine.
    """

    declaration = Declaration("题目与知识点难度", Level.INTERNAL)

    kind = models.CharField(_("类别"), max_length=5)
    key = models.CharField(_("标识"), max_length=120)
    calibrated = ArrayField(models.FloatField(), verbose_name=_("校准值"))
    live = ArrayField(models.FloatField(), verbose_name=_("实时值"))
    calibrated_at = models.DateTimeField(_("校准时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("题目与知识点难度")
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "key"], name="calibration_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
