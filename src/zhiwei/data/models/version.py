"""Versions of a corpus: immutable once made, let out by a second person, taken away under a named key."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.data.models.corpus import Corpus
from zhiwei.data.values import VersionState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Version(TenantModel):
    """A de-identified version. ``files`` is ``[{"path", "blob", "sha256", "size", "type"}]``.

    ``content_hash`` is over all records and files and does not depend on the order of records.
    """

    declaration = Declaration("语料版本", Level.INTERNAL, retention="P10Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    corpus = models.ForeignKey(
        Corpus, on_delete=models.PROTECT, related_name="versions", verbose_name=_("语料")
    )
    number = models.PositiveIntegerField(_("版本号"))
    state = models.CharField(_("状态"), max_length=10, default=VersionState.PREPARING)
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    licence = models.CharField(_("许可"), max_length=60)
    terms = models.TextField(_("用途条款"))
    redact_images = models.BooleanField(_("识别并涂盖图片中的个人信息"), default=True)
    files = models.JSONField(_("文件清单"), default=list)
    content_hash = models.CharField(_("内容摘要"), max_length=64, blank=True)
    counts = models.JSONField(_("数量"), default=dict)
    risk = models.JSONField(_("剩余风险"), default=dict)
    quality = models.JSONField(_("质量报告"), default=dict)
    requested_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    requested_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("语料版本")
        constraints = [
            models.UniqueConstraint(fields=["corpus", "number"], name="corpus_version_once"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("requested_by"))
                | ~models.Q(state="published"),
                name="corpus_version_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.corpus_id}/{self.number}"


class VersionMember(TenantModel):
    """Whose answers are in a version, and under which published ids, so that they can be called back."""

    declaration = Declaration("语料版本中的学生", Level.PERSONAL, retention="P10Y", person="person")
    crosses_tenants: ClassVar[frozenset[str]] = frozenset({"version"})

    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, related_name="members", verbose_name=_("版本")
    )
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    answers = ArrayField(models.CharField(max_length=24), verbose_name=_("公布的条目号"))

    class Meta(TenantModel.Meta):
        verbose_name = _("语料版本中的学生")
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="version_member_once")]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Grant(TenantModel):
    """That a named person may take a version away, for a purpose and a time; ``key`` marks what they take."""

    declaration = Declaration(
        "语料领取授权", Level.INTERNAL, retention="P10Y", levels={"key": Level.SENSITIVE}, person="person"
    )

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, related_name="grants", verbose_name=_("版本")
    )
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("领取人")
    )
    purpose = models.CharField(_("用途"), max_length=300)
    key = models.BinaryField(_("领取密钥"))
    granted_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("授权人")
    )
    granted_at = models.DateTimeField(_("授权时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    blob = models.ForeignKey(
        "kernel.Blob", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("数据包")
    )
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )
    destroyed_at = models.DateTimeField(_("确认销毁时间"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("语料领取授权")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person"],
                condition=models.Q(revoked_at__isnull=True),
                name="corpus_grant_one_alive",
            )
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Download(TenantModel):
    """That a granted package was taken, when, and exactly which bytes."""

    declaration = Declaration("语料下载记录", Level.INTERNAL, retention="P10Y")
    append_only = True

    grant = models.ForeignKey(
        Grant, on_delete=models.PROTECT, related_name="downloads", verbose_name=_("授权")
    )
    at = models.DateTimeField(_("时间"))
    sha256 = models.CharField(_("数据包摘要"), max_length=64)
    size = models.BigIntegerField(_("字节数"))

    class Meta(TenantModel.Meta):
        verbose_name = _("语料下载记录")

    def __str__(self) -> str:
        return f"download {self.pk}"


class Recall(TenantModel):
    """That a pupil's answers left a corpus: from which version, under which published ids. Names nobody."""

    declaration = Declaration("语料撤回", Level.INTERNAL, retention="P10Y")

    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, related_name="recalls", verbose_name=_("版本")
    )
    answers = ArrayField(models.CharField(max_length=24), verbose_name=_("公布的条目号"))
    cause = models.CharField(_("缘由"), max_length=20)
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("语料撤回")

    def __str__(self) -> str:
        return f"recall {self.pk}"
