"""Sealed fields: level-4 data encrypted in their column, bound to table, column, tenant and row.

A value is AES-256-GCM under a key derived from the tenant's data key; what it is bound to is authenticated, so that
a value copied to another row, column or school does not open. Layout: ``0x01``, key version (4 bytes), nonce (12),
ciphertext with tag. An empty value is NULL. Searching goes through a blind index (HMAC-SHA256 under a key of the
tenant), exact matches only.

Reading is lazy: nothing is decrypted until the attribute is looked at. ``values_list`` gives the ciphertext.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from zhiwei.kernel.errors import NotFoundError

if TYPE_CHECKING:
    AnyField = models.Field[Any, Any]
    TextField = models.CharField[str, str]
else:
    AnyField, TextField = models.Field, models.CharField

FORM = b"\x01"
HEAD = 1 + 4 + 12


class Keyring(Protocol):
    """Where the keys come from (``kernel.keys``, installed at start: tables stand below it)."""

    def newest_key(self, tenant_id: int) -> tuple[bytes, int]:
        """Return the data key to write with, and its version; tenant 0 is the platform itself."""

    def data_key_version(self, tenant_id: int, version: int) -> bytes:
        """Return the data key of one version."""

    def index_key(self, tenant_id: int) -> bytes:
        """Return the key of the tenant's blind indexes."""


_KEYRING: list[Keyring] = []


def install(keyring: Keyring) -> None:
    """Say where keys come from (once, from the kernel's ``AppConfig.ready``)."""
    _KEYRING[:] = [keyring]


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who encrypts with the tenant's data key in their own way and must follow when it changes.

    Attributes:
        behind: How much lies under versions older than the given one, in the tenant in scope.
        renew: Encrypts some of it anew (in a transaction of its own) and tells how much; 0 when nothing is left.
    """

    name: str
    behind: Callable[[int, int], int]
    renew: Callable[[int, int], int]


_KEEPERS: dict[str, Keeper] = {}


def register_keeper(keeper: Keeper) -> None:
    """Add a keeper (from ``AppConfig.ready``); sealed fields and files need none."""
    _KEEPERS[keeper.name] = keeper


def keepers() -> tuple[Keeper, ...]:
    """Return all keepers."""
    return tuple(_KEEPERS.values())


class Ciphertext(bytes):
    """A value as it lies in the column, not opened yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a sealed value is bound to: ``label`` names table and column (``person.phone``), ``row`` the row."""

    label: str
    tenant_id: int
    row: str

    def bound(self) -> bytes:
        """Return the text that is authenticated along with the value."""
        return f"{self.label}|{self.tenant_id}|{self.row}".encode()


class SealedText(str):
    """Text that knows which row it is sealed for."""

    place: Place


class SealedDate(date):
    """A day that knows which row it is sealed for."""

    place: Place


def seal(text: str, place: Place) -> Ciphertext:
    """Encrypt text for one place with the newest key of its tenant."""
    key, version = _KEYRING[0].newest_key(place.tenant_id)
    nonce = secrets.token_bytes(12)
    sealed = _cipher(key).encrypt(nonce, text.encode(), place.bound())
    return Ciphertext(FORM + version.to_bytes(4, "big") + nonce + sealed)


def unseal(sealed: bytes, place: Place) -> str:
    """Decrypt what was sealed for this very place.

    Raises:
        NotFoundError: The key was destroyed, or the value was changed or moved here from elsewhere.
    """
    if sealed[:1] != FORM or len(sealed) < HEAD:
        raise NotFoundError("加密字段已损坏，请从备份恢复。")
    key = _KEYRING[0].data_key_version(place.tenant_id, int.from_bytes(sealed[1:5], "big"))
    try:
        return _cipher(key).decrypt(sealed[5:HEAD], sealed[HEAD:], place.bound()).decode()
    except InvalidTag as error:
        raise NotFoundError("加密字段已损坏，请从备份恢复。") from error


def blind(tenant_id: int, label: str, value: str) -> str:
    """Return what stands in a blind index for a value; "" for an empty one."""
    if not value:
        return ""
    key = _KEYRING[0].index_key(tenant_id)
    return hmac.new(key, f"{label}|{value}".encode(), hashlib.sha256).hexdigest()[:32]


def blinds(tenant_id: int, label: str, values: Iterable[str]) -> set[str]:
    """Return the blind index of each value that is not empty, for an ``__in`` lookup."""
    return {blind(tenant_id, label, value) for value in values if value}


@lru_cache(maxsize=256)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hmac.new(key, b"sealed-fields", hashlib.sha256).digest())


class _SealedAttribute(DeferredAttribute):
    """Opens the value when it is first looked at, and hands it out bound to its row."""

    field: SealedField

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            value = self.field.parsed(unseal(value, self.field.place_of(instance)))
            instance.__dict__[self.field.attname] = value
        return self.field.bound_to(instance, value)

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(AnyField):
    """Base of the sealed fields.

    Args:
        label: Stable name of table and column; it is authenticated, so it never changes.
        row: Attribute that names the row before it has a primary key.
    """

    descriptor_class = _SealedAttribute
    empty_strings_allowed = False

    def __init__(self, *args: Any, label: str, row: str = "uuid", **options: Any) -> None:
        self.label, self.row = label, row
        super().__init__(*args, **{**options, "null": True, "blank": True, "editable": False})

    def deconstruct(self) -> Any:
        """Return how migrations make this field again."""
        name, path, args, options = super().deconstruct()
        for fixed in ("null", "blank", "editable"):
            options.pop(fixed, None)
        return name, path, args, {**options, "label": self.label, "row": self.row}

    def get_internal_type(self) -> str:
        """Return the column type's name: bytes."""
        return "BinaryField"

    def place_of(self, instance: models.Model) -> Place:
        """Return what the instance's value is bound to; a table without tenant belongs to the platform (0)."""
        return Place(self.label, getattr(instance, "tenant_id", 0) or 0, str(getattr(instance, self.row)))

    def from_db_value(self, value: Any, expression: object, connection: object) -> Any:
        """Leave the value closed."""
        del expression, connection
        return self.nothing() if value is None else Ciphertext(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Seal the value for the row it came from.

        Raises:
            TypeError: The value does not say for which row (``update(phone="…")`` cannot know it).
        """
        del prepared
        if value is None or value == "":
            return None
        if not isinstance(value, Ciphertext):
            place = getattr(value, "place", None)
            if place is None:
                raise TypeError(f"{self.label}: assign the value to a row's attribute, then save the row")
            value = seal(self.written(value), place)
        return connection.Database.Binary(bytes(value))

    def parsed(self, text: str) -> Any:
        """Return the value that a text stands for."""
        raise NotImplementedError

    def written(self, value: Any) -> str:
        """Return a value as the text that is sealed."""
        raise NotImplementedError

    def nothing(self) -> Any:
        """Return the empty value."""
        raise NotImplementedError

    def bound_to(self, instance: models.Model, value: Any) -> Any:
        """Return the value knowing its row."""
        raise NotImplementedError


class SealedTextField(SealedField):
    """Sealed text; empty is ``""``."""

    def parsed(self, text: str) -> str:
        """Return the text itself."""
        return text

    def written(self, value: str) -> str:
        """Return the text itself."""
        return str(value)

    def nothing(self) -> str:
        """Return ""."""
        return ""

    def get_default(self) -> str:
        """Return ""."""
        return ""

    def bound_to(self, instance: models.Model, value: Any) -> Any:
        """Return the text knowing its row."""
        if not value:
            return ""
        text = SealedText(value)
        text.place = self.place_of(instance)
        return text


class SealedDateField(SealedField):
    """A sealed day; empty is ``None``."""

    def parsed(self, text: str) -> date:
        """Return the day written as ``2012-09-01``."""
        return date.fromisoformat(text)

    def written(self, value: date) -> str:
        """Return the day as ``2012-09-01``."""
        return value.isoformat()

    def nothing(self) -> None:
        """Return None."""
        return

    def bound_to(self, instance: models.Model, value: Any) -> Any:
        """Return the day knowing its row."""
        if value is None:
            return None
        day = SealedDate(value.year, value.month, value.day)
        day.place = self.place_of(instance)
        return day


class _BlindAttribute(DeferredAttribute):
    """Follows the sealed field it stands for: never out of step with it."""

    field: BlindIndexField

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        source = instance.__dict__.get(self.field.source, Ciphertext())
        if isinstance(source, Ciphertext):
            return super().__get__(instance, cls)
        return self.field.index_of(instance, str(source or ""))

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class BlindIndexField(TextField):
    """The blind index of a sealed field of the same table, kept in step with it by itself."""

    descriptor_class = _BlindAttribute

    def __init__(self, *args: Any, source: str, label: str, **options: Any) -> None:
        self.source, self.label = source, label
        super().__init__(
            *args, **{**options, "max_length": 32, "blank": True, "default": "", "editable": False}
        )

    def deconstruct(self) -> Any:
        """Return how migrations make this field again."""
        name, path, args, options = super().deconstruct()
        for fixed in ("max_length", "blank", "default", "editable"):
            options.pop(fixed, None)
        return name, path, args, {**options, "source": self.source, "label": self.label}

    def index_of(self, instance: models.Model, value: str) -> str:
        """Return the index of a value of this instance."""
        return blind(getattr(instance, "tenant_id", 0) or 0, self.label, value)
