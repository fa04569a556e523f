"""The data card of a version as Markdown: annex 2's template, how it was chosen and checked, what risk remains."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import translation

from zhiwei.data.models import Version
from zhiwei.data.rules.shape import TABLES
from zhiwei.data.wording_corpora import (
    check_name,
    data_type_name,
    item_type_name,
    levels_told,
    outcome_name,
    scene_name,
    stage_name,
    task_name,
)
from zhiwei.kernel.wording import purpose_name, subject_name

Line = tuple[str, object]


def card_of(version: Version, *, creator: str, day: date) -> str:
    """Return the card in Chinese, whatever language the page is in."""
    with translation.override("zh-hans"):
        parts = [
            f"# {version.corpus.name}（第 {version.number} 版）",
            f"{creator} · {day.isoformat()} · 内容摘要 `{version.content_hash}`",
            "## 基本信息",
            _table(_template(version)),
            "## 许可与用途",
            f"许可：{version.licence}",
            version.terms,
            "## 怎样选取与检查",
            "选自成绩已发布、且监护人对本用途的同意在有效期内的作答；发布以后撤回同意的，从下一版起不再包含。",
            _checks(version),
            "## 抽样复核",
            _review(version.quality.get("review") or {}),
            "## 去标识化与剩余风险",
            _risk(version.risk),
            "## 文件与字段",
            _columns(),
            "## 不应当用来做什么",
            "不得用于识别或评价任何学生、教师或学校；分数是评分人按评分标准给出的判断，不是学生能力的测量。",
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _template(version: Version) -> list[Line]:
    corpus, counts = version.corpus, version.counts
    items = counts.get("items") or 0
    mean = counts.get("answers", 0) / items if items else 0
    return [
        ("方向", corpus.direction),
        ("任务类别", task_name(corpus.task_class)),
        ("数据名称", corpus.name),
        ("数据类型", data_type_name(corpus.data_type)),
        ("学段", stage_name(corpus.stage)),
        ("学科", subject_name(corpus.subject)),
        ("题型", "、".join(map(item_type_name, corpus.item_types)) or "不限"),
        ("应用场景", scene_name(corpus.scene)),
        ("数据质量", f"每题不少于 {corpus.demands.get('answers_per_item', 0):g} 份；检查结果见下"),
        ("评分标准", corpus.scoring_note or "每题的评分标准在 items 表的 content 中"),
        ("题目数", items),
        ("每题作答数", f"平均 {mean:.1f}"),
        ("作答数", counts.get("answers", 0)),
        ("图片数", counts.get("images", 0)),
        ("学生数", counts.get("pupils", 0)),
        ("用途（同意的范围）", purpose_name(corpus.purpose)),
    ]


def _checks(version: Version) -> str:
    rows = [
        (check_name(one["code"]), outcome_name(one["outcome"]), f"{one['failing']} / {one['tested']}")
        for one in version.quality.get("checks", [])
    ]
    head = "| 检查 | 结论 | 未通过 / 检查数 |\n|---|---|---|"
    return "\n".join([head, *(f"| {a} | {b} | {c} |" for a, b, c in rows)])


def _review(review: dict[str, Any]) -> str:
    agreement = review.get("agreement") or {}
    qwk = agreement.get("qwk")
    words = f"抽取 {review.get('sampled', 0)} 份，由两人独立复核 {review.get('doubled', 0)} 份"
    if review.get("usable") is not None:
        words += f"，两人都认为可用的占 {review['usable']:.0%}"
    if qwk is not None:
        words += f"；二次加权 κ = {qwk:.2f}（95% 区间 {agreement['low']:.2f}–{agreement['high']:.2f}）"
        if agreement.get("low") is None:
            words = words.split("（95%", maxsplit=1)[0]
    return words + "。"


def _risk(risk: dict[str, Any]) -> str:
    lines: list[Line] = [
        ("最小相同人数 k（要求）", f"{risk.get('k', '—')}（{risk.get('demand', '—')}）"),
        ("被认出的最大可能", f"{risk.get('prosecutor_max', 0):.1%}"),
        ("平均可能", f"{risk.get('prosecutor_mean', 0):.2%}"),
        ("独一无二的学生占比", f"{risk.get('unique_share', 0):.1%}"),
        ("分数段的 l 多样性", (risk.get("l_distinct") or {}).get("band", "—")),
        ("分数段的 t 接近度", f"{(risk.get('t') or {}).get('band', 0):.2f}"),
        ("公开到什么程度", levels_told(risk.get("levels") or {})),
        ("文本中替换的个人信息", sum((risk.get("replaced") or {}).values())),
        ("图片中涂盖的位置", sum((risk.get("painted") or {}).values())),
        ("复查文本中仍见的名册姓名", f"{risk.get('names_left', 0)} / {risk.get('checked_texts', 0)}"),
    ]
    note = "" if risk.get("pictures_read") else "\n\n图片未经文字识别涂盖，只去除了元数据并重绘。"
    return _table(lines) + "\n\n手写姓名若不能被文字识别读出，或图中有人脸，不会被自动找到。" + note


def _columns() -> str:
    parts = []
    for table in TABLES:
        rows = [f"| `{one.name}` | {one.type} | {one.meaning} |" for one in table.columns]
        head = f"**{table.jsonl}、{table.parquet}** {table.meaning}\n\n| 字段 | 类型 | 含义 |\n|---|---|---|"
        parts.append("\n".join([head, *rows]))
    return "\n\n".join(parts)


def _table(lines: Iterable[Line]) -> str:
    rows = [f"| {name} | {str(value).replace('|', '／')} |" for name, value in lines]
    return "\n".join(["| 项 | 值 |", "|---|---|", *rows])
