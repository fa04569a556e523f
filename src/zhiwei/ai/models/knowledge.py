"""Knowledge bases: a school's own documents, cut into passages that can be found and cited."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.ai.values import Audience, DocumentState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class KnowledgeBase(TenantModel):
    """Documents on one matter. ``revision`` grows with every change: what is kept in memory is of one revision."""

    declaration = Declaration("知识库", Level.INTERNAL)

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    about = models.CharField(_("说明"), max_length=300, blank=True)
    subject = models.CharField(_("学科"), max_length=30, blank=True)
    audience = models.CharField(_("谁能看"), max_length=10, default=Audience.STAFF)
    classes = ArrayField(models.BigIntegerField(), verbose_name=_("班级"), default=list, blank=True)
    for_companion = models.BooleanField(_("学伴可用"), default=False)
    owner = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("建立人")
    )
    revision = models.PositiveIntegerField(_("版次"), default=1)
    made_at = models.DateTimeField(_("建立时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("知识库")

    def __str__(self) -> str:
        return f"base {self.pk}"


class KnowledgeDocument(TenantModel):
    """One document of a base; ``outline`` says where each block stands: ``[start, page, level]``."""

    declaration = Declaration("知识库文档", Level.INTERNAL)

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    base = models.ForeignKey(
        KnowledgeBase, on_delete=models.CASCADE, related_name="documents", verbose_name=_("知识库")
    )
    title = models.CharField(_("标题"), max_length=200)
    name = models.CharField(_("文件名"), max_length=200)
    blob = models.ForeignKey(
        "kernel.Blob", on_delete=models.PROTECT, related_name="+", verbose_name=_("原文件")
    )
    kind = models.CharField(_("种类"), max_length=10, blank=True)
    state = models.CharField(_("状态"), max_length=10, default=DocumentState.WAITING)
    problem = models.CharField(_("未能读入的原因"), max_length=30, blank=True)
    audience = models.CharField(_("谁能看"), max_length=10, default=Audience.BASE)
    classes = ArrayField(models.BigIntegerField(), verbose_name=_("班级"), default=list, blank=True)
    text = models.TextField(_("正文"), blank=True)
    outline = models.JSONField(_("版面"), default=list, blank=True)
    pages = models.PositiveIntegerField(_("页数"), default=0)
    scanned = models.PositiveIntegerField(_("识别的扫描页"), default=0)
    suspicious = models.BooleanField(_("含可疑指令"), default=False)
    added_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    added_at = models.DateTimeField(_("上传时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("知识库文档")

    def __str__(self) -> str:
        return f"document {self.pk}"


class KnowledgePassage(TenantModel):
    """A part of a document that can be cited, with what the index needs of it."""

    declaration = Declaration("知识库片段", Level.INTERNAL)

    base = models.ForeignKey(
        KnowledgeBase, on_delete=models.CASCADE, related_name="passages", verbose_name=_("知识库")
    )
    document = models.ForeignKey(
        KnowledgeDocument, on_delete=models.CASCADE, related_name="passages", verbose_name=_("文档")
    )
    number = models.PositiveIntegerField(_("序号"))
    text = models.TextField(_("文字"))
    heading = models.CharField(_("所在标题"), max_length=300, blank=True)
    page = models.PositiveIntegerField(_("页码"), default=0)
    start = models.PositiveIntegerField(_("起点"))
    end = models.PositiveIntegerField(_("终点"))
    terms = models.BinaryField(_("词项编号"))
    counts = models.BinaryField(_("词项次数"))
    vector = models.BinaryField(_("语义向量"))

    class Meta(TenantModel.Meta):
        verbose_name = _("知识库片段")
        ordering = ["document_id", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="passage_number_once")]

    def __str__(self) -> str:
        return f"passage {self.pk}"
