"""What a sitting scores in all."""

from __future__ import annotations

from django.db.models import Count, Q, Sum

from zhiwei.assessment.models import Sitting
from zhiwei.assessment.rules.lateness import after_late_rule


def settle_sitting(sitting: Sitting) -> None:
    """Recompute a sitting's score from its responses (late work loses the share the work's rules say).

    The score stays empty while a response has none.
    """
    sums = sitting.responses.aggregate(
        earned=Sum("score"), full=Sum("item__max_score"), missing=Count("pk", filter=Q(score__isnull=True))
    )
    sitting.max_score = float(sums["full"] or 0)
    sitting.score = (
        None
        if sums["missing"]
        else after_late_rule(float(sums["earned"] or 0), sitting.work.rules, is_late=sitting.is_late)
    )
    sitting.save(update_fields=["score", "max_score"])
