"""Observations: the released and practised answers from which everything else here is derived."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Observation(TenantModel):
    """One scored answer of one person, once: idempotent by source and response, replaced by a higher revision.

    A recalled one stays as a mark of its revision, so that late news of an older release is not believed.
    """

    declaration = Declaration("学习观测", Level.PERSONAL, retention="P6Y", person="person")

    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    source = models.CharField(_("来源"), max_length=10)
    response_id = models.BigIntegerField(_("作答编号"))
    sitting_id = models.BigIntegerField(_("所属作答或练习"))
    subject = models.CharField(_("学科"), max_length=30)
    item_key = models.CharField(_("题目标识"), max_length=64)
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"), default=list, blank=True)
    score = models.FloatField(_("得分"))
    max_score = models.FloatField(_("满分"))
    share = models.FloatField(_("计入掌握的得分率"))
    at = models.DateTimeField(_("作答时间"))
    revision = models.PositiveIntegerField(_("发布次数"), default=1)
    recalled = models.BooleanField(_("已撤回"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("学习观测")
        constraints = [
            models.UniqueConstraint(fields=["source", "response_id"], name="observation_once"),
            models.CheckConstraint(
                condition=models.Q(share__gte=0) & models.Q(share__lte=1), name="observation_share_range"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "at"], name="observation_by_person"),
            models.Index(fields=["tenant", "at"], name="observation_by_time"),
        ]

    def __str__(self) -> str:
        return f"observation {self.source}/{self.response_id}"
