"""What tests of the API share: a client that speaks JSON with a token, and a question with a number for an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client
from django.utils import timezone
from tests.cast import Cast

from zhiwei.kernel import jobs, outbox, scope
from zhiwei.kernel.models import Delivery, Job
from zhiwei.kernel.services import tokens
from zhiwei.kernel.values import SCOPES, Actor

NUMBER: dict[str, Any] = {
    "type": "numeric",
    "max_score": 3,
    "stem": "3 m 合多少厘米？",
    "reference_answers": ["300 cm"],
}
NOBODY = "00000000-0000-0000-0000-000000000000"


@contextmanager
def acting(cast: Cast, nickname: str) -> Iterator[Actor]:
    actor = cast.actor(nickname, timezone.localdate())
    with scope.entered(actor.tenants):
        yield actor


def token(cast: Cast, nickname: str, scopes: tuple[str, ...] = SCOPES, days: int = 1) -> str:
    with acting(cast, nickname) as actor:
        return tokens.make_token(actor=actor, now=timezone.now(), name="test", scopes=scopes, days=days)


class Program:
    """A client that speaks JSON with a token."""

    def __init__(self, secret: str) -> None:
        self.client, self.secret = Client(enforce_csrf_checks=True), secret

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.secret}", **headers}
        return self.client.generic(
            method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", headers=sent
        )


def run_jobs() -> None:
    with scope.everywhere("test"):
        waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
    for job_id, tenant_id in waiting:
        jobs.run(job_id, tenant_id)


def deliver() -> None:
    """Deliver what waits, as the worker would."""
    with scope.everywhere("test"):
        waiting = Delivery.objects.filter(delivered_at__isnull=True)
        rows = list(waiting.values_list("tenant_id", "consumer", "subject_key"))
    for row in rows:
        if row[1].startswith("assessment."):
            outbox.deliver(*row)
