"""The database's own wall: row-level security, composite keys and grants, put up after every migration.

Everything is derived from the models, so a new tenant table is walled in the moment it exists. Installing is
idempotent; ``tests/house`` compares the catalogue with what is expected here.

Traps this design avoids: ``SET`` (not ``LOCAL``) leaks to the next request on a pooled connection; table owners
bypass row security unless it is FORCEd; a plain foreign key accepts another tenant's row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from zhiwei.kernel.tenancy import TenantModel, tenant_models

APP_ROLE = "zhiwei_app"

FUNCTIONS = """
create or replace function zhiwei_everywhere() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('zhiwei.tenants', true), '') = '*' $$;
create or replace function zhiwei_tenants() returns bigint[] language sql stable parallel safe as
$$ select case when coalesce(current_setting('zhiwei.tenants', true), '') in ('', '*') then '{}'::bigint[]
   else string_to_array(current_setting('zhiwei.tenants', true), ',')::bigint[] end $$;
"""
REACHED = "((select zhiwei_everywhere()) or tenant_id = any ((select zhiwei_tenants())::bigint[]))"


@dataclass(frozen=True)
class CompositeKey:
    """A foreign key that takes the tenant along: ``table(tenant_id, column) → target(tenant_id, id)``."""

    table: str
    column: str
    target: str

    @property
    def name(self) -> str:
        """Constraint name, unique in the database and within 63 bytes."""
        return f"{self.table}_{self.column}_same_tenant"[-63:]


def composite_keys() -> Iterator[CompositeKey]:
    """Yield the composite foreign keys that must exist between tenant tables."""
    for model in tenant_models():
        crossing: frozenset[str] = getattr(model, "crosses_tenants", frozenset())
        for field in model._meta.local_fields:
            target = field.related_model
            if (
                not isinstance(field, models.ForeignKey)
                or field.name in crossing
                or not isinstance(target, type)
            ):
                continue
            if issubclass(target, TenantModel):
                yield CompositeKey(model._meta.db_table, field.column, target._meta.db_table)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the walls up (as the owner of the tables)."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        for statement in _grants():
            cursor.execute(statement)
        for model in tenant_models():
            for statement in _row_security(model):
                cursor.execute(statement)
        cursor.execute("select conname from pg_constraint")
        present = {row[0] for row in cursor.fetchall()}
        for statement in _keys(present):
            cursor.execute(statement)


def _grants() -> Iterator[str]:
    yield f"grant usage on schema public to {APP_ROLE}"
    yield f"grant select, insert, update, delete on all tables in schema public to {APP_ROLE}"
    yield f"grant usage, select, update on all sequences in schema public to {APP_ROLE}"
    yield f"grant execute on all functions in schema public to {APP_ROLE}"
    for model in tenant_models():
        if getattr(model, "append_only", False):
            yield f'revoke update, delete, truncate on "{model._meta.db_table}" from {APP_ROLE}'


def _row_security(model: type[TenantModel]) -> Iterator[str]:
    table = model._meta.db_table
    shared = getattr(model, "shared_when", "")
    readable = f"({REACHED} or ({shared}))" if shared else REACHED
    yield f'alter table "{table}" enable row level security'
    yield f'alter table "{table}" force row level security'
    for policy in ("zhiwei_read", "zhiwei_write"):
        yield f'drop policy if exists {policy} on "{table}"'
    yield f'create policy zhiwei_read on "{table}" for select using {readable}'
    yield f'create policy zhiwei_write on "{table}" for all using {REACHED} with check {REACHED}'


def _keys(present: set[str]) -> Iterator[str]:
    wanted = list(composite_keys())
    for table in sorted({key.target for key in wanted}):
        name = f"{table}_tenant_and_id"[-63:]
        if name not in present:
            yield f'alter table "{table}" add constraint "{name}" unique (tenant_id, id)'
    for key in wanted:
        if key.name not in present:
            yield (
                f'alter table "{key.table}" add constraint "{key.name}" foreign key (tenant_id, "{key.column}") '
                f'references "{key.target}" (tenant_id, id) deferrable initially deferred'
            )


def all_declared() -> list[type[models.Model]]:
    """Return every model of our own rooms, for the tests that ask each for its declaration."""
    return [model for model in apps.get_models() if model.__module__.startswith("zhiwei.")]
