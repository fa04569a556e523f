"""Setting up the gateway: servers, models, prices, budgets, keys. Every write has an audit row."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from zhiwei.ai import access
from zhiwei.ai.models import Budget, GatewayKey, GatewayModel, Price, Provider
from zhiwei.ai.services.grants import SEALED_FOR, endpoint_of, hashed
from zhiwei.ai.services.sealing import seal
from zhiwei.ai.services.shared import the_gateway
from zhiwei.ai.upstream.egress import read_allowed, resolve, split_url
from zhiwei.ai.upstream.server import Server
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, keys
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

PREFIX = "zwm_"
MOST_KEYS = 20
LONGEST_DAYS = 366


def save_provider(
    *, actor: Actor, now: datetime, provider_id: int | None, secret: str, values: Mapping[str, Any]
) -> Provider:
    """Add or change a server; an empty secret leaves the one there is.

    Raises:
        InvalidInputError: The address may not be reached.
        ConflictError: Another server has this name.
        NotFoundError: Not the actor's to set up.
    """
    check_address(str(values["base_url"]))
    if provider_id is None:
        row = Provider(tenant_id=access.administered(actor, Verb.CREATE), made_at=now)
    else:
        row = access.access_provider(actor, provider_id)
        if (
            secret == ""
            and row.secret
            and split_url(row.base_url)[1] != split_url(str(values["base_url"]))[1]
        ):
            raise InvalidInputError("换了主机，请重新填写密钥。", code="ai.secret_again")
    for name, value in values.items():
        setattr(row, name, value)
    if secret:
        data_key, row.key_version = keys.data_key(row.tenant_id, now)
        row.secret = seal(data_key, secret, SEALED_FOR)
    _saved(row, "已有同名的模型服务。")
    _record(actor, now, provider_id, "ai_provider", row.pk, {"secret": bool(secret)})
    return row


def check_address(url: str) -> None:
    """Make sure a base address may be reached from here.

    Raises:
        InvalidInputError: Malformed, unknown or private without permission.
    """
    resolve(url, read_allowed(settings.AI_PRIVATE_NETWORKS))


def try_provider(*, actor: Actor, now: datetime, provider_id: int, upstream_name: str) -> tuple[str, int]:
    """Ask a server for one word; return what it said and how many milliseconds it took.

    Raises:
        UpstreamError: It did not answer properly.
    """
    row = access.access_provider(actor, provider_id)
    began = time.perf_counter()
    body = Server(the_gateway().connections, _quick(row)).ask(
        "/chat/completions",
        {"model": upstream_name, "messages": [{"role": "user", "content": "请只回答：好"}], "max_tokens": 16},
    )
    from zhiwei.ai.services.answers import choice_of

    said = str(choice_of(body)["message"])[:200]
    _record(actor, now, provider_id, "ai_provider", row.pk, {"tried": upstream_name[:60]})
    return said, round((time.perf_counter() - began) * 1000)


def save_model(
    *, actor: Actor, now: datetime, provider_id: int, model_id: int | None, values: Mapping[str, Any]
) -> GatewayModel:
    """Add or change a model of a server.

    Raises:
        ConflictError: Another model has this name.
        NotFoundError: Not the actor's to set up.
    """
    if model_id is None:
        provider = access.access_provider(actor, provider_id)
        row = GatewayModel(tenant_id=provider.tenant_id, provider=provider, made_at=now)
    else:
        row = access.access_model(actor, model_id)
    for name, value in values.items():
        setattr(row, name, value)
    _saved(row, "已有同名的模型。")
    _record(actor, now, model_id, "ai_model", row.pk, {"ceiling": int(row.ceiling)})
    return row


def set_price(*, actor: Actor, now: datetime, model_id: int, rates: Mapping[str, int]) -> Price | None:
    """Make a new price snapshot, unless it says what the newest says; calls under way keep theirs."""
    model = access.access_model(actor, model_id)
    newest = Price.objects.filter(model=model).order_by("-pk").first()
    if newest is not None and all(getattr(newest, name) == value for name, value in rates.items()):
        return None
    row = Price.objects.create(
        tenant_id=model.tenant_id, model=model, made_at=now, by_id=actor.person_id, **rates
    )
    _record(actor, now, None, "ai_price", row.pk, {"model": model.pk})
    return row


def save_budget(*, actor: Actor, now: datetime, budget_id: int | None, values: Mapping[str, Any]) -> Budget:
    """Add or change a budget for one's organisation or a place in it.

    Raises:
        InvalidInputError: The soft limit lies above the hard one, or both are 0.
        NotFoundError: Not the actor's to set up.
    """
    soft, hard = int(values["soft"]), int(values["hard"])
    if not soft and not hard:
        raise InvalidInputError("请至少填写提醒线或上限。", code="ai.budget_empty")
    if hard and soft > hard:
        raise InvalidInputError("提醒线不应高于上限。", code="ai.budget_order")
    if budget_id is None:
        row = Budget(tenant_id=access.administered(actor, Verb.CREATE, "ai_budget"), made_at=now)
    else:
        row = access.access_budget(actor, budget_id)
    place = kernel.place_for(actor, int(values["organisation_id"]), verb=Verb.UPDATE, kind="ai_budget")
    for name, value in values.items():
        setattr(row, name, value)
    row.organisation_id = place.id
    row.save()
    _record(actor, now, budget_id, "ai_budget", row.pk, {"soft": soft, "hard": hard})
    return row


def make_key(
    *, actor: Actor, now: datetime, name: str, role: str, purpose: str, models: list[str], days: int
) -> str:
    """Return a new key in one of the actor's roles; only its digest is kept.

    Raises:
        InvalidInputError: No name, not a role of the actor's, a life outside 1–366 days, or too many keys.
    """
    if not name.strip():
        raise InvalidInputError("请写明密钥的用处。", code="ai.key_name")
    if role not in actor.roles:
        raise InvalidInputError("只能以您现有的身份建立密钥。", code="ai.key_role")
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInputError(f"有效期应为 1–{LONGEST_DAYS} 天。", code="ai.key_days")
    rows = access.keys_in_reach(actor, Verb.LIST)
    if rows.filter(revoked_at__isnull=True, expires_at__gt=now).count() >= MOST_KEYS:
        raise InvalidInputError(f"最多同时有 {MOST_KEYS} 个有效密钥，请先撤销不用的。", code="ai.key_many")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = GatewayKey.objects.create(
        tenant_id=actor.tenant_id,
        person_id=actor.person_id,
        account_id=actor.account_id,
        name=name.strip()[:60],
        role=role,
        purpose=purpose,
        secret_hash=hashed(secret),
        models_allowed=models,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    _record(actor, now, None, "ai_key", row.pk, {"role": role, "purpose": purpose})
    return secret


def end_key(*, actor: Actor, now: datetime, key_id: int) -> None:
    """End one of one's keys; it stops working within seconds.

    Raises:
        NotFoundError: Not one's own.
    """
    from zhiwei.kernel.access import one

    row = one(access.keys_in_reach(actor, Verb.UPDATE), pk=key_id)
    row.revoked_at = row.revoked_at or now
    row.save(update_fields=["revoked_at"])
    _record(actor, now, key_id, "ai_key", row.pk, {"revoked": True})


def _quick(row: Provider) -> Any:
    from dataclasses import replace

    return replace(endpoint_of(row), first_byte_seconds=20.0, total_seconds=20.0, retries=0)


def _saved(row: Provider | GatewayModel, told: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise ConflictError(told, code="ai.name_taken") from None


def _record(
    actor: Actor, now: datetime, known: int | None, kind: str, object_id: int, detail: dict[str, object]
) -> None:
    verb = Verb.CREATE if known is None else Verb.UPDATE
    audit.record(
        actor=actor, verb=verb, kind=kind, object_id=object_id, now=now, level=Level.INTERNAL, detail=detail
    )
    the_gateway().grants.forget()
