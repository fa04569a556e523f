"""Brings the demo county to life: founds it once, then lets each room add what it shows."""

from __future__ import annotations

from datetime import datetime

from zhiwei.config.demo import (
    assessment,
    companion,
    county,
    curriculum,
    data,
    gateway,
    learning,
    paper,
    pupils,
    quality,
    sharing,
)


def prepare(*, now: datetime) -> list[tuple[str, int]]:
    """Found the county if it is not there and return its demo accounts ``(role in words, account id)``."""
    accounts = _founded(now)
    curriculum.prepare(now=now)
    assessment.add_assessment(now=now)
    paper.add_paper(now=now)
    pupils.deliver_news()
    learning.add_learning(now=now)
    data.add_data(now=now)
    quality.add_quality(now=now)
    sharing.add_sharing(now=now)
    companion.add_companion(now=now)
    gateway.add_gateway(now=now)
    return accounts


def _founded(now: datetime) -> list[tuple[str, int]]:
    if county.find_county() is None:
        return county.found_county(now=now).accounts
    return county.standing_accounts()
