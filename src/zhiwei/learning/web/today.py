"""The pupil's first page of learning: today's practice, the next steps, this week; for guardians their children."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.errors import ConflictError
from zhiwei.kernel.values import Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.learning.queries.mastery import method_for, views_of
from zhiwei.learning.queries.path import path_for
from zhiwei.learning.queries.practice import cards_of
from zhiwei.learning.queries.progress import progress_of
from zhiwei.learning.queries.tiers import tiers_of
from zhiwei.learning.services import practising
from zhiwei.learning.web.seen import language, seen
from zhiwei.ui.values import Crumb

CHOICES = (10, 15, 20, 30)
NEXT_STEPS = 3


@require_GET
@signed_in(Role.PUPIL, Role.GUARDIAN)
def home(request: HttpRequest) -> HttpResponse:
    """Today's practice; a guardian is shown the children."""
    actor = actor_of(request)
    if Role.PUPIL not in actor.roles:
        children = list(kernel.people_by_id(actor.wards).values())
        if len(children) == 1:
            return redirect("learning:map_of", person_uuid=children[0].uuid)
        return render(request, "learning/children.html", {"children": children, "trail": (Crumb(_("学习")),)})
    here = seen(request)
    method = method_for(here.person.id, here.subject, here.today)
    views = views_of([here.person.id], subject=here.subject, now=here.now, method=method)[here.person.id]
    path = path_for(here.person.id, subject=here.subject, now=here.now, today=here.today, language=language())
    context = {
        "seen": here,
        "cards": cards_of(here.person.id),
        "choices": CHOICES,
        "steps": path.steps[:NEXT_STEPS],
        "path": path,
        "progress": progress_of(here.person.id, subject=here.subject, views=views, now=here.now),
        "tier": tiers_of([here.person.id], subject=here.subject, now=here.now, today=here.today)[
            here.person.id
        ],
        "page": "home",
        "trail": (Crumb(_("学习")),),
    }
    return render(request, "learning/home.html", context)


@require_POST
@signed_in(Role.PUPIL)
def start(request: HttpRequest) -> HttpResponse:
    """Choose a practice set and go to its first question."""
    actor, now = actor_of(request), clock.now()
    minutes = request.POST.get("minutes", "15")
    point = request.POST.get("point", "")
    try:
        made = practising.begin_practice(
            actor=actor,
            now=now,
            today=clock.today(now),
            subject=request.POST.get("subject", "math")[:30],
            minutes=int(minutes) if minutes.isdigit() else 0,
            points=[point[:120]] if point else (),
        )
    except ConflictError as error:
        messages.warning(request, str(error.message))
        return redirect("learning:home")
    return redirect("learning:practice", practice_uuid=made.uuid)
