"""Shows knowledge bases and the companion in the demo county: a handbook, notes on physics, one conversation."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.test import Client

from zhiwei.ai.models import Alert, Dialogue, KnowledgeBase
from zhiwei.ai.queries import task_sources
from zhiwei.ai.services import companion, companion_rules, knowledge
from zhiwei.ai.services.knowledge_reading import bring_in
from zhiwei.ai.values import Audience
from zhiwei.engines import safety
from zhiwei.kernel import clock, scope
from zhiwei.kernel.jobs import JobContext
from zhiwei.kernel.models import Account
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.values import Actor

HANDBOOK = """# 青溪县实验中学学生手册
## 请假
病假由家长当天早上八点前在平台上提交；超过三天要附医院的诊断证明。

事假至少提前一天提出，一天以内班主任批准，三天以内年级主任批准，三天以上由校长批准。
## 图书馆
每人一次可以借五本书，期限三十天，可以续借一次。逾期不罚款，但在书还清之前不能再借。
## 手机与平板
手机进班前关机并放进班级的储物柜，放学时取回。平板只在老师说明要用的课上使用，每天累计不超过四十分钟。
"""
PHYSICS = """# 八年级物理讲义
## 密度
水在四摄氏度时密度最大，所以湖面结冰后，湖底的水仍然大约是四度，鱼能过冬。
## 浮力
浸在液体中的物体受到向上的浮力，大小等于它排开的液体所受的重力。完全浸没以后，浮力不再随深度变化。
## 声音
音调由频率决定，响度与振幅有关。高速路旁立隔音墙，属于在传播过程中减弱噪声。
"""


def add_companion(*, now: datetime) -> None:
    """Open the companion at the demo school, bring two documents in, hold one conversation; once."""
    admin, teacher, pupil = (_actor(f"demo-{one}", now) for one in ("school_admin", "teacher-math", "pupil"))
    with scope.entered([pupil.tenant_id]):
        if KnowledgeBase.objects.exists():
            return
        companion_rules.set_school(actor=admin, now=now, rules=_rules())
        waiting = _bring(teacher, "学生手册", "", {"学生手册.md": HANDBOOK}, now)
        waiting += _bring(teacher, "物理讲义", "physics", {"八年级物理讲义.md": PHYSICS}, now)
    for document_id in waiting:
        bring_in(JobContext(0, pupil.tenant_id, 1), document_id)
    safety.examine("先热身，再开口。")
    with scope.entered([pupil.tenant_id]):
        _talk(pupil, now)


def _talk(pupil: Actor, now: datetime) -> None:
    """Hold two conversations: one about a question, handed over; one about the physics notes."""
    cards = task_sources.offered(pupil, now=now)
    if cards:
        dialogue = companion.begin(actor=pupil, now=now, source=cards[0].source, key=cards[0].key)
        companion.hint(actor=pupil, now=now, dialogue=dialogue)
        companion.hand_over(actor=pupil, now=now, dialogue=dialogue)
    companion.begin(actor=pupil, now=now, said="为什么湖面结冰了，鱼还能过冬？")


def walk(pupil: Client, teacher: Client, guardian: Client, *, now: datetime) -> str:
    """Ask the handbook, get help with a question, hand it over, read and answer it; strangers stay out."""
    add_companion(now=now)
    assert "年级主任" in teacher.get("/ai/knowledge/?ask=请两天事假找谁批准").content.decode()
    assert "材料里没有找到答案" in teacher.get("/ai/knowledge/?ask=奖学金怎么评").content.decode()
    assert pupil.get("/ai/knowledge/").status_code == 404
    assert pupil.get("/ai/companion/").status_code == 200
    with scope.everywhere("read the demo's conversations"):
        handed = Dialogue.objects.filter(handed_at__isnull=False).first()
        talks, alerts = Dialogue.objects.count(), Alert.objects.count()
    assert handed is not None
    assert pupil.get(f"/ai/companion/{handed.uuid}/").status_code == 200
    assert guardian.get(f"/ai/companion/{handed.uuid}/").status_code == 404
    assert guardian.get("/ai/companion/children/").status_code == 200
    return f"{talks} conversations, one handed over, {alerts} alerts"


def _rules() -> companion_rules.SchoolRules:
    return companion_rules.SchoolRules(
        enabled=True,
        grades=(),
        minutes_a_day=60,
        from_hour=0,
        until_hour=24,
        teachers_see=True,
        uses_model=False,
        keep_days=180,
    )


def _bring(actor: Actor, name: str, subject: str, texts: dict[str, str], now: datetime) -> list[int]:
    """Found a base and plan its documents; returns their ids."""
    form = knowledge.BaseForm(name, subject=subject, audience=Audience.SCHOOL, for_companion=True)
    base = knowledge.found_base(actor=actor, now=now, form=form)
    uploads = [knowledge.Upload(title, BytesIO(text.encode())) for title, text in texts.items()]
    return [one.pk for one in knowledge.add_documents(actor=actor, now=now, base=base, uploads=uploads)]


def _actor(login: str, now: datetime) -> Actor:
    with scope.everywhere("who talks in the demo"):
        return actors_of(Account.objects.get(login=login).pk, clock.today(now))[0]
