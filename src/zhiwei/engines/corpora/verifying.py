"""Is a copy of a published corpus whole: every file's sum, and the content hash over records and pictures."""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from zhiwei.engines.corpora.errors import CorpusError
from zhiwei.engines.corpora.marking import ContentHash, record_hash

MOST_LINE = 32 * 1024 * 1024
_PIECE = 1024 * 1024
_SUMS, _CARD, _PICTURES = "SHA256SUMS", "README.md", "images.zip"
_RECORDS = ("items.jsonl", "answers.jsonl")
_STATED = re.compile(r"`([0-9a-f]{64})`")


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found.

    Attributes:
        wrong: Names of files whose sum differs or that are missing.
        content_hash: Over the records and pictures that are there.
        stated: The content hash the data card states.
        records: How many records there are.
        pictures: How many pictures.
    """

    wrong: tuple[str, ...]
    content_hash: str
    stated: str
    records: int
    pictures: int

    @property
    def sound(self) -> bool:
        """Whether nothing was changed, added or left out."""
        return not self.wrong and self.content_hash == self.stated


def verify_copy(path: Path) -> Verified:
    """Verify a downloaded archive; reads in pieces, never all at once but for single pictures.

    Raises:
        CorpusError: Not a corpus archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _verified(archive)
    except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name} is no corpus archive: {error}") from error


def _verified(archive: zipfile.ZipFile) -> Verified:
    lines = archive.read(_SUMS).decode().splitlines()
    pairs = [line.split("  ", 1) for line in lines if "  " in line]
    listed = {name: digest for digest, name in pairs}
    there = set(archive.namelist())
    wrong = [name for name, digest in listed.items() if name not in there or _sum(archive, name) != digest]
    wrong += sorted(there - set(listed) - {_SUMS})
    content, records = ContentHash(), 0
    for name in _RECORDS:
        with archive.open(name) as source:
            while line := source.readline(MOST_LINE):
                content.add(record_hash(line.decode().rstrip("\n")))
                records += 1
    pictures = 0
    with archive.open(_PICTURES) as inner, zipfile.ZipFile(_seekable(inner)) as images:
        for one in images.infolist():
            content.add(hashlib.sha256(images.read(one)).digest())
            pictures += 1
    stated = _STATED.search(archive.read(_CARD).decode())
    return Verified(tuple(wrong), content.hexdigest(), stated[1] if stated else "", records, pictures)


def _sum(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as source:
        while piece := source.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _seekable(source: IO[bytes]) -> IO[bytes]:
    """A stored member can be read where it is; a compressed one is unpacked first."""
    return source if source.seekable() else BytesIO(source.read())
