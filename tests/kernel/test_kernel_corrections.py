"""Particulars set by hand: who may, what a later roster leaves alone, what is refused."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import Cast

from zhiwei.kernel import scope
from zhiwei.kernel.models import AuditRow, Person


def _address(cast: Cast, nickname: str = "pupil") -> str:
    with scope.everywhere("test"):
        return f"/people/{Person.objects.get(pk=cast.people[nickname]).uuid}/correct/"


GOOD = {"name": "王小明", "number": "N-77", "sex": "1", "birth_on": "2012-05-06", "phone": "13800000000"}


def test_the_administrator_corrects_and_it_is_on_record(cast: Cast, sign_in: dict[str, Client]) -> None:
    address = _address(cast)
    assert sign_in["admin"].get(address).status_code == 200
    assert sign_in["admin"].post(address, GOOD).status_code == 302
    with scope.everywhere("test"):
        row = Person.objects.get(pk=cast.people["pupil"])
        assert (row.name, row.number, row.phone) == ("王小明", "N-77", "13800000000")
        assert {"name", "number", "phone"} <= set(row.hand_set) and "wangxiaoming" in row.search_text
        told = AuditRow.objects.filter(about_id=row.pk, verb="update", kind="person").latest("pk")
        assert "13800000000" not in str(told.detail) and told.level == 4


def test_a_field_is_handed_back_to_the_roster(cast: Cast, sign_in: dict[str, Client]) -> None:
    address = _address(cast)
    sign_in["admin"].post(address, GOOD)
    sign_in["admin"].post(address, {**GOOD, "as_roster": ["phone"]})
    with scope.everywhere("test"):
        kept = Person.objects.get(pk=cast.people["pupil"]).hand_set
        assert "phone" not in kept and "name" in kept


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("number", "N 7"), ("birth_on", "2012-13-01"), ("phone", "call me"), ("sex", "7")],
)
def test_what_cannot_be_is_said_at_its_field(
    cast: Cast, sign_in: dict[str, Client], field: str, value: str
) -> None:
    answer = sign_in["admin"].post(_address(cast), {**GOOD, field: value})
    assert answer.status_code == 422 and f"id_{field}" in answer.content.decode()
    with scope.everywhere("test"):
        assert Person.objects.get(pk=cast.people["pupil"]).hand_set == []


def test_another_ones_number_is_refused(cast: Cast, sign_in: dict[str, Client]) -> None:
    sign_in["admin"].post(_address(cast), GOOD)
    answer = sign_in["admin"].post(_address(cast, "teacher"), {**GOOD, "name": "教师"})
    assert answer.status_code == 422 and "N-77" in answer.content.decode()


@pytest.mark.parametrize("nickname", ["teacher", "pupil", "guardian", "outsider"])
def test_others_find_no_such_page(cast: Cast, sign_in: dict[str, Client], nickname: str) -> None:
    assert sign_in[nickname].post(_address(cast), GOOD).status_code == 404
    with scope.everywhere("test"):
        assert Person.objects.get(pk=cast.people["pupil"]).name != "王小明"
