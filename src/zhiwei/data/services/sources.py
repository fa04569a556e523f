"""Sources: hand in a file or name a table, say what its columns are, bring it in now and by schedule, drop it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from zhiwei.data.errors import SourceInputError
from zhiwei.data.models import Connection, Intake, QualityRule, Source
from zhiwei.data.services.opening import MEDIA
from zhiwei.data.values import RETENTIONS, SCHEDULES, IntakeState, Origin, SourceField, SourceState
from zhiwei.engines import intake as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, files, jobs
from zhiwei.kernel.errors import ConflictError
from zhiwei.kernel.tenancy import tenant_models
from zhiwei.kernel.values import Actor, FileRef, Verb

MAX_BYTES = engine.Limits().file_bytes
_EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7), "monthly": timedelta(days=30)}


@dataclass(frozen=True, slots=True)
class MappingSpec:
    """What a person said of a source's columns, and how it is kept."""

    fields: Sequence[SourceField]
    retention: str
    schedule: str = ""
    owner_id: int = 0


def hand_in(*, actor: Actor, now: datetime, name: str, content: BinaryIO, file_name: str) -> Source:
    """Keep a file as a new source and read its head in the background.

    Raises:
        SourceInputError: The name is empty, too long or taken.
        InvalidInputError: The file is empty, too large or of another kind; nothing is kept.
        NotFoundError: The actor may not bring data in.
    """
    place = kernel.place_for(actor, actor.tenant_id, verb=Verb.IMPORT, kind="data_source")
    kept = _kept(content, place.id, now, file_name)
    row = _made(actor, now, name, place.id, origin=Origin.FILE, file_id=kept.id, file_name=file_name[:160])
    read_head(actor=actor, now=now, source=row)
    return row


def take_from(*, actor: Actor, now: datetime, name: str, connection: Connection, table: str) -> Source:
    """Keep a table of a connection as a new source and read its head in the background.

    Raises:
        SourceInputError: The name is wrong or taken, or the connection has no such table.
    """
    if table not in connection.tables:
        raise SourceInputError("table", "请选择表中的一项。")
    place = kernel.place_for(actor, actor.tenant_id, verb=Verb.IMPORT, kind="data_source")
    row = _made(actor, now, name, place.id, origin=Origin.DATABASE, connection=connection, table=table)
    read_head(actor=actor, now=now, source=row)
    return row


def read_head(*, actor: Actor, now: datetime, source: Source, table: str = "") -> None:
    """Read the head of a source (again, of another sheet)."""
    if table:
        source.table = table[:130]
    source.state, source.problem = SourceState.READING, ""
    source.job_id = _plan("data.read_head", source, actor, now, f"读取数据开头：{source.name}")
    source.save(update_fields=["state", "problem", "job", "table"])


def save_mapping(*, actor: Actor, now: datetime, source: Source, spec: MappingSpec) -> None:
    """Keep what the columns are; from now on the source can be brought in and stands in the catalogue.

    Raises:
        SourceInputError: Fields that cannot be together, an unknown retention or schedule, no owner.
        ConflictError: Its head was not read yet.
    """
    if source.state not in {SourceState.DRAFT, SourceState.READY}:
        raise ConflictError("还没有读出这份数据的列。", code="source.not_read")
    _check(source, spec)
    owner = kernel.get_person(spec.owner_id or actor.person_id)
    if owner.tenant_id != source.tenant_id:
        raise SourceInputError("owner", "责任人应是本单位的人。")
    source.fields = [asdict(one) for one in spec.fields]
    source.level = max(one.level for one in spec.fields)
    source.retention, source.owner_id, source.state = spec.retention, owner.id, SourceState.READY
    source.schedule, source.next_at = spec.schedule, next_time(spec.schedule, now)
    source.scheduled_by_id, source.scheduled_account = actor.person_id or None, actor.account_id
    source.save()
    detail = {"fields": len(spec.fields), "level": source.level}
    _written(actor, now, source, Verb.UPDATE, detail)


def plan_intake(*, actor: Actor, now: datetime, source: Source) -> Intake:
    """Bring a source in.

    Raises:
        ConflictError: Its columns are not settled, or it is being brought in.
    """
    if source.state != SourceState.READY:
        raise ConflictError("请先确认每一列是什么。", code="source.not_ready")
    if source.intakes.filter(state=IntakeState.RUNNING).exists():
        raise ConflictError("正在接入，请等它结束。", code="source.busy")
    number = source.intakes.count() + 1
    row = Intake.objects.create(
        tenant_id=source.tenant_id,
        source=source,
        number=number,
        origin=origin_of(source),
        file_id=source.file_id,
        columns=source.columns,
        fields=source.fields,
        by_id=actor.person_id or None,
        started_at=now,
    )
    row.job_id = _plan("data.take_in", source, actor, now, f"接入数据：{source.name}", intake_id=row.pk)
    row.save(update_fields=["job"])
    _written(actor, now, source, Verb.IMPORT, {"intake": number})
    return row


def hand_in_again(
    *, actor: Actor, now: datetime, source: Source, content: BinaryIO, file_name: str
) -> Intake:
    """Bring in a newer file with the same columns.

    Raises:
        ConflictError: The source is a database's, or not ready.
    """
    if source.origin != Origin.FILE:
        raise ConflictError("这份数据来自数据库。", code="source.not_a_file")
    source.file_id = _kept(content, source.tenant_id, now, file_name).id
    source.file_name = file_name[:160]
    source.save(update_fields=["file", "file_name"])
    return plan_intake(actor=actor, now=now, source=source)


def drop_source(*, actor: Actor, now: datetime, source: Source) -> None:
    """Drop a source with everything brought in from it; files that nothing else names are destroyed."""
    _written(actor, now, source, Verb.DELETE, {"intakes": source.intakes.count()})
    blobs = {source.file_id, source.sample_id}
    for row in source.intakes.all():
        blobs |= blobs_of(row)
    QualityRule.objects.filter(dataset=f"source:{source.uuid}").delete()
    source.delete()
    destroy_unnamed(blobs)


def blobs_of(intake: Intake) -> set[int | None]:
    """Return the files of one bringing-in: what was handed in, its pieces, what checks of it found."""
    pairs = intake.parts.values_list("accepted_file_id", "rejected_file_id")
    runs = intake.runs.values_list("failing_file_id", flat=True)
    return {intake.file_id, *runs, *(one for pair in pairs for one in pair)}


def destroy_unnamed(blob_ids: Iterable[int | None]) -> None:
    """Destroy the contents among these that no row of any table names any more."""
    naming = [
        (model, field.name)
        for model in tenant_models()
        for field in model._meta.local_fields
        if getattr(field.related_model, "__name__", "") == "Blob"
    ]
    for blob_id in {one for one in blob_ids if one}:
        if not any(model.objects.filter(**{field: blob_id}).exists() for model, field in naming):
            files.destroy(blob_id)


def origin_of(source: Source) -> str:
    """Return in words where a source is: its file, or host, database and table."""
    if source.connection is None:
        return f"{source.file_name}{f' · {source.table}' if source.table else ''}"[:300]
    there = source.connection
    return f"{there.kind}://{there.host}{f':{there.port}' if there.port else ''}/{there.database} {source.table}"[
        :300
    ]


def fields_of(rows: Sequence[Mapping[str, object]]) -> list[SourceField]:
    """Return the fields a source or an intake keeps."""
    return [SourceField(**row) for row in rows]  # type: ignore[arg-type]


def _check(source: Source, spec: MappingSpec) -> None:
    try:
        engine.check_fields(engine_fields(spec.fields), len(source.columns))
    except engine.IntakeError as error:
        raise SourceInputError(error.field, str(error)) from error
    if spec.retention not in RETENTIONS:
        raise SourceInputError("retention", "请选择表中的一项。")
    if spec.schedule not in SCHEDULES or (spec.schedule and source.origin == Origin.FILE):
        raise SourceInputError("schedule", "只有来自数据库的数据能按时接入。")
    if any(not 1 <= one.level <= 4 for one in spec.fields):
        raise SourceInputError("level", "级别是 1 至 4。")


def engine_fields(fields: Sequence[SourceField], *, serial: bool = False) -> list[engine.Field]:
    """Return the fields as the engine wants them."""
    try:
        return [
            engine.Field(
                one.place,
                one.name,
                engine.Kind(one.kind),
                one.required,
                engine.code_list(one.codes),
                serial=serial,
            )
            for one in fields
        ]
    except ValueError as error:
        raise SourceInputError("kind", "请选择表中的一项。") from error


def next_time(schedule: str, now: datetime) -> datetime | None:
    """Return when a scheduled source is due again."""
    return now + _EVERY[schedule] if schedule else None


def _made(actor: Actor, now: datetime, name: str, tenant_id: int, **where: object) -> Source:
    plain = name.strip()
    if not 0 < len(plain) <= 60:
        raise SourceInputError("name", "必填，最多 60 字。")
    if Source.objects.filter(tenant_id=tenant_id, name=plain).exists():
        raise SourceInputError("name", "已有同名的数据。")
    person = actor.person_id or None
    row = Source.objects.create(
        tenant_id=tenant_id, name=plain, owner_id=person, created_by_id=person, created_at=now, **where
    )
    _written(actor, now, row, Verb.CREATE, {})
    return row


def _kept(content: BinaryIO, tenant_id: int, now: datetime, name: str) -> FileRef:
    return files.store(
        content, tenant_id=tenant_id, now=now, max_bytes=MAX_BYTES, media_types=MEDIA, name=name[:160]
    )


def _plan(task: str, source: Source, actor: Actor, now: datetime, title: str, **more: int) -> int:
    return jobs.enqueue(
        task,
        tenant_id=source.tenant_id,
        key=f"source-{source.pk}",
        now=now,
        arguments={
            "source_id": source.pk, "account_id": actor.account_id, "person_id": actor.person_id, **more
        },
        title=title[:160],
        owner_id=actor.person_id or None,
    )  # fmt: skip


def _written(actor: Actor, now: datetime, row: Source, verb: Verb, detail: Mapping[str, object]) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        kind="data_source",
        object_id=row.pk,
        now=now,
        tenant_id=row.tenant_id,
        detail=detail,
    )
