"""People: the list, one person's page, the search palette."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.kernel import audit, clock
from zhiwei.kernel.access import access_person
from zhiwei.kernel.errors import ConflictError
from zhiwei.kernel.models import AuditRow, Person
from zhiwei.kernel.queries import directory
from zhiwei.kernel.rules import policy
from zhiwei.kernel.services import accounts, identity_providers, second_factor
from zhiwei.kernel.values import STAFF_ROLES, Actor, Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import role_name
from zhiwei.ui.values import Choice, Crumb, View

PAGE = 50
VIEWED = (Role.PUPIL, Role.TEACHER, Role.CLASS_TEACHER, Role.GUARDIAN)


@signed_in(*STAFF_ROLES)
def people(request: HttpRequest) -> HttpResponse:
    """People in reach, found by name, number or pinyin."""
    actor, today = actor_of(request), clock.today(clock.now())
    page = Paginator(_found(request), PAGE).get_page(request.GET.get("page"))
    rows = directory.person_rows(list(page.object_list), today)
    classes = [(str(one.pk), one.name) for one in directory.classes_in_reach(actor)]
    role, class_id = request.GET.get("role", ""), request.GET.get("class", "")
    may_export = bool(policy.reach(actor, Verb.EXPORT, "roster"))
    context = {
        "page": page,
        "rows": [(row, [role_name(role) for role in row.roles]) for row in rows],
        "views": _views(actor, role),
        "choices": (
            Choice("role", _("角色"), tuple((one.value, role_name(one)) for one in Role), role),
            Choice("class", _("班级"), tuple(classes), class_id),
        ),
        "export_url": f"{reverse('kernel:ask_export')}?{request.GET.urlencode()}" if may_export else "",
        "sees_consents": bool({Role.SCHOOL_ADMIN, Role.CLASS_TEACHER} & actor.roles),
        "trail": (Crumb(_("人员")),),
    }
    return render(request, "kernel/people.html", context)


def _found(request: HttpRequest) -> QuerySet[Person]:
    class_id = request.GET.get("class", "")
    return directory.search_people(
        actor_of(request),
        request.GET.get("q", ""),
        role=request.GET.get("role", ""),
        class_id=int(class_id) if class_id.isdigit() else None,
        sort=request.GET.get("sort", ""),
    )


def _views(actor: Actor, chosen: str) -> list[View]:
    """The views everybody starts from; each is an address one can keep."""
    here = reverse("kernel:people")
    named = (("", _("全部")), *((role.value, role_name(role)) for role in VIEWED))
    return [
        View(label, f"{here}?role={role}" if role else here, None, active=role == chosen)
        for role, label in named
    ]


@signed_in()
def person(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """One person: roles, guardians, and who has looked at their data."""
    actor, now = actor_of(request), clock.now()
    found = access_person(actor, person_uuid)
    audit.record_reads(
        actor=actor,
        kind="person",
        about_ids=[found.pk],
        tenant_id=found.tenant_id,
        level=Level.PERSONAL,
        now=now,
        object_id=found.pk,
    )
    held = found.holdings.select_related("organisation").order_by("-starts_on")
    others = found.account_id not in {None, actor.account_id}
    context = {
        "person": found,
        "held": [(one, role_name(one.role)) for one in held],
        "guardians": found.guardians.select_related("guardian"),
        "wards": found.wards.select_related("child"),
        "may_manage": bool(_manageable(request, person_uuid)),
        "others_account": others,
        "resettable": others and second_factor.enrolled(found.account_id or 0),
        "linked": others and identity_providers.is_linked(found.pk),
        "seen": AuditRow.objects.filter(about_id=found.pk).order_by("-at")[:20]
        if _own_or_ward(request, found.pk)
        else (),
        "trail": (Crumb(_("人员"), reverse("kernel:people") if actor.is_staff else ""), Crumb(found.name)),
    }
    return render(request, "kernel/person.html", context)


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def sign_in_link(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """Make a one-time sign-in link for somebody who cannot get in, shown once."""
    actor, now = actor_of(request), clock.now()
    found = access_person(actor, person_uuid, verb=Verb.MANAGE, level=Level.SENSITIVE)
    if found.account_id is None:
        login = found.number or f"p{found.pk}"
        accounts.open_account(actor=actor, now=now, person_id=found.pk, login=f"{found.tenant_id}-{login}")
        found.refresh_from_db()
    if found.account_id is None:
        raise ConflictError(_("没能开通账号，请重试。"))
    token = accounts.make_link(account_id=found.account_id, now=now)
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="sign_in_link",
        about_id=found.pk,
        tenant_id=found.tenant_id,
        level=Level.SENSITIVE,
        now=now,
    )
    address = request.build_absolute_uri(reverse("kernel:use_link", args=[token]))
    return render(request, "kernel/link_made.html", {"person": found, "address": address})


@signed_in(*STAFF_ROLES)
def search(request: HttpRequest) -> HttpResponse:
    """The Ctrl-K palette: people in reach whose name, number or pinyin matches."""
    text = request.GET.get("q", "").strip()[:60]
    found = directory.search_people(actor_of(request), text)[:8] if text else []
    rows = directory.person_rows(list(found), clock.today(clock.now()))
    items = [
        {
            "label": row.name,
            "note": " ".join(row.places),
            "url": reverse("kernel:person", args=[row.uuid]),
            "icon": "user",
        }
        for row in rows
    ]
    return JsonResponse({"groups": [{"label": _("人员"), "items": items}] if items else []})


def _manageable(request: HttpRequest, person_uuid: str) -> bool:
    from zhiwei.kernel.access import people_in_reach

    reach = people_in_reach(actor_of(request), Verb.MANAGE, level=Level.SENSITIVE)
    return reach.filter(uuid=person_uuid).exists()


def _own_or_ward(request: HttpRequest, person_id: int) -> bool:
    actor = actor_of(request)
    return person_id == actor.person_id or person_id in actor.wards
