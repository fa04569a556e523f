"""What people chose: goals, tiers moved by hand, the method of a class."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Goal(TenantModel):
    """What a pupil works towards in a subject, and how much time a week there is for it."""

    declaration = Declaration("学习目标", Level.PERSONAL, retention="P6Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    subject = models.CharField(_("学科"), max_length=30)
    kind = models.CharField(_("类别"), max_length=10)
    title = models.CharField(_("目标"), max_length=120)
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"))
    minutes_a_week = models.PositiveIntegerField(_("每周分钟"))
    set_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("设定人")
    )
    set_at = models.DateTimeField(_("设定时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("学习目标")
        constraints = [models.UniqueConstraint(fields=["person", "subject"], name="goal_one_a_subject")]

    def __str__(self) -> str:
        return f"goal {self.person_id}/{self.subject}"


class TierChoice(TenantModel):
    """A pupil's tier as a teacher set it: it stays until the teacher hands it back to the model."""

    declaration = Declaration("教师调整的层次", Level.PERSONAL, retention="P6Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    subject = models.CharField(_("学科"), max_length=30)
    tier = models.CharField(_("层次"), max_length=10)
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("调整人")
    )
    at = models.DateTimeField(_("调整时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("教师调整的层次")
        constraints = [models.UniqueConstraint(fields=["person", "subject"], name="tier_choice_once")]

    def __str__(self) -> str:
        return f"tier {self.person_id}/{self.subject}"


class MethodChoice(TenantModel):
    """How mastery is computed for a class in a subject; without a row: by the model."""

    declaration = Declaration("掌握算法选择", Level.INTERNAL)

    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.CASCADE, related_name="+", verbose_name=_("班级")
    )
    subject = models.CharField(_("学科"), max_length=30)
    method = models.CharField(_("算法"), max_length=10)
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("选择人")
    )
    at = models.DateTimeField(_("选择时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("掌握算法选择")
        constraints = [models.UniqueConstraint(fields=["organisation", "subject"], name="method_choice_once")]

    def __str__(self) -> str:
        return f"method {self.organisation_id}/{self.subject}"
