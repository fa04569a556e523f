"""A model's trial as a marker of one question, beside the teacher."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.ai.values import PilotState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class MarkerPilot(TenantModel):
    """How one model marked answers to one question that a teacher had marked, and what follows from it."""

    declaration = Declaration("模型阅卷试评", Level.INTERNAL, retention="P6Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    item_key = models.CharField(_("题目"), max_length=80)
    item_hash = models.CharField(_("题目摘要"), max_length=64)
    model_name = models.CharField(_("模型"), max_length=80)
    prompt_version = models.CharField(_("提示版本"), max_length=10)
    state = models.CharField(_("状态"), max_length=10, default=PilotState.RUNNING)
    max_score = models.FloatField(_("满分"))
    papers = models.PositiveIntegerField(_("答卷数"), default=0)
    qwk = models.FloatField(_("二次加权一致性"), null=True, blank=True)
    exact = models.FloatField(_("同分比例"), default=0)
    error = models.FloatField(_("平均相差"), default=0)
    why = models.JSONField(_("未通过的原因"), default=list, blank=True)
    micro = models.BigIntegerField(_("金额（微元）"), default=0)
    by_id = models.BigIntegerField(_("发起人"))
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("模型阅卷试评")
        indexes = [models.Index(fields=["item_key", "-at"], name="ai_pilot_by_item")]

    def __str__(self) -> str:
        return f"pilot {self.pk}"


class MarkerPaper(TenantModel):
    """One answer of a trial: the teacher's mark, the model's, and why."""

    declaration = Declaration("试评答卷", Level.PERSONAL, retention="P6Y")

    pilot = models.ForeignKey(
        MarkerPilot, on_delete=models.CASCADE, related_name="marked", verbose_name=_("模型阅卷试评")
    )
    answer_key = models.CharField(_("作答"), max_length=80)
    teacher_score = models.FloatField(_("教师评分"))
    model_score = models.FloatField(_("模型评分"))
    judgement = models.JSONField(_("评分点与依据"), default=dict)
    calls = ArrayField(models.UUIDField(), verbose_name=_("调用"), default=list)

    class Meta(TenantModel.Meta):
        verbose_name = _("试评答卷")
        constraints = [models.UniqueConstraint(fields=["pilot", "answer_key"], name="ai_paper_once")]

    def __str__(self) -> str:
        return f"paper {self.pk}"
