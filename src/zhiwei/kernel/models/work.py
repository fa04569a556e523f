"""Background work and news: jobs with progress, outbox events and their deliveries, notifications."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.models.person import Person
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class JobState(models.TextChoices):
    """Where a job stands; ``PARKED`` has failed for good and waits for a person."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    PARKED = "parked", _("已搁置")
    CANCELLED = "cancelled", _("已取消")


class Job(TenantModel):
    """One piece of background work as its owner sees it; the queue itself is Procrastinate's."""

    declaration = Declaration("后台任务", Level.INTERNAL, retention="P180D")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    task = models.CharField(_("任务"), max_length=80)
    key = models.CharField(_("幂等键"), max_length=160)
    title = models.CharField(_("标题"), max_length=160, blank=True)
    arguments = models.JSONField(_("参数"), default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.BigIntegerField(_("已完成量"), default=0)
    total = models.BigIntegerField(_("总量"), default=0)
    note = models.CharField(_("进度说明"), max_length=300, blank=True)
    result = models.JSONField(_("结果"), default=dict, blank=True)
    error = models.TextField(_("失败原因"), blank=True)
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    cancel_asked = models.BooleanField(_("要求取消"), default=False)
    owner = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("发起人")
    )
    created_at = models.DateTimeField(_("创建时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("后台任务")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "task", "key"],
                condition=Q(state__in=["queued", "running"]),
                name="job_one_alive_per_key",
            )
        ]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="job_by_time")]

    def __str__(self) -> str:
        return f"job {self.pk}"


class Event(TenantModel):
    """A fact that happened, written in the transaction that made it true."""

    declaration = Declaration("事件", Level.INTERNAL, retention="P2Y")

    kind = models.CharField(_("事件"), max_length=60)
    subject_key = models.CharField(_("主体"), max_length=80)
    payload = models.JSONField(_("内容"))
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("事件")
        indexes = [models.Index(fields=["tenant", "kind", "-at"], name="event_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Delivery(TenantModel):
    """One event on its way to one consumer."""

    declaration = Declaration("事件投递", Level.INTERNAL, retention="P90D")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("事件")
    )
    consumer = models.CharField(_("接收方"), max_length=80)
    subject_key = models.CharField(_("主体"), max_length=80)
    delivered_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    error = models.TextField(_("失败原因"), blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("事件投递")
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["consumer", "subject_key", "id"],
                condition=Q(delivered_at__isnull=True),
                name="delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Notification(TenantModel):
    """A short message to one person, with a link to what it is about."""

    declaration = Declaration("通知", Level.PERSONAL, retention="P180D", person="person")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("收件人"))
    text = models.CharField(_("内容"), max_length=200)
    url = models.CharField(_("链接"), max_length=200, blank=True)
    key = models.CharField(_("幂等键"), max_length=120)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("通知")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notification_once")]
        indexes = [models.Index(fields=["person", "-at"], name="notification_by_person")]

    def __str__(self) -> str:
        return f"notification {self.pk}"
