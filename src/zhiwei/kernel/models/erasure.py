"""Erasures: asked for by one person, decided by another, done by a job, proven by a search."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.models.person import Person
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, ErasureState, Level


class Erasure(TenantModel):
    """That a person's data were to go. Of whom, only ids without meaning remain: the row stays as the proof."""

    declaration = Declaration("个人数据删除", Level.PERSONAL, retention="P10Y", person="subject_id")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    subject_id = models.BigIntegerField(_("关于何人"))
    subject_uuid = models.UUIDField(_("关于何人（外部标识）"))
    purpose = models.CharField(_("撤回的用途"), max_length=40, blank=True)
    reason = models.CharField(_("删除依据"), max_length=200)
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=[(one.value, one.value) for one in ErasureState],
        default=ErasureState.ASKED,
    )
    asked_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    report = models.JSONField(_("报告"), default=dict, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("个人数据删除")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(decided_by=F("asked_by")),
                name="erasure_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["tenant", "subject_id", "purpose"],
                condition=Q(state__in=["asked", "approved"]),
                name="erasure_one_alive",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="erasure_by_time")]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
