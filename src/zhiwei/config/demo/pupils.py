"""The demo pupil: finds a wrong-answer book at once, and walks their day for ``demo --check``.

News about this one pupil is delivered here, the rest by the worker.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.test import Client

from zhiwei.kernel import outbox, scope
from zhiwei.kernel.models import Delivery, Person


def deliver_news() -> int:
    """Deliver what waits for the demo pupil; returns how many consumers were served."""
    with scope.everywhere("find the demo pupil's news"):
        person = Person.objects.filter(account__login="demo-pupil").first()
        if person is None:
            return 0
        waiting = Delivery.objects.filter(delivered_at__isnull=True, subject_key=f"person:{person.pk}")
        rows = list(waiting.values_list("tenant_id", "consumer").distinct())
    for tenant_id, consumer in rows:
        outbox.deliver(tenant_id, consumer, f"person:{person.pk}")
    return len(rows)


def walk(pupil: Client, guardian: Client) -> str:
    """Answer tonight's work from two devices, hand in, read the feedback, try a wrong answer again."""
    today = pupil.get("/assessment/today/").content.decode()
    sheet = pupil.post(_found(r"/assessment/answer/[0-9a-f-]+/", today)).headers["Location"]
    saved = _answer(pupil, sheet)
    assert pupil.post(f"{sheet}hand-in/").status_code == 302
    assert "已交卷" in pupil.get(sheet).content.decode()
    feedback = _found(r"/assessment/feedback/[0-9a-f-]+/", today)
    assert all(reader.get(feedback).status_code == 200 for reader in (pupil, guardian))
    book = pupil.get("/assessment/wrong/").content.decode()
    again = _found(r"/assessment/wrong/\d+/again/", book)
    assert pupil.post(again, {"value": json.dumps({"text": "x"})}).status_code == 200
    assert guardian.get(again).status_code == 404
    return f"{saved} answers saved and handed in, feedback read by two, a wrong answer tried again"


def _answer(pupil: Client, sheet: str) -> int:
    """Save every question at once; an older save of another device is told as a conflict."""
    start = pupil.get(f"{sheet}latest/").json()
    answers = [{"item": item, "value": {"text": "1"}, "sequence": 9, "base": 0} for item in start["kept"]]
    kept = _save(pupil, start, "phone", answers)
    assert not any(one["conflict"] for one in kept)
    late = _save(pupil, start, "laptop", [{**answers[0], "value": {"text": "2"}, "sequence": 8}])
    assert late[0]["conflict"]
    return len(kept)


def _save(
    pupil: Client, start: dict[str, Any], device: str, answers: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    body = json.dumps({"ticket": start["ticket"], "device": device, "answers": answers})
    reply = pupil.post(start["save_url"], body, content_type="application/json")
    assert reply.status_code == 200, reply.content
    told: list[dict[str, Any]] = reply.json()["saved"]
    return told


def _found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None, pattern
    return match.group()
