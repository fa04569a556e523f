"""Reading resources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from zhiwei.curriculum import access
from zhiwei.curriculum.models import Point, Resource
from zhiwei.curriculum.queries.bank import points_in_order
from zhiwei.kernel import files, scope
from zhiwei.kernel.access import one
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor

SHOWN = 200


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """A resource with its points."""

    resource: Resource
    points: list[Point]
    mine: bool


def find_resources(
    actor: Actor, *, text: str = "", kind: str = "", subject: str = "", point: str = ""
) -> list[Resource]:
    """Return resources in reach that fit, newest first, at most 200."""
    rows = access.resources_in_reach(actor)
    for piece in text[:100].split():
        rows = rows.filter(Q(title__icontains=piece) | Q(source__icontains=piece))
    facts = {"kind": kind, "subject": subject}
    rows = rows.filter(**{name: value for name, value in facts.items() if value})
    rows = rows.filter(points__contains=[point]) if point else rows
    return list(rows.order_by("-updated_at")[:SHOWN])


def get_resource(actor: Actor, resource_uuid: object) -> ResourcePage:
    """Return one resource.

    Raises:
        NotFoundError: Absent or not to be seen.
    """
    row = one(access.resources_in_reach(actor), uuid=resource_uuid)
    return ResourcePage(row, points_in_order(row.points), row.author_id == actor.person_id)


def resource_file(actor: Actor, resource_uuid: object) -> tuple[str, str, Iterator[bytes]]:
    """Return name, type and content of a resource's file; the file of a shared resource lies with its owner.

    Raises:
        NotFoundError: Absent, not to be seen, or without a file.
    """
    row = one(access.resources_in_reach(actor), uuid=resource_uuid)
    if row.blob_id is None:
        raise NotFoundError
    with scope.entered([row.tenant_id]):
        found = files.describe(row.blob_id)
        content = list(files.chunks(row.blob_id))
    return row.file_name or "file", found.media_type, iter(content)
