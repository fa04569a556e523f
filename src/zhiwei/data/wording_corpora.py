"""Words of corpora: template, checks and what they mean, states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.wording import purpose_name, subject_name

if TYPE_CHECKING:
    from zhiwei.data.models import Corpus, Version

TASKS = {
    "essay_marking": _("作文批改"),
    "maths_solution_marking": _("数学解答题批改"),
    "key_points_zh": _("中文要点题批改"),
    "key_points_en": _("英文要点题批改"),
    "other": _("其他"),
}
DATA_TYPES = {"text": _("文本"), "image": _("图片"), "both": _("文本和图片")}
STAGES = {
    "primary": _("小学"),
    "junior": _("初中"),
    "senior": _("高中"),
    "vocational": _("中职"),
    "higher": _("高等教育"),
}
SCENES = {"homework": _("作业"), "exam": _("考试"), "practice": _("练习")}
ITEM_TYPES = {
    "single_choice": _("单选题"),
    "multiple_choice": _("多选题"),
    "true_false": _("判断题"),
    "blank": _("填空题"),
    "numeric": _("数值题"),
    "expression": _("列式题"),
    "solution": _("解答题"),
    "matching": _("连线题"),
    "ordering": _("排序题"),
    "short_answer": _("简答题"),
    "essay": _("作文"),
    "file": _("上传作品"),
    "composite": _("综合题"),
}
STATES = {
    "draft": _("草稿"),
    "building": _("检查中"),
    "built": _("已检查"),
    "failed": _("没有完成"),
    "preparing": _("生成中"),
    "waiting": _("待审批"),
    "published": _("已发布"),
    "refused": _("没有获批"),
    "recalled": _("有撤回，停止领取"),
}
STATE_TONES = {
    "draft": "plain",
    "building": "machine",
    "built": "earned",
    "failed": "person",
    "preparing": "machine",
    "waiting": "due",
    "published": "earned",
    "refused": "person",
    "recalled": "due",
}
OUTCOMES = {"sound": _("通过"), "warn": _("已剔除"), "fail": _("未通过"), "none": _("不适用")}
OUTCOME_TONES = {"sound": "earned", "warn": "due", "fail": "person", "none": "plain"}
CHECKS = {
    "consent": (_("知情同意"), _("没有同意本用途的学生，作答不会进入语料，也不在这里列出。")),
    "question": (_("题答配套"), _("每份作答都要有题目；题干为空的题目整题剔除。")),
    "standard": (_("评分标准"), _("每道题要有评分标准、参考答案或作文评分维度，否则整题剔除。")),
    "content": (_("内容齐全"), _("按数据类型，文本、图片都不能缺。")),
    "picture": (
        _("图片清晰完整"),
        _("量尺寸、墨迹、对比度和笔画坡度；笔画多处断在边上的算不完整，印刷边框不算。"),
    ),
    "pages": (_("跨页拼接"), _("一份作答的多张图片按次序拼成一张；读不出或超过上限的不能拼。")),
    "copies": (_("重复与近似"), _("较长作答去掉空格标点后相同，或三字片段大半相同的，只留最早一份。")),
    "labels": (
        _("评分矛盾"),
        _("同样的作答别人都是另一个分数，或交叉验证预测与给分相差半数满分以上：可能是误判或投毒。"),
    ),
    "injected": (_("夹带指令"), _("作答里对阅卷人或模型说的话，会教坏用它训练的模型。")),
    "answers": (_("每题作答数"), _("剔除以后仍不足要求份数的题目，整题剔除。")),
    "spread": (
        _("分数分布"),
        _("低、中、高三段都要有；用 95% 区间判断某段是否确实太少，再检验整体形状。"),
    ),
    "markers": (_("评分者一致"), _("同一份作答两个评分者（含机器）的一致程度，只作说明。")),
    "splits": (_("划分无泄漏"), _("同一学生、互为近似的作答只在训练、验证、测试之一。")),
}
REASONS = {
    "no_text": _("没有文本"),
    "no_picture": _("没有图片"),
    "small": _("太小"),
    "blank": _("空白"),
    "faint": _("太淡"),
    "blurred": _("模糊"),
    "cut": _("不完整"),
    "unreadable": _("读不出"),
    "equal": _("完全相同"),
    "near": _("近似"),
    "same_text": _("同答不同分"),
    "predicted": _("与预测相差大"),
}
MARKERS = {"machine": _("机器"), "teacher": _("教师"), "second": _("第二评阅人"), "peer": _("同伴")}
BANDS = {"low": _("低分"), "middle": _("中分"), "high": _("高分")}
SPLITS = {"train": _("训练"), "dev": _("验证"), "test": _("测试")}
OBSTACLES = {
    "not_built": _("还没有完成选取与检查"),
    "nothing_kept": _("没有一份作答留下来"),
    "review_open": _("抽样复核还没有由两人做完"),
    "review_unusable": _("复核人认为可用的太少"),
    "review_disagrees": _("两位复核人的一致程度不够"),
}


def task_name(task: str) -> str:
    """Return a task class in the interface language."""
    return _of(TASKS, task)


def data_type_name(kind: str) -> str:
    """Return a data type in the interface language."""
    return _of(DATA_TYPES, kind)


def stage_name(stage: str) -> str:
    """Return a stage of schooling in the interface language."""
    return _of(STAGES, stage)


def scene_name(scene: str) -> str:
    """Return a scene in the interface language; "" is any."""
    return _of(SCENES, scene) if scene else str(_("不限"))


def item_type_name(kind: str) -> str:
    """Return an item type in the interface language."""
    return _of(ITEM_TYPES, kind)


def state_name(state: str) -> str:
    """Return the state of a corpus or version."""
    return _of(STATES, state)


def outcome_name(outcome: str) -> str:
    """Return what came of a check."""
    return _of(OUTCOMES, outcome)


def check_name(code: str) -> str:
    """Return the name of a check; ``hand`` is a person's own choice."""
    return str(CHECKS[code][0]) if code in CHECKS else str(_("人工剔除"))


def check_words(code: str) -> str:
    """Return what a check does, in a sentence."""
    return str(CHECKS[code][1]) if code in CHECKS else ""


def reason_name(reason: str) -> str:
    """Return why a row fails."""
    return _of(REASONS, reason)


def obstacle_name(code: str) -> str:
    """Return what stands against a version."""
    if code.startswith("check_"):
        return str(_("检查「%(check)s」未通过")) % {"check": check_name(code.removeprefix("check_"))}
    return _of(OBSTACLES, code)


def template_lines(row: Corpus) -> list[tuple[str, str]]:
    """Return annex 2's template as filled in, line by line."""
    return [
        (gettext("方向"), row.direction),
        (gettext("任务类别"), task_name(row.task_class)),
        (gettext("数据类型"), data_type_name(row.data_type)),
        (gettext("学段"), stage_name(row.stage)),
        (gettext("学科"), subject_name(row.subject)),
        (gettext("题型"), "、".join(map(item_type_name, row.item_types)) or gettext("不限")),
        (gettext("场景"), scene_name(row.scene)),
        (gettext("用途"), purpose_name(row.purpose)),
        (gettext("评分标准"), row.scoring_note or gettext("每题自带的评分标准")),
        (
            gettext("每题作答数"),
            gettext("不少于 %(n)s 份") % {"n": f"{row.demands.get('answers_per_item', 0):g}"},
        ),
    ]


def risk_lines(row: Version) -> list[tuple[str, str]]:
    """Return what risk remains in a version, line by line."""
    risk = row.risk
    if not risk:
        return []
    left = f"{risk.get('names_left', 0)} / {risk.get('checked_texts', 0)}"
    return [
        (gettext("至少几人看起来相同（k）"), f"{risk.get('k', 0)}（≥ {risk.get('demand', 0)}）"),
        (gettext("被认出的最大可能"), f"{risk.get('prosecutor_max', 0):.1%}"),
        (gettext("被认出的平均可能"), f"{risk.get('prosecutor_mean', 0):.2%}"),
        (gettext("独一无二的学生"), f"{risk.get('unique_share', 0):.1%}"),
        (gettext("分数段的 l 多样性"), str((risk.get("l_distinct") or {}).get("band", "—"))),
        (gettext("分数段的 t 接近度"), f"{(risk.get('t') or {}).get('band', 0):.2f}"),
        (gettext("公开到什么程度"), levels_told(risk.get("levels", {}))),
        (gettext("文本中替换的个人信息"), str(sum((risk.get("replaced") or {}).values()))),
        (gettext("图片中涂盖的位置"), str(sum((risk.get("painted") or {}).values()))),
        (gettext("复查文本中仍见的名册姓名"), left),
    ]


def levels_told(levels: Mapping[str, str]) -> str:
    """Return how coarsely a version tells school, grade and month."""
    told = {"school": gettext("学校"), "grade": gettext("年级"), "month": gettext("年月")}
    return "；".join(f"{told.get(name, name)}：{_level(how)}" for name, how in levels.items())


def marker_name(kind: str) -> str:
    """Return who gave a mark."""
    return _of(MARKERS, kind)


def _level(how: str) -> str:
    words = {
        "as it is": gettext("原样"),
        "hidden": gettext("隐去"),
        "month": gettext("年月"),
        "year": gettext("年"),
        "decade": gettext("年代"),
    }
    return words.get(how, how)


def _of(words: Mapping[str, object], key: str) -> str:
    return str(words.get(key, key))
