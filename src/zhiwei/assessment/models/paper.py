"""Paper: templates of answer sheets, files that came in, their pages, and files that went out."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.models.work import Work
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class SheetTemplate(TenantModel):
    """Where everything is on a work's paper: of sheets printed by us, or drawn on the scan of a blank.

    ``body`` is the template file's JSON (docs/paper.md); a question's key is the id of the work's item. ``blanks``
    names the stored pictures of the blank pages a template was drawn on, in order.
    """

    declaration = Declaration("答题纸模板", Level.INTERNAL, retention="P6Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(
        Work, on_delete=models.CASCADE, related_name="sheet_templates", verbose_name=_("作业")
    )
    name = models.CharField(_("名称"), max_length=80)
    origin = models.CharField(_("来源"), max_length=10, default="printed")
    body = models.TextField(_("模板"), blank=True)
    blanks = models.JSONField(_("空白卷图片"), default=list, blank=True)
    page_count = models.PositiveIntegerField(_("页数"), default=1)
    made_by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("制作人")
    )
    made_at = models.DateTimeField(_("制作时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("答题纸模板")
        indexes = [models.Index(fields=["work", "-made_at"], name="sheet_template_by_time")]

    def __str__(self) -> str:
        return f"sheet template {self.pk}"


class PaperFile(TenantModel):
    """A file made from a work's paper: sheets to print, marked pages, a set of crops with marks."""

    declaration = Declaration("纸质作业文件", Level.PERSONAL, retention="P1Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(
        Work, on_delete=models.CASCADE, related_name="paper_files", verbose_name=_("作业")
    )
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("班级")
    )
    kind = models.CharField(_("种类"), max_length=10)
    name = models.CharField(_("文件名"), max_length=160)
    options = models.JSONField(_("选项"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, default="waiting")
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    blob = models.ForeignKey(
        "kernel.Blob", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("内容")
    )
    made_by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("制作人")
    )
    made_at = models.DateTimeField(_("制作时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("纸质作业文件")
        indexes = [models.Index(fields=["work", "-made_at"], name="paper_file_by_time")]

    def __str__(self) -> str:
        return f"paper file {self.pk}"


class ScanBatch(TenantModel):
    """Files that came in together."""

    declaration = Declaration("扫描批次", Level.INTERNAL, retention="P6Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(
        Work, on_delete=models.CASCADE, related_name="scan_batches", verbose_name=_("作业")
    )
    template = models.ForeignKey(
        SheetTemplate, on_delete=models.PROTECT, related_name="+", verbose_name=_("模板")
    )
    source = models.CharField(_("来源"), max_length=10, default="upload")
    state = models.CharField(_("状态"), max_length=10, default="waiting")
    done_pages = models.PositiveIntegerField(_("已读页数"), default=0)
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("上传人")
    )
    at = models.DateTimeField(_("收到时间"))
    finished_at = models.DateTimeField(_("读完时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("扫描批次")
        indexes = [models.Index(fields=["work", "-at"], name="scan_batch_by_time")]

    def __str__(self) -> str:
        return f"scan batch {self.pk}"


class ScanFile(TenantModel):
    """One original, kept untouched and encrypted, and what came of it.

    ``problems`` are sentences ``{"member", "page", "zh", "en"}``; ``repeated`` counts pages that had come in before.
    """

    declaration = Declaration("扫描原件", Level.PERSONAL, retention="P6Y")

    batch = models.ForeignKey(
        ScanBatch, on_delete=models.CASCADE, related_name="files", verbose_name=_("批次")
    )
    blob = models.ForeignKey(
        "kernel.Blob", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("内容")
    )
    name = models.CharField(_("文件名"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, default="waiting")
    page_count = models.PositiveIntegerField(_("页数"), default=0)
    repeated = models.PositiveIntegerField(_("重复页数"), default=0)
    problems = models.JSONField(_("问题"), default=list, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("扫描原件")

    def __str__(self) -> str:
        return f"scan file {self.pk}"


class ScanPage(TenantModel):
    """One page as read, and where a person put it when reading could not tell.

    What the machine read never changes; ``person``, ``page_number`` and ``is_aside`` are a person's decision
    (``decided_at``) and stand over it. ``history`` keeps earlier decisions so that each can be undone.
    """

    declaration = Declaration("扫描页", Level.PERSONAL, retention="P6Y", person="person")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(
        Work, on_delete=models.CASCADE, related_name="scan_pages", verbose_name=_("作业")
    )
    template = models.ForeignKey(
        SheetTemplate, on_delete=models.PROTECT, related_name="+", verbose_name=_("模板")
    )
    file = models.ForeignKey(ScanFile, on_delete=models.CASCADE, related_name="pages", verbose_name=_("原件"))
    member = models.CharField(_("包内文件"), max_length=300, blank=True)
    number = models.PositiveIntegerField(_("原件中的页"))
    digest = models.CharField(_("内容摘要"), max_length=64)
    read = models.JSONField(_("识别结果"), default=dict)
    readings = models.JSONField(_("各栏识别"), default=list)
    image = models.ForeignKey(
        "kernel.Blob", on_delete=models.PROTECT, related_name="+", verbose_name=_("页面图片")
    )
    thumb = models.ForeignKey(
        "kernel.Blob", on_delete=models.PROTECT, related_name="+", verbose_name=_("缩略图")
    )
    person = models.ForeignKey(
        "kernel.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("指定的学生"),
    )
    page_number = models.PositiveIntegerField(_("指定的页码"), default=0)
    is_aside = models.BooleanField(_("已放到一边"), default=False)
    decided_by = models.ForeignKey(
        "kernel.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("指定人"),
    )
    decided_at = models.DateTimeField(_("指定时间"), null=True, blank=True)
    history = models.JSONField(_("此前的指定"), default=list, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("扫描页")
        constraints = [models.UniqueConstraint(fields=["work", "digest"], name="scan_page_once_in_work")]

    def __str__(self) -> str:
        return f"scan page {self.pk}"
