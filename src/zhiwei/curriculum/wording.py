"""Words for what the curriculum names by code: subjects, stages, item types, states, audiences."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

SUBJECTS = {
    "math": _("数学"), "physics": _("物理"), "chinese": _("语文"), "english": _("英语"), "chemistry": _("化学"),
    "biology": _("生物"), "science": _("科学"), "history": _("历史"), "geography": _("地理"),
    "politics": _("道德与法治"),
}  # fmt: skip
STAGES = {"primary": _("小学"), "junior": _("初中"), "senior": _("高中")}
TYPES = {
    "single_choice": _("单选题"), "multiple_choice": _("多选题"), "true_false": _("判断题"), "blank": _("填空题"),
    "numeric": _("数值题"), "expression": _("表达式题"), "solution": _("解答题"), "matching": _("连线题"),
    "ordering": _("排序题"), "short_answer": _("要点题"), "essay": _("作文"), "file": _("文件与拍照"),
    "composite": _("综合题"),
}  # fmt: skip
STATES = {"draft": _("草稿"), "review": _("待审"), "published": _("已发布"), "retired": _("已停用")}
STATE_TONES = {"draft": "plain", "review": "due", "published": "earned", "retired": "plain"}
AUDIENCES = {"school": _("本单位"), "county": _("全县"), "public": _("公开")}
COGNITION = {
    "remember": _("识记"), "understand": _("理解"), "apply": _("应用"), "analyse": _("分析"), "evaluate": _("评价"),
    "create": _("创造"),
}  # fmt: skip
TESTS = {
    "expression": _("表达式恒等"), "equation": _("方程同解"), "inequality": _("不等式同解"), "interval": _("区间相同"),
    "set": _("集合相同"), "tuple": _("有序数组"), "vector": _("向量"), "matrix": _("矩阵"),
    "antiderivative": _("原函数"), "number": _("数相等"),
}  # fmt: skip
FORMS = {
    "factored": _("已因式分解"), "expanded": _("已展开"), "simplified": _("最简"), "single_fraction": _("一个分式"),
    "exact": _("精确值"), "standard": _("标准形式"),
}  # fmt: skip
KINDS = {
    "lesson": _("教学设计"), "video": _("视频"), "example": _("例题"), "document": _("文档"), "link": _("网页"),
}  # fmt: skip


def word(table: Mapping[str, object], code: str) -> str:
    """Return the word for a code, or the code itself where there is none."""
    return str(table.get(code, code))
