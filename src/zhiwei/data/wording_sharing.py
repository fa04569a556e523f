"""Words of sharing and of the analysis room for pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiwei.data.rules.tables import ColumnKind, SharedColumn, tables

Words = Mapping[str, Any]
KINDS: Words = {
    "rows": gettext_lazy("逐行读取（去标识化）"),
    "room": gettext_lazy("分析间查询（只得到分组统计）"),
    "down": gettext_lazy("下发给学校"),
}
BASES: Words = {
    "research": gettext_lazy("教学研究：只含监护人同意了这项用途的学生"),
    "model_training": gettext_lazy("训练模型：只含监护人同意了这项用途的学生"),
    "teaching": gettext_lazy("教学与管理：本单位人员履行职责"),
}
STATES: Words = {
    "weighing": gettext_lazy("正在评估"),
    "waiting": gettext_lazy("等待审批"),
    "open": gettext_lazy("有效"),
    "over": gettext_lazy("已到期"),
    "refused": gettext_lazy("没有获批"),
    "ended": gettext_lazy("已收回"),
    "failed": gettext_lazy("没有评估成"),
}
TONES: Mapping[str, str] = {
    "weighing": "machine",
    "waiting": "due",
    "open": "earned",
    "over": "plain",
    "refused": "person",
    "ended": "plain",
    "failed": "person",
}
RUN_STATES: Words = {
    "waiting": gettext_lazy("正在运行"),
    "done": gettext_lazy("有结果"),
    "refused": gettext_lazy("没有运行"),
    "failed": gettext_lazy("没有结果"),
    "cancelled": gettext_lazy("已取消"),
}
RUN_TONES: Mapping[str, str] = {
    "waiting": "machine",
    "done": "earned",
    "refused": "due",
    "failed": "person",
    "cancelled": "plain",
}
OPERATORS: Words = {
    "eq": gettext_lazy("等于"),
    "ne": gettext_lazy("不等于"),
    "ge": gettext_lazy("不小于"),
    "le": gettext_lazy("不大于"),
}
COLUMN_KINDS: Words = {
    "person": gettext_lazy("换成只在这份共享中有效的代号"),
    "name": gettext_lazy("换成化名"),
    "number": gettext_lazy("换成代号"),
    "school": gettext_lazy("换成「学校1」或隐去"),
    "class": gettext_lazy("换成「班级1」或隐去"),
    "grade": gettext_lazy("必要时隐去"),
    "date": gettext_lazy("只到月，必要时更粗"),
    "code": gettext_lazy("原样"),
    "figure": gettext_lazy("原样"),
    "text": gettext_lazy("文中的个人信息逐一替换"),
}
PROBLEMS: Words = {
    "syntax": gettext_lazy("这不是一条完整的 SQL 查询"),
    "not_select": gettext_lazy("只能写 SELECT 查询，不能写入、附加、安装或设置"),
    "one_statement": gettext_lazy("一次只能写一条查询"),
    "set_operation": gettext_lazy("不能用 UNION、INTERSECT 或 EXCEPT"),
    "cte": gettext_lazy("不能用 WITH"),
    "having": gettext_lazy("不能用 HAVING：请看到结果以后再挑选"),
    "qualify": gettext_lazy("不能用 QUALIFY"),
    "sample": gettext_lazy("不能抽样"),
    "window": gettext_lazy("不能用窗口函数：它会给出单独一行的值"),
    "subquery": gettext_lazy("不能用子查询"),
    "join": gettext_lazy("不能连接表"),
    "table_function": gettext_lazy("不能读文件或网络，只能查这份共享的表"),
    "from": gettext_lazy("请从这份共享的表中查询"),
    "table": gettext_lazy("没有这张表"),
    "column": gettext_lazy("没有这一列"),
    "person": gettext_lazy("学生只能计数：COUNT(DISTINCT person)"),
    "star": gettext_lazy("不能用 *：请写出分组和统计"),
    "no_figure": gettext_lazy("请写至少一个统计：COUNT、SUM、AVG、STDDEV"),
    "not_grouped": gettext_lazy("这一列要写进 GROUP BY，或放进统计中"),
    "aggregate": gettext_lazy("不能用这个统计：最小、最大、中位、列举都会给出某一个人的值"),
    "function": gettext_lazy("不能用这个函数"),
    "expression": gettext_lazy("不能用这种写法"),
    "constant": gettext_lazy("不能用这个值"),
    "type": gettext_lazy("不能用这种类型"),
    "types": gettext_lazy("类型不合：文字和数字不能混用，请用 TRY_CAST"),
    "parameter": gettext_lazy("不能用参数"),
    "order": gettext_lazy("只能按结果中的列排序"),
    "modifier": gettext_lazy("不能用 OFFSET 或 DISTINCT"),
    "too_many_groups": gettext_lazy("至多按四列分组"),
    "grouping_sets": gettext_lazy("不能用 GROUPING SETS、ROLLUP 或 CUBE"),
    "too_large": gettext_lazy("查询太长"),
    "budget": gettext_lazy("这份共享可得的数字已经用完，请重新申请"),
    "not_open": gettext_lazy("共享已到期或已收回"),
    "time": gettext_lazy("超过了时间限制"),
    "memory": gettext_lazy("超过了内存限制"),
    "cells": gettext_lazy("分组太多（至多 500 组）"),
    "died": gettext_lazy("查询进程没有回答"),
    "failed": gettext_lazy("查询不能运行"),
    "cancelled": gettext_lazy("您取消了这条查询"),
}


def problem_words(code: str, detail: str) -> str:
    """Return why a question was not answered, with the word it is about."""
    told = str(PROBLEMS.get(code, PROBLEMS["failed"]))
    return f"{told}（{detail}）" if detail else told


def table_name(key: str) -> str:
    """Return a table's meaning."""
    found = tables().get(key)
    return _(found.meaning) if found else key


def columns_of(key: str, names: list[str]) -> list[SharedColumn]:
    """Return the columns of a choice that still exist."""
    found = tables().get(key)
    known = found.by_name() if found else {}
    return [known[name] for name in names if name in known]


def filter_words(key: str, filters: list[dict[str, str]]) -> list[str]:
    """Return each condition in words."""
    found = tables().get(key)
    known = found.by_name() if found else {}
    return [
        f"{known[one['column']].meaning} {OPERATORS[one['operator']]} {one['value']}"
        for one in filters
        if one["column"] in known
    ]


def given_words(column: SharedColumn) -> str:
    """Return how a column is given."""
    hidden = column.quasi and column.kind is ColumnKind.CODE
    return str(COLUMN_KINDS[ColumnKind.GRADE if hidden else column.kind])


def level_words(key: str, levels: Mapping[str, str]) -> str:
    """Return how circumstances are told, column by column."""
    meanings = {one.name: one.meaning for one in columns_of(key, list(levels))}
    return "；".join(f"{meanings.get(name, name)}：{_LEVELS.get(how, how)}" for name, how in levels.items())


_LEVELS: Words = {
    "as it is": gettext_lazy("原样"),
    "hidden": gettext_lazy("隐去"),
    "month": gettext_lazy("到月"),
    "year": gettext_lazy("到年"),
    "decade": gettext_lazy("到十年"),
}
