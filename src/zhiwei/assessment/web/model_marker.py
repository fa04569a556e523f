"""A model beside the teacher: let it try on marked answers, see how it did and why, let it mark the rest."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.ai import api as ai
from zhiwei.ai.values import Purpose
from zhiwei.assessment import access
from zhiwei.assessment.services import model_marking
from zhiwei.kernel import audit, clock, jobs
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

TONES = {"passed": "earned", "refused": "unsure", "stopped": "due", "running": "machine"}


@require_GET
@signed_in(Role.TEACHER)
def marker(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """The newest trial, its figures, its papers, and what may be done next."""
    actor, now = actor_of(request), clock.now()
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    watched = model_marking.watched_pairs(item)
    key = model_marking.item_key(item)
    ai.watch_marker(actor=actor, now=now, item_key=key, content=item.content, watched=watched)
    pilot = ai.newest_pilot(key)
    papers = model_marking.marked_papers(item)
    audit.record(
        actor=actor, verb=Verb.READ, kind="work_item", object_id=item.pk, now=now, level=Level.PERSONAL
    )
    context = {
        "item": item,
        "models": [one.name for one in ai.models_for(actor, Purpose.MARKING, now=now, role=Role.TEACHER)],
        "marked": len(papers),
        "least": ai.LEAST_PAPERS,
        "pilot": pilot,
        "tone": TONES[pilot.state] if pilot else "",
        "rows": _rows(item, pilot, {one.key: one.response.answer() for one in papers}),
        "watch": pilot.watch(watched) if pilot else None,
        "prompt": _prompt(item, papers),
        "trail": (
            Crumb(_("作业"), reverse("assessment:works")),
            Crumb(item.work.title, reverse("assessment:work", args=[item.work.uuid])),
            Crumb(_("第 %(n)s 题") % {"n": item.position}, reverse("assessment:desk", args=[item.uuid])),
            Crumb(_("模型试评")),
        ),
    }
    return render(request, "assessment/model_marker.html", context)


@require_POST
@signed_in(Role.TEACHER)
def begin_trial(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """Let a model mark what the teacher has marked."""
    model = request.POST.get("model", "")[:80]
    return _enqueued(request, item_uuid, "assessment.try_model", _("模型试评"), {"model": model})


@require_POST
@signed_in(Role.TEACHER)
def begin_marking(request: HttpRequest, item_uuid: str) -> HttpResponse:
    """Let the model that passed mark the answers nobody has marked."""
    return _enqueued(request, item_uuid, "assessment.model_marks", _("模型预评"), {})


def _enqueued(
    request: HttpRequest, item_uuid: str, task: str, title: str, more: dict[str, Any]
) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    item = access.access_work_item(actor, item_uuid, verb=Verb.MARK)
    jobs.enqueue(
        task,
        tenant_id=item.tenant_id,
        key=f"{task}-{item.pk}",
        now=now,
        arguments={
            "item_id": item.pk, "account_id": actor.account_id, "person_id": actor.person_id, **more
        },
        title=f"{title}：{item.work.title}"[:160],
        owner_id=actor.person_id,
    )  # fmt: skip
    messages.success(request, _("已开始，完成后刷新本页查看。"))
    return redirect("assessment:model-marker", item_uuid=item.uuid)


def _rows(item: Any, pilot: ai.PilotView | None, answers: dict[str, str]) -> list[dict[str, object]]:
    if pilot is None:
        return []
    return [
        {
            "answer": answers.get(one.key, ""),
            "teacher": one.teacher,
            "model": one.model,
            "same": abs(one.teacher - one.model) < 0.25,
            "reasons": [reason.get("zh", "") for reason in _list(one.judgement.get("reasons"))],
            "evidence": [piece.get("text", "") for piece in _list(one.judgement.get("evidence"))],
            "calls": [ai.call_address(call) for call in one.calls],
        }
        for one in pilot.papers
    ]


def _list(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _prompt(item: Any, papers: list[ai.Marked]) -> str:
    """Return what a model is sent, with the first marked answer."""
    if not papers:
        return ""
    sent = ai.marking_prompt(item.content, papers[0].response)
    return (
        "\n\n".join(f"[{one['role']}]\n{one['content']}" for one in sent)
        + "\n\n"
        + json.dumps(ai.marking_schema(item.content), ensure_ascii=False, indent=1)
    )
