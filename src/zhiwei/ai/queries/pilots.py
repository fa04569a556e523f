"""Trials of models as markers, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhiwei.ai.models import MarkerPilot
from zhiwei.ai.rules.marking import Watch, watch
from zhiwei.ai.wording import yuan


@dataclass(frozen=True, slots=True)
class PilotPaper:
    """One answer of a trial: both marks and the model's reasons, with the calls behind them."""

    key: str
    teacher: float
    model: float
    judgement: Mapping[str, object]
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PilotView:
    """A trial with its figures."""

    model: str
    state: str
    prompt_version: str
    n: int
    qwk: float | None
    exact: float
    error: float
    why: tuple[str, ...]
    cost: str
    at: datetime
    papers: tuple[PilotPaper, ...]
    max_score: float

    def watch(self, pairs: Sequence[tuple[float, float]]) -> Watch:
        """Compare its newest marks with the teacher's: ``(teacher, model)``, oldest first."""
        return watch(pairs, self.max_score)


def pilot_view(item_key: str) -> PilotView | None:
    """Return the newest trial of a question, in scope."""
    row = MarkerPilot.objects.filter(item_key=item_key).order_by("-at", "-pk").first()
    if row is None:
        return None
    papers = tuple(
        PilotPaper(
            one.answer_key, one.teacher_score, one.model_score, one.judgement, tuple(map(str, one.calls))
        )
        for one in row.marked.order_by("pk")
    )
    return PilotView(
        row.model_name, row.state, row.prompt_version, row.papers, row.qwk, row.exact, row.error, tuple(row.why),
        yuan(row.micro), row.at, papers, row.max_score,
    )  # fmt: skip
