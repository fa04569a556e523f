"""One person's particulars corrected by the school's administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiwei.kernel import audit, clock
from zhiwei.kernel.access import access_person
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import Person
from zhiwei.kernel.services.corrections import CORRECTABLE, correct_person
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

SEXES = (
    ("", gettext_lazy("未填")),
    ("1", gettext_lazy("男")),
    ("2", gettext_lazy("女")),
    ("9", gettext_lazy("未说明")),
)


class CorrectionForm(forms.Form):
    """The particulars, and which of those set by hand the roster may set again."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    number = forms.RegexField(
        label=gettext_lazy("学号/工号"), regex=r"^[0-9A-Za-z_\-./]*$", max_length=40, required=False
    )
    sex = forms.ChoiceField(label=gettext_lazy("性别"), choices=SEXES, required=False)
    birth_on = forms.DateField(
        label=gettext_lazy("出生日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    phone = forms.RegexField(label=gettext_lazy("手机"), regex=r"^\+?[0-9\-]{5,20}$", required=False)
    as_roster = forms.MultipleChoiceField(
        label=gettext_lazy("改回以花名册为准"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *given: Any, hand_set: list[str], **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(one, self.fields[one].label) for one in CORRECTABLE if one in hand_set]
        if choices:
            self.fields["as_roster"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["as_roster"]


@signed_in(Role.SCHOOL_ADMIN)
def correct(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """Show and take the form."""
    found = access_person(actor_of(request), person_uuid, verb=Verb.MANAGE, level=Level.SENSITIVE)
    if request.method == "POST":
        form = CorrectionForm(request.POST, hand_set=found.hand_set)
        if form.is_valid() and _kept(request, found, form):
            return redirect("kernel:person", found.uuid)
    else:
        form = CorrectionForm(initial=_initial(request, found), hand_set=found.hand_set)
    context = {
        "form": form,
        "person": found,
        "trail": (
            Crumb(_("人员"), reverse("kernel:people")),
            Crumb(found.name, reverse("kernel:person", args=[found.uuid])),
            Crumb(_("修改资料")),
        ),
    }
    return render(request, "kernel/correct.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest, found: Person) -> dict[str, object]:
    """What the form shows; opening it reads level 4."""
    actor = actor_of(request)
    audit.record_reads(
        actor=actor, kind="person", now=clock.now(), about_ids=[found.pk], tenant_id=found.tenant_id,
        level=Level.SENSITIVE, object_id=found.pk,
    )  # fmt: skip
    return {name: getattr(found, name) for name in CORRECTABLE}


def _kept(request: HttpRequest, found: Person, form: CorrectionForm) -> bool:
    given = dict(form.cleaned_data)
    try:
        changed = correct_person(
            actor=actor_of(request),
            now=clock.now(),
            person_id=found.pk,
            as_roster=given.pop("as_roster", ()),
            values=given,
        )
    except (ConflictError, InvalidInputError) as error:
        form.add_error("number" if error.code == "person.number_taken" else None, str(error.message))
        return False
    messages.success(
        request, _("已保存。以后导入花名册不会改动手工设定的内容。") if changed else _("没有改动。")
    )
    return True
