"""What assessment hands to the data centre: the product of judged answers, and which fields are made from which."""

from __future__ import annotations

from zhiwei.assessment.queries.judged_answers import ReleasedAnswers
from zhiwei.assessment.queries.shared_answers import SHARED
from zhiwei.data import api as data
from zhiwei.data.values import Flow, ProductField
from zhiwei.kernel.values import Level

KEY = "assessment.judged_answers"
_P, _I = Level.PERSONAL, Level.INTERNAL


def _field(name: str, meaning: str, level: Level, *sources: str) -> ProductField:
    return ProductField(name, meaning, level, sources)


JUDGED_ANSWERS = data.DataProduct(
    KEY,
    "assessment",
    "已发布的批改：题目、作答与各方评分",
    (
        _field("person", "学生", _P, "assessment.Sitting.person"),
        _field("grade", "年级", _I, "kernel.Organisation.grade"),
        _field("scene", "场景", _I, "assessment.Work.kind"),
        _field("answered_on", "作答日期", _I, "assessment.Sitting.handed_in_at"),
        _field("item", "题目、参考答案与评分标准", _I, "assessment.WorkItem.content"),
        _field("text", "作答文本", _P, "assessment.Response.value"),
        _field("images", "作答图片", _P, "assessment.Response.files"),
        _field("score", "发布的得分", _P, "assessment.Response.score"),
        _field("max_score", "满分", _I, "assessment.WorkItem.max_score"),
        _field(
            "marks", "各方评分", _P, "assessment.Mark.score", "assessment.Mark.marker", "assessment.Mark.kind"
        ),
    ),
    retention="P6Y",
)
FLOWS = (
    Flow(("curriculum.ItemVersion.content",), "assessment.WorkItem.content", "assessment.services.setting"),
    Flow(("assessment.Mark.score",), "assessment.Response.score", "assessment.services.scores"),
    Flow(("assessment.Response.score",), "assessment.Sitting.score", "assessment.services.scores"),
    Flow(("assessment.ScanPage.readings",), "assessment.Response.value", "assessment.services.collecting"),
    Flow(("assessment.Response.score",), "assessment.WrongEntry.response", "assessment.marks_released"),
    Flow((f"{KEY}.score",), "data.CorpusEntry.score", KEY),
    Flow((f"{KEY}.person",), "data.CorpusEntry.person", KEY),
    Flow((f"{KEY}.grade",), "data.CorpusEntry.grade", KEY),
    Flow((f"{KEY}.answered_on",), "data.CorpusEntry.answered_on", KEY),
    Flow(
        (f"{KEY}.text", f"{KEY}.images", f"{KEY}.marks", f"{KEY}.item"),
        "data.Version.files",
        "data.make_version",
    ),
)


def hand_in() -> None:
    """Register product, reader and flows (once, when Django is ready)."""
    data.register_product(JUDGED_ANSWERS)
    data.register_answers(KEY, ReleasedAnswers())
    data.register_flows(FLOWS)
    data.register_table(SHARED)
