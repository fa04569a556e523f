"""The pupil's pages of the companion, phone first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.ai import companion_access as access
from zhiwei.ai.queries import companion as queries
from zhiwei.ai.queries import task_sources
from zhiwei.ai.services import companion as services
from zhiwei.ai.services import companion_model
from zhiwei.ai.values import DialogueState
from zhiwei.ai.web.companion_words import closed_reason
from zhiwei.kernel import clock
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

MOST_LISTED = 20


@require_GET
@signed_in(Role.PUPIL)
def home(request: HttpRequest) -> HttpResponse:
    """What may be asked about, what was asked, and by which rules."""
    actor, now = actor_of(request), clock.now()
    standing = queries.standing_of(actor.person_id, actor.tenant_id, now=now)
    context = {
        "standing": standing,
        "reason": closed_reason(standing),
        "tasks": task_sources.offered(actor, now=now) if standing.closed is None else (),
        "dialogues": access.own_dialogues(actor).order_by("-last_at")[:MOST_LISTED],
        "trail": (Crumb(_("学伴")),),
    }
    return render(request, "ai/companion/home.html", context)


@require_POST
@signed_in(Role.PUPIL)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a conversation about a task or with a question."""
    dialogue = services.begin(
        actor=actor_of(request),
        now=clock.now(),
        source=request.POST.get("source", "")[:30],
        key=request.POST.get("key", "")[:120],
        subject=request.POST.get("subject", "")[:30],
        said=request.POST.get("said", ""),
    )
    return redirect("ai:companion_dialogue", dialogue_uuid=dialogue.uuid)


@require_GET
@signed_in(Role.PUPIL)
def dialogue(request: HttpRequest, dialogue_uuid: str) -> HttpResponse:
    """One conversation."""
    actor, now = actor_of(request), clock.now()
    found = access.access_own_dialogue(actor, dialogue_uuid)
    standing = queries.standing_of(actor.person_id, actor.tenant_id, now=now)
    task = None
    if found.source:
        try:
            task = task_sources.task_of(actor, found.source, found.task, now=now)
        except NotFoundError:
            task = None
    context = _turns_context(found) | {
        "task": task,
        "rungs": len(task.rungs) if task else 0,
        "standing": standing,
        "reason": closed_reason(standing),
        "gone": bool(found.source) and task is None,
        "may_hand": found.state != DialogueState.HANDED,
        "trail": (Crumb(_("学伴"), reverse("ai:companion")), Crumb(found.title)),
    }
    return render(request, "ai/companion/dialogue.html", context)


@require_GET
@signed_in(Role.PUPIL)
def turns(request: HttpRequest, dialogue_uuid: str) -> HttpResponse:
    """The turns alone, asked for while a model's may still come."""
    found = access.access_own_dialogue(actor_of(request), dialogue_uuid)
    return render(request, "ai/companion/waiting.html", _turns_context(found))


@require_POST
@signed_in(Role.PUPIL)
def say(request: HttpRequest, dialogue_uuid: str) -> HttpResponse:
    """Say something; trouble is told on the page of the conversation."""
    actor, now = actor_of(request), clock.now()
    found = access.access_own_dialogue(actor, dialogue_uuid)

    def speak() -> None:
        reply = services.say(actor=actor, now=now, dialogue=found, said=request.POST.get("said", ""))
        companion_model.plan(actor=actor, dialogue=found, kind=reply.kind, now=now)

    return _told(request, dialogue_uuid, speak)


@require_POST
@signed_in(Role.PUPIL)
def hint(request: HttpRequest, dialogue_uuid: str) -> HttpResponse:
    """Take the next hint."""
    actor = actor_of(request)
    found = access.access_own_dialogue(actor, dialogue_uuid)
    return _told(request, dialogue_uuid, lambda: services.hint(actor=actor, now=clock.now(), dialogue=found))


@require_POST
@signed_in(Role.PUPIL)
def hand(request: HttpRequest, dialogue_uuid: str) -> HttpResponse:
    """Hand the conversation to a teacher."""
    actor = actor_of(request)
    found = access.access_own_dialogue(actor, dialogue_uuid)
    return _told(
        request, dialogue_uuid, lambda: services.hand_over(actor=actor, now=clock.now(), dialogue=found)
    )


@require_POST
@signed_in(Role.PUPIL)
def remove(request: HttpRequest, dialogue_uuid: str) -> HttpResponse:
    """Remove a conversation for good."""
    actor = actor_of(request)
    found = access.access_own_dialogue(actor, dialogue_uuid, verb=Verb.DELETE)
    services.remove(actor=actor, now=clock.now(), dialogue=found)
    return redirect("ai:companion")


def _turns_context(found: Any) -> dict[str, object]:
    turns_now = queries.turns_of(found)
    return {
        "dialogue": found,
        "turns": turns_now,
        "waiting": queries.model_may_come(found, turns_now, clock.now()),
    }


def _told(request: HttpRequest, dialogue_uuid: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except (ConflictError, InvalidInputError) as error:
        messages.warning(request, error.message)
    return redirect(f"{reverse('ai:companion_dialogue', args=[dialogue_uuid])}#last")
