"""The teacher's pages: classes, class × point, tiers, pushing practice, the method, a story for parents."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.engines.practice import Tier
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.api import OrganisationInfo
from zhiwei.kernel.errors import ConflictError
from zhiwei.kernel.values import Actor, Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import SUBJECTS, subject_name
from zhiwei.learning import access
from zhiwei.learning.queries import classes as pictures
from zhiwei.learning.queries.mapping import groups_of
from zhiwei.learning.queries.mastery import method_for, views_of
from zhiwei.learning.queries.path import path_for
from zhiwei.learning.queries.progress import progress_of
from zhiwei.learning.services import choosing
from zhiwei.learning.values import Method
from zhiwei.learning.web.seen import language, seen
from zhiwei.ui.values import Crumb

TEACHERS = (Role.TEACHER, Role.CLASS_TEACHER)
CHOICES = (10, 15, 20, 30)
STORY_POINTS = 5


@require_GET
@signed_in(*TEACHERS)
def classes(request: HttpRequest) -> HttpResponse:
    """The classes one teaches, by subject; with only one, straight to it."""
    actor = actor_of(request)
    places = kernel.classes_taught(actor, verb=Verb.READ, kind="mastery")
    known = tuple(SUBJECTS)
    rows = [
        (place, [(one, subject_name(one)) for one in access.subjects_in_reach(actor, place.id, known)])
        for place in places
    ]
    context = {"rows": [row for row in rows if row[1]], "trail": (Crumb(_("学情")),)}
    return render(request, "learning/classes.html", context)


@require_GET
@signed_in(*TEACHERS)
def picture(request: HttpRequest, class_id: int, subject: str) -> HttpResponse:
    """Pupils × points; every cell opens the answers behind it."""
    actor, now = actor_of(request), clock.now()
    place = access.access_class(actor, class_id, subject=subject, verb=Verb.READ, kind="mastery")
    found = pictures.picture_of(place.id, subject=subject, now=now, today=clock.today(now))
    audit.record_reads(
        actor=actor,
        kind="mastery",
        now=now,
        about_ids=[row.person.id for row in found.rows],
        tenant_id=place.tenant_id,
        level=Level.PERSONAL,
        object_id=place.id,
    )
    context = {
        **_about(place, subject),
        "picture": found,
        "weak": sorted((one for one in found.points if one.weak), key=lambda one: -one.weak / one.pupils)[:3],
        "tiers": [(tier, [row for row in found.rows if row.tiered.tier is tier]) for tier in Tier],
        "all_tiers": list(Tier),
        "choices": CHOICES,
        "assignments": pictures.assignments_of(place.id, subject),
        "may_push": _may(actor, place, subject),
        "by_rules": found.method is Method.RULES,
    }
    return render(request, "learning/class.html", context)


@require_POST
@signed_in(Role.TEACHER)
def tiers(request: HttpRequest, class_id: int, subject: str) -> HttpResponse:
    """Keep tiers moved by hand; an empty choice hands a pupil back to the model."""
    actor, now = actor_of(request), clock.now()
    place = access.access_class(actor, class_id, subject=subject, verb=Verb.UPDATE, kind="practice")
    chosen = {
        int(name.removeprefix("tier-")): value
        for name, value in request.POST.items()
        if name.startswith("tier-") and name.removeprefix("tier-").isdigit() and isinstance(value, str)
    }
    moved = choosing.set_tiers(
        actor=actor, now=now, place=place, today=clock.today(now), subject=subject, chosen=chosen
    )
    messages.success(request, _("已调整 %(n)s 人的层次。") % {"n": moved})
    return redirect(_address(class_id, subject, "tiers"))


@require_POST
@signed_in(Role.TEACHER)
def push(request: HttpRequest, class_id: int, subject: str) -> HttpResponse:
    """Push a practice to the chosen tiers: each pupil gets a set of the own."""
    actor, now = actor_of(request), clock.now()
    place = access.access_class(actor, class_id, subject=subject, verb=Verb.CREATE, kind="practice")
    minutes = request.POST.get("minutes", "")
    try:
        made = choosing.push_practice(
            actor=actor,
            now=now,
            today=clock.today(now),
            place=place,
            subject=subject,
            tiers=[tier for tier in Tier if tier in request.POST.getlist("tier")],
            minutes=int(minutes) if minutes.isdigit() else 0,
            points=[one[:120] for one in request.POST.getlist("point") if one][:20],
        )
    except ConflictError as error:
        messages.warning(request, str(error.message))
    else:
        sets = sum(count for _row, count in made)
        messages.success(request, _("已推给 %(n)s 人，每人一份自己的练习。") % {"n": sets})
    return redirect(_address(class_id, subject, "push"))


@require_POST
@signed_in(Role.TEACHER)
def method(request: HttpRequest, class_id: int, subject: str) -> HttpResponse:
    """Choose the model or plain rules."""
    actor, now = actor_of(request), clock.now()
    place = access.access_class(actor, class_id, subject=subject, verb=Verb.UPDATE, kind="mastery")
    chosen = Method.RULES if request.POST.get("method") == Method.RULES else Method.MODEL
    choosing.set_method(actor=actor, now=now, place=place, subject=subject, method=chosen)
    messages.success(request, _("已换算法，这个班的掌握情况按新算法显示。"))
    return redirect(_address(class_id, subject))


@require_GET
@signed_in(*TEACHERS)
def story(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """One pupil's story for a parent meeting, to be printed on one page."""
    here = seen(request, person_uuid)
    chosen = method_for(here.person.id, here.subject, here.today)
    views = views_of([here.person.id], subject=here.subject, now=here.now, method=chosen)[here.person.id]
    ordered = sorted(views.values(), key=lambda one: -one.estimate)
    path = path_for(here.person.id, subject=here.subject, now=here.now, today=here.today, language=language())
    context = {
        "seen": here,
        "subject_name": subject_name(here.subject),
        "strong": [one for one in ordered if one.standing == "mastered"][:STORY_POINTS],
        "grow": [one for one in ordered[::-1] if one.standing in {"weak", "growing"}][:STORY_POINTS],
        "progress": progress_of(here.person.id, subject=here.subject, views=views, now=here.now),
        "steps": path.steps[:3],
        "groups": groups_of(views),
        "observed": sum(one.n for one in views.values()),
        "trail": (Crumb(_("学情"), reverse("learning:classes")), Crumb(here.person.name), Crumb(_("家长会"))),
    }
    return render(request, "learning/story.html", context)


def _may(actor: Actor, place: OrganisationInfo, subject: str) -> bool:
    from zhiwei.kernel.rules import policy

    return policy.reach(actor, Verb.CREATE, "practice").covers(path=place.path, subject=subject)


def _about(place: OrganisationInfo, subject: str) -> dict[str, object]:
    label = f"{place.name} {subject_name(subject)}"
    trail = (Crumb(_("学情"), reverse("learning:classes")), Crumb(label))
    return {"place": place, "subject": subject, "subject_name": subject_name(subject), "trail": trail}


def _address(class_id: int, subject: str, part: str = "") -> str:
    address = reverse("learning:class", args=[class_id, subject])
    return f"{address}#{part}" if part else address
