"""``bench bank``: import speed, search among many items, the graph at 2,000 points, suggestions of points.

Search and graph are measured through the pages' own queries under row-level security, in a throwaway database.
The peer of the search is the same question put as ``search_text ilike '%…%'``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
IMPORTED = 5000
SEARCHES = (
    "方程", "一元二次方程", "三角形", "fangcheng", "sanjiaoxing", "x^2-5x", "\\frac{1}{2}", "电流", "圆", "平均数 难",
    "因式分解", "浮力", "sudu", "y=kx+b", "勾股定理", "面积 长方形",
)  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(prog="bench bank")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="zhiwei-bank-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        os.environ.pop("ZHIWEI_DATABASE_URL", None)
        from zhiwei.config.commands import boot

        with boot.ready():
            rows = _measure(arguments.items, arguments.points)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        print("\n".join(f"{name:<58}{value}" for name, value in rows.items()))
    return 0


def _measure(items: int, points: int) -> dict[str, str]:
    from zhiwei.config.demo import county, curriculum
    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.queries.actors import actors_of

    now = clock.now()
    founded = county.found_county(now=now)
    began = time.perf_counter()
    curriculum.prepare(now=now)
    rows = {"starter graph and bank (643 points, 443 items)": f"{time.perf_counter() - began:.2f} s"}
    account = dict(founded.accounts)["数学教师"]
    with scope.everywhere("bench"):
        (teacher,) = actors_of(account, clock.today(now))
    rows |= _graph(teacher, points, now)
    rows |= _suggestions(teacher)
    rows |= _import(teacher, items, now)
    _analyse()
    rows |= _searches(teacher)
    return rows


def _import(teacher: Any, count: int, now: Any) -> dict[str, str]:
    """Import some through the service; the rest are copies made in the database, so that search has its number."""
    from zhiwei.curriculum.services.bulk import write_items
    from zhiwei.kernel import scope

    source, generator = _starter(), random.Random(7)
    many = [_varied(generator.choice(source), number, generator) for number in range(min(count, IMPORTED))]
    with scope.entered(teacher.tenants):
        began = time.perf_counter()
        write_items(actor=teacher, now=now, tenant_id=teacher.tenant_id, items=many, publish=True)
        spent = time.perf_counter() - began
        _copy(count // len(many) - 1)
    return {f"import of {len(many):,} items": f"{spent:.0f} s, {len(many) / spent:,.0f} items/s"}


def _analyse() -> None:
    """Count the values as autovacuum does within a minute (the app's role may not)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        (role,) = cursor.fetchone()
        cursor.execute("set role none")
        cursor.execute("vacuum analyze curriculum_item, curriculum_itementry")
        cursor.execute(f"set role {role}")


def _copy(times: int) -> None:
    from django.db import connection

    from zhiwei.curriculum.models import Item, ItemEntry

    def columns(model: Any, left: set[str]) -> str:
        return ", ".join(f'"{one.column}"' for one in model._meta.local_fields if one.column not in left)

    same, entry = columns(Item, {"id", "uuid", "key"}), columns(ItemEntry, {"item_id"})
    qualified = ", ".join(f"e.{one}" for one in entry.split(", "))
    with connection.cursor() as cursor:
        for number in range(1, times + 1):
            cursor.execute(
                f"insert into curriculum_item (uuid, key, {same}) select gen_random_uuid(), %s || key, {same} "
                "from curriculum_item where key like 'bench-%%'",
                [f"c{number}:"],
            )
            cursor.execute(
                f"insert into curriculum_itementry (item_id, {entry}) select i.id, {qualified} "
                "from curriculum_item b join curriculum_item i on i.key = %s || b.key "
                "join curriculum_itementry e on e.item_id = b.id where b.key like 'bench-%%'",
                [f"c{number}:"],
            )


def _searches(teacher: Any) -> dict[str, str]:
    from zhiwei.curriculum.models import Item
    from zhiwei.curriculum.queries.searching import Search, find_items
    from zhiwei.kernel import scope

    with scope.entered(teacher.tenants):
        times = [
            _timed(lambda text=text, more=more: find_items(teacher, Search(text=text, **more), limit=30))
            for text in SEARCHES
            for more in ({}, {"subject": "math"}, {"easiest": 0.3, "hardest": 0.6})
            for _again in range(3)
        ]
        none = [_timed(lambda: find_items(teacher, Search(), limit=30)) for _again in range(10)]
        peer = [
            _timed(
                lambda text=text: list(
                    Item.objects.filter(search_text__icontains=text).order_by("-pk")[:1000]
                )
            )
            for text in ("方程", "三角形", "浮力", "勾股定理")
        ]
        total = Item.objects.count()
    return {
        f"search among {total:,}, {len(times)} searches: median/p95/most": _spread(times),
        "list without a search": _spread(none),
        "peer: ilike '%…%' on the same rows": _spread(peer),
    }


def _suggestions(teacher: Any) -> dict[str, str]:
    """Leave one item of the starter out and see whether its points are suggested from the others."""
    from zhiwei.engines.indexing import codes, suggest, terms_of

    source = [one for one in _starter() if one["subject"] == "math" and one["points"]]
    graph = [p for f in sorted((ROOT / "src/zhiwei/curriculum/starter/graph").glob("math*.json"))
             for p in json.loads(f.read_text("utf-8"))["points"]]  # fmt: skip
    points = {p["key"]: codes(terms_of(f"{p['name']} {p['definition']}")) for p in graph}
    terms = [(codes(terms_of(str(one["stem"]))), one["points"]) for one in source]
    hits = {1: 0, 3: 0, 5: 0}
    for place, (mine, wanted) in enumerate(terms):
        others = terms[:place] + terms[place + 1 :]
        found = [key for key, _share in suggest(mine, others, points, limit=5)]
        for depth in hits:
            hits[depth] += bool(set(found[:depth]) & set(wanted))
    shares = " / ".join(f"{hits[depth] / len(terms):.0%}" for depth in hits)
    return {f"points suggested, leave-one-out on {len(terms)} items: hit@1/3/5": shares}


def _graph(teacher: Any, count: int, now: Any) -> dict[str, str]:
    from django.test import Client

    from zhiwei.curriculum.services.graphs import take_graph
    from zhiwei.engines.knowledge import graph_from_rows
    from zhiwei.kernel import scope
    from zhiwei.kernel.services import accounts
    from zhiwei.kernel.values import system_actor

    generator = random.Random(3)
    rows = []
    for number in range(count):
        grade = 1 + number * 12 // count
        picks = [generator.randrange(max(number - 80, 0), number) for _one in range(min(2, number))]
        before = sorted({f"bench.{1 + one * 12 // count}.topic.p{one}" for one in picks})
        rows.append({"key": f"bench.{grade}.topic.p{number}", "name": f"知识点{number}", "definition": "测量用。",
                     "subject": "bench", "stage": "junior", "grade": grade, "domain": f"领域{number % 5}",
                     "prerequisites": before})  # fmt: skip
    with scope.everywhere("bench"):
        take_graph(
            actor=system_actor(teacher.tenant_id), now=now, graph=graph_from_rows(rows, edition="bench")
        )
    client = Client(headers={"host": "localhost"})
    client.post(f"/link/{accounts.make_link(account_id=teacher.account_id, now=now)}/")
    data = [_timed(lambda: client.get("/curriculum/graph/data/?subject=bench")) for _again in range(8)]
    page = [_timed(lambda: client.get("/curriculum/graph/?subject=bench")) for _again in range(8)]
    focus = [
        _timed(lambda: client.get(f"/curriculum/graph/data/?focus=bench.6.topic.p{count // 2 - 5}"))
        for _again in range(8)
    ]
    size = len(client.get("/curriculum/graph/data/?subject=bench").content)
    return {
        f"graph page, {count:,} points": _spread(page),
        f"graph data, {count:,} points ({size // 1024} KB)": _spread(data),
        "neighbourhood of one point": _spread(focus),
    }


def _starter() -> list[dict[str, Any]]:
    files = sorted((ROOT / "src/zhiwei/curriculum/starter/items").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def _varied(item: dict[str, Any], number: int, generator: random.Random) -> dict[str, Any]:
    """A question of its own wording: the starter's with other people, places and numbers around it."""
    place = generator.choice("东西南北上下前后内外") + generator.choice("山水田园城村河湖海岛")
    lead = f"（{place}{number}）在{place}，{generator.choice('甲乙丙丁')}同学说："
    return {**item, "id": f"bench-{number}", "stem": lead + str(item["stem"])}


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    return f"{statistics.median(ordered):.0f} / {p95:.0f} / {ordered[-1]:.0f} ms"
