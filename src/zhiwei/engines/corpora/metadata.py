"""Descriptions machines read: Croissant 1.0 (JSON-LD) and a Frictionless data package (version 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

_CROISSANT_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "object": "sc:Text",
    "array": "sc:Text",
}
_CONTEXT: Mapping[str, Json] = {
    "@language": "zh",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: name, ``string|integer|number|date|object|array``, meaning."""

    name: str
    type: str
    meaning: str
    required: bool = True
    references: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a version: its name, its Parquet and JSONL files, its columns."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: str
    parquet: str = ""
    jsonl: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a version."""

    path: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Description:
    """What is told of a version as a whole; ``published`` is an ISO date, ``licence`` an address or a name."""

    name: str
    title: str
    text: str
    version: str
    licence: str
    published: str
    creator: str
    keywords: tuple[str, ...]


def croissant(about: Description, tables: Sequence[Table], files: Sequence[File]) -> dict[str, Json]:
    """Return the Croissant 1.0 description; each table's JSONL file is a record set, Parquet stands beside it."""
    sizes = {one.path: one for one in files}
    return {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "alternateName": about.title,
        "description": about.text,
        "version": about.version,
        "license": about.licence,
        "datePublished": about.published,
        "url": f"urn:zhiwei:{about.name}:{about.version}",
        "creator": {"@type": "sc:Organization", "name": about.creator},
        "keywords": list(about.keywords),
        "citeAs": f"{about.creator}. {about.title} {about.version}. {about.published[:4]}",
        "distribution": [
            *(_file_object(sizes[one.jsonl], "application/jsonlines") for one in tables),
            *(_file_object(sizes[one.parquet], "application/x-parquet") for one in tables),
        ],
        "recordSet": [_record_set(one) for one in tables],
    }


def _file_object(file: File, encoding: str) -> dict[str, Json]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": encoding,
        "sha256": file.sha256,
    }


def _record_set(table: Table) -> dict[str, Json]:
    found: dict[str, Json] = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.meaning,
        "key": {"@id": f"{table.name}/{table.key}"},
        "field": [_field(table, one) for one in table.columns],
    }
    return found


def _field(table: Table, column: Column) -> dict[str, Json]:
    found: dict[str, Json] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": _CROISSANT_TYPES[column.type],
        "source": {"fileObject": {"@id": table.jsonl}, "extract": {"column": column.name}},
    }
    if column.references:
        found["references"] = {"field": {"@id": column.references.replace(".", "/")}}
    return found


def frictionless(about: Description, tables: Sequence[Table], files: Sequence[File]) -> dict[str, Json]:
    """Return the data package: each table's JSONL file with its schema, then every other file.

    Fields stand in the order of canonical lines (by name): validators compare labels by position.
    """
    sizes = {one.path: one for one in files}
    described = {path for one in tables for path in (one.jsonl, one.parquet)}
    rows = [_resource(one, sizes[one.jsonl]) for one in tables]
    others = [_plain(one) for one in files if one.path not in described]
    binary = [_plain(sizes[one.parquet]) for one in tables]
    return {
        "profile": "data-package",
        "name": about.name,
        "title": about.title,
        "description": about.text,
        "version": about.version,
        "created": f"{about.published}T00:00:00Z",
        "keywords": list(about.keywords),
        "licenses": [{"name": "other-closed", "title": about.licence}],
        "contributors": [{"title": about.creator, "role": "publisher"}],
        "resources": [*rows, *binary, *others],
    }


def _resource(table: Table, file: File) -> dict[str, Json]:
    schema: dict[str, Json] = {
        "fields": [_schema_field(one) for one in sorted(table.columns, key=lambda one: one.name)],
        "primaryKey": [table.key],
    }
    foreign = [one for one in table.columns if one.references]
    if foreign:
        schema["foreignKeys"] = [_foreign(one) for one in foreign]
    return {
        "name": table.name,
        "path": file.path,
        "format": "ndjson",
        "mediatype": "application/x-ndjson",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "profile": "tabular-data-resource",
        "description": table.meaning,
        "schema": schema,
    }


def _schema_field(column: Column) -> dict[str, Json]:
    found: dict[str, Json] = {"name": column.name, "type": column.type, "description": column.meaning}
    if column.required:
        found["constraints"] = {"required": True}
    return found


def _foreign(column: Column) -> dict[str, Json]:
    table, name = column.references.split(".")
    return {"fields": [column.name], "reference": {"resource": table, "fields": [name]}}


def _plain(file: File) -> dict[str, Json]:
    name = file.path.lower().replace("/", "-").replace("_", "-")
    return {
        "name": name,
        "path": file.path,
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
