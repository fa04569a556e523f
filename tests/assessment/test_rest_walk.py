"""The demo's walk through the API, faults included, as ``zhiwei demo --check`` does it."""

from __future__ import annotations

from django.utils import timezone

from zhiwei.config.demo import api_walk, county


def test_homework_walks_through_the_api_with_the_demo_county(db: None) -> None:
    now = timezone.now()
    found = county.found_county(now=now).accounts
    assert county.standing_accounts() == found
    accounts = dict(found)
    told = api_walk.walk(accounts["数学教师"], accounts["学生"], now=now)
    assert "released" in told and "先讲第" in told
