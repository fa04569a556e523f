"""Changing keys: the master key (all wrapped anew), a school's data key (all encrypted anew), shredding a school."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from zhiwei.kernel import audit, files, jobs, keys, scope, sealed, store
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import Blob, Organisation, PlatformKey, TenantKey
from zhiwei.kernel.sealed import SealedField
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Actor, Verb

REENCRYPT = "kernel.reencrypt"
PIECE = 500
LATE = timedelta(minutes=2)
"""Other processes may write with the older version for a minute: a second pass takes that along."""
REST = timedelta(minutes=10)
"""Older versions stay at least so long after a change."""


@dataclass(frozen=True, slots=True)
class KeyState:
    """How one tenant's keys stand.

    Attributes:
        behind: Rows and files still under an older version than the newest.
        foreign: Keys not wrapped by the current master key.
    """

    tenant_id: int
    name: str
    versions: tuple[int, ...]
    newest_at: datetime
    behind: int
    foreign: int
    shredded: bool


def wrap_anew(*, actor: Actor, now: datetime) -> int:
    """Wrap every key with the current master key, in one transaction; returns how many changed.

    Effects:
        One audit row for each tenant whose keys changed.

    Raises:
        WrongMasterKeyError: A key opens with none of the master keys at hand; nothing is changed.
    """
    mark = keys.fingerprint(keys.masters()[0])
    changed = 0
    with scope.everywhere("wrap keys anew"):
        for platform in PlatformKey.objects.select_for_update().exclude(wrapped_by=mark):
            changed += _wrap_one(platform, keys.bound(0, platform.purpose, platform.version), mark)
        touched = set()
        for row in TenantKey.objects.select_for_update().exclude(wrapped_by=mark).exclude(wrapped=b""):
            changed += _wrap_one(row, keys.bound(row.tenant_id, row.purpose, row.version), mark)
            touched.add(row.tenant_id)
        for tenant_id in sorted(touched):
            _told(actor, now, tenant_id, Verb.UPDATE, {"master": mark})
    return changed


def rotate(*, actor: Actor, now: datetime, tenant_id: int) -> int:
    """Give a tenant a new data key: new writes take it at once, a job encrypts anew what is there.

    Returns:
        The new version.

    Effects:
        One audit row; the job ``kernel.reencrypt``.

    Raises:
        NotFoundError: The tenant's keys were shredded.
    """
    with scope.entered([tenant_id]):
        keys.data_key(tenant_id, now)
        newest = _data_keys(tenant_id).select_for_update().order_by("-version")[0]
        version = newest.version + 1
        TenantKey.objects.create(
            tenant_id=tenant_id, purpose=keys.DATA, version=version, created_at=now,
            wrapped=keys.wrap(keys.fresh(), keys.bound(tenant_id, keys.DATA, version)),
            wrapped_by=keys.fingerprint(keys.masters()[0]),
        )  # fmt: skip
        keys.forget(tenant_id)
        _told(actor, now, tenant_id, Verb.UPDATE, {"version": version})
        for key, at in ((f"v{version}", now), (f"v{version} again", now + LATE)):
            jobs.enqueue(REENCRYPT, tenant_id=tenant_id, key=key, now=now, at=at, title="用新密钥重新加密")
    return version


def reencrypt(*, tenant_id: int, progress: Callable[[int, int, str], None]) -> dict[str, int]:
    """Encrypt anew, in small steps, what lies under older versions; may be run again at any time."""
    keys.forget(tenant_id)
    rows = contents = 0
    for model in sealed_models():
        while done := _reencrypt_rows(model, tenant_id):
            rows += done
            progress(rows, 0, model._meta.label)
    while done := _reencrypt_files(tenant_id):
        contents += done
        progress(rows + contents, 0, "files")
    others = 0
    for keeper in sealed.keepers():
        while done := _renew(keeper, tenant_id):
            others += done
            progress(rows + contents + others, 0, keeper.name)
    return {"rows": rows, "files": contents, "others": others}


def retire(*, now: datetime) -> int:
    """Remove older data keys that nothing lies under any more; returns how many."""
    gone = 0
    for state in states():
        if state.shredded or state.behind or len(state.versions) < 2 or state.newest_at > now - REST:
            continue
        with scope.entered([state.tenant_id]):
            gone += _data_keys(state.tenant_id).filter(version__lt=max(state.versions)).delete()[0]
    return gone


def wrapped_otherwise() -> bool:
    """Tell whether any key is still wrapped by another master key than the current one."""
    mark = keys.fingerprint(keys.masters()[0])
    with scope.everywhere("look at the keys"):
        tenants = TenantKey.objects.exclude(wrapped_by=mark).exclude(wrapped=b"")
        return tenants.exists() or PlatformKey.objects.exclude(wrapped_by=mark).exists()


def shred(*, actor: Actor, now: datetime, tenant_id: int, confirmed_name: str, contents: bool = False) -> int:
    """Destroy all keys of a tenant: its files and sealed fields are unreadable for good; the audit trail stays.

    Args:
        confirmed_name: The organisation's name, typed by whoever does this.
        contents: Delete the encrypted files as well.

    Returns:
        How many keys were destroyed.

    Raises:
        InvalidInputError: The name is another.
        ConflictError: Shredded already.
    """
    with scope.entered([tenant_id]):
        name = Organisation.objects.values_list("name", flat=True).get(pk=tenant_id)
        if confirmed_name != name:
            raise InvalidInputError("请输入该单位的全名以确认。", code="keys.confirm")
        rows = TenantKey.objects.select_for_update().filter(tenant_id=tenant_id)
        if rows.exists() and not rows.exclude(wrapped=b"").exists():
            raise ConflictError("该单位的密钥此前已销毁。", code="keys.shredded")
        for purpose in (keys.DATA, keys.INDEX):
            TenantKey.objects.get_or_create(
                tenant_id=tenant_id, purpose=purpose, version=1, defaults={"wrapped": b"", "created_at": now}
            )
        count = rows.update(wrapped=b"", wrapped_by="")
        keys.forget(tenant_id)
        _told(actor, now, tenant_id, Verb.DELETE, {"keys": count})
    if contents:
        for where, digest, _size in store.store().inventory():
            if where == tenant_id:
                store.store().delete(where, digest)
    return count


def states() -> Iterator[KeyState]:
    """Yield how the keys of each tenant stand."""
    mark = keys.fingerprint(keys.masters()[0])
    with scope.everywhere("look at the keys"):
        tenants = list(TenantKey.objects.order_by().values_list("tenant_id", flat=True).distinct())
        names = dict(Organisation.objects.filter(pk__in=tenants).values_list("pk", "name"))
        for tenant_id in sorted(tenants):
            rows = list(_data_keys(tenant_id).order_by("version"))
            shredded = all(not row.wrapped for row in rows)
            newest = rows[-1] if rows else None
            yield KeyState(
                tenant_id, names[tenant_id], tuple(row.version for row in rows),
                newest.created_at if newest else datetime.min.replace(tzinfo=UTC),
                0 if shredded or newest is None else _behind(tenant_id, newest.version),
                sum(1 for row in rows if row.wrapped and row.wrapped_by != mark), shredded,
            )  # fmt: skip


def sealed_models() -> list[type[TenantModel]]:
    """Return the tenant tables that have sealed fields."""
    found = [model for model in apps.get_models() if issubclass(model, TenantModel) and sealed_of(model)]
    return sorted(found, key=lambda model: model._meta.label)


def sealed_of(model: type[models.Model]) -> list[SealedField]:
    """Return the sealed fields of a table."""
    return [field for field in model._meta.local_fields if isinstance(field, SealedField)]


def _wrap_one(row: TenantKey | PlatformKey, context: str, mark: str) -> int:
    row.wrapped = keys.wrap(keys.unwrap(bytes(row.wrapped), context), context)
    row.wrapped_by = mark
    row.save(update_fields=["wrapped", "wrapped_by"])
    return 1


def _data_keys(tenant_id: int) -> models.QuerySet[TenantKey]:
    return TenantKey.objects.filter(tenant_id=tenant_id, purpose=keys.DATA)


def _behind(tenant_id: int, version: int) -> int:
    rows = sum(len(_ids_behind(model, tenant_id, version, 1_000_000)) for model in sealed_models())
    for model in _versioned_models():
        older: dict[str, Any] = {"key_version__lt": version, "key_version__gt": 0}
        gone: dict[str, Any] = {"media_type": files.DESTROYED} if model is Blob else {"pk__in": []}
        rows += model.objects.filter(tenant_id=tenant_id, **older).exclude(**gone).count()
    return rows + sum(keeper.behind(tenant_id, version) for keeper in sealed.keepers())


def _versioned_models() -> list[type[TenantModel]]:
    """Return the tables that say under which version a row lies: nobody's key is retired under them."""
    found = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    return [
        model for model in found if any(field.name == "key_version" for field in model._meta.local_fields)
    ]


def _ids_behind(model: type[TenantModel], tenant_id: int, version: int, most: int) -> list[int]:
    """Return the rows where any sealed column begins with an older version (bytes 2–5)."""
    older = [
        sql.SQL("substring({} from 2 for 4) < %(mark)s").format(sql.Identifier(field.column))
        for field in sealed_of(model)
    ]
    query = sql.SQL("select id from {} where tenant_id = %(tenant)s and ({}) order by id limit %(most)s")
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(sql.Identifier(model._meta.db_table), sql.SQL(" or ").join(older)),
            {"tenant": tenant_id, "mark": version.to_bytes(4, "big"), "most": most},
        )
        return [row[0] for row in cursor.fetchall()]


def _reencrypt_rows(model: type[TenantModel], tenant_id: int) -> int:
    with scope.entered([tenant_id]):
        version = keys.newest_key(tenant_id)[1]
        ids = _ids_behind(model, tenant_id, version, PIECE)
        rows = list(model.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        model.objects.bulk_update(rows, [field.name for field in sealed_of(model)])
    return len(rows)


def _reencrypt_files(tenant_id: int) -> int:
    with scope.entered([tenant_id]):
        version = keys.newest_key(tenant_id)[1]
        old = Blob.objects.filter(tenant_id=tenant_id, key_version__lt=version)
        ids = list(old.exclude(media_type=files.DESTROYED).values_list("pk", flat=True)[:20])
        for blob_id in ids:
            files.encrypt_anew(blob_id)
    return len(ids)


def _renew(keeper: sealed.Keeper, tenant_id: int) -> int:
    with scope.entered([tenant_id]):
        return keeper.renew(tenant_id, keys.newest_key(tenant_id)[1])


def _told(actor: Actor, now: datetime, tenant_id: int, verb: Verb, detail: dict[str, object]) -> None:
    audit.record(
        actor=actor, verb=verb, kind="key", now=now, tenant_id=tenant_id, object_id=tenant_id, detail=detail
    )
