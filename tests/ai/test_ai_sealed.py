"""What the AI room keeps sealed follows a school's new key, and is gone with a destroyed one; soft limits are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from tests.ai.gateway_stage import Stage
from tests.cast import NOW, Cast

from zhiwei.ai.models import Alert, Call, CallContent, Dialogue, Provider, Turn
from zhiwei.ai.queries.records import content_of, words_of
from zhiwei.ai.services.grants import SEALED_FOR, endpoint_of
from zhiwei.ai.services.guarding import ALERT_PURPOSE
from zhiwei.ai.services.sealing import seal
from zhiwei.kernel import clock, keys, scope
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import Notification
from zhiwei.kernel.services import rekeying
from zhiwei.kernel.values import system_actor

TITLE, NOTE, WORDS = "为什么总是睡不着", "已与家长面谈", "一个秘密的问题"


@pytest.fixture
def kept(stage: Stage) -> Cast:
    """One of everything the room seals."""
    cast = stage.cast
    stage.chat(WORDS)
    with scope.entered([cast.school]):
        key, version = keys.data_key(cast.school, NOW)
        dialogue = Dialogue.objects.create(
            tenant_id=cast.school, person_id=cast.people["pupil"], title=TITLE, begun_at=NOW, last_at=NOW,
            keep_until=NOW + timedelta(days=180),
        )  # fmt: skip
        Turn.objects.create(
            tenant_id=cast.school,
            dialogue=dialogue,
            number=1,
            speaker="pupil",
            kind="said",
            said=WORDS,
            at=NOW,
        )
        Alert.objects.create(
            tenant_id=cast.school, person_id=cast.people["pupil"], kinds=["self_harm"], note=NOTE, at=NOW,
            sealed=seal(key, WORDS, ALERT_PURPOSE), key_version=version,
        )  # fmt: skip
        Provider.objects.update(secret=seal(key, "sk-1", SEALED_FOR), key_version=version)
    return cast


def everything(cast: Cast) -> list[str]:
    actor = cast.actor("teacher", clock.today(NOW))
    with scope.entered([cast.school]):
        dialogue, alert = Dialogue.objects.get(), Alert.objects.get()
        said = content_of(actor, Call.objects.get())[0].text
        found = [dialogue.title, Turn.objects.get().said, alert.note, words_of(alert), said]
        return [*map(str, found), endpoint_of(Provider.objects.get()).secret]


def test_no_words_lie_open_in_the_tables(kept: Cast) -> None:
    with scope.everywhere("test"), connection.cursor() as cursor:
        for table in ("ai_dialogue", "ai_turn", "ai_alert", "ai_callcontent"):
            cursor.execute(f"select t::text from {table} t")
            told = " ".join(row[0] for row in cursor.fetchall())
            assert told
            for words in (TITLE, NOTE, WORDS):
                assert words not in told and words.encode().hex() not in told


def test_all_follows_a_new_key_and_the_old_one_can_go(kept: Cast) -> None:
    before = everything(kept)
    assert before == [TITLE, WORDS, NOTE, WORDS, WORDS, "sk-1"]
    rekeying.rotate(actor=system_actor(kept.school), now=NOW, tenant_id=kept.school)
    assert everything(kept) == before
    rekeying.reencrypt(tenant_id=kept.school, progress=lambda *_: None)
    assert rekeying.retire(now=NOW + timedelta(hours=1)) == 1
    keys.forget(kept.school)
    assert everything(kept) == before
    with scope.entered([kept.school]):
        assert CallContent.objects.get().key_version == Alert.objects.get().key_version == 2


def test_a_destroyed_key_leaves_nothing_to_read(kept: Cast) -> None:
    with scope.everywhere("test"):
        from zhiwei.kernel.models import Organisation

        name = Organisation.objects.get(pk=kept.school).name
    rekeying.shred(actor=system_actor(kept.school), now=NOW, tenant_id=kept.school, confirmed_name=name)
    with scope.entered([kept.school]):
        dialogue, turn, alert, provider = (one.objects.get() for one in (Dialogue, Turn, Alert, Provider))
        for look in (
            lambda: dialogue.title,
            lambda: turn.said,
            lambda: alert.note,
            lambda: words_of(alert),
            lambda: endpoint_of(provider),
        ):
            with pytest.raises(NotFoundError):
                look()
        assert content_of(kept.actor("teacher", clock.today(NOW)), Call.objects.get()) == []


def told_of_limits() -> list[int]:
    with scope.everywhere("test"):
        rows = Notification.objects.filter(key__startswith="ai.soft").order_by("pk")
        return [one.person_id for one in rows]


def test_a_soft_limit_tells_the_person_and_the_keeper_once(stage: Stage) -> None:
    stage.budget(unit="calls", soft=1, hard=50, counted="person")
    stage.chat("一")
    assert told_of_limits() == []
    for words in ("二", "三"):
        assert stage.chat(words).status == 200
    assert sorted(told_of_limits()) == sorted([stage.cast.people["teacher"], stage.cast.people["admin"]])
    stage.gateway.soft_limits._told.clear()
    stage.chat("四")
    assert len(told_of_limits()) == 2


def test_without_a_soft_limit_nobody_is_told(stage: Stage) -> None:
    stage.budget(unit="calls", hard=50)
    stage.chat("一")
    assert told_of_limits() == []
