"""Stored files, the keys of each tenant and of the platform."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import DeclaredModel, TenantModel
from zhiwei.kernel.values import Declaration, Level


class TenantKey(TenantModel):
    """A tenant's data or index key, wrapped by the master key; emptying it shreds everything it encrypted."""

    declaration = Declaration("单位密钥（已封装）", Level.SENSITIVE)

    purpose = models.CharField(_("用途"), max_length=8, default="data")
    version = models.PositiveIntegerField(_("版本"), default=1)
    wrapped = models.BinaryField(_("封装后的密钥"))
    wrapped_by = models.CharField(_("主密钥指纹"), max_length=16, blank=True)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("单位密钥")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "purpose", "version"], name="tenant_key_once")
        ]

    def __str__(self) -> str:
        return f"key {self.tenant_id}/{self.purpose}/{self.version}"


class PlatformKey(DeclaredModel):
    """A key of the platform itself, wrapped by the master key: the root of derived keys, data of no tenant."""

    declaration = Declaration("平台密钥（已封装）", Level.INTERNAL, levels={"wrapped": Level.SENSITIVE})

    purpose = models.CharField(_("用途"), max_length=8)
    version = models.PositiveIntegerField(_("版本"), default=1)
    wrapped = models.BinaryField(_("封装后的密钥"))
    wrapped_by = models.CharField(_("主密钥指纹"), max_length=16, blank=True)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = _("平台密钥")
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="platform_key_once")]

    def __str__(self) -> str:
        return f"platform key {self.purpose}/{self.version}"


class Blob(TenantModel):
    """A file's content, stored once in its tenant under its SHA-256, encrypted at rest."""

    declaration = Declaration("文件", Level.PERSONAL, levels={"sha256": Level.INTERNAL})

    sha256 = models.CharField(_("内容摘要"), max_length=64)
    size = models.BigIntegerField(_("字节数"))
    media_type = models.CharField(_("类型"), max_length=80)
    key_version = models.PositiveIntegerField(_("密钥版本"))
    stored_at = models.DateTimeField(_("存入时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("文件")
        constraints = [models.UniqueConstraint(fields=["tenant", "sha256"], name="blob_once_in_tenant")]

    def __str__(self) -> str:
        return f"blob {self.pk}"
