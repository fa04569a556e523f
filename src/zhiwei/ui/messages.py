"""Translations without GNU gettext: find the msgids of each room, keep its English catalogue, compile it.

A room is a folder of ``zhiwei``; its catalogue is ``locale/en/LC_MESSAGES/django.po``. Words of the ``ui``
room (保存, 取消, …) serve every room and are not repeated.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1]
SHARED_ROOM = "ui"
CATALOGUE = Path("locale") / "en" / "LC_MESSAGES" / "django.po"
_PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?")
_HOLES = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A text to translate; ``plural`` and ``context`` are empty for most."""

    msgid: str
    plural: str = ""
    context: str = ""


def rooms(source: Path = SOURCE) -> list[Path]:
    """Folders that may hold texts of pages; engines speak through their callers."""
    return sorted(
        folder
        for folder in source.iterdir()
        if (folder / "__init__.py").is_file() and folder.name != "engines"
    )


def messages_in(room: Path) -> dict[Message, str]:
    """Every message of a room with the first file it stands in."""
    found: dict[Message, str] = {}
    for file in sorted(room.rglob("*")):
        if file.suffix not in {".py", ".html", ".txt"} or "static" in file.parts:
            continue
        read = _python if file.suffix == ".py" else _template
        if file.suffix != ".py" and "templates" not in file.parts:
            continue
        for message in read(file.read_text("utf-8"), str(file)):
            found.setdefault(message, file.relative_to(room).as_posix())
    return found


def _python(text: str, name: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text, name)):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            words = [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            yield from _message(called, words)


def _template(text: str, name: str) -> Iterator[Message]:
    for call in _CALL.finditer(templatize(text, name)):
        words = [ast.literal_eval(one) for one in call.groups()[1:] if one]
        yield from _message(call.group(1), words)


def _message(called: str, words: Sequence[str]) -> Iterator[Message]:
    if called in _PLAIN and words:
        yield Message(words[0])
    elif called in _PLURAL and len(words) >= 2:
        yield Message(words[0], plural=words[1])
    elif called in _CONTEXT and len(words) >= 2:
        yield Message(words[1], context=words[0])


def read_catalogue(room: Path) -> polib.POFile:
    """The room's English catalogue; an empty one with its header when there is none."""
    if (room / CATALOGUE).is_file():
        return polib.pofile(str(room / CATALOGUE), encoding="utf-8", wrapwidth=100)
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return fresh


def update(room: Path, shared: set[Message]) -> tuple[int, int]:
    """Bring the catalogue in line with the room; translations are kept. Returns how many came and went."""
    wanted = {message: place for message, place in messages_in(room).items() if message not in shared}
    book = read_catalogue(room)
    old = {_of(entry): entry for entry in book}
    if not wanted and not old:
        return 0, 0
    book.clear()
    for message, place in sorted(wanted.items(), key=lambda item: (item[1], item[0])):
        entry = old.get(message) or _entry(message)
        entry.occurrences = [(place, "")]
        book.append(entry)
    (room / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    book.save(str(room / CATALOGUE))
    return len(wanted.keys() - old.keys()), len(old.keys() - wanted.keys())


def _of(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _entry(message: Message) -> polib.POEntry:
    plural = {"msgid_plural": message.plural, "msgstr_plural": {0: "", 1: ""}} if message.plural else {}
    return polib.POEntry(msgid=message.msgid, msgctxt=message.context or None, **plural)


def problems(source: Path = SOURCE) -> list[str]:
    """What is wrong with the catalogues, a line each; none when English is complete."""
    shared = {_of(entry) for entry in read_catalogue(source / SHARED_ROOM)}
    found: list[str] = []
    seen: dict[Message, tuple[str, str]] = {}
    for room in rooms(source):
        known = shared if room.name != SHARED_ROOM else set()
        wanted = messages_in(room).keys() - known
        entries = {_of(entry): entry for entry in read_catalogue(room)}
        found += [f"{room.name}: no English for 「{one.msgid}」" for one in sorted(wanted - entries.keys())]
        found += [
            f"{room.name}: 「{one.msgid}」 is no longer used" for one in sorted(entries.keys() - wanted)
        ]
        for message in sorted(entries.keys() & wanted):
            entry = entries[message]
            found += [f"{room.name}: {fault}" for fault in _faults(entry)]
            other, said = seen.setdefault(message, (room.name, entry.msgstr))
            if said != entry.msgstr:
                found.append(f"{room.name}: 「{message.msgid}」 has another English in {other}")
    return found


def _faults(entry: polib.POEntry) -> Iterator[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy or not all(texts):
        yield f"no English for 「{entry.msgid}」"
        return
    holes = set(_HOLES.findall(entry.msgid))
    # the singular may say "one" instead of the number
    for text in texts[1:] if entry.msgid_plural else texts:
        if set(_HOLES.findall(text)) != holes:
            yield f"「{entry.msgid}」 and its English name different values"


def compile_all(source: Path = SOURCE) -> int:
    """Write the ``.mo`` beside each catalogue unless it is newer. Returns how many were written."""
    written = 0
    for room in rooms(source):
        book, out = room / CATALOGUE, (room / CATALOGUE).with_suffix(".mo")
        if book.is_file() and not (out.is_file() and out.stat().st_mtime >= book.stat().st_mtime):
            read_catalogue(room).save_as_mofile(str(out))
            written += 1
    return written


def main(argv: Sequence[str]) -> int:
    """Update the catalogues; ``--check`` only tells, ``--compile`` only writes the .mo files."""
    parser = argparse.ArgumentParser(
        prog="zhiwei messages", description="Keep the English catalogues of the pages."
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="tell what is missing or unused; change nothing")
    choice.add_argument("--compile", action="store_true", help="only write the .mo files")
    given = parser.parse_args(argv)
    if given.compile:
        print(f"{compile_all()} catalogues compiled")
        return 0
    if not given.check:
        _update_all()
    found = problems()
    print("\n".join(found) if found else "English is complete", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


def _update_all() -> None:
    update(SOURCE / SHARED_ROOM, set())
    shared = set(messages_in(SOURCE / SHARED_ROOM))
    for room in rooms():
        if room.name != SHARED_ROOM:
            update(room, shared)
    compile_all()
