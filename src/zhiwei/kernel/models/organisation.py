"""Organisations: province › city › county › school › class, and university › college › programme."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import DeclaredModel
from zhiwei.kernel.values import Declaration, Level, OrganisationKind


class Organisation(DeclaredModel):
    """A place in the tree. ``path`` is the chain of ids from the root (``/1/7/19/``), so a subtree is a prefix.

    ``tenant`` is the nearest organisation, itself included, that keeps records of its own; a class's is its
    school. Names of organisations are not personal data, so this table has no row-level security.
    """

    declaration = Declaration(
        "组织机构", Level.INTERNAL, codes={"code": "JYT0633-XX-DM", "name": "JYT0633-XX-MC"}
    )

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        _("类型"), max_length=12, choices=[(kind.value, kind.value) for kind in OrganisationKind]
    )
    name = models.CharField(_("名称"), max_length=120)
    code = models.CharField(_("机构代码"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    tenant = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("记录所属单位")
    )
    path = models.CharField(_("路径"), max_length=120, db_index=True, blank=True)
    grade = models.PositiveSmallIntegerField(_("年级"), null=True, blank=True)
    entry_year = models.PositiveSmallIntegerField(_("入学年"), null=True, blank=True)
    source_key = models.CharField(_("来源标识"), max_length=64, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("组织机构")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="organisation_name_once_in_parent"),
            models.UniqueConstraint(
                fields=["tenant", "source_key"],
                condition=~Q(source_key=""),
                name="organisation_source_key_once",
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__gte=0, grade__lte=20),
                name="organisation_grade_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name
