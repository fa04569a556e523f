"""The knowledge graph: points, what they require, and the editions they came with. Public data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import DeclaredModel
from zhiwei.kernel.values import Declaration, Level


class Edition(DeclaredModel):
    """One edition of a subject's graph; a point's key means the same in all editions."""

    declaration = Declaration("知识图谱版本", Level.PUBLIC)

    subject = models.CharField(_("学科"), max_length=30)
    name = models.CharField(_("版本名"), max_length=60)
    licence = models.CharField(_("许可"), max_length=60, blank=True)
    published_at = models.DateTimeField(_("发布时间"))

    class Meta:
        verbose_name = _("知识图谱版本")
        constraints = [models.UniqueConstraint(fields=["subject", "name"], name="edition_once")]

    def __str__(self) -> str:
        return f"{self.subject} {self.name}"


class Point(DeclaredModel):
    """A knowledge point. Retired points stay, so that old responses keep their meaning."""

    declaration = Declaration("知识点", Level.PUBLIC)

    key = models.CharField(_("标识"), max_length=120, unique=True)
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="points", verbose_name=_("版本")
    )
    subject = models.CharField(_("学科"), max_length=30)
    stage = models.CharField(_("学段"), max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField(_("年级"), null=True, blank=True)
    domain = models.CharField(_("领域"), max_length=60, blank=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    definition = models.TextField(_("定义"), blank=True)
    content = models.JSONField(_("素养、教材与常见误区"), default=dict, blank=True)
    search_text = models.CharField(_("检索文本"), max_length=400, blank=True)
    retired = models.BooleanField(_("已停用"), default=False)
    replaced_by = models.JSONField(_("由何者取代"), default=list, blank=True)

    class Meta:
        verbose_name = _("知识点")
        indexes = [models.Index(fields=["subject", "grade"], name="point_by_grade")]

    def __str__(self) -> str:
        return self.key


class Requirement(DeclaredModel):
    """That one point must be known before another."""

    declaration = Declaration("先备关系", Level.PUBLIC)

    point = models.ForeignKey(
        Point, on_delete=models.CASCADE, related_name="requirements", verbose_name=_("知识点")
    )
    requires = models.ForeignKey(
        Point, on_delete=models.CASCADE, related_name="leads_to", verbose_name=_("先备知识点")
    )

    class Meta:
        verbose_name = _("先备关系")
        constraints = [
            models.UniqueConstraint(fields=["point", "requires"], name="requirement_once"),
            models.CheckConstraint(
                condition=~models.Q(point=models.F("requires")), name="requirement_not_self"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} requires {self.requires_id}"
