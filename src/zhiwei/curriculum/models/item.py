"""Items and their immutable versions."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from zhiwei.curriculum.models import sharing
from zhiwei.curriculum.values import Audience, ItemState
from zhiwei.kernel import scope
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class SharedManager(models.Manager["Item"]):
    """Items of the tenants in scope, and published ones that others share with them."""

    def get_queryset(self) -> models.QuerySet[Item]:
        """Return the items in reach."""
        rows = super().get_queryset()
        now = scope.current()
        if now.everywhere or not scope.filters_on():
            return rows
        return rows.filter(models.Q(tenant_id__in=now.tenants) | shared())


def shared(owner: str = "tenant_id") -> models.Q:
    """Return the filter of what others share with the tenants in scope (``models.sharing`` as a query).

    Args:
        owner: The field that holds the owner's id.
    """
    neighbours = RawSQL(sharing.NEIGHBOURS, [])  # noqa: S611
    near = models.Q(audience=Audience.COUNTY) & models.Q(**{f"{owner}__in": neighbours})
    unsealed = models.Q(sealed_until__isnull=True) | models.Q(sealed_until__lte=Now())
    public = models.Q(audience=Audience.PUBLIC) | near
    return public & unsealed & models.Q(state__in=[ItemState.PUBLISHED, ItemState.RETIRED])


class Item(TenantModel):
    """One question of a bank. What is asked stands in its versions; this row finds it."""

    declaration = Declaration("题目", Level.INTERNAL)
    shared_when: ClassVar[str] = sharing.SHARED_ITEM

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(_("作者编号"), max_length=120, blank=True)
    subject = models.CharField(_("学科"), max_length=30)
    stage = models.CharField(_("学段"), max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField(_("年级"), null=True, blank=True)
    type = models.CharField(_("题型"), max_length=20)
    state = models.CharField(_("状态"), max_length=10, default=ItemState.DRAFT)
    audience = models.CharField(_("可见范围"), max_length=10, default=Audience.SCHOOL)
    sealed_until = models.DateTimeField(_("保密至"), null=True, blank=True)
    points = ArrayField(models.CharField(max_length=120), verbose_name=_("知识点"), default=list, blank=True)
    difficulty = models.FloatField(_("难度"), null=True, blank=True)
    version = models.PositiveIntegerField(_("当前版本"), default=0)
    search_text = models.TextField(_("检索文本"), blank=True)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    licence = models.CharField(_("许可"), max_length=60, blank=True)
    newest = models.PositiveIntegerField(_("最新版本"), default=0)
    author_id = models.BigIntegerField(_("作者"), default=0)
    updated_at = models.DateTimeField(_("更新时间"))

    objects: ClassVar[SharedManager] = SharedManager()  # type: ignore[assignment]

    class Meta(TenantModel.Meta):
        verbose_name = _("题目")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=~models.Q(key=""), name="item_key_once_in_tenant"
            )
        ]
        indexes = [
            GinIndex(fields=["points"], name="item_by_point"),
            models.Index(fields=["subject", "type", "difficulty"], name="item_by_kind"),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"


class ItemVersion(TenantModel):
    """What an item said at one time. Never changed once written (the database lets nobody)."""

    append_only: ClassVar[bool] = True
    declaration = Declaration("题目版本", Level.INTERNAL)
    shared_when: ClassVar[str] = sharing.SHARED_VERSION

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="versions", verbose_name=_("题目"))
    number = models.PositiveIntegerField(_("版本号"))
    content = models.JSONField(_("内容"))
    content_hash = models.CharField(_("内容摘要"), max_length=64)
    author_id = models.BigIntegerField(_("作者"), default=0)
    created_at = models.DateTimeField(_("写成时间"))

    objects: ClassVar[models.Manager[ItemVersion]] = models.Manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("题目版本")
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="item_version_once")]

    def __str__(self) -> str:
        return f"item {self.item_id} v{self.number}"
