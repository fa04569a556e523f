"""Gives the demo county its curriculum: the starter graph and bank, owned by the province."""

from __future__ import annotations

import json
from datetime import datetime

from django.test import Client

from zhiwei.curriculum.services.starter import import_starter
from zhiwei.kernel import scope
from zhiwei.kernel.models import Organisation
from zhiwei.kernel.values import OrganisationKind, system_actor


def prepare(*, now: datetime) -> None:
    """Take in the starter curriculum if it is not there yet, or what has changed of it."""
    with scope.everywhere("take in the starter curriculum"):
        province = Organisation.objects.filter(kind=OrganisationKind.PROVINCE).order_by("pk").first()
        if province is not None:
            import_starter(actor=system_actor(province.pk), now=now, tenant_id=province.pk)


def walk(teacher: Client, pupil: Client) -> str:
    """Find questions, try an answer, open the graph; a pupil sees the graph but no questions."""
    found = teacher.get("/curriculum/items/?q=fangcheng&subject=math").content.decode()
    assert found.count("item-line") >= 10, found.count("item-line")
    item = {"type": "numeric", "max_score": 2, "stem": "3 m 合多少厘米？", "reference_answers": ["300 cm"]}
    trial = teacher.post(
        "/curriculum/items/try/",
        json.dumps({"content": item, "answer": {"text": "300厘米"}}),
        content_type="application/json",
    )
    assert 'data-score="2.0"' in trial.content.decode()
    drawn = pupil.get("/curriculum/graph/data/?subject=math").json()
    assert len(drawn["nodes"]) > 300 and pupil.get("/curriculum/items/").status_code == 404
    return f"{len(drawn['nodes'])} points drawn, 300厘米 for 300 cm earns 2 of 2"
