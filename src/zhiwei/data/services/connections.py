"""Connections to databases: kept with a sealed password, looked at in the background, dropped when unused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiwei.data.adapters import postgres
from zhiwei.data.adapters.reaching import Target, address_of, checked_name, file_of
from zhiwei.data.errors import SourceInputError
from zhiwei.data.models import Connection
from zhiwei.data.services.opening import tables_of
from zhiwei.engines.intake import IntakeError
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, jobs, scope
from zhiwei.kernel.errors import ConflictError
from zhiwei.kernel.values import Actor, Level, Verb

KINDS = ("postgresql", "sqlite")
TLS = postgres.TLS
DatabasePlace = Target


@dataclass(frozen=True, slots=True)
class ConnectionSpec:
    """A connection as filled in."""

    name: str
    target: Target


def create_connection(*, actor: Actor, now: datetime, spec: ConnectionSpec) -> Connection:
    """Keep a connection and look at it in the background.

    Raises:
        SourceInputError: A part is wrong, or the operator does not allow the place.
        NotFoundError: The actor may not keep connections.
    """
    name, target = spec.name.strip(), spec.target
    if not 0 < len(name) <= 60:
        raise SourceInputError("name", "必填，最多 60 字。")
    _check(target)
    place = kernel.place_for(actor, actor.tenant_id, verb=Verb.CREATE, kind="data_source")
    row = Connection(
        tenant_id=place.id,
        name=name,
        kind=target.kind,
        host=target.host,
        port=target.port,
        database=target.database,
        username=target.username,
        tls=target.tls,
        created_by_id=actor.person_id or None,
        created_at=now,
    )
    row.secret = target.secret
    row.save()
    _written(actor, now, row, Verb.CREATE)
    look_at(actor=actor, now=now, connection=row)
    return row


def look_at(*, actor: Actor, now: datetime, connection: Connection) -> None:
    """List the connection's tables in the background."""
    connection.job_id = jobs.enqueue(
        "data.look_at_connection",
        tenant_id=connection.tenant_id,
        key=f"connection-{connection.pk}",
        now=now,
        arguments={"connection_id": connection.pk},
        title=f"查看数据库：{connection.name}"[:160],
        owner_id=actor.person_id or None,
    )
    connection.save(update_fields=["job"])


def list_tables(*, connection_id: int, tenant_id: int, now: datetime) -> dict[str, int]:
    """Write down which tables a connection may read, or why it cannot be used."""
    with scope.entered([tenant_id]):
        row = Connection.objects.get(pk=connection_id)
        str(row.secret)
    found, problem = list[str](), ""
    try:
        found = tables_of(row)
    except SourceInputError as error:
        problem = error.message
    except IntakeError as error:
        problem = str(error)
    with scope.entered([tenant_id]):
        Connection.objects.filter(pk=connection_id).update(tables=found, problem=problem, checked_at=now)
    return {"tables": len(found)}


def drop_connection(*, actor: Actor, now: datetime, connection: Connection) -> None:
    """Drop a connection that no source uses.

    Raises:
        ConflictError: A source still uses it.
    """
    if connection.sources.exists():
        raise ConflictError("还有数据从这个连接接入，不能删除。", code="connection.in_use")
    _written(actor, now, connection, Verb.DELETE)
    connection.delete()


def _check(target: Target) -> None:
    if target.kind not in KINDS:
        raise SourceInputError("kind", "请选择表中的一项。")
    if target.kind == "sqlite":
        file_of(target)
        return
    if target.tls not in postgres.TLS:
        raise SourceInputError("tls", "请选择表中的一项。")
    checked_name(target.database, "database")
    checked_name(target.username, "username")
    if not target.secret or len(target.secret) > 200 or "\0" in target.secret:
        raise SourceInputError("secret", "必填，最多 200 字。")
    address_of(target)


def _written(actor: Actor, now: datetime, row: Connection, verb: Verb) -> None:
    audit.record(
        actor=actor, verb=verb, kind="data_connection", object_id=row.pk, now=now, tenant_id=row.tenant_id,
        level=Level.SENSITIVE, detail={"kind": row.kind, "host": row.host, "port": row.port},
    )  # fmt: skip
