"""Versions: asked for, made by a job, let out (or not) by a second person."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Max

from zhiwei.data.models import Corpus, Version, VersionMember
from zhiwei.data.rules.shape import TABLES
from zhiwei.data.services.building import Progress
from zhiwei.data.services.cards import described_files
from zhiwei.data.services.coarsening import coarsen
from zhiwei.data.services.deidentifying import Deidentifier
from zhiwei.data.services.reports import obstacles, quality_report
from zhiwei.data.services.tables_out import parquet_from
from zhiwei.data.services.version_files import Writer, Written
from zhiwei.data.values import VersionState
from zhiwei.engines import corpora as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, files, jobs, keys, scope
from zhiwei.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb

MOST_BYTES = 32 * 1024**3


def request_version(
    *, actor: Actor, now: datetime, corpus: Corpus, licence: str, terms: str, redact_images: bool = True
) -> Version:
    """Ask for the next version and plan its making.

    Raises:
        ConflictError: A check failed, the review is not done, or another version is being made.
        InvalidInputError: No terms.
    """
    found = obstacles(corpus)
    if found:
        raise ConflictError("还有没满足的要求，不能生成版本。", code=f"corpus.{found[0]}")
    if not terms.strip() or not licence.strip():
        raise InvalidInputError("请写明许可和用途条款。", code="corpus.no_terms")
    if corpus.versions.filter(state=VersionState.PREPARING).exists():
        raise ConflictError("正在生成一个版本，请等它结束。", code="corpus.version_preparing")
    number = (corpus.versions.aggregate(most=Max("number"))["most"] or 0) + 1
    row = Version.objects.create(
        tenant_id=corpus.tenant_id,
        corpus=corpus,
        number=number,
        licence=licence.strip()[:60],
        terms=terms.strip()[:4000],
        redact_images=redact_images,
        requested_by_id=actor.person_id,
        requested_at=now,
    )
    row.job_id = jobs.enqueue(
        "data.make_version",
        tenant_id=corpus.tenant_id,
        key=f"version-{row.pk}",
        now=now,
        arguments={"version_id": row.pk, "account_id": actor.account_id, "person_id": actor.person_id},
        title=f"生成语料版本：{corpus.name} {number}"[:160],
        owner_id=actor.person_id or None,
    )
    row.save(update_fields=["job"])
    _audit(actor, Verb.CREATE, row, now, {"number": number})
    return row


def version_key(version: Version, now: datetime) -> bytes:
    """Return the key of a version's pseudonyms: it stays through rotations, and goes when the tenant is shredded."""
    del now
    return keys.derived_for(version.tenant_id, f"corpus-version:{version.uuid}")


def make_version(
    *, version_id: int, tenants: Sequence[int], now: datetime, progress: Progress
) -> dict[str, Any]:
    """De-identify and write a version; it waits for a second person then. A run that was cut begins anew."""
    with scope.entered(tenants):
        version = Version.objects.select_related("corpus").filter(pk=version_id).first()
        if version is None:
            raise NotFoundError
        key = version_key(version, now)
        names = sorted({name for tenant in tenants for name in kernel.names_of(tenant)})
        corpus = version.corpus
        coarse = coarsen(corpus, k=engine.demands_from(corpus.demands).k)
    safe = Deidentifier(names, key)
    with tempfile.TemporaryDirectory(prefix="zhiwei-version-") as place:
        folder = Path(place)
        writer = Writer(corpus, key, coarse, safe, folder, version.redact_images)
        done = writer.write(tenants, progress)
        for table in TABLES:
            parquet_from(folder / table.jsonl, folder / table.parquet, table)
        risk = {
            **coarse.risk,
            "replaced": dict(safe.replaced),
            "painted": dict(safe.painted),
            "checked_texts": len(done.checked),
            "names_left": safe.left_in(done.checked, names),
            "pictures_read": version.redact_images,
        }
        with scope.entered(tenants):
            return _keep(version, folder, done, risk, now)


def _keep(
    version: Version, folder: Path, done: Written, risk: dict[str, Any], now: datetime
) -> dict[str, Any]:
    version.counts, version.risk = done.counts, risk
    version.quality = quality_report(version.corpus)
    version.content_hash = done.content.hexdigest()
    described_files(version, folder, now)
    version.files = [
        _stored(version, path, folder, now) for path in sorted(folder.iterdir()) if path.is_file()
    ]
    version.state, version.problem = VersionState.WAITING, ""
    version.save()
    VersionMember.objects.filter(version=version).delete()
    VersionMember.objects.bulk_create(
        (
            VersionMember(tenant_id=tenant, version=version, person_id=person, answers=ids)
            for (tenant, person), ids in done.members.items()
        ),
        batch_size=1_000,
    )
    return {"answers": done.counts["answers"], "images": done.counts["images"], "k": risk.get("k", 0)}


def _stored(version: Version, path: Path, folder: Path, now: datetime) -> dict[str, Any]:
    with path.open("rb") as content:
        kept = files.store(
            content, tenant_id=version.tenant_id, now=now, max_bytes=MOST_BYTES, name=path.name
        )
    return {
        "path": str(path.relative_to(folder)),
        "blob": kept.id,
        "sha256": kept.sha256,
        "size": kept.size,
        "type": kept.media_type,
    }


def decide(*, actor: Actor, now: datetime, version: Version, approve: bool, words: str) -> Version:
    """Let a version out, or refuse it; never by who asked for it.

    Raises:
        ForbiddenError: The actor asked for it.
        ConflictError: It does not wait for a decision, or too few pupils look alike in it.
        InvalidInputError: Refused without a word.
    """
    row = Version.objects.select_for_update().get(pk=version.pk)
    if row.requested_by_id == actor.person_id:
        raise ForbiddenError("申请人不能审批自己的版本，请由另一人审批。", code="corpus.same_person")
    if row.state != VersionState.WAITING:
        raise ConflictError("这个版本不在等待审批。", code="corpus.not_waiting")
    if not approve and not words.strip():
        raise InvalidInputError("请写明不同意的理由。", code="corpus.no_reason")
    if approve and not row.risk.get("reached"):
        raise ConflictError(
            "最小相同人数没有达到要求，请降低要求或增加学生后重新生成。", code="corpus.risk_too_high"
        )
    row.state = VersionState.PUBLISHED if approve else VersionState.REFUSED
    row.decided_by_id, row.decided_at, row.decision = actor.person_id, now, words.strip()[:300]
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    _audit(actor, Verb.APPROVE, row, now, {"approved": approve})
    told = "已批准发布" if approve else "没有获批"
    kernel.notify(
        person_ids=[row.requested_by_id],
        tenant_id=row.tenant_id,
        text=f"语料「{row.corpus.name}」第 {row.number} 版{told}",
        url=f"/data/versions/{row.uuid}/",
        key=f"version-{row.pk}-{row.state}",
        now=now,
    )
    return row


def mark_failed(*, version_id: int, message: str) -> None:
    """Say on the version's page that making it failed."""
    Version.objects.filter(pk=version_id).update(state=VersionState.FAILED, problem=message[:300])


def _audit(actor: Actor, verb: Verb, row: Version, now: datetime, detail: dict[str, object]) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        kind="corpus_version",
        object_id=row.pk,
        now=now,
        tenant_id=row.tenant_id,
        level=Level.PERSONAL,
        detail=detail,
    )
