"""Versions: ask for one, see what it holds and risks, decide as the second person, grant, call back, trace."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.data import access
from zhiwei.data.queries import corpora as queries
from zhiwei.data.services import granting, recalling, versions
from zhiwei.data.values import VersionState
from zhiwei.data.web.entries import KEEPERS
from zhiwei.data.wording_corpora import STATE_TONES, risk_lines, state_name
from zhiwei.kernel import clock, files, jobs
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

_CARD = "README.md"
_MOST_TRACED = 20_000


@require_POST
@signed_in(Role.DATA_OFFICER)
def request_version(request: HttpRequest, corpus_uuid: str) -> HttpResponse:
    """Ask for the next version."""
    actor = actor_of(request)
    row = access.access_corpus(actor, corpus_uuid, verb=Verb.RELEASE)
    made = versions.request_version(
        actor=actor,
        now=clock.now(),
        corpus=row,
        licence=request.POST.get("licence", ""),
        terms=request.POST.get("terms", ""),
        redact_images=request.POST.get("redact_images") == "1",
    )
    return redirect("data:version", version_uuid=made.uuid)


@require_GET
@signed_in(*KEEPERS)
def version(request: HttpRequest, version_uuid: str) -> HttpResponse:
    """One version."""
    actor = actor_of(request)
    row = access.access_version(actor, version_uuid, verb=Verb.READ)
    now = clock.now()
    context = {
        "row": row,
        "state": state_name(row.state),
        "tone": STATE_TONES[row.state],
        "job": row.job,
        "alive": getattr(row.job, "state", "") in jobs.ALIVE,
        "risk": risk_lines(row),
        "card": _card(row.files),
        "grants": row.grants.select_related("person").prefetch_related("downloads").order_by("-granted_at"),
        "recalls": row.recalls.order_by("-at"),
        "holders": recalling.holders_of(row),
        "may_decide": row.state == VersionState.WAITING and row.requested_by_id != actor.person_id,
        "is_officer": Role.DATA_OFFICER in actor.roles,
        "people": queries.possible_recipients(row, clock.today(now))
        if Role.DATA_OFFICER in actor.roles
        else [],
        "days": granting.DAYS,
        "now": now,
        "trail": (
            Crumb(_("数据"), reverse("data:home")),
            Crumb(_("语料"), reverse("data:corpora")),
            Crumb(row.corpus.name, reverse("data:corpus", args=[row.corpus.uuid])),
            Crumb(_("第 %(n)s 版") % {"n": row.number}),
        ),
    }
    return render(request, "data/version.html", context)


@require_GET
@signed_in(*KEEPERS)
def version_state(request: HttpRequest, version_uuid: str) -> HttpResponse:
    """The moving part, polled while the version is made."""
    row = access.access_version(actor_of(request), version_uuid, verb=Verb.READ)
    alive = getattr(row.job, "state", "") in jobs.ALIVE
    response = render(request, "data/version_state.html", {"row": row, "job": row.job, "alive": alive})
    if not alive:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@signed_in(*KEEPERS)
def decide(request: HttpRequest, version_uuid: str) -> HttpResponse:
    """Let a version out, or refuse it, as the second person."""
    actor = actor_of(request)
    row = access.access_version(actor, version_uuid, verb=Verb.APPROVE)
    approve = request.POST.get("decision") == "approve"
    versions.decide(
        actor=actor, now=clock.now(), version=row, approve=approve, words=request.POST.get("words", "")
    )
    messages.success(request, _("已批准发布。") if approve else _("已退回。"))
    return redirect("data:version", version_uuid=version_uuid)


@require_POST
@signed_in(Role.DATA_OFFICER)
def grant(request: HttpRequest, version_uuid: str) -> HttpResponse:
    """Let a named person take the version away."""
    actor = actor_of(request)
    row = access.access_version(actor, version_uuid, verb=Verb.RELEASE)
    granting.grant_version(
        actor=actor,
        now=clock.now(),
        version=row,
        person_id=_whole(request.POST.get("person", "")),
        purpose=request.POST.get("purpose", ""),
        days=_whole(request.POST.get("days", "")),
    )
    messages.success(request, _("已授权，数据包正在生成。"))
    return redirect("data:version", version_uuid=version_uuid)


@require_POST
@signed_in(Role.DATA_OFFICER)
def end_grant(request: HttpRequest, version_uuid: str, grant_uuid: str) -> HttpResponse:
    """Revoke a grant, or write down that its copy was destroyed."""
    actor, now = actor_of(request), clock.now()
    row = access.access_version(actor, version_uuid, verb=Verb.RELEASE)
    found = access.access_grant(row, grant_uuid)
    if request.POST.get("what") == "destroyed":
        granting.confirm_destroyed(actor=actor, now=now, grant=found)
    else:
        granting.revoke_grant(actor=actor, now=now, grant=found)
    return redirect("data:version", version_uuid=version_uuid)


@require_POST
@signed_in(Role.DATA_OFFICER)
def trace(request: HttpRequest, version_uuid: str) -> HttpResponse:
    """Tell by the order of leaked ids whose copy it was."""
    row = access.access_version(actor_of(request), version_uuid, verb=Verb.RELEASE)
    ids = request.POST.get("ids", "").split()[:_MOST_TRACED]
    context = {
        "row": row,
        "found": granting.traced(row, ids),
        "count": len(ids),
        "trail": (Crumb(row.corpus.name, reverse("data:version", args=[row.uuid])), Crumb(_("追查来源"))),
    }
    return render(request, "data/trace.html", context)


def _card(listed: list[dict[str, object]]) -> str:
    """The data card's text, without its first heading."""
    found = next((one for one in listed if one["path"] == _CARD), None)
    if found is None:
        return ""
    try:
        text = files.read(int(str(found["blob"]))).decode("utf-8")
    except NotFoundError:
        return ""
    return text.split("\n\n", 1)[1] if "\n\n" in text else text


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 0
