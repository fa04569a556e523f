"""What the companion says without any model: a question back, the next hint, a correction, a quotation, or silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from zhiwei.ai.queries.knowledge_search import Answer, ask
from zhiwei.ai.services.guarding import CARE, REFUSED, Guarded, guard_asked
from zhiwei.ai.values import Help, Task
from zhiwei.engines.hints import WrongIdea, alike, corrections, gives_away, held_wrong_idea, wants_answer
from zhiwei.kernel.values import Actor

MOST_QUOTED = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a reply depends on.

    Attributes:
        task: The question at hand; ``None`` in a free conversation.
        guarded: Questions of open works whose answers may not be told.
        wrong_ideas: Misconceptions known of the subject.
        rung: How many rungs of the ladder were given.
    """

    actor: Actor
    task: Task | None
    guarded: Sequence[Task]
    wrong_ideas: Sequence[WrongIdea]
    rung: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, up to which rung, with which sources; ``kind`` tells how it came about."""

    kind: str
    said: str
    rung: int
    citations: tuple[Mapping[str, object], ...] = ()
    guards: Mapping[str, float] = field(default_factory=dict)
    crisis: Guarded | None = None


def reply_to(said: str, here: Situation) -> Reply:
    """Return the reply to a pupil's words; never the answer of an open work or exam."""
    verdict = guard_asked([said], minor=True)
    if verdict.crisis:
        return Reply("care", CARE, here.rung, guards=verdict.found, crisis=verdict)
    if verdict.found.keys() - {"leakage"} and verdict.stopped:
        return Reply("refusal", REFUSED, here.rung, guards=verdict.found)
    open_task = _open_task(said, here)
    if open_task is not None:
        return open_task
    correction = _correction(said, here)
    if correction:
        return Reply("correction", correction, here.rung)
    if wants_answer(said) or "leakage" in verdict.found:
        return _question_back(here, verdict.found)
    return _from_materials(said, here)


def next_hint(here: Situation) -> Reply:
    """Return the next rung of the ladder; at its end what else can be done."""
    task = here.task
    if task is None or task.card.help is Help.OFF:
        return closed_reply(here.rung)
    if here.rung >= len(task.rungs):
        return Reply("end", _("能给的提示都在上面了。自己再试一遍；还是不行，就点“转给老师”。"), here.rung)
    return Reply("hint", task.rungs[here.rung].text, here.rung + 1)


def closed_reply(rung: int) -> Reply:
    """Return what is said when the work at hand must be done alone."""
    return Reply(
        "closed", _("这道题在正在进行的作业或考试里，老师没有开放学伴。做完、发布以后我再陪你一起看。"), rung
    )


def is_safe(said: str, here: Situation) -> bool:
    """Tell whether a text keeps every answer back that must be kept back."""
    kept = [one for task in here.guarded for one in task.answers]
    if here.task is not None and here.task.card.help is not Help.FULL:
        kept += here.task.answers
    return not gives_away(said, kept)


def _open_task(said: str, here: Situation) -> Reply | None:
    """Return what to say about a question of an open work, at hand or merely typed in."""
    if here.task is not None:
        return closed_reply(here.rung) if here.task.card.help is Help.OFF else None
    place = alike(said, [one.stem for one in here.guarded])
    if place < 0:
        return None
    found = here.guarded[place]
    if found.card.help is Help.OFF:
        return closed_reply(here.rung)
    first = found.rungs[0].text if found.rungs else ""
    told = _("这像是“%(title)s”里的题，我不能替你做。先想想：%(hint)s") % {
        "title": found.card.title,
        "hint": first,
    }
    link = {"source": found.card.source, "key": found.card.key, "title": found.card.title}
    return Reply("question", told, here.rung, citations=(link,))


def _correction(said: str, here: Situation) -> str:
    if here.task is not None:
        own = corrections(here.task.item, said)
        if own:
            return _("再看看这里：%(what)s　改一改，告诉我你的新想法。") % {"what": own[0]}
    known = [*(here.task.wrong_ideas if here.task else ()), *here.wrong_ideas]
    idea = held_wrong_idea(said, known)
    if idea is None:
        return ""
    words = {"wrong": idea.description.rstrip("。."), "point": idea.point, "instead": idea.instead}
    told = (
        _(
            "这里有一个常见的误会：%(wrong)s。关于“%(point)s”，课上是这样说的：%(instead)s 你能举个例子检验一下吗？"
        )
        % words
    )
    return told if is_safe(told, here) else _("你的说法里有一处常见的误会，再对照课本想一想是哪一处。")


def _question_back(here: Situation, guards: Mapping[str, float]) -> Reply:
    lead = _("直接给答案帮不了你，我们一步一步来。")
    if here.task is None:
        return Reply(
            "question", f"{lead}{_('先告诉我：题目问什么，你已经想到哪一步了？')}", here.rung, guards=guards
        )
    hint = next_hint(here)
    return Reply("hint", f"{lead}\n\n{hint.said}", hint.rung, guards=guards)


def _from_materials(said: str, here: Situation) -> Reply:
    answer = ask(here.actor, said, companion=True)
    quoted = [one for one in answer.cited[:MOST_QUOTED] if is_safe(one.text, here)] if answer.found else []
    if quoted:
        told = "\n\n".join(f"> {one.quoted or one.text}" for one in quoted)
        lead, after = _("材料里有这样一段："), _("读完用自己的话说一遍：它和你的问题有什么关系？")
        cited = tuple(_citation(answer, place) for place, one in enumerate(answer.cited) if one in quoted)
        return Reply("quote", f"{lead}\n\n{told}\n\n{after}", here.rung, citations=cited)
    if here.task is not None:
        hint = next_hint(here)
        return Reply(hint.kind, f"{_('材料里没有直接的说法。换个角度：')}\n\n{hint.said}", hint.rung)
    told = _("材料里没有找到这个问题的答案，我不乱说。可以换一种问法，或者点“转给老师”。")
    return Reply("silence", told, here.rung)


def _citation(answer: Answer, place: int) -> Mapping[str, object]:
    one = answer.cited[place]
    return {
        "document": one.document_uuid,
        "passage": one.passage_id,
        "title": one.document,
        "page": one.page,
        "heading": one.heading,
    }
