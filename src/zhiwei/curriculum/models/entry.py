"""The index by which items are found.

It stands apart from the items because row security keeps PostgreSQL from using a GIN index (``@>`` is not
leakproof, so it may only run after the policy): here the index works and holds numbers instead of text. It carries
the facts by which items are shared, so that ``access.entries_in_reach`` counts and orders just what may be seen;
what is shown is then read through the items' own walls.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.curriculum.models.item import Item, shared
from zhiwei.curriculum.values import Audience
from zhiwei.kernel import scope
from zhiwei.kernel.tenancy import DeclaredModel
from zhiwei.kernel.values import Declaration, Level


class SharedEntries(models.Manager["ItemEntry"]):
    """Entries of the items that ``SharedManager`` shows; the table itself has no row security."""

    def get_queryset(self) -> models.QuerySet[ItemEntry]:
        """Return the entries in reach."""
        rows = super().get_queryset()
        now = scope.current()
        if now.everywhere:
            return rows
        return rows.filter(models.Q(owner_id__in=now.tenants) | shared("owner_id"))


class ItemEntry(DeclaredModel):
    """One item in the index: numbers of its terms, and the plain facts that a search narrows by."""

    declaration = Declaration("题目检索索引", Level.INTERNAL)

    item = models.OneToOneField(
        Item, on_delete=models.CASCADE, primary_key=True, related_name="entry", verbose_name=_("题目")
    )
    owner = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("所属单位"),
    )
    subject = models.CharField(_("学科"), max_length=30, blank=True)
    type = models.CharField(_("题型"), max_length=20)
    stage = models.CharField(_("学段"), max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField(_("年级"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10)
    audience = models.CharField(_("可见范围"), max_length=10, default=Audience.SCHOOL)
    sealed_until = models.DateTimeField(_("保密至"), null=True, blank=True)
    author_id = models.BigIntegerField(_("作者"), default=0)
    difficulty = models.FloatField(_("难度"), null=True, blank=True)
    words = ArrayField(models.IntegerField(), verbose_name=_("检索词编号"), default=list)
    topics = ArrayField(models.IntegerField(), verbose_name=_("知识点名称词编号"), default=list)

    objects: ClassVar[SharedEntries] = SharedEntries()

    class Meta:
        verbose_name = _("题目检索索引")
        indexes = [GinIndex(fields=["words", "topics"], name="item_entry_words", gin_pending_list_limit=512)]

    def __str__(self) -> str:
        return f"entry of item {self.pk}"
