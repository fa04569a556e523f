"""Speed by processor time on one core: short answers from features alone and with embeddings; the command line.

``warm`` answers were seen before (their vectors are known), ``fresh`` ones were not. The command line is measured
whole, start-up included: a thousand marked and a thousand new answers.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.judging_answers import Task, tasks
from benchmarks.judging_essays import english
from benchmarks.judging_frame import Row
from zhiwei.engines.judging import Grader, Item, ItemType, Marked, Response, RubricPoint, grader_for
from zhiwei.engines.text import encode

MARKS = 100


def rows(data: Path, quick: bool) -> list[Row]:
    """The rows of this section."""
    work = tasks(data, [1, 2])
    texts = [*work[0].texts, *work[0].fresh][: 400 if quick else 2_000]
    marked = [
        Marked(Response(f"m{n}", text=t), s)
        for n, (t, s) in enumerate(list(zip(work[0].texts, work[0].scores, strict=True))[:MARKS])
    ]
    encode([m.response.text for m in marked])
    learned = grader_for(work[0].item, marked)
    fresh = _rate(learned, texts)
    warm = _rate(learned, texts)
    ruled = grader_for(_ruled())
    return [
        Row("throughput", f"short answers learned from {MARKS} marks, fresh, a second", fresh, None, 200.0),
        Row("throughput", f"short answers learned from {MARKS} marks, warm, a second", warm, None, 2_000.0),
        Row("throughput", "short answers by a rubric, fresh, a second", _rate(ruled, texts), None, 200.0),
        Row("throughput", "short answers by a rubric, warm, a second", _rate(ruled, texts), None, 2_000.0),
        *_command_rows("1,000 + 1,000 short answers", work[1]),
        *_command_rows("1,000 + 700 essays", _essays(data)),
    ]


def _rate(grader: Grader, texts: Sequence[str]) -> float:
    responses = [Response(str(n), text=text) for n, text in enumerate(texts)]
    start = time.process_time()
    grader.judge_many(responses)
    return len(texts) / (time.process_time() - start)


def _ruled() -> Item:
    """An item of three points, for answers about acid rain."""
    wanted = ("how much vinegar", "what kind of vinegar", "material of the containers")
    points = tuple(RubricPoint(f"p{n}", 1.0, text, accept=(text,)) for n, text in enumerate(wanted))
    return Item(ItemType.SHORT_ANSWER, 3.0, rubric=points)


def _essays(data: Path) -> Task:
    """Prompt 1 of ASAP-AES as one task."""
    task = english(data)[0]
    return Task(task.item, task.texts[:1_000], task.scores[:1_000], task.texts[1_000:1_700], [])


def _command_rows(name: str, task: Task) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        files = _written(Path(folder), task)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        command = [sys.executable, "-m", "zhiwei", "judge", *files[:2], "--marked", files[2], "--json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [
        Row("throughput", f"zhiwei judge, {name}: wall s", wall, None, 60.0, higher_is_better=False),
        Row("throughput", f"zhiwei judge, {name}: processor s", spent, None, 60.0, higher_is_better=False),
        Row("throughput", f"zhiwei judge, {name}: most memory, MiB", after.ru_maxrss / 1024),
    ]


def _written(folder: Path, task: Task) -> list[str]:
    """Item, responses and marks as files, as the command line reads them."""
    item = {"type": task.item.type.value, "max_score": task.item.max_score}
    fresh = [{"id": str(n), "text": text} for n, text in enumerate(task.fresh[:1_000])]
    known = [
        {"id": f"m{n}", "text": text, "score": score}
        for n, (text, score) in enumerate(zip(task.texts[:1_000], task.scores[:1_000], strict=True))
    ]
    paths = []
    for name, content in (("item.json", [item]), ("new.jsonl", fresh), ("marked.jsonl", known)):
        path = folder / name
        path.write_text("\n".join(json.dumps(line) for line in content), encoding="utf-8")
        paths.append(str(path))
    return paths
