"""What the assistant asks a model for, and what our own engines make of what comes back.

A draft reaches the teacher only when it can be judged and its own reference answer earns full marks; its samples
must earn what it says they earn. What fails is not shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhiwei.curriculum.rules.contents import checked
from zhiwei.engines.judging import ItemError, grader_for, item_from_json, response_from_json
from zhiwei.engines.variants import variant

TYPES = ("single_choice", "numeric", "expression", "short_answer", "solution")
CLOSE = 0.26
_TEXT = {"type": "string"}
_TASK = (
    "你是中小学教师的备课助手。按给定知识点与素养要求起草，符合课程标准，语言准确，数据真实合理，"
    "不出现真实人名、学校与联系方式。只输出符合模式的 JSON。"
)
_KINDS = {
    "item": "起草一道题：题干、参考答案、评分点（分值之和等于满分）、解析、各一份满分与错误的作答样例及应得分。",
    "lesson": "起草一份教案：目标、重难点、过程（每环节写教师、学生、人工智能各做什么与分钟数）、评价。用 Markdown。",
    "comment": "起草三条给学生的评语：先肯定，再指出一个具体可做的改进；不贴标签、不比较他人。用 Markdown 列表。",
    "homework": "为给出的题目写一份作业说明：标题、目的、每题为何选它、预计时间。用 Markdown。",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing our engines tried; ``passed`` or why not."""

    code: str
    passed: bool
    detail: str = ""


def messages_for(kind: str, brief: Mapping[str, object]) -> list[dict[str, str]]:
    """Return what a model is asked for a draft."""
    return [
        {"role": "system", "content": _TASK + _KINDS[kind]},
        {"role": "user", "content": json.dumps(brief, ensure_ascii=False)},
    ]


def schema_for(kind: str, type_: str) -> dict[str, object]:
    """Return the strict form of a draft."""
    if kind != "item":
        return _object({"title": _TEXT, "text": _TEXT})
    point = _object(
        {
            "id": _TEXT,
            "score": {"type": "number"},
            "description": _TEXT,
            "accept": {"type": "array", "items": _TEXT},
        }
    )
    sample = _object({"text": _TEXT, "score": {"type": "number"}})
    parts: dict[str, object] = {
        "stem": _TEXT,
        "max_score": {"type": "number"},
        "reference_answers": {"type": "array", "items": _TEXT},
        "explanation": _TEXT,
        "rubric": {"type": "array", "items": point},
        "samples": {"type": "array", "items": sample},
    }
    if type_ == "single_choice":
        parts["options"] = {"type": "array", "items": _object({"id": _TEXT, "text": _TEXT})}
    return _object(parts)


def item_content(said: Mapping[str, Any], type_: str, facts: Mapping[str, object]) -> dict[str, Any]:
    """Return a model's draft as an item: only keys an item of its type has, with the facts asked for."""
    kept = ("stem", "max_score", "reference_answers", "explanation", "samples", "options")
    content = {key: said[key] for key in kept if said.get(key)}
    if said.get("rubric") and type_ in {"short_answer", "solution"}:
        content["rubric"] = said["rubric"]
    if type_ == "solution":
        content["reference_answers"] = [str(one).split("\n") for one in content.get("reference_answers", [])]
    return {**content, "type": type_, **facts, "source": "AI 起草，教师审定"}


def check_item(content: Mapping[str, Any]) -> list[Check]:
    """Try an item: it can be judged, its reference earns full marks, its samples earn what they should."""
    try:
        drawn = variant(checked(content), 1)
        item = item_from_json(drawn)
        grader = grader_for(item)
    except (ItemError, ValueError, TypeError) as error:
        return [Check("judged", False, str(error)[:200])]
    found = [Check("judged", True)]
    for answer in list(item.reference_answers)[:3]:
        text = "\n".join(map(str, answer)) if isinstance(answer, list) else str(answer)
        got = grader.judge(response_from_json({"id": "r", "text": text})).score
        found.append(Check("solved", abs(got - item.max_score) < CLOSE, f"{got:g}/{item.max_score:g}"))
    if not item.reference_answers:
        found.append(Check("solved", False, "没有参考答案"))
    for sample in list(content.get("samples") or [])[:4]:
        found.append(_sample(grader, sample))
    return found


def shown(checks: Sequence[Check]) -> bool:
    """Tell whether a draft may be shown: judged and solved; samples that differ are told with it."""
    return all(one.passed for one in checks if one.code in {"judged", "solved"})


def own_numbers(drawn: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a drawn parameterised item as an item of its own; ``None`` when it had no parameters."""
    if "variant" not in drawn:
        return None
    return {key: value for key, value in drawn.items() if key not in {"variant", "id", "samples"}}


def lesson_frame(points: Sequence[Mapping[str, str]], minutes: int) -> str:
    """Return a lesson plan's frame from the knowledge points alone: aims, steps with who does what, minutes."""
    names = "、".join(one["name"] for one in points)
    aims = "\n".join(
        f"- 能说明并运用「{one['name']}」：{one['definition'] or '结合例题说出要点'}" for one in points
    )
    first, last = max(minutes // 8, 3), max(minutes // 8, 3)
    middle = minutes - first - last
    steps = [
        (first, "引入", "出示一个生活情境，提出问题", "说出已有的想法", "收集全班想法的分布"),
        (middle // 2, "探究", f"用例题讲清{names}", "两人一组讲给对方听", "按步骤提示，不给答案"),
        (
            middle - middle // 2,
            "练习",
            "巡视，针对共性问题再讲",
            "独立完成，再互评",
            "即时判分，指出缺哪一步",
        ),
        (last, "小结", "回到开头的问题", "写一句今天学会的和还不会的", "汇总还不会的，供下节课用"),
    ]
    rows = "\n".join(f"| {m} | {name} | {t} | {s} | {a} |" for m, name, t, s, a in steps)
    return (
        f"## 目标\n{aims}\n\n## 过程\n| 分钟 | 环节 | 教师 | 学生 | 人工智能 |\n|---|---|---|---|---|\n{rows}\n\n"
        f"## 评价\n- 当堂练习达到八成为达标；未达标的由系统推送前置知识点练习。"
    )


def comment_frames(points: Sequence[Mapping[str, str]]) -> str:
    """Return comments from the knowledge points alone: praise that names a thing, one step to do next."""
    return "\n".join(
        f"- 在「{one['name']}」上，你能把思路写出来，这很好。下一步：做错的那一步，先用自己的话说一遍"
        f"{one['definition'][:40] or '这个概念'}，再重做一题。"
        for one in points
    )


def _sample(grader: Any, sample: Mapping[str, Any]) -> Check:
    wanted = sample.get("score")
    if not isinstance(wanted, int | float):
        return Check("sample", False, "样例没有分数")
    try:
        given = {key: sample[key] for key in ("text", "value", "steps") if key in sample}
        got = grader.judge(response_from_json({"id": "s", **given})).score
    except (ItemError, ValueError) as error:
        return Check("sample", False, str(error)[:120])
    return Check("sample", abs(got - wanted) < CLOSE, f"应得 {wanted:g}，评出 {got:g}")


def _object(properties: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
