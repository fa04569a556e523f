"""The index by which items are found.

It stands apart from the items because row security keeps PostgreSQL from using a GIN index (``@>`` is not
leakproof, so it may only run after the policy): here the index works, holds numbers instead of text, and what it
finds is read through the items' own walls.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.curriculum.models.item import Item
from zhiwei.kernel.tenancy import DeclaredModel
from zhiwei.kernel.values import Declaration, Level


class ItemEntry(DeclaredModel):
    """One item in the index: numbers of its terms, and the plain facts that a search narrows by."""

    declaration = Declaration("题目检索索引", Level.INTERNAL)

    item = models.OneToOneField(
        Item, on_delete=models.CASCADE, primary_key=True, related_name="entry", verbose_name=_("题目")
    )
    owner_id = models.BigIntegerField(_("所属单位"))
    subject = models.CharField(_("学科"), max_length=30, blank=True)
    type = models.CharField(_("题型"), max_length=20)
    stage = models.CharField(_("学段"), max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField(_("年级"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10)
    difficulty = models.FloatField(_("难度"), null=True, blank=True)
    words = ArrayField(models.IntegerField(), verbose_name=_("检索词编号"), default=list)

    objects: ClassVar[models.Manager[ItemEntry]] = models.Manager()

    class Meta:
        verbose_name = _("题目检索索引")
        indexes = [GinIndex(fields=["words"], name="item_entry_words")]

    def __str__(self) -> str:
        return f"entry of item {self.pk}"
