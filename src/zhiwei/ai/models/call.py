"""The record of calls, their sealed content, and crisis signals."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.ai.values import AlertState
from zhiwei.kernel.sealed import SealedTextField
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Call(TenantModel):
    """One call: who, for whom, what for, which model and version, what level, what it cost, what the guards said."""

    append_only: ClassVar[bool] = True
    declaration = Declaration("模型调用记录", Level.PERSONAL, retention="P3Y", person="person_id")

    uuid = models.UUIDField(_("外部标识"), unique=True)
    at = models.DateTimeField(_("时间"))
    key_id = models.BigIntegerField(_("模型密钥"), default=0)
    account_id = models.BigIntegerField(_("账号"), default=0)
    person_id = models.BigIntegerField(_("人员"), default=0)
    role = models.CharField(_("角色"), max_length=30, blank=True)
    about_id = models.BigIntegerField(_("关于何人"), null=True)
    purpose = models.CharField(_("用途"), max_length=20)
    kind = models.CharField(_("接口"), max_length=20)
    model_id = models.BigIntegerField(_("模型"))
    model_name = models.CharField(_("模型名称"), max_length=80)
    answered_by = models.CharField(_("上游模型版本"), max_length=120, blank=True)
    prompt_hash = models.CharField(_("提示摘要"), max_length=64)
    level = models.PositiveSmallIntegerField(_("数据级别"), default=Level.INTERNAL)
    replaced = models.PositiveIntegerField(_("脱敏处数"), default=0)
    guards = models.JSONField(_("防护结果"), default=dict, blank=True)
    state = models.CharField(_("结果"), max_length=10)
    error = models.CharField(_("错误"), max_length=60, blank=True)
    streamed = models.BooleanField(_("流式"), default=False)
    micro = models.BigIntegerField(_("金额（微元）"), default=0)
    input_tokens = models.BigIntegerField(_("输入词元"), default=0)
    output_tokens = models.BigIntegerField(_("输出词元"), default=0)
    first_ms = models.PositiveIntegerField(_("首字耗时（毫秒）"), default=0)
    total_ms = models.PositiveIntegerField(_("总耗时（毫秒）"), default=0)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=1)

    class Meta(TenantModel.Meta):
        verbose_name = _("模型调用记录")
        indexes = [
            models.Index(fields=["tenant", "-at"], name="ai_call_by_time"),
            models.Index(fields=["person_id", "-at"], name="ai_call_by_person"),
        ]

    def __str__(self) -> str:
        return f"call {self.uuid}"


class CallContent(TenantModel):
    """What was said in a call, sealed with the tenant's key until its time is over."""

    declaration = Declaration("模型调用内容（加密）", Level.SENSITIVE, retention="P180D")

    call_uuid = models.UUIDField(_("调用"), unique=True)
    sealed = models.BinaryField(_("内容（加密）"))
    key_version = models.PositiveIntegerField(_("密钥版本"))
    keep_until = models.DateTimeField(_("保存至"))

    class Meta(TenantModel.Meta):
        verbose_name = _("模型调用内容（加密）")
        indexes = [models.Index(fields=["keep_until"], name="ai_content_by_end")]

    def __str__(self) -> str:
        return f"content {self.call_uuid}"


class Alert(TenantModel):
    """A crisis signal somebody wrote, on its way to the people the school's protocol names."""

    declaration = Declaration("危机信号", Level.SENSITIVE, retention="P3Y", person="person")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("谁写的")
    )
    call_uuid = models.UUIDField(_("调用"), null=True, blank=True)
    kinds = ArrayField(models.CharField(max_length=20), verbose_name=_("类别"))
    sealed = models.BinaryField(_("原话（加密）"))
    key_version = models.PositiveIntegerField(_("密钥版本"))
    told = ArrayField(models.BigIntegerField(), verbose_name=_("已通知"), default=list)
    state = models.CharField(_("状态"), max_length=10, default=AlertState.NEW)
    note = SealedTextField(_("处理说明"), label="alert.note")
    at = models.DateTimeField(_("时间"))
    handled_by_id = models.BigIntegerField(_("处理人"), default=0)
    handled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("危机信号")
        indexes = [models.Index(fields=["tenant", "-at"], name="ai_alert_by_time")]

    def __str__(self) -> str:
        return f"alert {self.pk}"
