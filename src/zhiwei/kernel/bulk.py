"""Many rows in one statement with one parameter.

Django's ``bulk_create`` writes a placeholder for every value; the driver then has to read a text of megabytes. Here
the rows travel as one JSON document that PostgreSQL takes apart itself: for wide rows several times quicker.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def insert_rows(rows: Sequence[Row], *, unique: Sequence[str] = (), update: Sequence[str] = ()) -> list[Row]:
    """Insert rows of one table and give them their ids; the walls and checks of the table hold as ever.

    Args:
        rows: Not saved yet (their keys are given by the database), all of one model and no two the same.
        unique: Fields of a unique constraint; where such a row is there already, ``update`` is written to it.
        update: Fields to write then.

    Returns:
        The same rows with their ids.
    """
    if not rows:
        return []
    model = type(rows[0])
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    quote = connection.ops.quote_name
    names = ", ".join(quote(one.column or "") for one in fields)
    types = ", ".join(f"{quote(one.column or '')} {one.db_type(connection)}" for one in fields)
    document = json.dumps([_values(row, fields) for row in rows], cls=DjangoJSONEncoder, ensure_ascii=False)
    statement = (
        f"insert into {quote(model._meta.db_table)} ({names}) select {names} from rows from "  # noqa: S608 - names only
        f"(jsonb_to_recordset(%s::jsonb) as ({types})) with ordinality order by ordinality "
        f"{_on_conflict(model, unique, update)} returning id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [document])
        for row, (made,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = made
            row._state.adding = False
            row._state.db = connection.alias
    return list(rows)


def _on_conflict(model: type[models.Model], unique: Sequence[str], update: Sequence[str]) -> str:
    if not unique:
        return ""
    columns = {one.name: connection.ops.quote_name(one.column or "") for one in model._meta.concrete_fields}
    keys, changed = [columns[one] for one in unique], [columns[one] for one in update]
    return f"on conflict ({', '.join(keys)}) do update set {', '.join(f'{one} = excluded.{one}' for one in changed)}"


def _values(row: models.Model, fields: Sequence[models.Field[object, object]]) -> dict[str, object]:
    return {one.column or "": _plain(one, one.pre_save(row, True)) for one in fields}


def _plain(field: models.Field[object, object], value: object) -> object:
    """A value as JSON holds it; numbers that JSON has no sign for (NaN) travel as PostgreSQL's own text."""
    if isinstance(field, models.JSONField) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, list) and any(isinstance(one, float) for one in value):
        return "{" + ",".join(map(repr, value)) + "}"
    if isinstance(value, list | dict):
        return value
    if isinstance(value, memoryview | bytes):
        return "\\x" + bytes(value).hex()
    return field.get_prep_value(value)
