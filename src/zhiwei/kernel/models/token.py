"""Keys for programs: what one may do in whose name, until when; and the answers already given to them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.models.person import Person
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class ApiToken(TenantModel):
    """A key that lets a program act as a person, never beyond its scopes nor the person's own rights."""

    declaration = Declaration("接口令牌", Level.PERSONAL, retention="P2Y", person="person")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("人员"))
    account_id = models.BigIntegerField(_("账号"))
    name = models.CharField(_("用途"), max_length=60)
    token_hash = models.CharField(_("令牌摘要"), max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30), verbose_name=_("权限范围"))
    made_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("上次使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("接口令牌")

    def __str__(self) -> str:
        return f"token {self.pk}"


class ApiAnswer(TenantModel):
    """The answer to a request that carried an idempotency key; the same key gets the same answer."""

    declaration = Declaration("接口应答", Level.PERSONAL, retention="P1D")

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+", verbose_name=_("令牌"))
    key = models.CharField(_("幂等键"), max_length=100)
    request_hash = models.CharField(_("请求摘要"), max_length=64)
    status = models.PositiveSmallIntegerField(_("状态码"))
    body = models.BinaryField(_("内容"))
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("接口应答")
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")]

    def __str__(self) -> str:
        return f"answer {self.pk}"
