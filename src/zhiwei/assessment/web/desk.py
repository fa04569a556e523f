"""The marking desk: one question across all papers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.assessment import access
from zhiwei.assessment.queries import desk as reading
from zhiwei.assessment.queries.desk import Cursor
from zhiwei.assessment.queries.works import question_rows
from zhiwei.assessment.services import pairing
from zhiwei.assessment.services.grouping import group_when_needed
from zhiwei.kernel import audit, clock, files
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


@require_GET
@signed_in(Role.TEACHER)
def desk(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """The desk of one question; answers come through ``answers`` as one goes."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    group_when_needed(item=item, now=clock.now())
    context = {
        "work": item.work,
        "item": item,
        "rubric": _rubric(item.content),
        "settings": _settings(str(item.uuid), item.content, item.max_score, actor.person_id),
        "questions": question_rows(actor, item.work),
        "reference": _reference(item.content),
        "shortcuts": _shortcuts(),
        "trail": (
            Crumb(_("作业"), reverse("assessment:works")),
            Crumb(item.work.title, reverse("assessment:work", args=[item.work.uuid])),
            Crumb(_("第 %(n)s 题") % {"n": item.position}),
        ),
    }
    return render(request, "assessment/desk.html", context)


@require_GET
@signed_in(Role.TEACHER)
def answers(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """The next answers in the desk's order, as JSON, some ahead of the marker."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    asked = request.GET
    limit = asked.get("limit", "")
    rows = reading.next_answers(
        actor,
        item,
        after=Cursor.read(asked.get("after", "")),
        show=asked.get("show", "todo"),
        group=asked.get("group", "")[:64],
        tag=asked.get("tag", "")[:20],
        text=asked.get("q", "").strip()[:60],
        limit=int(limit) if limit.isdigit() and len(limit) < 4 else reading.BATCH,
    )
    audit.record_reads(
        actor=actor,
        kind="response",
        now=clock.now(),
        about_ids=[row.sitting.person_id for row in rows],
        tenant_id=item.tenant_id,
        level=Level.PERSONAL,
        object_id=item.pk,
    )
    blind_for = 0 if pairing.tolerance_of(item.work) is None else actor.person_id
    shown = reading.answers_json(rows, with_names=asked.get("names") == "1", blind_for=blind_for)
    return JsonResponse({"answers": shown})


@require_GET
@signed_in(Role.TEACHER)
def state(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """Progress, groups of alike answers, distribution and exemplars of one question."""
    actor = actor_of(request)
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    return JsonResponse(reading.desk_state(actor, item))


@require_GET
@signed_in(Role.TEACHER)
def answer_file(request: HttpRequest, response_uuid: str, number: int) -> HttpResponse:
    """A photo or scan of an answer."""
    row = access.access_response_for_marking(actor_of(request), response_uuid)
    if not 0 <= number < len(row.files):
        raise NotFoundError
    entry = row.files[number]
    blob_id = int(entry["id"] if isinstance(entry, dict) else entry)
    described = files.describe(blob_id)
    if described.media_type not in IMAGES:
        raise NotFoundError
    return HttpResponse(files.read(blob_id), content_type=described.media_type)


def _rubric(content: dict[str, Any]) -> list[dict[str, Any]]:
    points = [one for one in content.get("rubric", []) if isinstance(one, dict)]
    return [
        {
            "id": str(one.get("id")),
            "score": float(one.get("score", 0)),
            "description": str(one.get("description", "")),
        }
        for one in points
    ]


def _settings(item_uuid: str, content: dict[str, Any], max_score: float, person_id: int) -> dict[str, Any]:
    unknown = "00000000-0000-0000-0000-000000000000"
    return {
        "item": item_uuid,
        "max": max_score,
        "me": person_id,
        "rubric": _rubric(content),
        "urls": {
            "answers": reverse("assessment:desk-answers", args=[item_uuid]),
            "state": reverse("assessment:desk-state", args=[item_uuid]),
            "group": reverse("assessment:desk-group", args=[item_uuid]),
            "accept": reverse("assessment:desk-accept", args=[item_uuid]),
            "mark": reverse("assessment:response-mark", args=[unknown]),
            "undo": reverse("assessment:response-undo", args=[unknown]),
            "tag": reverse("assessment:response-tag", args=[unknown]),
            "flag": reverse("assessment:response-flag", args=[unknown]),
            "file": reverse("assessment:response-file", args=[unknown, 0]),
        },
    }


def _reference(content: dict[str, Any]) -> list[str]:
    return [
        "\n".join(map(str, one)) if isinstance(one, list) else str(one)
        for one in content.get("reference_answers", [])
    ]


def _shortcuts() -> tuple[tuple[str, str], ...]:
    return (
        ("1 – 9", _("给或去掉评分点")),
        ("Enter", _("保存，下一份")),
        ("Shift+Enter", _("保存到整组")),
        ("A", _("采纳机器建议")),
        ("S", _("输入分数（0 也要输入）")),
        ("C", _("写评语")),
        ("J / →", _("跳过")),
        ("K / ←", _("回评上一份")),
        ("U / Ctrl+Z", _("撤销上一次批改")),
        ("P", _("标为异常卷")),
        ("E", _("标为典型卷")),
        ("T", _("加标签")),
        ("R", _("参考答案")),
        ("D", _("同题分布")),
        ("N", _("显示或隐藏姓名")),
    )
