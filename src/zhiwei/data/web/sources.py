"""Bringing data in: hand in a file or choose a table, say what its columns are, bring it in, look back."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.data.access_sources import (
    access_connection,
    access_source,
    connections_in_reach,
    sources_in_reach,
)
from zhiwei.data.errors import SourceInputError
from zhiwei.data.queries.sources import head_of
from zhiwei.data.services import sources as services
from zhiwei.data.web.entries import SOURCE_READERS, tabs
from zhiwei.data.wording import LEVEL_TONES, level_name, retention_words
from zhiwei.data.wording_quality import SCHEDULES, STATES, TONES, reason_words
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PAGE = 50


@require_GET
@signed_in(*SOURCE_READERS)
def sources(request: HttpRequest) -> HttpResponse:
    """What is brought in, newest first."""
    actor = actor_of(request)
    rows = sources_in_reach(actor, Verb.LIST).prefetch_related("intakes").order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_line(one) for one in page.object_list],
        "may_bring": Role.DATA_OFFICER in actor.roles,
        "tabs": tabs(actor, "data:sources"),
        "trail": (Crumb(_("数据"), reverse("data:home")), Crumb(_("数据接入"))),
    }
    return render(request, "data/sources.html", context)


@signed_in(Role.DATA_OFFICER)
def new(request: HttpRequest) -> HttpResponse:
    """Hand in a file, or choose a table of a connection."""
    actor = actor_of(request)
    problem = ""
    if request.method == "POST":
        try:
            made = _made(request)
        except InvalidInputError as error:
            problem = error.message
        else:
            return redirect("data:source", source_uuid=made.uuid)
    context = {
        "problem": problem,
        "name": request.POST.get("name", ""),
        "connections": list(connections_in_reach(actor, Verb.READ).order_by("name")),
        "max_mb": services.MAX_BYTES // 1024 // 1024,
        "trail": (*trail(), Crumb(_("接入新数据"))),
    }
    return render(request, "data/source_new.html", context, status=422 if problem else 200)


@require_GET
@signed_in(*SOURCE_READERS)
def source(request: HttpRequest, source_uuid: str) -> HttpResponse:
    """One source: where it is, how it is kept, its bringings-in."""
    actor = actor_of(request)
    row = access_source(actor, source_uuid, verb=Verb.READ)
    intakes = list(row.intakes.select_related("by", "job").order_by("-number")[:PAGE])
    running = next((one for one in intakes if one.state == "running"), None)
    context = {
        **about(row, running.job if running else row.job),
        "fields": [
            (
                one,
                row.columns[one.place]["title"],
                level_name(Level(one.level)),
                LEVEL_TONES[Level(one.level)],
            )
            for one in services.fields_of(row.fields)
        ],
        "intakes": [
            (one, str(STATES[one.state]), TONES[one.state], _reasons(one.reasons)) for one in intakes
        ],
        "origin": services.origin_of(row),
        "retention": retention_words(row.retention),
        "schedule": str(SCHEDULES[row.schedule]),
        "level": level_name(Level(row.level)),
        "tone_of_level": LEVEL_TONES[Level(row.level)],
        "tables": head_of(row).tables if row.state in {"draft", "ready"} else [],
        "is_officer": Role.DATA_OFFICER in actor.roles,
        "dataset": f"source:{row.uuid}",
        "trail": (*trail(), Crumb(row.name)),
    }
    return render(request, "data/source.html", context)


@require_GET
@signed_in(*SOURCE_READERS)
def source_state(request: HttpRequest, source_uuid: str) -> HttpResponse:
    """The moving part, polled while a job runs; when it rests, the whole page is drawn anew."""
    row = access_source(actor_of(request), source_uuid, verb=Verb.READ)
    running = row.intakes.filter(state="running").select_related("job").order_by("-number").first()
    return job_state(request, about(row, running.job if running else row.job))


@require_POST
@signed_in(Role.DATA_OFFICER)
def choose_table(request: HttpRequest, source_uuid: str) -> HttpResponse:
    """Read the head of another sheet or table of the same file."""
    actor = actor_of(request)
    row = access_source(actor, source_uuid, verb=Verb.UPDATE)
    if request.POST.get("table", "") not in head_of(row).tables:
        raise SourceInputError("table", _("请选择表中的一项。"))
    services.read_head(actor=actor, now=clock.now(), source=row, table=request.POST["table"])
    return redirect("data:source", source_uuid=source_uuid)


@require_POST
@signed_in(Role.DATA_OFFICER)
def bring_in(request: HttpRequest, source_uuid: str) -> HttpResponse:
    """Bring it in now: the file there is, a newer one, or the table as it is."""
    actor, now = actor_of(request), clock.now()
    row = access_source(actor, source_uuid, verb=Verb.IMPORT)
    file = request.FILES.get("file")
    if file is None:
        services.plan_intake(actor=actor, now=now, source=row)
    else:
        content, name = cast(BinaryIO, file), str(file.name or "")
        services.hand_in_again(actor=actor, now=now, source=row, content=content, file_name=name)
    return redirect("data:source", source_uuid=source_uuid)


@require_POST
@signed_in(Role.DATA_OFFICER)
def drop(request: HttpRequest, source_uuid: str) -> HttpResponse:
    """Drop a source and everything brought in from it."""
    actor = actor_of(request)
    row = access_source(actor, source_uuid, verb=Verb.DELETE)
    services.drop_source(actor=actor, now=clock.now(), source=row)
    messages.success(request, _("已删除。"))
    return redirect("data:sources")


def about(row: Any, job: Any) -> dict[str, Any]:
    """Return what the moving part of a source's page shows."""
    return {
        "row": row,
        "state": str(STATES[row.state]),
        "tone": TONES[row.state],
        "job": job,
        "alive": getattr(job, "state", "") in jobs.ALIVE,
        "state_url": reverse("data:source_state", args=[row.uuid]),
    }


def job_state(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Draw the moving part; once the job rests, have the whole page drawn anew."""
    response = render(request, "data/job_state.html", context)
    if not context["alive"]:
        response.headers["HX-Refresh"] = "true"
    return response


def trail() -> tuple[Crumb, ...]:
    """Return the way to the list of sources."""
    return (Crumb(_("数据"), reverse("data:home")), Crumb(_("数据接入"), reverse("data:sources")))


def _made(request: HttpRequest) -> Any:
    actor, now, name = actor_of(request), clock.now(), request.POST.get("name", "")
    if request.POST.get("connection"):
        uuid, _bar, table = request.POST["connection"].partition("|")
        there = access_connection(actor, uuid, verb=Verb.READ)
        return services.take_from(actor=actor, now=now, name=name, connection=there, table=table)
    file = request.FILES.get("file")
    if file is None:
        raise SourceInputError("file", _("请选择一个文件，或一张数据库里的表。"))
    stem = str(file.name or "").rsplit(".", 1)[0]
    return services.hand_in(
        actor=actor,
        now=now,
        name=name or stem[:60],
        content=cast(BinaryIO, file),
        file_name=str(file.name or ""),
    )


def _line(row: Any) -> dict[str, Any]:
    done = [one for one in row.intakes.all() if one.state == "done"]
    last = max(done, key=lambda one: one.number, default=None)
    level = Level(row.level)
    return {
        "row": row, "state": str(STATES[row.state]), "tone": TONES[row.state], "last": last,
        "level": level_name(level), "tone_of_level": LEVEL_TONES[level],
    }  # fmt: skip


def _reasons(reasons: list[list[Any]]) -> list[tuple[str, int]]:
    return [(reason_words(field, reason), many) for field, reason, many in reasons[:6]]
