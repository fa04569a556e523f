"""The demo county's gateway: a server that is not switched on, its model with a price, and budgets; all to look at."""

from __future__ import annotations

from datetime import datetime

from django.test import Client

from zhiwei.ai.models import Budget, GatewayModel, Price, Provider
from zhiwei.kernel import scope
from zhiwei.kernel.models import Organisation

SERVER = "本机模型（示例，未启用）"
ADDRESS = "http://127.0.0.1:11434/v1"


def add_gateway(*, now: datetime) -> None:
    """Set up what an administrator would see first, once."""
    with scope.everywhere("demo gateway"):
        if Provider.objects.filter(name=SERVER).exists():
            return
        for school in Organisation.objects.filter(kind="school").order_by("pk"):
            _set_up(school, now)


def walk(admin: Client, teacher: Client) -> str:
    """Administrators see servers and budgets; a teacher has no model and is helped without one."""
    shown = admin.get("/ai/providers/").content.decode()
    assert SERVER in shown and "¥200.00" in shown
    assert teacher.get("/ai/providers/").status_code == 404
    assert "题库里的参数题" in teacher.get("/curriculum/assistant/").content.decode()
    return "模型服务、价格与额度可见；没有模型时备课助手用题库"


def _set_up(school: Organisation, now: datetime) -> None:
    provider = Provider.objects.create(
        tenant_id=school.pk, name=SERVER, base_url=ADDRESS, enabled=False, made_at=now
    )
    model = GatewayModel.objects.create(
        tenant_id=school.pk, provider=provider, name="本机通用", upstream_name="qwen3:8b",
        capabilities=["chat", "json"], ceiling=4, made_at=now,
    )  # fmt: skip
    Price.objects.create(
        tenant_id=school.pk, model=model, input_per_million=500_000, output_per_million=2_000_000, made_at=now
    )
    wanted = {"tenant_id": school.pk, "organisation_id": school.pk, "made_at": now}
    Budget.objects.create(**wanted, unit="micro", period="month", soft=150_000_000, hard=200_000_000)
    Budget.objects.create(**wanted, counted="person", role="pupil", unit="calls", period="day", hard=60)
