"""Classes and who teaches them; set by hand here, a roster leaves it alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.queries import teaching as queries
from zhiwei.kernel.services import people
from zhiwei.kernel.values import STAFF_ROLES, Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import SUBJECTS, role_name, subject_name
from zhiwei.ui.values import Crumb


@signed_in(*STAFF_ROLES)
def classes(request: HttpRequest) -> HttpResponse:
    """Classes in reach: size, class teacher, who teaches which subject."""
    actor, today = actor_of(request), clock.today(clock.now())
    rows = queries.class_rows(actor, today)
    may_change = Role.SCHOOL_ADMIN in actor.roles
    context = {
        "rows": [(row, [(one, _post_name(one.role, one.subject)) for one in row.held]) for row in rows],
        "staff": queries.staff_of(actor.tenant_id) if may_change else (),
        "subjects": [(code, str(word)) for code, word in SUBJECTS.items()],
        "may_change": may_change,
        "trail": (Crumb(_("班级与任教")),),
    }
    return render(request, "kernel/classes.html", context)


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def assign(request: HttpRequest) -> HttpResponse:
    """Let somebody teach a class from today on."""
    actor, now = actor_of(request), clock.now()
    place, who = request.POST.get("class", ""), request.POST.get("person", "")
    subject = request.POST.get("subject", "")
    if not place.isdigit() or not who.isdigit():
        raise InvalidInputError(_("请选择班级和教师。"), code="teaching.incomplete")
    found = queries.class_to_staff(actor, int(place))
    person = queries.staff_of(actor.tenant_id).filter(pk=int(who)).first()
    if person is None or (subject and subject not in SUBJECTS):
        raise InvalidInputError(_("请选择本校的教师和学科。"), code="teaching.incomplete")
    people.give_role(
        actor=actor,
        now=now,
        person_id=person.pk,
        organisation_id=found.pk,
        role=Role.TEACHER if subject else Role.CLASS_TEACHER,
        subject=subject,
        starts_on=clock.today(now),
    )
    return redirect("kernel:classes")


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def end_post(request: HttpRequest, holding_id: int) -> HttpResponse:
    """End an assignment today; one that began today is taken back."""
    actor, now = actor_of(request), clock.now()
    people.end_or_take_back(
        actor=actor, now=now, holding_id=queries.teaching_post(actor, holding_id).pk, ends_on=clock.today(now)
    )
    return redirect("kernel:classes")


def _post_name(role: str, subject: str) -> str:
    return subject_name(subject) if subject else role_name(role)
