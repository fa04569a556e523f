"""Drafts the assistant made for a teacher: kept, changed or rejected by the teacher alone."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.curriculum.values import DraftState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Draft(TenantModel):
    """One draft with what our engines said of it; ``call`` names the model's call, empty without a model."""

    declaration = Declaration("备课草稿", Level.INTERNAL, retention="P2Y", person="person")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("人员")
    )
    kind = models.CharField(_("类别"), max_length=10)
    origin = models.CharField(_("来源"), max_length=10)
    subject = models.CharField(_("学科"), max_length=30)
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"), default=list)
    content = models.JSONField(_("内容"))
    checks = models.JSONField(_("检查结果"), default=list)
    call = models.CharField(_("调用"), max_length=40, blank=True)
    state = models.CharField(_("状态"), max_length=10, default=DraftState.NEW)
    changed = models.BooleanField(_("教师改过"), default=False)
    item_uuid = models.UUIDField(_("题库题目"), null=True, blank=True)
    made_at = models.DateTimeField(_("生成时间"))
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("备课草稿")
        indexes = [models.Index(fields=["person", "-made_at"], name="draft_by_person")]

    def __str__(self) -> str:
        return f"draft {self.pk}"
