"""A stage for knowledge bases: a base with one document brought in as the worker would."""

from __future__ import annotations

from io import BytesIO

from tests.cast import NOW, Cast

from zhiwei.ai.models import KnowledgeBase, KnowledgeDocument
from zhiwei.ai.services import knowledge as services
from zhiwei.ai.services.knowledge_reading import bring_in
from zhiwei.ai.values import Audience
from zhiwei.kernel import scope
from zhiwei.kernel.jobs import JobContext
from zhiwei.kernel.values import Actor

RULES = """# 学生手册
## 请假
事假至少提前一天提出，一天以内班主任批准，三天以内年级主任批准。
## 图书馆
每人一次可以借五本书，期限三十天，逾期不罚款。
"""
NEW_RULES = "# 学生手册\n## 请假\n事假一律由班主任批准，在平台上提交。\n"


def found(
    cast: Cast, nickname: str = "teacher", *, audience: Audience = Audience.SCHOOL, companion: bool = False
) -> KnowledgeBase:
    """Found a base of somebody, with the handbook in it."""
    actor = cast.actor(nickname)
    with scope.entered([cast.school]):
        form = services.BaseForm(
            "校规", audience=audience, classes=(cast.class_one,), for_companion=companion
        )
        base = services.found_base(actor=actor, now=NOW, form=form)
        add(actor, base, RULES)
    return base


def add(actor: Actor, base: KnowledgeBase, text: str | bytes, name: str = "手册.md") -> KnowledgeDocument:
    """Bring one document in."""
    content = text.encode() if isinstance(text, str) else text
    upload = services.Upload(name, BytesIO(content))
    (document,) = services.add_documents(actor=actor, now=NOW, base=base, uploads=[upload])
    read(document)
    return document


def read(document: KnowledgeDocument) -> None:
    """Do what the worker does with a document."""
    bring_in(JobContext(0, document.tenant_id, 1), document.pk)
    document.refresh_from_db()
