"""Teaching resources aligned to knowledge points."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from zhiwei.curriculum.models import sharing
from zhiwei.curriculum.values import Audience
from zhiwei.kernel import scope
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class SharedResources(models.Manager["Resource"]):
    """Resources of the tenants in scope, and those that others share with them."""

    def get_queryset(self) -> models.QuerySet[Resource]:
        """Return the resources in reach."""
        rows = super().get_queryset()
        now = scope.current()
        if now.everywhere or not scope.filters_on():
            return rows
        near = models.Q(audience=Audience.COUNTY, tenant_id__in=RawSQL(sharing.NEIGHBOURS, []))  # noqa: S611
        return rows.filter(models.Q(tenant_id__in=now.tenants) | models.Q(audience=Audience.PUBLIC) | near)


class Resource(TenantModel):
    """A lesson, a video (link or file), a worked example; licence and source are kept with it."""

    declaration = Declaration("教学资源", Level.INTERNAL)
    shared_when: ClassVar[str] = f"not retired and {sharing.TO_NEIGHBOURS}"

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(_("作者编号"), max_length=120, blank=True)
    kind = models.CharField(_("类别"), max_length=20)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"), blank=True)
    url = models.CharField(_("链接"), max_length=500, blank=True)
    blob_id = models.BigIntegerField(_("文件"), null=True, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    subject = models.CharField(_("学科"), max_length=30, blank=True)
    grade = models.PositiveSmallIntegerField(_("年级"), null=True, blank=True)
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"), default=list, blank=True)
    audience = models.CharField(_("可见范围"), max_length=10, default=Audience.SCHOOL)
    licence = models.CharField(_("许可"), max_length=60)
    source = models.CharField(_("来源"), max_length=300)
    retired = models.BooleanField(_("已停用"), default=False)
    author_id = models.BigIntegerField(_("作者"), default=0)
    updated_at = models.DateTimeField(_("更新时间"))

    objects: ClassVar[SharedResources] = SharedResources()  # type: ignore[assignment]

    class Meta(TenantModel.Meta):
        verbose_name = _("教学资源")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=~models.Q(key=""), name="resource_key_once_in_tenant"
            )
        ]

    def __str__(self) -> str:
        return f"resource {self.pk}"
