"""Keys and sealed fields: bound to their row, rotated without losing anything, shredded for good."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, models, transaction
from tests.cast import NOW, Cast

from zhiwei.kernel import files, keys, scope, sealed, walls
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.models import AuditRow, Blob, Person, TenantKey
from zhiwei.kernel.sealed import SealedField
from zhiwei.kernel.services import rekeying, second_factor
from zhiwei.kernel.values import Declaration, Level, system_actor

BORN = date(2012, 9, 1)
ONE_WAY = {"kernel.Account.password", "kernel.SignInLink.token_hash", "kernel.RecoveryCode.code_hash"}
"""Level 4, but nothing to encrypt: hashes of what nobody keeps."""
CIPHERED = {
    "kernel.TenantKey.wrapped", "kernel.PlatformKey.wrapped", "kernel.SecondFactor.secret",
    "kernel.IdentityProvider.secret", "ai.Provider.secret", "ai.CallContent.sealed", "ai.Alert.sealed",
    "data.Grant.key",
}  # fmt: skip
"""Ciphertext of another make (by the master key, a small secret, a room's own envelope), or a random key."""
MACHINERY = {
    "state",
    "subject",
    "kind",
    "purpose",
    "model",
    "model_name",
    "language",
    "stage",
    "wrapped_by",
    "source",
    "task",
    "speaker",
    "citations",
    "guards",
}
CODES = {"ai.Alert.note", "ai.Dialogue.title"}
"""Words of the machinery and of those who handle a case, in a table that is level 4 as a whole."""
OPEN_TYPES = (
    models.CharField, models.TextField, models.DateField, models.JSONField, models.BinaryField, SealedField,
)  # fmt: skip


def raw(column: str, person_id: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from kernel_person where id = %s", [person_id])
        return bytes(cursor.fetchone()[0])


@pytest.fixture
def pupil(cast: Cast) -> Person:
    """A pupil with all level-4 fields filled."""
    with scope.entered([cast.school]):
        row = Person.objects.get(pk=cast.people["pupil"])
        row.phone, row.birth_on, row.source_key = "13800001111", BORN, "G110101201209011234"
        row.save()
        return Person.objects.get(pk=row.pk)


def test_every_level_four_field_is_sealed() -> None:
    found = 0
    for model in walls.all_declared():
        declaration: Declaration = model.declaration  # type: ignore[attr-defined]
        for field in model._meta.local_fields:
            level = declaration.levels.get(field.name, declaration.level)
            name = f"{model._meta.label}.{field.name}"
            if (
                level < Level.SENSITIVE
                or not isinstance(field, OPEN_TYPES)
                or isinstance(field, models.DateTimeField)
                or field.name in MACHINERY
                or name in ONE_WAY | CODES
            ):
                continue
            if isinstance(field, models.BinaryField) and name in CIPHERED:
                continue
            found += 1
            assert isinstance(field, SealedField), f"{name} is level 4 and lies open"
    assert found >= 3


def test_labels_of_sealed_fields_are_never_shared() -> None:
    labels = [field.label for model in walls.all_declared() for field in rekeying.sealed_of(model)]
    assert len(labels) == len(set(labels)) >= 3


def test_what_is_sealed_comes_back_and_lies_closed(cast: Cast, pupil: Person) -> None:
    with scope.entered([cast.school]):
        assert (pupil.phone, pupil.birth_on, pupil.source_key) == ("13800001111", BORN, "G110101201209011234")
        assert b"13800001111" not in raw("phone", pupil.pk) and len(raw("phone", pupil.pk)) == 17 + 11 + 16
        empty = Person.objects.get(pk=cast.people["classmate"])
        assert (empty.phone, empty.birth_on, empty.source_index) == ("", None, "")


def test_a_value_moved_to_another_row_or_column_does_not_open(cast: Cast, pupil: Person) -> None:
    other = cast.people["classmate"]
    with scope.entered([cast.school]), connection.cursor() as cursor:
        value = raw("phone", pupil.pk)
        cursor.execute("update kernel_person set phone = %s where id = %s", [value, other])
        cursor.execute("update kernel_person set source_key = %s where id = %s", [value, pupil.pk])
        with pytest.raises(NotFoundError, match="损坏"):
            _ = Person.objects.get(pk=other).phone
        with pytest.raises(NotFoundError, match="损坏"):
            _ = Person.objects.get(pk=pupil.pk).source_key


def test_the_blind_index_finds_and_follows(cast: Cast, pupil: Person) -> None:
    with scope.entered([cast.school]):
        wanted = sealed.blind(cast.school, "person.source_key", "G110101201209011234")
        assert Person.objects.get(source_index=wanted).pk == pupil.pk
        pupil.source_key = "G110101201209015678"
        Person.objects.bulk_update([pupil], ["source_key", "source_index"])
        assert not Person.objects.filter(source_index=wanted).exists()
        again = Person.objects.get(pk=pupil.pk)
        assert again.source_key == "G110101201209015678"
    with scope.entered([cast.other_school]):
        other = sealed.blind(cast.other_school, "person.source_key", "G110101201209011234")
    assert wanted != other


def test_an_update_that_does_not_know_its_row_is_refused(cast: Cast, pupil: Person) -> None:
    with scope.entered([cast.school]), pytest.raises(TypeError, match=r"person\.phone"):
        Person.objects.filter(pk=pupil.pk).update(phone="1")


def test_a_schools_key_rotates_without_losing_anything(cast: Cast, pupil: Person) -> None:
    with scope.entered([cast.school]):
        ref = files.store(b"x" * 1_500_000, tenant_id=cast.school, now=NOW, max_bytes=10**7)
        before = raw("phone", pupil.pk)
    assert rekeying.rotate(actor=system_actor(cast.school), now=NOW, tenant_id=cast.school) == 2
    with scope.entered([cast.school]):
        assert Person.objects.get(pk=pupil.pk).phone == "13800001111"
        assert (behind(cast.school), len(files.read(ref.id))) == (2, 1_500_000)
    assert rekeying.reencrypt(tenant_id=cast.school, progress=lambda *_: None) == {
        "rows": 1,
        "files": 1,
        "others": 0,
    }
    assert rekeying.reencrypt(tenant_id=cast.school, progress=lambda *_: None) == {
        "rows": 0,
        "files": 0,
        "others": 0,
    }
    assert rekeying.retire(now=NOW + timedelta(minutes=5)) == 0
    assert rekeying.retire(now=NOW + timedelta(minutes=11)) == 1
    keys.forget(cast.school)
    with scope.entered([cast.school]):
        assert raw("phone", pupil.pk) != before and raw("phone", pupil.pk)[4] == 2
        assert Person.objects.get(pk=pupil.pk).birth_on == BORN
        assert (behind(cast.school), files.read(ref.id)[:3]) == (0, b"xxx")
        assert Blob.objects.get(pk=ref.id).key_version == 2


def behind(tenant_id: int) -> int:
    return next(one.behind for one in rekeying.states() if one.tenant_id == tenant_id)


def test_a_second_factor_follows_its_schools_key(cast: Cast) -> None:
    actor = cast.actor("admin")
    secret = second_factor.begin(actor=actor, now=NOW)
    rekeying.rotate(actor=system_actor(cast.school), now=NOW, tenant_id=cast.school)
    assert behind(cast.school) == 1
    assert rekeying.reencrypt(tenant_id=cast.school, progress=lambda *_: None)["others"] == 1
    assert behind(cast.school) == 0 and rekeying.retire(now=NOW + timedelta(hours=1)) == 1
    keys.forget(cast.school)
    assert second_factor.begun(actor.account_id) == secret


def test_a_new_master_key_wraps_everything_anew(
    cast: Cast, pupil: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = settings.MASTER_KEYS[0], secrets.token_bytes(32)
    sheets = keys.derived("sheets-1")
    monkeypatch.setattr(keys, "_MASTERS", [new, old])
    assert rekeying.wrapped_otherwise()
    assert rekeying.wrap_anew(actor=system_actor(), now=NOW) >= 3
    assert rekeying.wrap_anew(actor=system_actor(), now=NOW) == 0 and not rekeying.wrapped_otherwise()
    monkeypatch.setattr(keys, "_MASTERS", [new])
    monkeypatch.setattr(settings, "READ_MASTER_KEYS", lambda: [new])
    keys.forget(cast.school), keys.forget(0)
    with scope.entered([cast.school]):
        assert Person.objects.get(pk=pupil.pk).phone == "13800001111"
    assert keys.derived("sheets-1") == sheets
    monkeypatch.setattr(keys, "_MASTERS", [old])
    monkeypatch.setattr(settings, "READ_MASTER_KEYS", lambda: [old])
    keys.forget(cast.school)
    with scope.entered([cast.school]), pytest.raises(keys.WrongMasterKeyError):
        _ = Person.objects.get(pk=pupil.pk).phone
    keys.forget(0)


def test_a_process_with_the_old_master_key_reads_the_new_one(
    cast: Cast, pupil: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = settings.MASTER_KEYS[0], secrets.token_bytes(32)
    monkeypatch.setattr(keys, "_MASTERS", [new, old])
    rekeying.wrap_anew(actor=system_actor(), now=NOW)
    monkeypatch.setattr(keys, "_MASTERS", [old])
    monkeypatch.setattr(settings, "READ_MASTER_KEYS", lambda: [new, old])
    keys.forget(cast.school)
    with scope.entered([cast.school]):
        assert Person.objects.get(pk=pupil.pk).phone == "13800001111"
    keys.forget(0)


def test_a_shredded_school_is_unreadable_and_its_trail_stays(cast: Cast, pupil: Person) -> None:
    with scope.entered([cast.school]):
        ref = files.store(b"secret", tenant_id=cast.school, now=NOW, max_bytes=100)
        trail = AuditRow.objects.count()
    system = system_actor(cast.school)
    with pytest.raises(InvalidInputError):
        rekeying.shred(actor=system, now=NOW, tenant_id=cast.school, confirmed_name="乙校")
    assert rekeying.shred(actor=system, now=NOW, tenant_id=cast.school, confirmed_name="甲校") == 2
    with scope.entered([cast.school]):
        row = Person.objects.get(pk=pupil.pk)
        assert row.name == "人pupil" and AuditRow.objects.count() == trail + 1
        for act in (lambda: row.phone, lambda: files.read(ref.id), lambda: store_again(cast.school)):
            with pytest.raises(NotFoundError, match="销毁"):
                act()
    with pytest.raises(ConflictError):
        rekeying.shred(actor=system, now=NOW, tenant_id=cast.school, confirmed_name="甲校")
    assert next(one.shredded for one in rekeying.states() if one.tenant_id == cast.school)


def store_again(tenant_id: int) -> None:
    files.store(b"more", tenant_id=tenant_id, now=NOW, max_bytes=100)


def test_a_key_that_was_rolled_back_is_never_used(cast: Cast) -> None:
    with scope.entered([cast.other_school]):
        with pytest.raises(RuntimeError), transaction.atomic():
            first, _version = keys.data_key(cast.other_school, NOW)
            raise RuntimeError
        second, _version = keys.data_key(cast.other_school, NOW)
        assert first != second and TenantKey.objects.filter(purpose="data").count() == 1


def test_a_file_swapped_for_another_of_the_school_is_noticed(cast: Cast) -> None:
    with scope.entered([cast.school]):
        one = files.store(b"one", tenant_id=cast.school, now=NOW, max_bytes=100)
        two = files.store(b"two", tenant_id=cast.school, now=NOW, max_bytes=100)
        folder = Path(settings.FILES_ROOT) / str(cast.school)
        there = folder / two.sha256[:2] / two.sha256
        there.write_bytes((folder / one.sha256[:2] / one.sha256).read_bytes())
        with pytest.raises(NotFoundError, match="损坏"):
            files.read(two.id)
