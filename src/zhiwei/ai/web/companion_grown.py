"""Grown-ups' pages of the companion: teachers read and answer, guardians choose, the school decides."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiwei.ai import companion_access as access
from zhiwei.ai.queries import companion as queries
from zhiwei.ai.rules.companion import needs_adult
from zhiwei.ai.services import companion as services
from zhiwei.ai.services import companion_rules as rules
from zhiwei.ai.values import DialogueState
from zhiwei.ai.web.companion_words import closed_reason
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PAGE = 30


@require_GET
@signed_in(Role.TEACHER, Role.CLASS_TEACHER)
def pupils(request: HttpRequest) -> HttpResponse:
    """Conversations handed over first, then those the school lets one read; classes to sit beside."""
    actor, today = actor_of(request), clock.today(clock.now())
    rows = access.pupils_dialogues(actor, today).select_related("person")
    handed = rows.filter(state=DialogueState.HANDED).order_by("handed_at")
    others = rows.exclude(state=DialogueState.HANDED).order_by("-last_at")
    page = Paginator(others, PAGE).get_page(request.GET.get("page"))
    taught = kernel.classes_taught(actor, verb=Verb.CREATE, kind="adult_presence")
    classes = [one for one in taught if needs_adult(one.grade)]
    context = {
        "handed": handed,
        "page": page,
        "setting": queries.setting_of(actor.tenant_id),
        "classes": classes,
        "trail": (Crumb(_("学伴")),),
    }
    return render(request, "ai/companion/pupils.html", context)


@require_GET
@signed_in(Role.TEACHER, Role.CLASS_TEACHER)
def read(request: HttpRequest, dialogue_uuid: str) -> HttpResponse:
    """One pupil's conversation; that it was read is kept and the pupil can see it."""
    actor, now = actor_of(request), clock.now()
    found = access.access_pupils_dialogue(actor, dialogue_uuid, clock.today(now))
    audit.record_reads(
        actor=actor,
        kind="dialogue",
        now=now,
        about_ids=[found.person_id],
        tenant_id=found.tenant_id,
        level=Level.SENSITIVE,
        object_id=found.pk,
    )
    context = {
        "dialogue": found,
        "turns": queries.turns_of(found),
        "may_answer": found.state != DialogueState.OPEN and Role.TEACHER in actor.roles,
        "trail": (Crumb(_("学伴"), reverse("ai:companion_pupils")), Crumb(found.person.name)),
    }
    return render(request, "ai/companion/read.html", context)


@require_POST
@signed_in(Role.TEACHER)
def answer(request: HttpRequest, dialogue_uuid: str) -> HttpResponse:
    """Answer a conversation that was handed over."""
    actor, now = actor_of(request), clock.now()
    found = access.access_pupils_dialogue(actor, dialogue_uuid, clock.today(now), verb=Verb.ANSWER)
    try:
        services.answer(actor=actor, now=now, dialogue=found, said=request.POST.get("said", ""))
    except InvalidInputError as error:
        messages.warning(request, error.message)
    return redirect("ai:companion_read", dialogue_uuid=dialogue_uuid)


@require_POST
@signed_in(Role.TEACHER, Role.CLASS_TEACHER)
def beside_class(request: HttpRequest, class_id: int) -> HttpResponse:
    """Say that one is in the room with a class for the next lesson."""
    actor, now = actor_of(request), clock.now()
    place = kernel.place_for(actor, class_id, verb=Verb.CREATE, kind="adult_presence")
    members = [one.id for one in kernel.pupils_of_class(place.id, clock.today(now))]
    rules.sit_beside(actor=actor, now=now, person_ids=members, tenant_id=place.tenant_id)
    messages.success(request, _("已确认陪同 %(place)s 40 分钟。") % {"place": place.name})
    return redirect("ai:companion_pupils")


@require_GET
@signed_in(Role.GUARDIAN)
def children(request: HttpRequest) -> HttpResponse:
    """What one allows each child, and whether it is open to them now."""
    actor, now = actor_of(request), clock.now()
    rows = []
    for child in kernel.people_by_id(actor.wards).values():
        standing = queries.standing_of(child.id, child.tenant_id, now=now)
        rows.append((child, queries.choice_of(child.id), standing, closed_reason(standing)))
    return render(request, "ai/companion/children.html", {"rows": rows, "trail": (Crumb(_("学伴")),)})


@require_POST
@signed_in(Role.GUARDIAN)
def choose(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """Keep what one allows a child."""
    actor = actor_of(request)
    child = access.access_ward(actor, person_uuid, verb=Verb.UPDATE, kind="companion_choice")
    typed = request.POST.get("minutes", "").strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 5):
        raise InvalidInputError(_("分钟数请填整数。"), code="companion.minutes")
    rules.choose_for_child(
        actor=actor,
        now=clock.now(),
        person_id=child.id,
        tenant_id=child.tenant_id,
        allowed=request.POST.get("allowed") == "on",
        minutes=int(typed) if typed else None,
    )
    messages.success(request, _("已保存。"))
    return redirect("ai:companion_children")


@require_POST
@signed_in(Role.GUARDIAN)
def beside_child(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """Say that one sits beside a child."""
    actor = actor_of(request)
    child = access.access_ward(actor, person_uuid, verb=Verb.CREATE, kind="adult_presence")
    rules.sit_beside(actor=actor, now=clock.now(), person_ids=[child.id], tenant_id=child.tenant_id)
    messages.success(request, _("已确认陪同 %(name)s 40 分钟。") % {"name": child.name})
    return redirect("ai:companion_children")


class SettingForm(forms.Form):
    """What the school decides."""

    enabled = forms.BooleanField(label=gettext_lazy("开放学伴"), required=False)
    grades = forms.MultipleChoiceField(
        label=gettext_lazy("开放的年级"),
        choices=[(str(one), str(one)) for one in range(1, 13)],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "grades"}),
        help_text=gettext_lazy("一个也不选就是全部年级。小学（1–6 年级）每次都要有大人确认陪同。"),
    )
    minutes_a_day = forms.IntegerField(label=gettext_lazy("每天最多分钟"), min_value=5, max_value=120)
    from_hour = forms.IntegerField(label=gettext_lazy("几点开始"), min_value=0, max_value=23)
    until_hour = forms.IntegerField(label=gettext_lazy("几点结束"), min_value=1, max_value=24)
    teachers_see = forms.BooleanField(
        label=gettext_lazy("任课教师和班主任可以看学生的对话"),
        required=False,
        help_text=gettext_lazy("学生的页面上会写明。关闭时，只能看到转给老师的对话。"),
    )
    uses_model = forms.BooleanField(
        label=gettext_lazy("可以使用大模型"),
        required=False,
        help_text=gettext_lazy("关闭时，学伴只用提示、误区和材料原文。"),
    )
    keep_days = forms.IntegerField(label=gettext_lazy("对话保存天数"), min_value=7, max_value=400)


@require_http_methods(["GET", "POST"])
@signed_in(Role.SCHOOL_ADMIN, Role.PRINCIPAL)
def school(request: HttpRequest) -> HttpResponse:
    """What the school decides about the companion."""
    actor = actor_of(request)
    access.access_own_setting(actor, verb=Verb.READ)
    row = queries.setting_of(actor.tenant_id)
    facts = {name: getattr(row, name) for name in SettingForm.base_fields} | {
        "grades": [str(one) for one in row.grades]
    }
    form = SettingForm(request.POST or None, initial=facts)
    if request.method == "POST":
        access.access_own_setting(actor, verb=Verb.UPDATE)
        if form.is_valid() and _decided(request, form):
            return redirect("ai:companion_school")
    may_change = Role.SCHOOL_ADMIN in actor.roles
    context = {"form": form, "may_change": may_change, "trail": (Crumb(_("学伴")),)}
    return render(request, "ai/companion/school.html", context)


def _decided(request: HttpRequest, form: SettingForm) -> bool:
    data = dict(form.cleaned_data)
    data["grades"] = [int(one) for one in data["grades"]]
    try:
        rules.set_school(actor=actor_of(request), now=clock.now(), rules=rules.SchoolRules(**data))
    except InvalidInputError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("已保存。"))
    return True
