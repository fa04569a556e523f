"""Taking a version away: a named person, a purpose, a time; a copy marked with their key; every download on record."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from zhiwei.data.models import Download, Grant, Version
from zhiwei.data.rules.shape import ANSWERS
from zhiwei.data.services.cards import described_files
from zhiwei.data.services.tables_out import parquet_from
from zhiwei.data.services.versions import MOST_BYTES
from zhiwei.data.values import VersionState
from zhiwei.engines import corpora as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, files, jobs, scope
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, FileRef, Verb

DAYS = (7, 30, 90, 365)
RECORDS = "answers.jsonl"
_REWRITTEN = frozenset({RECORDS, "answers.parquet"})


def grant_version(
    *, actor: Actor, now: datetime, version: Version, person_id: int, purpose: str, days: int
) -> Grant:
    """Let a named person of the same organisation take a version away, and plan their copy.

    Raises:
        ConflictError: The version is not published, or the person has a grant in force.
        InvalidInputError: No purpose, or a time not offered.
        NotFoundError: No such person here.
    """
    if version.state != VersionState.PUBLISHED:
        raise ConflictError("只有已发布的版本才能领取。", code="corpus.not_published")
    if not purpose.strip() or days not in DAYS:
        raise InvalidInputError("请写明用途，并选择期限。", code="corpus.no_purpose")
    if kernel.get_person(person_id).tenant_id != version.tenant_id:
        raise NotFoundError
    if version.grants.filter(person_id=person_id, revoked_at__isnull=True).exists():
        raise ConflictError("此人已有这个版本的授权。", code="corpus.granted_already")
    row = Grant.objects.create(
        tenant_id=version.tenant_id,
        version=version,
        person_id=person_id,
        purpose=purpose.strip()[:300],
        key=secrets.token_bytes(32),
        granted_by_id=actor.person_id,
        granted_at=now,
        expires_at=now + timedelta(days=days),
    )
    row.job_id = jobs.enqueue(
        "data.pack_version",
        tenant_id=row.tenant_id,
        key=f"grant-{row.pk}",
        now=now,
        arguments={"grant_id": row.pk},
        title=f"打包语料：{version.corpus.name} {version.number}"[:160],
        owner_id=actor.person_id or None,
    )
    row.save(update_fields=["job"])
    _audit(actor, Verb.CREATE, row, now)
    kernel.notify(
        person_ids=[person_id],
        tenant_id=row.tenant_id,
        text=f"您可以领取语料「{version.corpus.name}」第 {version.number} 版",
        url="/data/downloads/",
        key=f"grant-{row.pk}",
        now=now,
    )
    return row


def revoke_grant(*, actor: Actor, now: datetime, grant: Grant) -> None:
    """End a grant; what was taken stays on the list of holders."""
    if grant.revoked_at is None:
        grant.revoked_at, grant.blob = now, None
        grant.save(update_fields=["revoked_at", "blob"])
        _audit(actor, Verb.DELETE, grant, now)


def confirm_destroyed(*, actor: Actor, now: datetime, grant: Grant) -> None:
    """Write down that a holder has destroyed their copy."""
    if grant.destroyed_at is None:
        grant.destroyed_at = now
        grant.save(update_fields=["destroyed_at"])
        _audit(actor, Verb.UPDATE, grant, now)


def fingerprint(key: bytes) -> str:
    """Return the short sign of a key that stands in the copy."""
    return hashlib.sha256(b"corpus-grant:" + key).hexdigest()[:12]


def pack_version(*, grant_id: int, tenant_id: int, now: datetime) -> dict[str, int]:
    """Make one person's copy: the same records in the order that belongs to their key, all files in one archive."""
    with scope.entered([tenant_id]):
        grant = Grant.objects.select_related("version__corpus").filter(pk=grant_id).first()
        if grant is None:
            raise NotFoundError
        with tempfile.TemporaryDirectory(prefix="zhiwei-copy-") as place:
            folder = Path(place) / "files"
            folder.mkdir()
            _fetch(grant.version, folder)
            _reorder(folder / RECORDS, bytes(grant.key))
            parquet_from(folder / RECORDS, folder / "answers.parquet", ANSWERS)
            described_files(grant.version, folder, now, recipient=_recipient(grant))
            kept = _archive(grant, folder, Path(place) / "copy.zip", now)
        grant.blob_id = kept.id
        grant.save(update_fields=["blob"])
        return {"bytes": kept.size}


def take(*, actor: Actor, now: datetime, grant: Grant) -> FileRef:
    """Write down a download and return the copy to send.

    Raises:
        ConflictError: Expired, revoked, not packed yet, or the version is closed.
        NotFoundError: The grant is another person's.
    """
    if grant.person_id != actor.person_id:
        raise NotFoundError
    if grant.revoked_at or grant.expires_at <= now:
        raise ConflictError("授权已到期或撤销，请向数据专员申请。", code="corpus.grant_over")
    if grant.version.state != VersionState.PUBLISHED:
        raise ConflictError("这个版本已停止领取，请领取新的版本。", code="corpus.version_closed")
    if grant.blob_id is None:
        raise ConflictError("数据包还在生成，请稍后再试。", code="corpus.not_packed")
    kept = files.describe(grant.blob_id)
    Download.objects.create(
        tenant_id=grant.tenant_id, grant=grant, at=now, sha256=kept.sha256, size=kept.size
    )
    _audit(actor, Verb.EXPORT, grant, now, {"sha256": kept.sha256})
    return kept


def _fetch(version: Version, folder: Path) -> None:
    for one in version.files:
        if one["path"] not in _REWRITTEN or one["path"] == RECORDS:
            with (folder / one["path"]).open("wb") as out:
                for piece in files.chunks(one["blob"]):
                    out.write(piece)


def _reorder(records: Path, key: bytes) -> None:
    """Put the lines into the order of a key; memory holds ids and places, not lines."""
    ids, starts = [], []
    with records.open("rb") as source:
        at = 0
        for line in source:
            starts.append((at, len(line)))
            ids.append(_id_of(line))
            at += len(line)
    target = records.with_suffix(".ordered")
    with records.open("rb") as source, target.open("wb") as out:
        for place in engine.marked_order(ids, key):
            at, size = starts[place]
            source.seek(at)
            out.write(source.read(size))
    target.replace(records)


def _id_of(line: bytes) -> str:
    """Canonical lines begin with ``{"answer_id":"…"``, since keys are sorted."""
    return line[14:31].decode("ascii")


def _recipient(grant: Grant) -> str:
    person = kernel.get_person(grant.person_id)
    version = grant.version
    return (
        f"领取人 Recipient: {person.name} ({person.number})\n"
        f"语料 Corpus: {version.corpus.name} v{version.number}\n"
        f"用途 Purpose: {grant.purpose}\n"
        f"期限 Until: {grant.expires_at.date().isoformat()}\n"
        f"密钥标记 Key: {fingerprint(bytes(grant.key))}\n"
        f"内容摘要 Content hash: {version.content_hash}\n\n"
        "这份数据带有领取人的标记，转授可被追查。到期或收到撤回通知后请销毁。\n"
        "This copy is marked with its recipient's key. Destroy it when it expires or is recalled.\n"
    )


def _archive(grant: Grant, folder: Path, target: Path, now: datetime) -> FileRef:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for path in sorted(folder.iterdir()):
            stored = path.suffix in {".zip", ".parquet"}
            out.write(path, path.name, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    name = f"corpus-{grant.version.corpus_id}-v{grant.version.number}.zip"
    with target.open("rb") as content:
        return files.store(content, tenant_id=grant.tenant_id, now=now, max_bytes=MOST_BYTES, name=name)


def _audit(
    actor: Actor, verb: Verb, row: Grant, now: datetime, detail: dict[str, object] | None = None
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        kind="corpus_grant",
        object_id=row.pk,
        about_id=row.person_id,
        now=now,
        tenant_id=row.tenant_id,
        detail={"version": row.version_id, **(detail or {})},
    )


def traced(version: Version, ids: Sequence[str]) -> list[tuple[Grant, float, float]]:
    """Tell by the order of leaked ids whose copy it was: grants with Kendall's tau and p, the likeliest first.

    Raises:
        InvalidInputError: Too few ids.
    """
    grants = {str(one.pk): one for one in version.grants.select_related("person")}
    try:
        found = engine.trace(ids, {name: bytes(one.key) for name, one in grants.items()})
    except ValueError as error:
        raise InvalidInputError(
            "至少要 12 个条目号，按文件中的次序。", code="corpus.trace_too_few"
        ) from error
    return [(grants[name], tau, p) for name, tau, p in found]
