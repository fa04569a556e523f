"""Writing teaching resources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from urllib.parse import urlsplit

from zhiwei.curriculum.models import Point, Resource
from zhiwei.curriculum.values import Audience
from zhiwei.kernel import audit, files
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Verb

MAX_BYTES = 100 * 1024 * 1024
KINDS = ("lesson", "video", "example", "document", "link")


def save_resource(
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    title: str,
    licence: str,
    source: str,
    subject: str = "",
    text: str = "",
    url: str = "",
    points: Sequence[str] = (),
    audience: Audience = Audience.SCHOOL,
    upload: BinaryIO | None = None,
    file_name: str = "",
    row: Resource | None = None,
) -> Resource:
    """Write a resource (a new one, or one got through ``access``).

    Raises:
        ForbiddenError: The actor writes no resources.
        InvalidInputError: No title, licence or source; an address that is not http(s); nothing to show; a knowledge
            point that does not exist.

    Effects:
        One audit row.
    """
    require(actor, Verb.CREATE, "resource")
    made = row or Resource(tenant_id=actor.tenant_id, author_id=actor.person_id)
    if upload is not None:
        made.blob_id = files.store(
            upload, tenant_id=made.tenant_id, now=now, max_bytes=MAX_BYTES, name=file_name
        ).id
        made.file_name = file_name[:200]
    facts = {"kind": kind, "title": title, "licence": licence, "source": source, "url": url, "text": text}
    _check(facts, has_file=made.blob_id is not None)
    for name, value in facts.items():
        setattr(made, name, value.strip())
    made.subject, made.audience, made.updated_at = subject, audience, now
    made.points = _known(points)
    made.save()
    audit.record(
        actor=actor,
        verb=Verb.UPDATE if row else Verb.CREATE,
        kind="resource",
        object_id=made.pk,
        now=now,
        tenant_id=made.tenant_id,
    )
    return made


def _check(facts: dict[str, str], *, has_file: bool) -> None:
    if facts["kind"] not in KINDS:
        raise InvalidInputError("没有这种资源类别。", code="resource.kind")
    for name, words in {"title": "标题", "licence": "许可", "source": "来源"}.items():
        if not facts[name].strip():
            raise InvalidInputError(f"请填写{words}。", code=f"resource.{name}")
    address = urlsplit(facts["url"].strip())
    if facts["url"].strip() and (address.scheme not in {"http", "https"} or not address.netloc):
        raise InvalidInputError("链接应以 http:// 或 https:// 开头。", code="resource.url")
    if not (facts["url"].strip() or facts["text"].strip() or has_file):
        raise InvalidInputError("请写正文、填链接或上传文件。", code="resource.empty")


def _known(points: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(one.strip() for one in points if one.strip()))
    known = set(Point.objects.filter(key__in=wanted).values_list("key", flat=True))
    missing = [one for one in wanted if one not in known]
    if missing:
        raise InvalidInputError(f"没有知识点 {missing[0]}。", code="resource.point")
    return wanted
