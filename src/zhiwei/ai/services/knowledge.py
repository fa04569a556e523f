"""Knowledge bases: founded, opened to an audience, filled with documents, emptied; every change counts a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, BinaryIO, cast

from django.db.models import F

from zhiwei.ai.models import KnowledgeBase, KnowledgeDocument
from zhiwei.ai.values import Audience, DocumentState
from zhiwei.kernel import audit, files, jobs
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Verb

LARGEST_FILE = 50 * 1024 * 1024
MOST_FILES = 50
KIND = "knowledge_base"


@dataclass(frozen=True)
class BaseForm:
    """What is said of a base by whoever founds or changes it."""

    name: str
    about: str = ""
    subject: str = ""
    audience: Audience = Audience.STAFF
    classes: Sequence[int] = field(default_factory=tuple)
    for_companion: bool = False

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidInputError: No name, no class for an audience of classes, no subject for one of a subject.
        """
        if not self.name.strip() or len(self.name) > 80:
            raise InvalidInputError("请给知识库起一个 80 字以内的名称。", code="knowledge.name")
        if self.audience is Audience.CLASSES and not self.classes:
            raise InvalidInputError("按班级开放时，请至少选择一个班级。", code="knowledge.classes")
        if self.audience is Audience.SUBJECT and not self.subject:
            raise InvalidInputError("按学科开放时，请先选择学科。", code="knowledge.subject")
        if self.for_companion and self.audience not in {Audience.SCHOOL, Audience.CLASSES}:
            raise InvalidInputError(
                "学伴只能引用学生看得到的知识库：请按班级或全校开放。", code="knowledge.companion"
            )


@dataclass(frozen=True)
class Upload:
    """One file as it came: its name and its content."""

    name: str
    content: IO[bytes]


def found_base(*, actor: Actor, now: datetime, form: BaseForm) -> KnowledgeBase:
    """Found a base owned by the actor.

    Raises:
        InvalidInputError: See :meth:`BaseForm.check`.
    """
    form.check()
    base = KnowledgeBase(tenant_id=actor.tenant_id, owner_id=actor.person_id, made_at=now)
    _fill(base, form)
    base.save()
    audit.record(actor=actor, verb=Verb.CREATE, kind=KIND, object_id=base.pk, now=now)
    return base


def change_base(*, actor: Actor, now: datetime, base: KnowledgeBase, form: BaseForm) -> None:
    """Change name and audience; the new audience holds from the next question on.

    Raises:
        InvalidInputError: See :meth:`BaseForm.check`.
    """
    form.check()
    _fill(base, form)
    base.save()
    touch(base.pk)
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind=KIND,
        object_id=base.pk,
        now=now,
        detail={"audience": form.audience, "companion": form.for_companion},
    )


def remove_base(*, actor: Actor, now: datetime, base: KnowledgeBase) -> None:
    """Remove a base with its documents and passages, at once."""
    audit.record(
        actor=actor,
        verb=Verb.DELETE,
        kind=KIND,
        object_id=base.pk,
        now=now,
        detail={"documents": base.documents.count()},
    )
    base.delete()


def add_documents(
    *, actor: Actor, now: datetime, base: KnowledgeBase, uploads: Sequence[Upload]
) -> list[KnowledgeDocument]:
    """Keep files and plan the reading of each.

    Raises:
        InvalidInputError: No file, too many, empty or too large.

    Effects:
        One job and one audit row a file.
    """
    if not 1 <= len(uploads) <= MOST_FILES:
        raise InvalidInputError(f"请一次上传 1 到 {MOST_FILES} 个文件。", code="knowledge.how_many")
    return [_add(actor, now, base, one) for one in uploads]


def replace_document(*, actor: Actor, now: datetime, document: KnowledgeDocument, upload: Upload) -> None:
    """Put a new edition in a document's place; the old one answers no longer, from this moment."""
    kept = files.store(
        cast(BinaryIO, upload.content),
        tenant_id=document.tenant_id,
        now=now,
        max_bytes=LARGEST_FILE,
        name=upload.name[:200],
    )
    document.passages.all().delete()
    document.blob_id, document.name, document.state = kept.id, upload.name[:200], DocumentState.WAITING
    document.text, document.outline, document.problem = "", [], ""
    document.added_by_id, document.added_at = actor.person_id, now
    document.save()
    touch(document.base_id)
    audit.record(actor=actor, verb=Verb.UPDATE, kind="knowledge_document", object_id=document.pk, now=now)
    plan_reading(document, actor, now)


def open_document(
    *, actor: Actor, now: datetime, document: KnowledgeDocument, audience: Audience, classes: Sequence[int]
) -> None:
    """Say who may see one document; it can only narrow what its base opens.

    Raises:
        InvalidInputError: An audience documents do not have, or classes without a class.
    """
    if audience not in {Audience.BASE, Audience.STAFF, Audience.CLASSES}:
        raise InvalidInputError("请选择这份文档对谁开放。", code="knowledge.audience")
    if audience is Audience.CLASSES and not classes:
        raise InvalidInputError("按班级开放时，请至少选择一个班级。", code="knowledge.classes")
    document.audience, document.classes = audience, list(classes)
    document.save(update_fields=["audience", "classes"])
    touch(document.base_id)
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="knowledge_document",
        object_id=document.pk,
        now=now,
        detail={"audience": audience},
    )


def remove_document(*, actor: Actor, now: datetime, document: KnowledgeDocument) -> None:
    """Remove a document; nothing of it is found from this moment."""
    audit.record(actor=actor, verb=Verb.DELETE, kind="knowledge_document", object_id=document.pk, now=now)
    touch(document.base_id)
    document.delete()


def touch(base_id: int) -> None:
    """Count a revision: every process drops what it keeps of the base."""
    KnowledgeBase.objects.filter(pk=base_id).update(revision=F("revision") + 1)


def plan_reading(document: KnowledgeDocument, actor: Actor, now: datetime) -> None:
    """Plan the reading of a document."""
    jobs.enqueue(
        "ai.read_document",
        tenant_id=document.tenant_id,
        key=f"document-{document.pk}-{document.blob_id}",
        now=now,
        arguments={"document_id": document.pk},
        title=f"读入文档：{document.title}"[:160],
        owner_id=actor.person_id or None,
    )


def _add(actor: Actor, now: datetime, base: KnowledgeBase, upload: Upload) -> KnowledgeDocument:
    name = upload.name.strip()[-200:] or "文档"
    kept = files.store(
        cast(BinaryIO, upload.content), tenant_id=base.tenant_id, now=now, max_bytes=LARGEST_FILE, name=name
    )
    document = KnowledgeDocument.objects.create(
        tenant_id=base.tenant_id,
        base=base,
        title=name.rpartition(".")[0] or name,
        name=name,
        blob_id=kept.id,
        added_by_id=actor.person_id,
        added_at=now,
    )
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="knowledge_document",
        object_id=document.pk,
        now=now,
        detail={"bytes": kept.size},
    )
    plan_reading(document, actor, now)
    return document


def _fill(base: KnowledgeBase, form: BaseForm) -> None:
    base.name, base.about, base.subject = form.name.strip(), form.about.strip()[:300], form.subject
    base.audience, base.for_companion = form.audience, form.for_companion
    base.classes = sorted(set(form.classes)) if form.audience is Audience.CLASSES else []
