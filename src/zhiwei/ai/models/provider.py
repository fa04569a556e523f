"""Model servers, the models they offer, and what these cost."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Provider(TenantModel):
    """One OpenAI-compatible server; its places below use it too. The secret is sealed with the tenant's key."""

    declaration = Declaration("模型服务", Level.INTERNAL, levels={"secret": Level.SENSITIVE})

    name = models.CharField(_("名称"), max_length=60)
    base_url = models.CharField(_("地址"), max_length=300)
    secret = models.BinaryField(_("密钥（加密）"), default=bytes, blank=True)
    key_version = models.PositiveIntegerField(_("密钥版本"), default=0)
    first_byte_seconds = models.PositiveIntegerField(_("首字节时限（秒）"), default=60)
    total_seconds = models.PositiveIntegerField(_("总时限（秒）"), default=300)
    retries = models.PositiveSmallIntegerField(_("重试次数"), default=2)
    most_at_once = models.PositiveIntegerField(_("并发上限"), default=32)
    enabled = models.BooleanField(_("启用"), default=True)
    made_at = models.DateTimeField(_("创建时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("模型服务")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="ai_provider_name_once")]

    def __str__(self) -> str:
        return self.name


class GatewayModel(TenantModel):
    """A model as people and programs name it. ``ceiling`` is the highest data level sent to it as it is."""

    declaration = Declaration("模型", Level.INTERNAL)

    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="models", verbose_name=_("模型服务")
    )
    name = models.CharField(_("名称"), max_length=80)
    upstream_name = models.CharField(_("上游名称"), max_length=120)
    capabilities = ArrayField(models.CharField(max_length=20), verbose_name=_("能力"), default=list)
    ceiling = models.PositiveSmallIntegerField(_("数据级别上限"), default=Level.INTERNAL)
    deidentify = models.BooleanField(_("超出时脱敏后发送"), default=True)
    roles = ArrayField(models.CharField(max_length=30), verbose_name=_("可用角色"), default=list, blank=True)
    purposes = ArrayField(
        models.CharField(max_length=20), verbose_name=_("可用用途"), default=list, blank=True
    )
    context_tokens = models.PositiveIntegerField(_("上下文长度"), default=32768)
    output_tokens = models.PositiveIntegerField(_("输出上限"), default=4096)
    most_at_once = models.PositiveIntegerField(_("并发上限"), default=16)
    fallbacks = ArrayField(
        models.CharField(max_length=80), verbose_name=_("后备模型"), default=list, blank=True
    )
    enabled = models.BooleanField(_("启用"), default=True)
    made_at = models.DateTimeField(_("创建时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("模型")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="ai_model_name_once")]

    def __str__(self) -> str:
        return self.name


class Price(TenantModel):
    """What a model costs from an instant on, in micro-yuan; never changed, only followed by another."""

    append_only: ClassVar[bool] = True
    declaration = Declaration("价格快照", Level.INTERNAL, retention="P6Y")

    model = models.ForeignKey(
        GatewayModel, on_delete=models.PROTECT, related_name="prices", verbose_name=_("模型")
    )
    input_per_million = models.BigIntegerField(_("输入价（微元/百万词元）"), default=0)
    cached_per_million = models.BigIntegerField(_("缓存输入价（微元/百万词元）"), default=0)
    output_per_million = models.BigIntegerField(_("输出价（微元/百万词元）"), default=0)
    per_page = models.BigIntegerField(_("每页（图）价（微元）"), default=0)
    per_second = models.BigIntegerField(_("每秒价（微元）"), default=0)
    per_call = models.BigIntegerField(_("每次价（微元）"), default=0)
    made_at = models.DateTimeField(_("生效时间"))
    by_id = models.BigIntegerField(_("设定人"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("价格快照")
        indexes = [models.Index(fields=["model", "-id"], name="ai_price_newest")]

    def __str__(self) -> str:
        return f"price {self.pk}"
