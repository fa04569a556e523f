"""The quality report of a corpus: checks, the reviewers' agreement, and what still stands against letting it out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from zhiwei.data.models import CheckResult, Corpus, CorpusEntry, Review
from zhiwei.data.rules.checks import BLOCKING, LEAST_USABLE, Check, Outcome
from zhiwei.data.values import CorpusState
from zhiwei.engines import corpora as engine


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """How far the sampling review is.

    Attributes:
        sampled: Entries drawn.
        doubled: Entries that two reviewers have looked at.
        reviewers: Reviewed entries by reviewer's id.
        usable: Share of doubled entries that both found usable.
        agreement: Of the two scores, in shares of full marks with steps of a twentieth; ``None`` before any.
    """

    sampled: int
    doubled: int
    reviewers: dict[int, int]
    usable: float | None
    agreement: engine.Agreement | None


def review_standing(corpus: Corpus) -> ReviewStanding:
    """Return how far the sampling review is: the first two reviewers of each sampled entry count."""
    sampled = CorpusEntry.objects.filter(corpus=corpus, sample__gt=0).count()
    rows = (
        Review.objects.filter(corpus=corpus, entry__sample__gt=0).select_related("entry").order_by("at", "pk")
    )
    by_entry: dict[int, list[Review]] = defaultdict(list)
    reviewers: dict[int, int] = defaultdict(int)
    for row in rows:
        by_entry[row.entry_id].append(row)
        reviewers[row.reviewer_id] += 1
    doubled = [pair[:2] for pair in by_entry.values() if len(pair) >= 2]
    scored = [
        (a.score / a.entry.max_score, b.score / b.entry.max_score) for a, b in doubled if a.entry.max_score
    ]
    agreement = (
        engine.agreement([a for a, _b in scored], [b for _a, b in scored], step=0.05) if scored else None
    )
    usable = sum(a.is_usable and b.is_usable for a, b in doubled) / len(doubled) if doubled else None
    return ReviewStanding(sampled, len(doubled), dict(reviewers), usable, agreement)


def obstacles(corpus: Corpus) -> list[str]:
    """Return codes of what stands against a version: checks that failed, a review that is not done."""
    if corpus.state != CorpusState.BUILT:
        return ["not_built"]
    found = [] if corpus.figures.get("kept") else ["nothing_kept"]
    failed = CheckResult.objects.filter(corpus=corpus, outcome=Outcome.FAIL).values_list("code", flat=True)
    found += [f"check_{code}" for code in failed if code in BLOCKING]
    standing = review_standing(corpus)
    demands = engine.demands_from(corpus.demands)
    if standing.doubled < standing.sampled:
        found.append("review_open")
    elif standing.usable is not None and standing.usable < LEAST_USABLE:
        found.append("review_unusable")
    elif (
        standing.agreement
        and (standing.agreement.qwk or 0.0) < demands.least_agreement
        and not _uniform(standing)
    ):
        found.append("review_disagrees")
    return found


def quality_report(corpus: Corpus) -> dict[str, Any]:
    """Return the whole report as it is published with a version."""
    standing = review_standing(corpus)
    return {
        "figures": corpus.figures,
        "demands": corpus.demands,
        "checks": [
            {
                "code": one.code,
                "outcome": one.outcome,
                "tested": one.tested,
                "failing": one.failing,
                "figures": _public(one),
            }
            for one in corpus.checks.order_by("position")
        ],
        "review": {
            "sampled": standing.sampled,
            "doubled": standing.doubled,
            "reviewers": len(standing.reviewers),
            "usable": standing.usable,
            "agreement": asdict(standing.agreement) if standing.agreement else None,
        },
    }


def _public(row: CheckResult) -> dict[str, Any]:
    """Figures without the questions' texts, which the items table tells de-identified."""
    figures = dict(row.figures)
    if row.code == Check.ANSWERS:
        figures["items"] = [
            {"answers": one["answers"], "sound": one["sound"]} for one in figures.get("items", [])
        ]
    return figures


def _uniform(standing: ReviewStanding) -> bool:
    """Whether both always gave one and the same score: kappa says nothing then, exact agreement does."""
    found = standing.agreement
    return found is not None and found.qwk is None and found.exact == 1.0
