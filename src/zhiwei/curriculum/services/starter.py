"""The starter curriculum that comes with the platform: its graph, its bank and its resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from zhiwei.curriculum.models import Resource
from zhiwei.curriculum.services.bulk import Written, write_items
from zhiwei.curriculum.services.graphs import take_graph
from zhiwei.curriculum.values import Audience
from zhiwei.engines.knowledge import graph_from_json, merge_graphs
from zhiwei.kernel.values import Actor

STARTER = Path(__file__).resolve().parents[1] / "starter"
LICENCE, SOURCE = "CC BY 4.0", "知微起步课程"


def import_starter(*, actor: Actor, now: datetime, tenant_id: int) -> Written:
    """Take in the starter graph (public), bank and resources (owned by ``tenant_id``, published for everybody).

    Again and again is harmless: what has not changed stays as it is.

    Effects:
        One audit row for the graph and one for new items.
    """
    files = sorted((STARTER / "graph").glob("*.json"))
    graphs = [graph_from_json(file.read_text("utf-8")) for file in files]
    take_graph(actor=actor, now=now, graph=merge_graphs(graphs, edition=graphs[0].edition))
    _take_resources(now=now, tenant_id=tenant_id)
    return write_items(
        actor=actor,
        now=now,
        tenant_id=tenant_id,
        items=_lines("items"),
        audience=Audience.PUBLIC,
        publish=True,
    )


def _take_resources(*, now: datetime, tenant_id: int) -> None:
    """Write the worked examples and lessons that are new or have changed."""
    known = {row.key: row for row in Resource.objects.filter(tenant_id=tenant_id).exclude(key="")}
    rows = [_resource(one, known.get(str(one["key"])), tenant_id, now) for one in _lines("resources")]
    changed = [row for row in rows if row is not None]
    Resource.objects.bulk_create([row for row in changed if row.pk is None])
    Resource.objects.bulk_update(
        [row for row in changed if row.pk], ["kind", "title", "text", "subject", "points", "updated_at"]
    )


def _resource(
    given: Mapping[str, Any], known: Resource | None, tenant_id: int, now: datetime
) -> Resource | None:
    """Return the row to write, or nothing when it is there as given."""
    row = known or Resource(
        tenant_id=tenant_id, audience=Audience.PUBLIC, licence=LICENCE, source=SOURCE, key=given["key"]
    )
    facts = {name: given[name] for name in ("kind", "title", "text", "subject", "points")}
    if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
        return None
    for name, value in facts.items():
        setattr(row, name, value)
    row.updated_at = now
    return row


def _lines(folder: str) -> list[dict[str, Any]]:
    files = sorted((STARTER / folder).glob("*.jsonl"))
    return [
        json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()
    ]
