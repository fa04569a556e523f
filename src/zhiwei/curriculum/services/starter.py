"""The starter curriculum that comes with the platform: its graph and its bank."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from zhiwei.curriculum.services.bulk import Written, write_items
from zhiwei.curriculum.services.graphs import take_graph
from zhiwei.curriculum.values import Audience
from zhiwei.engines.knowledge import graph_from_json, merge_graphs
from zhiwei.kernel.values import Actor

STARTER = Path(__file__).resolve().parents[1] / "starter"


def import_starter(*, actor: Actor, now: datetime, tenant_id: int) -> Written:
    """Take in the starter graph (public) and bank (owned by ``tenant_id``, published for everybody).

    Again and again is harmless: what has not changed stays as it is.

    Effects:
        One audit row for the graph and one for new items.
    """
    files = sorted((STARTER / "graph").glob("*.json"))
    graphs = [graph_from_json(file.read_text("utf-8")) for file in files]
    take_graph(actor=actor, now=now, graph=merge_graphs(graphs, edition=graphs[0].edition))
    items = [
        json.loads(line)
        for file in sorted((STARTER / "items").glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]
    return write_items(
        actor=actor, now=now, tenant_id=tenant_id, items=items, audience=Audience.PUBLIC, publish=True
    )
