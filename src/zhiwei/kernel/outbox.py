"""The outbox: news written with the deed, delivered at least once, in order per subject.

A consumer's handler runs in the transaction that marks the delivery done, so its effects in the database happen
exactly once even though delivery may be tried again after a crash.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhiwei.kernel import scope
from zhiwei.kernel.events import DomainEvent
from zhiwei.kernel.models import Delivery, Event
from zhiwei.kernel.queue import app

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 8
BATCH = 200


@dataclass(frozen=True)
class News:
    """An event as a consumer receives it."""

    id: int
    kind: str
    tenant_id: int
    subject_key: str
    payload: dict[str, Any]
    at: datetime


Handler = Callable[[News], None]
_CONSUMERS: dict[str, list[tuple[str, Handler]]] = {}
_BY_NAME: dict[str, Handler] = {}


def subscribe(kind: str, consumer: str) -> Callable[[Handler], Handler]:
    """Register a handler for events of ``kind`` under a stable consumer name (``learning.tracing``)."""

    def keep(handler: Handler) -> Handler:
        if consumer in _BY_NAME and _BY_NAME[consumer] is not handler:
            raise ValueError(f"two handlers share the consumer name {consumer}")
        _BY_NAME[consumer] = handler
        _CONSUMERS.setdefault(kind, []).append((consumer, handler))
        return handler

    return keep


def publish(event: DomainEvent, *, tenant_id: int, now: datetime) -> int:
    """Write the event in the current transaction and plan its deliveries; returns the event's id."""
    row = Event.objects.create(
        tenant_id=tenant_id, kind=event.kind, subject_key=event.subject_key(), payload=event.payload(), at=now
    )
    for consumer, _handler in _CONSUMERS.get(event.kind, []):
        Delivery.objects.create(
            tenant_id=tenant_id, event=row, consumer=consumer, subject_key=row.subject_key
        )
        _plan(tenant_id, consumer, row.subject_key)
    return row.pk


def deliver(tenant_id: int, consumer: str, subject_key: str) -> int:
    """Deliver what waits for one consumer and subject, oldest first; returns how many got through.

    A failing event holds back those after it (order) and is tried again with growing pauses; after
    ``MAX_ATTEMPTS`` it waits for a person on the deliveries page.
    """
    done = 0
    while done < BATCH:
        outcome = _deliver_one(tenant_id, consumer, subject_key)
        if outcome is None:
            return done
        if not outcome:
            return done
        done += 1
    _plan(tenant_id, consumer, subject_key)
    return done


def _deliver_one(tenant_id: int, consumer: str, subject_key: str) -> bool | None:
    """Return True when one was delivered, False when it failed, None when none waits."""
    with scope.entered([tenant_id]):
        waiting = (
            Delivery.objects.select_for_update()
            .filter(consumer=consumer, subject_key=subject_key, delivered_at__isnull=True)
            .order_by("id")
            .first()
        )
        if waiting is None or waiting.attempts >= MAX_ATTEMPTS:
            return None
        event = Event.objects.get(pk=waiting.event_id)
        news = News(event.pk, event.kind, tenant_id, event.subject_key, event.payload, event.at)
        try:
            with transaction.atomic():
                _BY_NAME[consumer](news)
        except Exception as error:
            log.exception("delivery of event %s to %s failed", event.pk, consumer)
            waiting.attempts += 1
            waiting.error = f"{type(error).__name__}: {error}"[:2000]
            waiting.save(update_fields=["attempts", "error"])
            _plan(tenant_id, consumer, subject_key, delay_seconds=min(2**waiting.attempts, 300))
            return False
        waiting.delivered_at = timezone.now()
        waiting.error = ""
        waiting.save(update_fields=["delivered_at", "error"])
        return True


def _plan(tenant_id: int, consumer: str, subject_key: str, *, delay_seconds: int = 0) -> None:
    deferrer = app.configure_task(
        "zhiwei.deliver",
        lock=f"{consumer}|{tenant_id}|{subject_key}",
        schedule_in={"seconds": delay_seconds} if delay_seconds else None,
    )
    deferrer.defer(tenant_id=tenant_id, consumer=consumer, subject_key=subject_key)


def deliver_again(delivery_id: int) -> None:
    """Let a person start a given-up delivery anew (from the deliveries page)."""
    row = Delivery.objects.select_for_update().get(pk=delivery_id)
    if row.delivered_at is None:
        row.attempts = 0
        row.save(update_fields=["attempts"])
        _plan(row.tenant_id, row.consumer, row.subject_key)


def stuck(now: datetime) -> int:
    """Plan again what has waited over a minute without failing (its job was lost); returns how many."""
    with scope.everywhere("recover deliveries"):
        rows = list(
            Delivery.objects.filter(
                delivered_at__isnull=True, attempts__lt=MAX_ATTEMPTS, event__at__lt=now - timedelta(minutes=1)
            )
            .values_list("tenant_id", "consumer", "subject_key")
            .distinct()[:500]
        )
        for tenant_id, consumer, subject_key in rows:
            _plan(tenant_id, consumer, subject_key)
    return len(rows)
