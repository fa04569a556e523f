"""Signed seals over the audit trail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class AuditSeal(TenantModel):
    """One sealed batch of a tenant's audit rows: ids, leaf hashes, Merkle root, chain and signature."""

    append_only: ClassVar[bool] = True
    declaration = Declaration("审计封条", Level.INTERNAL, retention="P10Y")

    number = models.PositiveIntegerField(_("封条号"))
    ids = models.JSONField(_("记录编号"))
    leaves = models.BinaryField(_("记录摘要"))
    root = models.CharField(_("树根"), max_length=64)
    previous = models.CharField(_("前一封条摘要"), max_length=64)
    digest = models.CharField(_("封条摘要"), max_length=64)
    signature = models.CharField(_("签名"), max_length=128)
    sealed_at = models.DateTimeField(_("封存时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("审计封条")
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="audit_seal_once")]

    def __str__(self) -> str:
        return f"seal {self.tenant_id}/{self.number}"
