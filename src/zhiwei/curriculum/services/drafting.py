"""The teacher's assistant: drafts by a model when there is one, from the bank and templates when there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from zhiwei.ai import api as ai
from zhiwei.ai.values import Purpose
from zhiwei.curriculum import access
from zhiwei.curriculum.models import Draft, Point
from zhiwei.curriculum.queries.cards import item_cards
from zhiwei.curriculum.queries.likeness import alike_items
from zhiwei.curriculum.queries.searching import ids_on_points
from zhiwei.curriculum.rules import drafting
from zhiwei.curriculum.rules.drafting import Check
from zhiwei.curriculum.services.authoring import write_item
from zhiwei.curriculum.values import DraftKind, DraftState, ItemState
from zhiwei.kernel import audit, scope
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import ConflictError, InvalidInputError, ZhiweiError
from zhiwei.kernel.values import Actor, Level, Verb

MOST = 5
TRIES = 2
TASK = "curriculum.draft"


@dataclass(frozen=True, slots=True)
class Brief:
    """What a teacher asks for."""

    kind: DraftKind
    subject: str
    points: tuple[str, ...]
    type: str = "short_answer"
    competencies: str = ""
    words: str = ""
    count: int = 3
    minutes: int = 40
    model: str = ""


def check_brief(actor: Actor, brief: Brief) -> None:
    """Make sure a brief can be worked on.

    Raises:
        InvalidInputError: No known knowledge point, an unknown type, or too many drafts.
        ForbiddenError: The actor writes no items.
    """
    require(actor, Verb.CREATE, "draft")
    if not Point.objects.filter(key__in=brief.points, retired=False).exists():
        raise InvalidInputError("请至少选择一个知识点。", code="draft.points")
    if brief.type not in drafting.TYPES:
        raise InvalidInputError("请选择题型。", code="draft.type")
    if not 1 <= brief.count <= MOST or not 5 <= brief.minutes <= 120:
        raise InvalidInputError(f"一次最多 {MOST} 份；时间为 5–120 分钟。", code="draft.count")


def make_drafts(*, actor: Actor, now: datetime, brief: Brief, seed: int) -> dict[str, int]:
    """Make drafts and keep those that our engines pass. For a job: it may wait for a model.

    Returns:
        How many were made, and how many were thrown away unseen because they failed a check.
    """
    with scope.entered([actor.tenant_id]):
        points = _points(brief)
        offered = ai.can_ask(actor, Purpose.DRAFTING, now=now)
    if brief.kind is DraftKind.ITEM:
        found = _items_by_model(actor, now, brief, points) if offered else _items_by_bank(actor, brief, seed)
        wanted, thrown = found
    else:
        wanted, thrown = [_text(actor, now, brief, points, offered=offered)], 0
    with scope.entered([actor.tenant_id]):
        for content, checks, origin, call in wanted:
            _keep(actor, now, brief, content, checks, origin, call)
    return {"made": len(wanted), "thrown": thrown}


def keep_draft(*, actor: Actor, now: datetime, draft_uuid: object, text: str = "") -> Draft:
    """Keep a draft: an item goes into the bank as the teacher's own draft, a text is kept with the teacher's changes.

    Raises:
        ConflictError: It was decided before.
        NotFoundError: Not the actor's.
    """
    row = _undecided(actor, draft_uuid)
    if row.kind == DraftKind.ITEM:
        row.item_uuid = write_item(actor=actor, now=now, content=row.content).uuid
    elif text and text != row.content.get("text"):
        row.content, row.changed = {**row.content, "text": text[:40_000]}, True
    _decide(actor, now, row, DraftState.KEPT)
    return row


def reject_draft(*, actor: Actor, now: datetime, draft_uuid: object) -> None:
    """Reject a draft.

    Raises:
        ConflictError: It was decided before.
        NotFoundError: Not the actor's.
    """
    _decide(actor, now, _undecided(actor, draft_uuid), DraftState.REJECTED)


Made = tuple[dict[str, Any], list[Check], str, str]


def _items_by_model(
    actor: Actor, now: datetime, brief: Brief, points: list[dict[str, str]]
) -> tuple[list[Made], int]:
    asked = {
        "学科": brief.subject, "知识点": points, "题型": brief.type, "核心素养": brief.competencies,
        "要求": brief.words,
    }  # fmt: skip
    made: list[Made] = []
    thrown = 0
    for _number in range(brief.count * TRIES):
        if len(made) == brief.count:
            break
        before = {"已起草（请勿重复）": [one[0]["stem"][:80] for one in made]}
        said, answer = ai.ask_json(
            actor, Purpose.DRAFTING, drafting.messages_for("item", {**asked, **before}), now=now, name="item",
            schema=drafting.schema_for("item", brief.type), model=brief.model, temperature=0.8,
        )  # fmt: skip
        facts = {"subject": brief.subject, "points": list(brief.points)}
        content = drafting.item_content(said, brief.type, facts)
        checks = drafting.check_item(content)
        if drafting.shown(checks):
            made.append((content, [*checks, *_alike(actor, content)], "model", str(answer.call)))
        else:
            thrown += 1
    return made, thrown


def _items_by_bank(actor: Actor, brief: Brief, seed: int) -> tuple[list[Made], int]:
    """Return parameterised questions of the bank on these points, each with numbers of its own."""
    with scope.entered([actor.tenant_id]):
        found = access.items_in_reach(actor).filter(
            state=ItemState.PUBLISHED, pk__in=ids_on_points(list(brief.points))
        )
        rows = list(found.order_by("difficulty", "pk")[:200])
        drawn = [card.content for number in range(3) for card in item_cards(rows, seed=seed + number)]
    made: list[Made] = []
    thrown = 0
    for content in filter(None, map(drafting.own_numbers, drawn)):
        if len(made) == brief.count:
            break
        checks = drafting.check_item(content)
        if drafting.shown(checks):
            made.append((content, checks, "bank", ""))
        else:
            thrown += 1
    return made, thrown


def _text(actor: Actor, now: datetime, brief: Brief, points: list[dict[str, str]], *, offered: bool) -> Made:
    chosen = _chosen(actor, brief) if brief.kind is DraftKind.HOMEWORK else []
    asked: dict[str, object] = {
        "学科": brief.subject, "知识点": points, "核心素养": brief.competencies, "要求": brief.words,
        "分钟": brief.minutes, **({"题目": [one["stem"] for one in chosen]} if chosen else {}),
    }  # fmt: skip
    more = {"items": chosen} if chosen else {}
    if offered:
        try:
            said, answer = ai.ask_json(
                actor, Purpose.DRAFTING, drafting.messages_for(brief.kind, asked), now=now, name="draft",
                schema=drafting.schema_for(brief.kind, ""), model=brief.model, temperature=0.6,
            )  # fmt: skip
            content = {
                "title": str(said.get("title", ""))[:120],
                "text": str(said.get("text", ""))[:40_000],
                **more,
            }
            return content, [Check("written", bool(content["text"]))], "model", str(answer.call)
        except ZhiweiError:
            pass
    names = "、".join(one["name"] for one in points)
    text = {
        DraftKind.LESSON: lambda: drafting.lesson_frame(points, brief.minutes),
        DraftKind.COMMENT: lambda: drafting.comment_frames(points),
        DraftKind.HOMEWORK: lambda: "\n".join(
            f"{n}. {one['stem'][:120]}" for n, one in enumerate(chosen, start=1)
        ),
    }[brief.kind]()
    return {"title": names[:120], "text": text, **more}, [Check("written", bool(text))], "bank", ""


def _chosen(actor: Actor, brief: Brief) -> list[dict[str, str]]:
    """Return questions of the bank from easy to hard that fill the minutes (about four each)."""
    with scope.entered([actor.tenant_id]):
        rows = access.items_in_reach(actor).filter(
            state=ItemState.PUBLISHED, pk__in=ids_on_points(list(brief.points))
        )
        found = list(rows.order_by("difficulty", "pk")[:100])
    count = min(max(brief.minutes // 4, 3), 12, len(found))
    step = len(found) / count if count else 1
    return [
        {"uuid": str(one.uuid), "stem": one.search_text[:200]}
        for one in (found[int(place * step)] for place in range(count))
    ]


def _points(brief: Brief) -> list[dict[str, str]]:
    rows = Point.objects.filter(key__in=brief.points, retired=False)
    return [{"name": row.name, "definition": row.definition} for row in rows]


def _alike(actor: Actor, content: Mapping[str, Any]) -> list[Check]:
    with scope.entered([actor.tenant_id]):
        found = alike_items(actor, content, limit=1)
    return [
        Check("new", not found, f"与题库 {found[0].item.uuid} 相似 {found[0].share:.0%}" if found else "")
    ]


def _keep(
    actor: Actor,
    now: datetime,
    brief: Brief,
    content: dict[str, Any],
    checks: list[Check],
    origin: str,
    call: str,
) -> None:
    row = Draft.objects.create(
        tenant_id=actor.tenant_id, person_id=actor.person_id, kind=brief.kind, origin=origin,
        subject=brief.subject, points=list(brief.points), content=content,
        checks=[asdict(one) for one in checks], call=call, made_at=now,
    )  # fmt: skip
    _record(actor, now, row, Verb.CREATE)


def _undecided(actor: Actor, draft_uuid: object) -> Draft:
    row = access.access_draft(actor, draft_uuid, verb=Verb.UPDATE)
    if row.state != DraftState.NEW:
        raise ConflictError("这份草稿已经处理过。", code="draft.decided")
    return row


def _decide(actor: Actor, now: datetime, row: Draft, state: DraftState) -> None:
    row.state, row.decided_at = state, now
    row.save(update_fields=["state", "decided_at", "content", "changed", "item_uuid"])
    _record(actor, now, row, Verb.UPDATE)


def _record(actor: Actor, now: datetime, row: Draft, verb: Verb) -> None:
    detail = {"kind": row.kind, "origin": row.origin, "state": row.state}
    audit.record(
        actor=actor, verb=verb, kind="draft", object_id=row.pk, now=now, level=Level.INTERNAL, detail=detail
    )
