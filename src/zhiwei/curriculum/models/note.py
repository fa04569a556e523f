"""What was said and decided about an item on its way to use. Never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.curriculum.models.item import Item
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class ItemNote(TenantModel):
    """One step of the workflow (sent for review, sent back, published, retired) with its words."""

    append_only: ClassVar[bool] = True
    declaration = Declaration("题目审校记录", Level.INTERNAL)

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="notes", verbose_name=_("题目"))
    state = models.CharField(_("之后的状态"), max_length=10)
    version = models.PositiveIntegerField(_("版本号"))
    text = models.TextField(_("说明"), blank=True)
    author_id = models.BigIntegerField(_("操作者"), default=0)
    author_name = models.CharField(_("操作者姓名"), max_length=60, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("题目审校记录")
        indexes = [models.Index(fields=["item", "at"], name="item_note_by_item")]

    def __str__(self) -> str:
        return f"item {self.item_id} became {self.state}"
