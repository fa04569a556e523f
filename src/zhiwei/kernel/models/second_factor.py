"""The second factor of sign-in: a shared secret for time-based codes, and recovery codes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.models.account import Account
from zhiwei.kernel.models.person import Person
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class SecondFactor(TenantModel):
    """An authenticator app bound to an account; ``secret`` is encrypted with the tenant's key."""

    declaration = Declaration("动态口令", Level.SENSITIVE, person="person")

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("账号")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("人员"))
    secret = models.BinaryField(_("密钥（已加密）"))
    last_step = models.BigIntegerField(_("最近用过的时间步"), default=-1)
    made_at = models.DateTimeField(_("创建时间"))
    confirmed_at = models.DateTimeField(_("启用时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("动态口令")

    def __str__(self) -> str:
        return f"factor {self.pk}"


class RecoveryCode(TenantModel):
    """A code that replaces the authenticator once; only its keyed hash is kept."""

    declaration = Declaration("恢复码", Level.SENSITIVE)

    factor = models.ForeignKey(
        SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name=_("动态口令")
    )
    code_hash = models.CharField(_("摘要"), max_length=64)
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("恢复码")
        constraints = [models.UniqueConstraint(fields=["factor", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
