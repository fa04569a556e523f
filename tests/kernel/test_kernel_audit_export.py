"""The exported trail proves itself without us, and any change to it shows; the yearly report adds up."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import NOW, Cast

from zhiwei.config.commands.audit_pack import as_pdf
from zhiwei.engines.seals import FindingKind
from zhiwei.kernel import audit, scope
from zhiwei.kernel.models import Person
from zhiwei.kernel.services import compliance, people, sealing, sealing_export
from zhiwei.kernel.values import Level, Verb, system_actor

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def lines(cast: Cast) -> list[str]:
    """An exported trail of two seals."""
    for _round in range(2):
        with scope.entered([cast.school]):
            for number in range(4):
                audit.record(
                    actor=system_actor(cast.school), verb=Verb.READ, kind="test", now=NOW, object_id=number
                )
        sealing.seal_trail(tenant_id=cast.school, now=LATER)
    out = io.StringIO()
    assert sealing_export.write_trail(out, tenant_id=cast.school) == 2
    return out.getvalue().splitlines()


def kinds(lines: list[str], key: str = "") -> set[FindingKind]:
    return {one.kind for one in sealing_export.check_lines(lines, key=key)}


def changed(lines: list[str], at: int, change: Any) -> list[str]:
    one = json.loads(lines[at])
    change(one)
    return [*lines[:at], json.dumps(one), *lines[at + 1 :]]


def test_an_export_is_whole_and_needs_no_database(lines: list[str]) -> None:
    assert kinds(lines) == set() == kinds(lines, sealing.public_key())
    assert kinds(lines, "11" * 32) == {FindingKind.BAD_SIGNATURE}
    with pytest.raises(ValueError, match="not an exported"):
        list(sealing_export.check_lines(['{"form": "x"}']))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_shows(lines: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, 2))
    records = json.loads(lines[at])["records"]
    which = data.draw(st.integers(0, len(records) - 1))

    def alter(one: dict[str, Any]) -> None:
        kind = data.draw(st.sampled_from(["change", "remove", "insert", "swap", "at", "id"]))
        rows = one["records"]
        if kind == "change":
            name = data.draw(st.sampled_from(["verb", "kind", "object_id", "actor_name"]))
            rows[which][name] += data.draw(st.text("ab王", min_size=1, max_size=3))
        elif kind == "remove":
            rows.pop(which)
        elif kind == "insert":
            rows.append({**rows[which], "id": rows[-1]["id"] + 1000})
        elif kind == "swap":
            rows[which]["id"], rows[which - 1]["id"] = rows[which - 1]["id"], rows[which]["id"]
        elif kind == "at":
            rows[which]["at"] += 1
        else:
            one["ids"][which] += 100_000

    assert kinds(changed(lines, at, alter))


def test_a_seal_left_out_or_cut_short_breaks_the_chain(lines: list[str]) -> None:
    assert FindingKind.BROKEN_CHAIN in kinds([lines[0], lines[2]])
    assert FindingKind.BROKEN_CHAIN in kinds([lines[0], lines[2], lines[1]])
    assert kinds(changed(lines, 2, lambda one: one.update(root="00" * 32))) >= {FindingKind.BAD_ROOT}


def test_the_yearly_report_adds_up(cast: Cast, lines: list[str]) -> None:
    with scope.entered([cast.school]):
        teacher = cast.actor("teacher")
        audit.record_reads(
            actor=teacher, kind="person", now=NOW, about_ids=[cast.people["pupil"], cast.people["classmate"]],
            tenant_id=cast.school, level=Level.PERSONAL,
        )  # fmt: skip
        consent = people.give_consent(
            actor=cast.actor("guardian"), now=NOW, person_id=cast.people["pupil"], purpose="research",
            given_by_id=cast.people["guardian"], text_version="1",
        )  # fmt: skip
        people.withdraw_consent(actor=cast.actor("guardian"), now=NOW, consent_id=consent)
        pupils = Person.objects.filter(holdings__role="pupil").count()
    facts: Any = compliance.report(year=2026, tenant_id=cast.school, now=NOW)
    assert {"role": "teacher", "kind": "person", "level": 3, "count": 2} in facts["accesses"]
    assert facts["consents"] == [{"purpose": "research", "given": 1, "withdrawn": 1, "in_force": 0}]
    assert facts["people"]["pupils"] == pupils and facts["trail"]["findings"] == 0
    assert facts["roots"][0]["number"] == 2 and facts["roots"][0]["digest"] in lines[2]
    fields = {(one["table"], one["field"]): one for one in facts["inventory"]}
    assert fields["kernel.Person", "phone"]["level"] == 4 and fields["kernel.Person", "phone"]["sealed"]
    assert compliance.report(year=2020, tenant_id=None, now=NOW)["accesses"] == []
    assert as_pdf(facts).startswith(b"%PDF")
