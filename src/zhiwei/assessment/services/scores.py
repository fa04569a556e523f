"""What a sitting scores in all."""

from __future__ import annotations

from django.db.models import Count, Q, Sum

from zhiwei.assessment.models import Sitting


def settle_sitting(sitting: Sitting) -> None:
    """Recompute a sitting's score from its responses (late work loses the share the work's rules say).

    The score stays empty while a response has none.
    """
    sums = sitting.responses.aggregate(
        earned=Sum("score"), full=Sum("item__max_score"), missing=Count("pk", filter=Q(score__isnull=True))
    )
    sitting.max_score = float(sums["full"] or 0)
    sitting.score = None if sums["missing"] else _late(sitting, float(sums["earned"] or 0))
    sitting.save(update_fields=["score", "max_score"])


def _late(sitting: Sitting, score: float) -> float:
    if not sitting.is_late:
        return score
    share = min(max(float(sitting.work.rules.get("late_deduct_percent", 0)), 0.0), 100.0)
    return round(score * (1 - share / 100), 2)
