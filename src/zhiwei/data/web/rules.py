"""Writing a rule: its form first, then the columns and what the form wants besides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiwei.data import access_sources as access
from zhiwei.data.errors import SourceInputError
from zhiwei.data.queries.quality import dataset_lines
from zhiwei.data.services import rulebook
from zhiwei.data.services.datasets import dataset
from zhiwei.data.services.rulebook import RuleSpec
from zhiwei.data.web.quality import trail
from zhiwei.data.wording_quality import AGREEMENTS, DIMENSIONS, FORMATS, FORMS
from zhiwei.engines.quality import OPERATORS, SHAPES, Form
from zhiwei.kernel import clock
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

LABELS = {
    "low": gettext_lazy("下限"),
    "high": gettext_lazy("上限"),
    "pattern": gettext_lazy("正则表达式"),
    "values": gettext_lazy("值（每行一个）"),
    "then": gettext_lazy("那时只能是（每行一个，留空表示不能空）"),
    "format": gettext_lazy("格式"),
    "operator": gettext_lazy("关系"),
    "within": gettext_lazy("允许相差"),
    "with": gettext_lazy("与身份证件号比什么"),
    "days": gettext_lazy("最多几天前"),
    "ahead": gettext_lazy("最多晚于今天几天"),
    "table": gettext_lazy("对照的数据"),
    "column": gettext_lazy("对照的列"),
    "fences": gettext_lazy("超出四分位距几倍算离群（默认 3）"),
    "whole": gettext_lazy("只能是整数"),
}
_BY_PROFILE = frozenset({Form.DRIFT})
"""Its bins come from a profile; nobody types deciles."""
_LISTS = frozenset({"values", "then"})
_WORDS = frozenset({"pattern", "format", "operator", "with", "table", "column"})


@signed_in(Role.DATA_OFFICER)
def rule_new(request: HttpRequest, key: str) -> HttpResponse:
    """Write a rule."""
    actor = actor_of(request)
    found = dataset(key)
    if found.source is not None:
        access.access_source(actor, found.source.uuid, verb=Verb.UPDATE)
    form, problem = _form(request), ""
    if request.method == "POST" and form is not None:
        try:
            rulebook.add_rule(actor=actor, now=clock.now(), key=key, spec=_spec(request, form))
        except SourceInputError as error:
            label = str(LABELS.get(error.field, ""))
            problem = f"{label}：{error.message}" if label else error.message
        else:
            return redirect("data:dataset", key=key)
    context = {
        "found": found,
        "groups": _groups(),
        "form": str(form) if form else "",
        "form_words": str(FORMS[form]) if form else "",
        "shape": SHAPES[form] if form else None,
        "inputs": _inputs(request, form, dataset_lines(actor)) if form else [],
        "picked": request.POST.getlist("columns"),
        "tolerance": request.POST.get("tolerance", "0"),
        "problem": problem,
        "trail": (*trail(), Crumb(found.name, reverse("data:dataset", args=[key])), Crumb(_("写一条规则"))),
    }
    return render(request, "data/rule_new.html", context, status=422 if problem else 200)


@require_POST
@signed_in(Role.DATA_OFFICER)
def rule_drop(request: HttpRequest, rule_uuid: str) -> HttpResponse:
    """Drop a rule."""
    actor = actor_of(request)
    row = access.access_rule(actor, rule_uuid, verb=Verb.DELETE)
    key = row.dataset
    rulebook.drop_rule(actor=actor, now=clock.now(), rule=row)
    return redirect("data:dataset", key=key)


def _form(request: HttpRequest) -> Form | None:
    given = request.POST.get("form") or request.GET.get("form") or ""
    if not given:
        return None
    try:
        return Form(given)
    except ValueError as error:
        raise NotFoundError from error


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            str(words),
            [
                (str(form), str(FORMS[form]))
                for form, shape in SHAPES.items()
                if shape.dimension is one and form not in _BY_PROFILE
            ],
        )
        for one, words in DIMENSIONS.items()
    ]


def _spec(request: HttpRequest, form: Form) -> RuleSpec:
    shape = SHAPES[form]
    params = {
        name: value
        for name in sorted(shape.must | shape.may)
        if (value := _value(name, request.POST.get(name, ""))) not in ("", [])
    }
    ordered = request.POST.getlist("columns")
    return RuleSpec(str(form), [one for one in ordered if one], params, _tolerance(request))


def _tolerance(request: HttpRequest) -> float:
    try:
        return float(request.POST.get("tolerance") or "0") / 100
    except ValueError as error:
        raise SourceInputError("tolerance", _("容许的比例应是数字。")) from error


def _value(name: str, text: str) -> object:
    if name in _LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if name in _WORDS or not text.strip():
        return text.strip()
    try:
        return float(text) if "." in text else int(text)
    except ValueError as error:
        raise SourceInputError(name, _("应是数字。")) from error


def _inputs(request: HttpRequest, form: Form, known: Any) -> list[dict[str, Any]]:
    shape = SHAPES[form]
    tables = [(one.key, one.name) for one in known]
    choices: dict[str, Callable[[], list[tuple[str, str]]]] = {
        "format": lambda: [(name, str(words)) for name, words in FORMATS.items()],
        "with": lambda: [(name, str(words)) for name, words in AGREEMENTS.items()],
        "operator": lambda: [(one, one) for one in OPERATORS],
        "table": lambda: tables,
        "whole": lambda: [("", _("否")), ("1", _("是"))],
    }
    return [
        {
            "name": name, "label": str(LABELS[name]), "value": request.POST.get(name, ""),
            "must": name in shape.must, "is_list": name in _LISTS,
            "choices": choices[name]() if name in choices else [],
        }
        for name in LABELS if name in shape.must | shape.may
    ]  # fmt: skip
