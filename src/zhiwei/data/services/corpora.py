"""Corpora: describe one, have it chosen and checked, take entries out or put them back by hand, drop it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from zhiwei.data.errors import CorpusInputError
from zhiwei.data.models import Corpus, CorpusEntry
from zhiwei.data.rules.checks import BY_HAND
from zhiwei.data.values import CorpusState, DataType, Scene, TaskClass
from zhiwei.engines import corpora as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, jobs
from zhiwei.kernel.access import one
from zhiwei.kernel.errors import ConflictError
from zhiwei.kernel.values import Actor, Level, Verb

PURPOSES = ("research", "model_training")
MOST_NAME = 80


@dataclass(frozen=True, slots=True)
class CorpusSpec:
    """Annex 2's template as filled in."""

    name: str
    direction: str
    task_class: str
    data_type: str
    stage: str
    subject: str
    purpose: str
    item_types: Sequence[str] = ()
    scene: str = ""
    grades: Sequence[int] = ()
    since: date | None = None
    until: date | None = None
    scoring_note: str = ""
    demands: Mapping[str, object] = field(default_factory=dict)


def create_corpus(*, actor: Actor, now: datetime, spec: CorpusSpec, tenant_id: int | None = None) -> Corpus:
    """Keep a description and plan the first choosing and checking.

    Args:
        tenant_id: Whose corpus it is; the actor's own organisation when not given. Answers are drawn from every
            school where the actor may make corpora.

    Raises:
        CorpusInputError: A field of the template is missing or unknown, or a demand out of range.
        NotFoundError: The actor may not make corpora there.
    """
    demands = _checked(spec)
    drawn = kernel.tenants_in_reach(actor, verb=Verb.CREATE, kind="corpus", level=Level.PERSONAL)
    place = kernel.place_for(actor, tenant_id or actor.tenant_id, verb=Verb.CREATE, kind="corpus")
    row = Corpus.objects.create(
        tenant_id=place.id,
        name=spec.name.strip(),
        direction=spec.direction.strip(),
        task_class=spec.task_class,
        data_type=spec.data_type,
        stage=spec.stage,
        subject=spec.subject,
        item_types=sorted(set(spec.item_types)),
        scene=spec.scene,
        purpose=spec.purpose,
        grades=sorted(set(spec.grades)),
        since=spec.since,
        until=spec.until,
        demands=demands.as_dict(),
        scoring_note=spec.scoring_note.strip()[:4000],
        salt=secrets.token_hex(16),
        tenants=[school.id for school in drawn],
        created_by_id=actor.person_id or None,
        created_at=now,
    )
    audit.record(
        actor=actor, verb=Verb.CREATE, kind="corpus", object_id=row.pk, now=now, tenant_id=row.tenant_id
    )
    plan_build(actor=actor, now=now, corpus=row)
    return row


def plan_build(*, actor: Actor, now: datetime, corpus: Corpus) -> None:
    """Choose and check (again): earlier entries, checks and reviews are replaced, versions stay.

    Raises:
        ConflictError: It is being built.
    """
    if corpus.state == CorpusState.BUILDING:
        raise ConflictError("正在检查，请等它结束。", code="corpus.building")
    corpus.state, corpus.problem = CorpusState.BUILDING, ""
    corpus.job_id = jobs.enqueue(
        "data.build_corpus",
        tenant_id=corpus.tenant_id,
        key=f"corpus-{corpus.pk}",
        now=now,
        arguments={"corpus_id": corpus.pk, "account_id": actor.account_id, "person_id": actor.person_id},
        title=f"选取并检查语料：{corpus.name}"[:160],
        owner_id=actor.person_id or None,
    )
    corpus.save(update_fields=["state", "problem", "job"])
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="corpus",
        object_id=corpus.pk,
        now=now,
        tenant_id=corpus.tenant_id,
        detail={"build": True},
    )


def keep_entry(*, actor: Actor, now: datetime, corpus: Corpus, entry_id: int, keep: bool) -> CorpusEntry:
    """Put an entry back although a check failed it, or take one out by hand; both are written down.

    Raises:
        NotFoundError: The corpus has no such entry.
    """
    entry = locked_entry(corpus, entry_id)
    flags = [flag for flag in entry.flags if flag != BY_HAND]
    entry.kept, entry.flags = keep, flags if keep else [*flags, BY_HAND]
    entry.save(update_fields=["kept", "flags"])
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="corpus_entry",
        object_id=entry.pk,
        about_id=entry.person_id,
        now=now,
        tenant_id=entry.tenant_id,
        level=Level.PERSONAL,
        detail={"corpus": corpus.pk, "kept": keep},
    )
    return entry


def locked_entry(corpus: Corpus, entry_id: int) -> CorpusEntry:
    """Return one entry of a corpus, locked.

    Raises:
        NotFoundError: The corpus has no such entry.
    """
    return one(CorpusEntry.objects.select_for_update().filter(corpus=corpus), pk=entry_id)


def drop_corpus(*, actor: Actor, now: datetime, corpus: Corpus) -> None:
    """Drop a corpus that never had a version.

    Raises:
        ConflictError: It has versions; those stay for the proof of what left.
    """
    if corpus.versions.exists():
        raise ConflictError("已有版本的语料不能删除：它证明什么数据给了谁。", code="corpus.has_versions")
    audit.record(
        actor=actor,
        verb=Verb.DELETE,
        kind="corpus",
        object_id=corpus.pk,
        now=now,
        tenant_id=corpus.tenant_id,
    )
    corpus.delete()


def _checked(spec: CorpusSpec) -> engine.Demands:
    known: dict[str, tuple[str, set[str]]] = {
        "task_class": (spec.task_class, set(TaskClass)),
        "data_type": (spec.data_type, set(DataType)),
        "scene": (spec.scene, {"", *Scene}),
        "purpose": (spec.purpose, set(PURPOSES)),
    }
    for name, (value, allowed) in known.items():
        if value not in allowed:
            raise CorpusInputError(name, "请选择表中的一项。")
    for name in ("name", "direction", "stage", "subject"):
        value = str(getattr(spec, name)).strip()
        if not value or len(value) > MOST_NAME:
            raise CorpusInputError(name, f"必填，最多 {MOST_NAME} 字。")
    if spec.since and spec.until and spec.since > spec.until:
        raise CorpusInputError("until", "结束日期早于开始日期。")
    try:
        return engine.demands_from(spec.demands)
    except engine.CorpusError as error:
        raise CorpusInputError("demands", str(error)) from error
