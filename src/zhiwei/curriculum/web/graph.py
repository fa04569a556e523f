"""The knowledge graph: drawn, as a tree, point by point, and as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiwei.curriculum import api, wording
from zhiwei.curriculum.queries import graph as drawing
from zhiwei.curriculum.queries.exporting import FORMS, export_graph
from zhiwei.curriculum.queries.point import get_point_page
from zhiwei.curriculum.wording import word
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Choice, Crumb


@signed_in()
def graph(request: HttpRequest) -> HttpResponse:
    """The graph to explore; its points are fetched by the page's script."""
    subjects = drawing.subjects()
    subject = (
        request.GET.get("subject") or (subjects[0] if "math" not in subjects else "math") if subjects else ""
    )
    context = {
        "subjects": [(code, word(wording.SUBJECTS, code)) for code in subjects],
        "subject": subject,
        "grades": range(1, 13),
        "grade": request.GET.get("grade", ""),
        "focus": request.GET.get("focus", ""),
        "domains": drawing.domains_of(subject),
        "trail": (Crumb(_("知识图谱")),),
        "shortcuts": (("F", _("看全图")), ("Esc", _("离开聚焦"))),
    }
    return render(request, "curriculum/graph.html", context)


@signed_in()
def data(request: HttpRequest) -> HttpResponse:
    """Points, places and lines for the drawing, as numbers."""
    query = request.GET
    depth = query.get("depth", "2")
    found = drawing.draw(
        subject=query.get("subject", ""),
        grade=int(query["grade"]) if query.get("grade", "").isdigit() else None,
        domain=query.get("domain", ""),
        focus=query.get("focus", ""),
        depth=int(depth) if depth.isdigit() else 2,
    )
    return JsonResponse({"nodes": found.nodes, "lines": found.lines, "domains": found.domains})


@signed_in()
def tree(request: HttpRequest) -> HttpResponse:
    """All points of a subject, by grade and domain."""
    subjects = drawing.subjects()
    subject = request.GET.get("subject") or ("math" if "math" in subjects else next(iter(subjects), ""))
    text = request.GET.get("q", "").strip()
    hits = api.search_points(text, subject=subject, limit=100) if text else []
    groups = [] if text else api.points_tree(subject)
    names = tuple((code, word(wording.SUBJECTS, code)) for code in subjects)
    context = {
        "groups": [(one, word(wording.STAGES, one.stage)) for one in groups],
        "hits": hits,
        "text": text,
        "subject": subject,
        "total": len(hits) if text else sum(len(one.points) for one in groups),
        "choices": (Choice("subject", _("学科"), names, subject),),
        "exports": FORMS,
        "trail": (Crumb(_("知识图谱"), reverse("curriculum:graph")), Crumb(_("知识点"))),
    }
    return render(request, "curriculum/tree.html", context)


@signed_in()
def point(request: HttpRequest, key: str) -> HttpResponse:
    """One knowledge point."""
    page = get_point_page(actor_of(request), key)
    context = {
        "page": page,
        "point": page.point,
        "subject_word": word(wording.SUBJECTS, page.point.subject),
        "stage_word": word(wording.STAGES, page.point.stage),
        "cognition": word(wording.COGNITION, str(page.content.get("cognitive_level", ""))),
        "items": [(one, word(wording.TYPES, one.type)) for one in page.items],
        "resources": [(one, word(wording.KINDS, one.kind)) for one in page.resources],
        "trail": (Crumb(_("知识图谱"), reverse("curriculum:graph")), Crumb(page.point.name)),
    }
    return render(request, "curriculum/point.html", context)


@signed_in()
def search(request: HttpRequest) -> HttpResponse:
    """Points by name, pinyin or key, for the editor's and the drawing's search boxes."""
    found = api.search_points(request.GET.get("q", ""), subject=request.GET.get("subject", ""), limit=12)
    return JsonResponse({"points": [{"key": one.key, "name": one.name, "grade": one.grade} for one in found]})


@signed_in()
def export(request: HttpRequest, form: str) -> HttpResponse:
    """A subject's graph as CSV, JSON-LD or CASE."""
    if form not in FORMS:
        raise NotFoundError
    media_type, ending, content = export_graph(request.GET.get("subject", ""), form)
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="graph.{ending}"'
    return response
