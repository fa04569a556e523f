"""GIFT and Aiken: questions as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiwei.engines.exchange.building import blank, choice, essay, matching, numeric, partial_marks, truth
from zhiwei.engines.exchange.markup import to_text
from zhiwei.engines.exchange.moodle_gaps import choice_of
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Refused, Taken

_ANSWER = re.compile(
    r"^\s*(?:ANSWER|答案)\s*[:：]\s*([A-Za-z](?:[\s,，]*[A-Za-z])*)\s*$", re.IGNORECASE | re.MULTILINE
)
_OPTION = re.compile(r"^\s*([A-Za-z])[.)、．）]\s*(.+?)\s*$")
_FORM = re.compile(r"\s*\[(html|markdown|moodle|plain)\]\s*")
_Row = tuple[str, str, float, str]
_ESCAPED = {"\\" + sign: chr(0xE100 + place) for place, sign in enumerate("~=#{}:\\")}
_RESTORED = {value: key[1:] for key, value in _ESCAPED.items()}


def looks_like_aiken(text: str) -> bool:
    """Tell whether a text has lines ``ANSWER: B`` and no braces of GIFT."""
    return bool(_ANSWER.search(text)) and not re.search(r"\{[^{}]*[=~#]", text)


def read_aiken(text: str) -> Iterator[Taken | Refused]:
    """Yield the questions of an Aiken file; several letters after ``ANSWER:`` make a multiple choice."""
    lines: list[str] = []
    number = 0
    for line in text.splitlines():
        found = _ANSWER.match(line)
        if found is None:
            lines.append(line)
            continue
        number += 1
        yield _aiken([one for one in lines if one.strip()], found.group(1), f"question {number}")
        lines = []
    if any(one.strip() for one in lines):
        yield Refused(f"question {number + 1}", "has no line 'ANSWER:'")


def _aiken(lines: list[str], letters: str, place: str) -> Taken | Refused:
    start = next((at for at, line in enumerate(lines) if _OPTION.match(line)), len(lines))
    stem = "\n".join(one.strip() for one in lines[:start])
    options: list[tuple[str, str]] = []
    for line in lines[start:]:
        found = _OPTION.match(line)
        if found:
            options.append((found.group(1).upper(), found.group(2)))
        elif options:
            options[-1] = (options[-1][0], f"{options[-1][1]}\n{line.strip()}")
    right = {one.upper() for one in re.findall("[A-Za-z]", letters)}
    if not stem or len(options) < 2 or not right <= {key for key, _text in options}:
        return Refused(place, "needs a question, at least two options and an answer among them")
    try:
        return Taken(choice(stem, [(text, key in right) for key, text in options]), place)
    except NotUnderstoodError as error:
        return Refused(place, str(error))


def read_gift(text: str) -> Iterator[Taken | Refused]:
    """Yield the questions of a GIFT file; comments and categories are left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("//")]
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    number = 0
    for block in blocks:
        if not block.strip() or block.lstrip().startswith("$CATEGORY"):
            continue
        number += 1
        place = f"question {number}"
        try:
            content, notes = _gift(block.strip())
            yield Taken(content, place, tuple(dict.fromkeys(notes)))
        except NotUnderstoodError as error:
            yield Refused(place, str(error))


def _gift(block: str) -> tuple[Content, list[str]]:
    for written, kept in _ESCAPED.items():
        block = block.replace(written, kept)
    title = re.match(r"::(.*?)::", block, re.DOTALL)
    block = block[title.end() :] if title else block
    form = _FORM.match(block)
    block = block[form.end() :] if form else block
    found = re.search(r"\{(.*?)\}", block, re.DOTALL)
    if found is None:
        raise NotUnderstoodError("has no answers in braces (a description, not a question)")
    before, body, after = block[: found.start()].strip(), found.group(1).strip(), block[found.end() :].strip()
    stem = _restored(f"{before} ____ {after}" if re.search(r"\w", after) else before)
    notes = list[str]()
    if form and form.group(1) == "html":
        stem, told = to_text(stem)
        notes += told
    body, _mark, general = body.partition("####")
    content = _answers(stem, body.strip(), notes)
    if title and title.group(1).strip():
        content["title"] = _restored(title.group(1).strip())
    if general.strip():
        content["explanation"] = _restored(general.strip())
    return content, notes


def _answers(stem: str, body: str, notes: list[str]) -> Content:
    if not body:
        return essay(stem)
    truthy = re.match(r"(TRUE|FALSE|T|F)\b(.*)$", body, re.DOTALL)
    if truthy:
        notes += ["feedback to true and false left out"] if "#" in truthy.group(2) else []
        return truth(stem, truthy.group(1)[0] == "T")
    if body.startswith("#"):
        return _numbers(stem, body[1:].strip(), notes)
    rows = [_row(sign, text) for sign, text in re.findall(r"([=~])([^=~]*)", body)]
    if not rows:
        raise NotUnderstoodError("has answers that begin with neither = nor ~")
    if all("->" in text for sign, text, *_rest in rows if sign == "=") and rows[0][0] == "=":
        return _pairs(stem, rows)
    if any(sign == "~" for sign, *_rest in rows):
        several = not any(sign == "=" for sign, *_rest in rows)
        return choice_of(notes, stem, [row[1:] for row in rows], 1, several=several)
    return _words(stem, rows, notes)


def _pairs(stem: str, rows: list[_Row]) -> Content:
    if not all("->" in text for _sign, text, *_rest in rows):
        raise NotUnderstoodError("mixes pairs with other answers")
    pairs = [text.partition("->") for _sign, text, *_rest in rows]
    return matching(stem, [(left.strip(), right.strip()) for left, _arrow, right in pairs])


def _words(stem: str, rows: list[_Row], notes: list[str]) -> Content:
    accepted = [text for _sign, text, share, _said in rows if share >= 100]
    if not accepted:
        raise NotUnderstoodError("has no answer worth all marks")
    content = blank(stem, [accepted])
    errors = partial_marks([row[1:] for row in rows if row[2] < 100 and row[1] != "*"], 1, "wrong")
    content.update({"errors": errors} if errors else {})
    if any(said for _sign, text, share, said in rows if share >= 100 or text == "*"):
        notes.append("feedback to right answers and to any other left out")
    return content


def _row(sign: str, text: str) -> _Row:
    """One answer: its sign, text, share of the marks in % and feedback."""
    answer, _mark, said = text.partition("#")
    weight = re.match(r"\s*%(-?[\d.]+)%", answer)
    share = float(weight.group(1)) if weight else 100.0 if sign == "=" else 0.0
    return sign, _bare(answer[weight.end() :] if weight else answer), share, _bare(said)


def _bare(text: str) -> str:
    """A text without the word for its format; HTML as text."""
    form = _FORM.match(text)
    plain = _restored(text[form.end() :] if form else text).strip()
    return to_text(plain)[0] if form and form.group(1) == "html" else plain


def _numbers(stem: str, body: str, notes: list[str]) -> Content:
    written = re.findall(r"([=~]?)([^=~]+)", body)
    rows = [_row(sign or "=", text) for sign, text in written if text.strip()]
    rows = [row for row in rows if row[1]]
    if not rows:
        raise NotUnderstoodError("has no number")
    best = max(rows, key=lambda row: row[2])
    notes += [f"answer worth {row[2]:g}% left out: {row[1]}" for row in rows if row is not best]
    notes += ["feedback to numbers left out"] if "#" in body else []
    between = re.fullmatch(r"(-?[\d.]+(?:e-?\d+)?)\s*\.\.\s*(-?[\d.]+(?:e-?\d+)?)", best[1])
    around = re.fullmatch(r"(-?[\d.]+(?:e-?\d+)?)(?:\s*:\s*([\d.]+(?:e-?\d+)?))?", best[1])
    if between:
        low, high = float(between.group(1)), float(between.group(2))
        return numeric(stem, f"{(low + high) / 2:.12g}", float(f"{abs(high - low) / 2:.12g}"))
    if around:
        return numeric(stem, around.group(1), float(around.group(2) or 0))
    raise NotUnderstoodError(f"'{best[1][:40]}' is no number, number:tolerance or low..high")


def _restored(text: str) -> str:
    for kept, sign in _RESTORED.items():
        text = text.replace(kept, sign)
    return text.replace("\\n", "\n").strip()
