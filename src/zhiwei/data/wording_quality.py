"""Words of bringing in and of quality as pages and reports show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiwei.engines.intake import Kind, Reason
from zhiwei.engines.quality import SHAPES, Dimension, Form

DIMENSIONS = {
    Dimension.COMPLETE: gettext_lazy("完整"),
    Dimension.UNIQUE: gettext_lazy("唯一"),
    Dimension.VALID: gettext_lazy("有效"),
    Dimension.CONSISTENT: gettext_lazy("一致"),
    Dimension.TIMELY: gettext_lazy("及时"),
    Dimension.REFERENTIAL: gettext_lazy("可对应"),
    Dimension.DISTRIBUTION: gettext_lazy("分布"),
}
FORMS = {
    Form.FILLED: gettext_lazy("不能空"),
    Form.UNIQUE: gettext_lazy("不能重复"),
    Form.NUMBER: gettext_lazy("是数字"),
    Form.DATE: gettext_lazy("是日期"),
    Form.RANGE: gettext_lazy("数值在范围内"),
    Form.LENGTH: gettext_lazy("字数在范围内"),
    Form.PATTERN: gettext_lazy("符合写法（正则表达式）"),
    Form.AMONG: gettext_lazy("是列出的值之一"),
    Form.FORMAT: gettext_lazy("符合常用格式"),
    Form.COMPARE: gettext_lazy("两列比较"),
    Form.TOTAL: gettext_lazy("合计等于各项之和"),
    Form.WHEN: gettext_lazy("某列为某值时另一列有值"),
    Form.DETERMINES: gettext_lazy("一个值只对应另一列的一个值"),
    Form.AGREES: gettext_lazy("与身份证件号相符"),
    Form.RECENT: gettext_lazy("日期在近期内"),
    Form.FRESH: gettext_lazy("最新一天足够新"),
    Form.REFERS: gettext_lazy("在另一份数据里有"),
    Form.OUTLIER: gettext_lazy("没有离群的数值"),
    Form.MEAN: gettext_lazy("平均值在范围内"),
    Form.SHARE: gettext_lazy("某些值的占比在范围内"),
    Form.DRIFT: gettext_lazy("分布没有移动"),
}
FORMATS = {
    "citizen_id": gettext_lazy("身份证件号（含校验码）"),
    "mobile": gettext_lazy("手机号"),
    "email": gettext_lazy("电子邮箱"),
    "name": gettext_lazy("姓名"),
}
AGREEMENTS = {"birth": gettext_lazy("出生日期"), "sex": gettext_lazy("性别")}
FIGURES = {
    "newest": gettext_lazy("最新"),
    "age": gettext_lazy("距今天数"),
    "mean": gettext_lazy("平均值"),
    "share": gettext_lazy("占比"),
    "psi": gettext_lazy("稳定性指数 PSI"),
}
KINDS = {
    Kind.TEXT: gettext_lazy("文本"),
    Kind.INTEGER: gettext_lazy("整数"),
    Kind.NUMBER: gettext_lazy("数字"),
    Kind.DATE: gettext_lazy("日期"),
    Kind.TIME: gettext_lazy("时间"),
    Kind.CODE: gettext_lazy("代码"),
}
REASONS = {
    Reason.REQUIRED: gettext_lazy("必填而为空"),
    Reason.NOT_INTEGER: gettext_lazy("不是整数"),
    Reason.NOT_NUMBER: gettext_lazy("不是数字"),
    Reason.NOT_DATE: gettext_lazy("不是日期"),
    Reason.NOT_TIME: gettext_lazy("不是时间"),
    Reason.NOT_CODE: gettext_lazy("不在代码表里"),
    Reason.TOO_LONG: gettext_lazy("太长"),
    Reason.CELLS: gettext_lazy("这一行的格数比表头多"),
}
WHYS = {
    "name": gettext_lazy("列名相同"),
    "alias": gettext_lazy("列名是它的别名"),
    "cells": gettext_lazy("内容是这种写法"),
    "like": gettext_lazy("列名相近"),
    "": "",
}
SCHEDULES = {
    "": gettext_lazy("不定时"),
    "daily": gettext_lazy("每天一次"),
    "weekly": gettext_lazy("每周一次"),
    "monthly": gettext_lazy("每月一次"),
}
STATES = {
    "reading": gettext_lazy("正在读取"),
    "draft": gettext_lazy("待确认各列"),
    "ready": gettext_lazy("可接入"),
    "failed": gettext_lazy("未完成"),
    "running": gettext_lazy("进行中"),
    "done": gettext_lazy("完成"),
    "expired": gettext_lazy("到期已删除"),
}
TONES = {
    "reading": "machine", "draft": "due", "ready": "earned", "failed": "unsure", "running": "machine",
    "done": "earned", "expired": "plain",
}  # fmt: skip


class Told(Protocol):
    """A rule or a result: both keep form, columns and params."""

    form: str
    columns: Any
    params: Any


def dimension_name(one: Dimension | str) -> str:
    """Return a side of quality in the interface language."""
    return str(DIMENSIONS[Dimension(one)])


def dimension_of(form: str) -> str:
    """Return the side of quality that a form asks about."""
    return dimension_name(SHAPES[Form(form)].dimension)


def reason_words(field: str, reason: str) -> str:
    """Return why a row was rejected."""
    words = str(REASONS[Reason(reason)])
    return _("「%(field)s」%(why)s") % {"field": field, "why": words} if field else words


def rule_words(rule: Told, meanings: Mapping[str, str] | None = None) -> str:
    """Return a rule in one sentence, columns by their meaning where it is given."""
    known = meanings or {}
    columns = [known.get(one, one) for one in rule.columns]
    named = "、".join(columns)
    detail = _detail(Form(rule.form), columns, rule.params)
    return f"{named}：{detail or FORMS[Form(rule.form)]}"


def figure_words(figures: Mapping[str, object]) -> str:
    """Return measured values in words."""
    return "；".join(f"{FIGURES.get(name, name)} {value}" for name, value in figures.items())


def _detail(form: Form, columns: Sequence[str], params: Mapping[str, Any]) -> str:
    if form in {Form.RANGE, Form.LENGTH, Form.MEAN, Form.SHARE}:
        return _bounded(form, params)
    if form is Form.AMONG:
        return _("只能是 %(values)s") % {"values": _listed(params["values"])}
    if form is Form.FORMAT:
        return str(FORMATS[str(params["format"])])
    if form is Form.PATTERN:
        return _("写法是 %(pattern)s") % {"pattern": params["pattern"]}
    if form is Form.COMPARE:
        return f"{columns[0]} {params['operator']} {columns[1]}"
    return _other_detail(form, columns, params)


def _other_detail(form: Form, columns: Sequence[str], params: Mapping[str, Any]) -> str:
    if form is Form.WHEN:
        told = {"a": columns[0], "values": _listed(params["values"]), "b": columns[1]}
        if params.get("then"):
            return _("%(a)s 是 %(values)s 时，%(b)s 只能是 %(then)s") % {
                **told,
                "then": _listed(params["then"]),
            }
        return _("%(a)s 是 %(values)s 时，%(b)s 不能空") % told
    if form is Form.TOTAL:
        return f"{columns[0]} = {' + '.join(columns[1:])}"
    if form is Form.AGREES:
        return _("与身份证件号里的%(what)s相符") % {"what": AGREEMENTS[str(params["with"])]}
    if form in {Form.RECENT, Form.FRESH}:
        words = _("不早于 %(days)s 天前") if form is Form.RECENT else _("最新一天不早于 %(days)s 天前")
        return words % {"days": params["days"]}
    if form is Form.REFERS:
        return _("在对照数据的「%(column)s」里有") % {"column": params["column"]}
    return ""


def _bounded(form: Form, params: Mapping[str, Any]) -> str:
    low, high = params.get("low", ""), params.get("high", "")
    span = f"{low if low != '' else '−∞'} – {high if high != '' else '∞'}"
    if form is Form.SHARE:
        return _("%(values)s 的占比 %(span)s") % {"values": _listed(params["values"]), "span": span}
    return f"{FORMS[form]} {span}"


def _listed(values: Sequence[object]) -> str:
    shown = "、".join(str(one) for one in values[:8])
    return f"{shown}…" if len(values) > 8 else shown
