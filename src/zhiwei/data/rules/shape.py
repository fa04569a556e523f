"""The shape of a version: its tables and their columns, and the terms it is let out on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from zhiwei.engines.corpora import Column, Table

ITEMS = Table(
    "items",
    "题目：题干、选项、参考答案与评分标准",
    (
        Column("item_id", "string", "题目编号，仅在本版本内有效"),
        Column("subject", "string", "学科"),
        Column("stage", "string", "学段"),
        Column("type", "string", "题型"),
        Column("max_score", "number", "满分"),
        Column("stem", "string", "题干（Markdown，公式在 $ 之间）"),
        Column("content", "object", "整题，含选项、参考答案、评分标准（JSON）"),
    ),
    key="item_id",
    parquet="items.parquet",
    jsonl="items.jsonl",
)
ANSWERS = Table(
    "answers",
    "作答与各方评分",
    (
        Column("answer_id", "string", "作答编号，仅在本版本内有效"),
        Column("item_id", "string", "所答题目", references="items.item_id"),
        Column("pupil_id", "string", "学生化名，仅在本版本内一致"),
        Column("school", "string", "学校代号；* 为隐去"),
        Column("grade", "string", "年级；* 为隐去"),
        Column("month", "string", "作答年月，必要时放宽；* 为隐去"),
        Column("scene", "string", "场景"),
        Column("split", "string", "划分：train、dev、test；一名学生只在一处"),
        Column("band", "string", "分数段：low、middle、high"),
        Column("text", "string", "作答文本，个人信息已替换", required=False),
        Column("image", "string", "作答图片在 images.zip 中的名称，多页已拼成一张", required=False),
        Column("score", "number", "发布的得分"),
        Column("max_score", "number", "满分"),
        Column("marks", "array", "各方评分（JSON：marker、kind、score）"),
    ),
    key="answer_id",
    parquet="answers.parquet",
    jsonl="answers.jsonl",
)
TABLES = (ITEMS, ANSWERS)
QUASI = ("school", "grade", "month")
LICENCES: Mapping[str, str] = MappingProxyType(
    {
        "school-internal": "仅限本校教学研究使用，不得转给他人。",
        "pilot-research": "仅限试点项目的教学研究与模型评测使用，不得再识别个人，不得转授。",
        "pilot-training": "仅限试点项目训练与评测模型使用，不得再识别个人，不得转授，到期销毁。",
    }
)
"""Licences and the terms proposed with them; the officer may write other terms."""
