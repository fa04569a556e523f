"""Moodle questions with gaps in their text: cloze, words to drag or select."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhiwei.engines.exchange.building import (
    LETTERS,
    blank,
    choice,
    matching_by_id,
    numeric,
    partial_marks,
    truth,
)
from zhiwei.engines.exchange.carrying import taken_back
from zhiwei.engines.exchange.moodle_frames import frame
from zhiwei.engines.exchange.moodle_source import MoodleSource
from zhiwei.engines.exchange.values import Content, NotUnderstoodError

GAP = "____"
_CLOZE = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^}\\])*)\}", re.DOTALL)
_SECTION = re.compile(r'<div data-part=".*?</div>', re.DOTALL)
_DRAWN = re.compile(r'<span data-gap="([_＿]{1,40}|（\s{0,40}）)">____</span>')
_KINDS: Mapping[str, str] = {
    "MULTICHOICE": "choice", "MC": "choice", "MULTIRESPONSE": "several", "MR": "several", "SHORTANSWER": "text",
    "SA": "text", "MW": "text", "NUMERICAL": "number", "NM": "number",
}  # fmt: skip
_LAYOUT = re.compile(r"(?:_[A-Z]+|[HVSC]+)$")
Row = tuple[str, float, str]
"""An answer, its share in %, its feedback."""


def cloze(source: MoodleSource) -> Content:
    """Gaps in braces: only written ones make blanks, else each gap is a part."""
    raw = source.raw("questiontext")
    if "<div data-part=" in raw:
        return _sections(source, raw)
    return _cloze(source, raw, source.score if source.field("defaultgrade") else 0.0)


def _sections(source: MoodleSource, raw: str) -> Content:
    """Parts in sections of their own, as our own files have them."""
    parts: list[Content] = []
    for section in _SECTION.finditer(raw):
        facts = frame(section.group())
        part = _cloze(source, section.group(), float(facts.get("score") or 1))
        if facts.get("type") == "true_false" and part["type"] == "single_choice":
            part = truth(part["stem"], part["reference_answers"] == ["A"], score=part["max_score"])
        for shape in ("settings", "facts"):
            part.update(taken_back(facts.get(shape, ""), shape))
        parts.append({"id": facts.get("part", "")[:60] or f"part{len(parts) + 1}", **part})
    total = sum(float(part["max_score"]) for part in parts)
    return {
        "type": "composite",
        "max_score": total,
        "stem": source.text(_SECTION.sub("", raw)),
        "parts": parts,
    }


def _cloze(source: MoodleSource, raw: str, given: float) -> Content:
    gaps = list(_CLOZE.finditer(raw))
    if not gaps:
        raise NotUnderstoodError("has no gap in braces")
    kinds = [_kind(gap.group(2)) for gap in gaps]
    rows = [_rows(source, gap.group(3)) for gap in gaps]
    weights = [float(gap.group(1) or 1) for gap in gaps]
    score = given or sum(weights)
    scores = [round(score * weight / sum(weights), 4) for weight in weights]
    numbers = iter(range(1, len(gaps) + 1))
    if set(kinds) <= {"text", "number"}:
        if kinds == ["number"] and frame(raw).get("type") == "numeric":
            return _part(source, source.text(_CLOZE.sub("", raw)), "number", rows[0], score)
        stem = source.text(_DRAWN.sub(lambda found: found.group(1), _CLOZE.sub(GAP, raw)))
        return _blanks(source, stem, kinds, rows, scores, score, [gap.group(2) for gap in gaps])
    if len(gaps) == 1:
        framed = frame(raw).get("part") is not None
        return _part(source, source.text(_CLOZE.sub("" if framed else GAP, raw)), kinds[0], rows[0], score)
    stem = source.text(_CLOZE.sub(lambda gap: f"{GAP}({next(numbers)})", raw))
    parts = [
        {"id": f"part{number}", **_part(source, f"({number})", kind, row, share)}
        for number, (kind, row, share) in enumerate(zip(kinds, rows, scores, strict=True), start=1)
    ]
    return {"type": "composite", "max_score": sum(scores), "stem": stem, "parts": parts}


def _kind(name: str) -> str:
    kind = _KINDS.get(name) or _KINDS.get(_LAYOUT.sub("", name))
    if kind is None:
        raise NotUnderstoodError(f"has a gap of the kind '{name[:30]}'")
    return kind


def _rows(source: MoodleSource, body: str) -> list[Row]:
    rows = [_row(source, one) for one in re.split(r"(?<!\\)~", body) if one.strip()]
    if not any(share >= 100 for _text, share, _said in rows):
        raise NotUnderstoodError("has a gap without a right answer")
    return rows


def _row(source: MoodleSource, written: str) -> Row:
    answer, *feedback = re.split(r"(?<!\\)#", written.strip(), maxsplit=1)
    found = re.match(r"(=|%(-?[\d.]+)%)?(.*)$", answer, re.DOTALL)
    sign, share, text = found.groups() if found else (None, None, answer)
    value = 100.0 if sign == "=" else float(share) if share else 0.0
    said = _unescaped(feedback[0]) if feedback else ""
    return source.text(_unescaped(text or "")), value, source.text(said)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def _blanks(
    source: MoodleSource,
    stem: str,
    kinds: list[str],
    rows: list[list[Row]],
    scores: list[float],
    score: float,
    names: list[str],
) -> Content:
    accepted = [_accepted(source, kind, row) for kind, row in zip(kinds, rows, strict=True)]
    case = all(name.endswith("C") for name, kind in zip(names, kinds, strict=True) if kind == "text")
    content = blank(
        stem, [texts for texts, _width in accepted], score=score, scores=scores, case=case and "text" in kinds
    )
    for row, kind, (_texts, width) in zip(content["settings"]["blanks"], kinds, accepted, strict=True):
        if kind == "number":
            row["kind"] = "number"
            row.update({"tolerance": {"absolute": width}} if width else {})
    if len(rows) == 1:
        errors = partial_marks([row for row in rows[0] if row[1] < 100 and row[0] != "*"], score, "wrong")
        content.update({"errors": errors} if errors and kinds == ["text"] else {})
    elif any(said or 0 < share < 100 for row in rows for _text, share, said in row):
        source.notes.append("feedback and part marks of gaps left out")
    return content


def _accepted(source: MoodleSource, kind: str, rows: list[Row]) -> tuple[list[str], float]:
    right = [text for text, share, _said in rows if share >= 100]
    if kind == "text":
        return right, 0.0
    values, _marks, sizes = zip(*(one.partition(":") for one in right), strict=True)
    if len(set(sizes)) > 1:
        source.notes.append("tolerances that differ between answers of a gap: the first is kept")
    return list(values), float(sizes[0] or 0)


def _part(source: MoodleSource, stem: str, kind: str, rows: list[Row], score: float) -> Content:
    if kind in {"choice", "several"}:
        return choice_of(source.notes, stem, rows, score, several=kind == "several")
    if kind == "text":
        content = blank(stem, [[text for text, share, _said in rows if share >= 100]], score=score)
        errors = partial_marks([row for row in rows if row[1] < 100 and row[0] != "*"], score, "wrong")
        return {**content, **({"errors": errors} if errors else {})}
    values, width = _accepted(source, kind, rows)
    if any(0 < share < 100 for _text, share, _said in rows):
        source.notes.append("part marks for numbers that are close left out")
    content = numeric(stem, values[0], width, score=score)
    content["reference_answers"] = values
    return content


def choice_of(notes: list[str], stem: str, rows: list[Row], score: float, *, several: bool) -> Content:
    """Return a choice from options with their share of the marks and their feedback.

    Raises:
        NotUnderstoodError: No option of a single choice is worth all marks.
    """
    best = 0.0 if several else 99.99
    content = choice(
        stem, [(text, share > best) for text, share, _said in rows], several=several, score=score
    )
    if several:
        shares = {round(share, 2) for _text, share, _said in rows if share > 0}
        penal = any(share < 0 for _text, share, _said in rows)
        content["settings"] = {"partial": "proportional" if penal else "per_option"}
        notes += ["right options worth different marks are worth the same here"] if len(shares) > 1 else []
    elif len(content["reference_answers"]) > 1:
        raise NotUnderstoodError("lets one of several right options be chosen")
    lettered = [(LETTERS[place], min(share, 0) if several else share, said)
                for place, (_text, share, said) in enumerate(rows) if share <= best]  # fmt: skip
    errors = partial_marks(lettered, score)
    content.update({"errors": errors} if errors else {})
    if any(said for _text, share, said in rows if share > best):
        notes.append("feedback to right options left out")
    return content


def words_for_gaps(source: MoodleSource) -> Content:
    """Words to drag or select into ``[[1]]``: matched with the gaps, or a choice for each gap where lists differ."""
    boxes = [*source.question.findall("dragbox"), *source.question.findall("selectoption")]
    words = [(source.plain(one), (one.findtext("group") or "1").strip()) for one in boxes]
    raw = source.raw("questiontext")
    wanted = [int(found) - 1 for found in re.findall(r"\[\[(\d+)\]\]", raw)]
    if not wanted or any(not 0 <= one < len(words) for one in wanted):
        raise NotUnderstoodError("has no gap, or one that names no word")
    numbers = iter(range(1, len(wanted) + 1))
    stem = source.text(re.sub(r"\[\[\d+\]\]", lambda _gap: f"{GAP}({next(numbers)})", raw))
    names = {f"g{number}": f"({number})" for number in range(1, len(wanted) + 1)}
    groups = {words[one][1] for one in wanted}
    if len(groups) == 1:
        group = groups.pop()
        right = {f"w{n}": text for n, (text, mine) in enumerate(words, start=1) if mine == group}
        pairs = [(f"g{n}", f"w{one + 1}") for n, one in enumerate(wanted, start=1)]
        return matching_by_id(stem, names, right, pairs, score=source.score)
    parts: list[Content] = []
    for number, one in enumerate(wanted, start=1):
        rows = [(text, place == one) for place, (text, mine) in enumerate(words) if mine == words[one][1]]
        parts.append({"id": f"part{number}", **choice(f"({number})", rows, score=source.score / len(wanted))})
    return {"type": "composite", "max_score": source.score, "stem": stem, "parts": parts}
