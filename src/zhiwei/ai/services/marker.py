"""A model as one more marker: a ``Grader`` over the gateway, its trial beside the teacher, its stop when it drifts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from zhiwei.ai.errors import NoModelError
from zhiwei.ai.models import MarkerPaper, MarkerPilot
from zhiwei.ai.rules import marking
from zhiwei.ai.rules.requests import ChatRequest
from zhiwei.ai.services.answers import read_json
from zhiwei.ai.services.grants import Grant
from zhiwei.ai.services.shared import the_gateway
from zhiwei.ai.values import PilotState, Purpose
from zhiwei.engines.judging import (
    Flag,
    Grader,
    Item,
    Json,
    Judgement,
    Response,
    grader_for,
    item_from_json,
    judgement_to_json,
)
from zhiwei.kernel import audit, scope
from zhiwei.kernel.errors import ConflictError, InvalidInputError, ZhiweiError
from zhiwei.kernel.values import Actor, Level, Role, Verb

SAMPLES = 3
TEMPERATURES = (0.0, 0.4, 0.7)
MOST_OUTPUT = 1500


@dataclass
class ModelGrader:
    """Judges by asking a model several times; what it cannot or must not judge, the engine judges for a person.

    The engine's own guard sees every answer first: what speaks to the marker never reaches the model.
    """

    item: Item
    grant: Grant
    model: str
    now: datetime
    samples: int = SAMPLES
    local: Grader = field(init=False)
    micro: int = 0
    calls: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.local = grader_for(self.item)

    def judge(self, response: Response) -> Judgement:
        """Judge one response; without a usable answer the engine's judgement, deferred."""
        own = self.local.judge(response)
        if (
            own.flags & {Flag.ADDRESSES_MARKER, Flag.BLANK, Flag.UNREADABLE, Flag.TOO_LONG}
            or not response.answer()
        ):
            return own
        read, calls = [], []
        for temperature in TEMPERATURES[: self.samples]:
            try:
                said, call = self._ask(response, temperature)
            except ZhiweiError as error:
                return marking.deferred(own, f"模型没有评：{error.message}")
            calls.append(str(call))
            verdict = marking.read_verdict(said, self.item, response)
            if verdict is not None:
                read.append(verdict)
        if not read:
            return marking.deferred(own, "模型没有按格式评分")
        return marking.combine(self.item, response, read, self.model, calls)

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge each as if alone."""
        return [self.judge(one) for one in responses]

    def _ask(self, response: Response, temperature: float) -> tuple[Mapping[str, object], UUID]:
        form = {"name": "verdict", "strict": True, "schema": marking.schema_for(self.item)}
        asked = ChatRequest(
            self.model,
            tuple(marking.messages_for(self.item, response)),
            most_output=MOST_OUTPUT,
            parameters={
                "temperature": temperature,
                "response_format": {"type": "json_schema", "json_schema": form},
            },
        )
        answer = the_gateway().chat(self.grant, asked, now=self.now)
        self.micro += answer.micro
        self.calls.append(answer.call)
        try:
            return read_json(answer.text), answer.call
        except ZhiweiError:
            return {}, answer.call


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer with the teacher's mark; ``key`` is the caller's own name for it."""

    key: str
    response: Response
    score: float


def run_pilot(
    *,
    actor: Actor,
    now: datetime,
    item_key: str,
    content: Mapping[str, object],
    papers: Sequence[Marked],
    model: str,
) -> UUID:
    """Let a model mark papers a teacher has marked, and decide whether it may go on. For a job: it waits for the model.

    Args:
        papers: 5 to 30 answers; more are not sent.

    Raises:
        NoModelError: No model for marking.
        InvalidInputError: Too few papers, or a question no model marks.
    """
    item = item_of(content)
    if item.type not in marking.MARKABLE:
        raise InvalidInputError("这种题型由规则批改，不需要模型。", code="ai.marker_type")
    if len(papers) < marking.LEAST_PAPERS:
        raise InvalidInputError(
            f"请先由教师批改至少 {marking.LEAST_PAPERS} 份，再让模型试评。", code="ai.marker_few"
        )
    grader = ModelGrader(item, marking_grant(actor, now), model, now)
    grader.grant.model(model)
    judged = [(paper, grader.judge(paper.response)) for paper in papers[: marking.MOST_PAPERS]]
    with scope.entered([actor.tenant_id]):
        return _kept(actor, now, item_key, content, item, grader, judged)


def passed_pilot(item_key: str, content: Mapping[str, object]) -> MarkerPilot | None:
    """Return the newest trial that lets a model mark this very question."""
    row = MarkerPilot.objects.filter(item_key=item_key).order_by("-at", "-pk").first()
    fits = row is not None and row.state == PilotState.PASSED and row.item_hash == digest(content)
    return row if fits and row is not None and row.prompt_version == marking.PROMPT_VERSION else None


def grader_after_pilot(
    *,
    actor: Actor,
    now: datetime,
    item_key: str,
    content: Mapping[str, object],
    watched: Sequence[tuple[float, float]],
) -> ModelGrader:
    """Return a model's grader for a question whose trial it has passed.

    Args:
        watched: ``(teacher, model)`` scores of answers marked by the model that a teacher marked since, oldest first.

    Raises:
        ConflictError: No trial is passed, or the model has drifted (the trial is stopped then).
    """
    row = passed_pilot(item_key, content)
    if row is None:
        raise ConflictError("请先让模型试评并通过。", code="ai.marker_gate")
    if stop_if_drifted(actor=actor, now=now, pilot=row, watched=watched):
        raise ConflictError("模型与教师的差距变大，已停用预评，请重新试评。", code="ai.marker_drift")
    item = item_of(content)
    return ModelGrader(item, marking_grant(actor, now), row.model_name, now)


def stop_if_drifted(
    *, actor: Actor, now: datetime, pilot: MarkerPilot, watched: Sequence[tuple[float, float]]
) -> bool:
    """Stop a model whose newest marks differ too much from the teacher's; tells whether it did."""
    found = marking.watch(watched, pilot.max_score)
    if found.drifted:
        told = f"最近 {found.papers} 份平均相差满分的 {found.error:.0%}，高于 {found.limit:.0%}"
        pilot.state, pilot.why = PilotState.STOPPED, [told]
        pilot.save(update_fields=["state", "why"])
        _record(actor, now, pilot)
    return found.drifted


def marking_grant(actor: Actor, now: datetime) -> Grant:
    """Return what the actor may do with models for marking.

    Raises:
        NoModelError: There is no model for it.
    """
    role = Role.TEACHER if Role.TEACHER in actor.roles else next(iter(sorted(actor.roles)), "")
    grant = the_gateway().grants.of_person(actor, role, Purpose.MARKING, now)
    if not grant.models:
        raise NoModelError("还没有可用于阅卷的模型。")
    return grant


def item_of(content: Mapping[str, object]) -> Item:
    """Return a question as the engines take it.

    Raises:
        ItemError: It cannot be judged as it stands.
    """
    return item_from_json(cast("dict[str, Json]", dict(content)))


def digest(content: Mapping[str, object]) -> str:
    """Return the digest of a question, by which a change of it is known."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _kept(
    actor: Actor,
    now: datetime,
    item_key: str,
    content: Mapping[str, object],
    item: Item,
    grader: ModelGrader,
    judged: Sequence[tuple[Marked, Judgement]],
) -> UUID:
    found = marking.gate(
        [paper.score for paper, _one in judged], [one.score for _paper, one in judged], item.max_score
    )
    absent = sum(not one.engine.startswith(marking.ENGINE) for _paper, one in judged)
    why = [*found.why, *([f"有 {absent} 份模型没有评出"] if absent > len(judged) // 5 else [])]
    row = MarkerPilot.objects.create(
        tenant_id=actor.tenant_id,
        item_key=item_key,
        item_hash=digest(content),
        model_name=grader.model,
        prompt_version=marking.PROMPT_VERSION,
        state=PilotState.REFUSED if why else PilotState.PASSED,
        max_score=item.max_score,
        papers=len(judged),
        qwk=found.qwk,
        exact=found.exact,
        error=found.error,
        why=why,
        micro=grader.micro,
        by_id=actor.person_id,
        at=now,
    )
    MarkerPaper.objects.bulk_create(
        MarkerPaper(
            tenant_id=actor.tenant_id,
            pilot=row,
            answer_key=paper.key,
            teacher_score=paper.score,
            model_score=one.score,
            judgement=judgement_to_json(one),
            calls=[UUID(str(call)) for call in _calls(one)],
        )
        for paper, one in judged
    )
    _record(actor, now, row)
    return row.uuid


def _calls(one: Judgement) -> list[object]:
    found = one.parameters.get("calls")
    return list(found) if isinstance(found, list) else []


def _record(actor: Actor, now: datetime, row: MarkerPilot) -> None:
    audit.record(
        actor=actor,
        verb=Verb.MARK,
        kind="ai_marker",
        object_id=row.pk,
        now=now,
        level=Level.INTERNAL,
        detail={"state": row.state, "papers": row.papers, "model": row.model_name},
    )
