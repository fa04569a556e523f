"""Pages about one pupil: map, path, progress, the answers behind; for the pupil, guardians and teachers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.learning.queries.evidence import behind
from zhiwei.learning.queries.graph import subject_graph
from zhiwei.learning.queries.mapping import groups_of, map_of
from zhiwei.learning.queries.mastery import Views, method_for, views_of
from zhiwei.learning.queries.path import grade_of, path_for
from zhiwei.learning.queries.progress import progress_of
from zhiwei.learning.services import choosing
from zhiwei.learning.values import GoalKind
from zhiwei.learning.web.seen import READERS, Seen, language, may, seen
from zhiwei.ui.charts import Series, bars
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(*READERS)
def mastery_map(request: HttpRequest, person_uuid: str = "") -> HttpResponse:
    """The mastery map: as a picture of the graph, and as a list."""
    here = seen(request, person_uuid)
    views = _views(here)
    context = {
        **_about(here, "map", _("知识地图")),
        "map": map_of(subject_graph(here.subject), views),
        "groups": groups_of(views),
    }
    return render(request, "learning/map.html", context)


@require_GET
@signed_in(*READERS)
def path(request: HttpRequest, person_uuid: str = "") -> HttpResponse:
    """The path to the goal, each step with its reasons."""
    here = seen(request, person_uuid)
    found = path_for(
        here.person.id, subject=here.subject, now=here.now, today=here.today, language=language()
    )
    may_set = may(here, actor_of(request), Verb.UPDATE, "goal")
    context = {**_about(here, "path", _("学习路径")), "path": found, "may_set_goal": may_set}
    return render(request, "learning/path.html", context)


@require_GET
@signed_in(*READERS)
def progress(request: HttpRequest, person_uuid: str = "") -> HttpResponse:
    """What was done and gained, beside oneself a week ago."""
    here = seen(request, person_uuid)
    found = progress_of(here.person.id, subject=here.subject, views=_views(here), now=here.now)
    labels = [_("%(n)s 周前") % {"n": n} for n in range(len(found.weeks) - 1, 0, -1)] + [_("本周")]
    chart = bars(
        _("最近四周做了多少题"),
        labels,
        [Series(_("题数"), tuple(float(week.answers) for week in found.weeks), colour="green")],
    )
    context = {**_about(here, "progress", _("进步")), "progress": found, "chart": chart}
    return render(request, "learning/progress.html", context)


@require_GET
@signed_in(*READERS)
def evidence(request: HttpRequest, person_uuid: str = "") -> HttpResponse:
    """The answers behind a figure."""
    here = seen(request, person_uuid)
    point = request.GET.get("point", "")[:120]
    view = _views(here).get(point)
    graph = subject_graph(here.subject)
    context = {
        **_about(here, "evidence", _("这个判断从哪里来")),
        "point": graph.points.get(point),
        "view": view,
        "rows": behind(actor_of(request), here.person.id, subject=here.subject, point=point),
    }
    return render(request, "learning/evidence.html", context)


@signed_in(Role.PUPIL, Role.TEACHER)
def goal(request: HttpRequest, person_uuid: str = "") -> HttpResponse:
    """Set what to work towards, and the time a week for it."""
    here = seen(request, person_uuid)
    if not may(here, actor_of(request), Verb.UPDATE, "goal"):
        raise NotFoundError
    if request.method == "POST":
        kind, _sign, key = request.POST.get("goal", "").partition(":")
        minutes = request.POST.get("minutes", "")
        choosing.set_goal(
            actor=actor_of(request),
            now=here.now,
            person=here.person,
            subject=here.subject,
            kind=GoalKind(kind) if kind in set(GoalKind) else GoalKind.POINT,
            key=key[:200],
            minutes_a_week=int(minutes) if minutes.isdigit() else 0,
        )
        messages.success(request, _("目标定好了，路径已经重新安排。"))
        return redirect(here.url("path"))
    context = {**_about(here, "goal", _("定一个目标")), "groups": _goal_groups(here)}
    return render(request, "learning/goal.html", context)


def _goal_groups(here: Seen) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return domains of the pupil's grade (all grades without one), each with its points."""
    grade = grade_of(here.person.id, here.today)
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for card in subject_graph(here.subject).points.values():
        if card.grade is not None and (grade is None or card.grade == grade):
            found.setdefault((card.grade, card.domain), []).append((f"point:{card.key}", card.name))
    return [
        (f"domain:{one}/{domain}", _("%(grade)s 年级 %(domain)s") % {"grade": one, "domain": domain}, points)
        for (one, domain), points in found.items()
    ]


def _views(here: Seen) -> Views:
    method = method_for(here.person.id, here.subject, here.today)
    return views_of([here.person.id], subject=here.subject, now=here.now, method=method)[here.person.id]


def _about(here: Seen, page: str, title: str) -> dict[str, object]:
    first = (
        Crumb(_("学习"), reverse("learning:home"))
        if not here.staff
        else Crumb(_("学情"), reverse("learning:classes"))
    )
    crumbs = (first, Crumb(title)) if here.own else (first, Crumb(here.person.name), Crumb(title))
    return {"seen": here, "page": page, "title": title, "trail": crumbs}
