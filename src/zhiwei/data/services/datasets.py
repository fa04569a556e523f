"""Datasets that quality is asked of: sources as last brought in, and the house's own tables, laid out as Parquet.

A house table is read through its own manager in the tenant's scope; fields of level 4, bytes and JSON stay where they
are. The row number of a house table is the row's own id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.db import models

from zhiwei.data.models import Intake, Source
from zhiwei.data.queries.catalogue import fields_of as declared_fields
from zhiwei.data.services.opening import fetched
from zhiwei.data.services.sources import fields_of
from zhiwei.data.values import CatalogueField, IntakeState
from zhiwei.engines import intake as engine
from zhiwei.engines.quality import Table
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.tenancy import TenantModel, tenant_models
from zhiwei.kernel.values import Actor, Level

PIECE = 100_000
_KINDS: tuple[tuple[type[models.Field], engine.Kind], ...] = (  # type: ignore[type-arg]
    (models.DateTimeField, engine.Kind.TIME),
    (models.DateField, engine.Kind.DATE),
    (models.FloatField, engine.Kind.NUMBER),
    (models.DecimalField, engine.Kind.NUMBER),
    (models.IntegerField, engine.Kind.INTEGER),
    (models.AutoField, engine.Kind.INTEGER),
    (models.ForeignKey, engine.Kind.INTEGER),
    (models.BooleanField, engine.Kind.TEXT),
    (models.CharField, engine.Kind.TEXT),
    (models.TextField, engine.Kind.TEXT),
    (models.UUIDField, engine.Kind.TEXT),
)


@dataclass(frozen=True, slots=True)
class DatasetColumn:
    """A column with its meaning and level."""

    name: str
    meaning: str
    level: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """Something that quality is asked of: ``source:UUID`` or ``table:room.Table``."""

    key: str
    name: str
    columns: tuple[DatasetColumn, ...]
    source: Source | None = None

    def tenant_of(self, actor: Actor) -> int:
        """Return whose rules and runs these are: the source's place; of a house table the actor's own."""
        return actor.tenant_id if self.source is None else self.source.tenant_id

    @property
    def meanings(self) -> dict[str, str]:
        """What each column means: of a source its own field names, which people gave."""
        return {} if self.source is not None else {one.name: one.meaning for one in self.columns}

    def level_of(self, column: str) -> int:
        """Return a column's level; unknown ones count as sensitive."""
        return next((one.level for one in self.columns if one.name == column), int(Level.SENSITIVE))


def dataset(key: str) -> Dataset:
    """Return a dataset in scope.

    Raises:
        NotFoundError: There is none of that key.
    """
    kind, _colon, name = key.partition(":")
    if kind == "table":
        return _table(name)
    row = Source.objects.filter(uuid=name).first() if kind == "source" and len(name) == 36 else None
    if row is None:
        raise NotFoundError
    columns = tuple(
        DatasetColumn(one.name, one.element or one.name, one.level) for one in fields_of(row.fields)
    )
    return Dataset(key, row.name, columns, row)


def meanings_of(key: str) -> dict[str, str]:
    """Return what a dataset's columns mean; nothing when it is gone."""
    try:
        return dataset(key).meanings
    except NotFoundError:
        return {}


def house_tables() -> list[tuple[str, str]]:
    """Return the house's tables that can be asked, as ``(key, meaning)`` by meaning."""
    rows = [(f"table:{one._meta.label}", one.declaration.meaning) for one in tenant_models()]
    return sorted(rows, key=lambda row: row[1])


def lay_out(found: Dataset, folder: Path) -> tuple[Table, Intake | None]:
    """Write a dataset to a private folder (in its tenant's scope); returns it with the bringing-in it is from."""
    if found.source is None:
        return _lay_out_table(found, folder), None
    row = latest_intake(found.source)
    return (Table(()) if row is None else lay_out_intake(row, folder)), row


def lay_out_intake(row: Intake, folder: Path) -> Table:
    """Write one bringing-in to a private folder."""
    parts = row.parts.filter(accepted_file__isnull=False).order_by("number")
    return Table(
        tuple(
            fetched(one.accepted_file_id or 0, folder, f"{row.pk}-{one.number:06d}.parquet") for one in parts
        )
    )


def latest_intake(source: Source) -> Intake | None:
    """Return the last bringing-in that came to its end."""
    return source.intakes.filter(state=IntakeState.DONE).order_by("number").last()


def _model(label: str) -> type[TenantModel]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise NotFoundError from error
    if not issubclass(model, TenantModel):
        raise NotFoundError
    return model


def _table(label: str) -> Dataset:
    model = _model(label)
    columns = tuple(
        DatasetColumn(one.name, one.meaning, int(one.level))
        for one in declared_fields(model)
        if _asked(model, one)
    )
    return Dataset(f"table:{model._meta.label}", model.declaration.meaning, columns)


def _asked(model: type[TenantModel], line: CatalogueField) -> bool:
    field = model._meta.get_field(line.name)
    return line.level < Level.SENSITIVE and isinstance(field, tuple(one for one, _kind in _KINDS))


def _lay_out_table(found: Dataset, folder: Path) -> Table:
    model = _model(found.key.partition(":")[2])
    names = [one.name for one in found.columns]
    fields = [
        engine.Field(place, name, _kind(model, name), longest=1_000_000) for place, name in enumerate(names)
    ]
    rows = _rows(model, names)
    columns = [engine.RawColumn(one) for one in names]
    made = engine.convert(rows, columns, fields, work=folder, name=model.__name__)
    return Table((made.accepted_file,))


def _rows(model: type[TenantModel], names: list[str]) -> Iterator[engine.Row]:
    for pk, *cells in model.objects.order_by("pk").values_list("pk", *names).iterator(chunk_size=2_000):
        yield pk, [_cell(one) for one in cells]


def _kind(model: type[TenantModel], name: str) -> engine.Kind:
    field = model._meta.get_field(name)
    return next(kind for one, kind in _KINDS if isinstance(field, one))


def _cell(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return str(value)[:1000]
