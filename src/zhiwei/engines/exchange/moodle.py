"""Reading Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.building import (
    LETTERS,
    blank,
    choice,
    essay,
    matching,
    numeric,
    ordering,
    truth,
    with_unit,
)
from zhiwei.engines.exchange.markup import tag, to_text
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Refused, Taken

_CLOZE = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^{}\\])*)\}", re.DOTALL)
_SHORT = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_CHOICES = re.compile(r"(MULTICHOICE|MC|MULTIRESPONSE|MR)")


def read_moodle(root: Element) -> Iterator[Taken | Refused]:
    """Yield the questions of a quiz; categories are left out."""
    number = 0
    for question in root:
        kind = question.get("type", "")
        if tag(question) != "question" or kind == "category":
            continue
        number += 1
        name = _text(question, "name")
        place = f"question {number}" + (f" ({name[:40]})" if name else "")
        try:
            yield _question(question, kind, name, place)
        except NotUnderstoodError as error:
            yield Refused(place, str(error))
        except (ValueError, IndexError) as error:
            yield Refused(place, f"a number or field in it cannot be read: {error}")


def _question(question: Element, kind: str, name: str, place: str) -> Taken:
    read = _READERS.get(kind)
    if read is None:
        raise NotUnderstoodError(_WHY.get(kind, f"questions of the kind '{kind[:40]}' are not read"))
    stem, notes = to_text(_raw(question, "questiontext"))
    score = float(_text(question, "defaultgrade") or 1) or 1.0
    content, more = read(question, stem, score)
    explanation, told = to_text(_raw(question, "generalfeedback"))
    facts = {"id": _text(question, "idnumber"), "title": name, "explanation": explanation}
    content.update({key: value for key, value in facts.items() if value})
    tags = [one.findtext("text", "").strip() for one in question.findall("tags/tag")]
    points = [one.removeprefix("point:") for one in tags if one.startswith("point:")]
    content.update({"points": points} if points else {})
    lost = [f"tag left out: {one}" for one in tags if one and not one.startswith("point:")]
    lost += ["hints left out"] if question.find("hint") is not None else []
    return Taken(content, place, (*notes, *more, *told, *lost))


def _choice(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    rows = [(_plain(one), float(one.get("fraction", "0")), _said(one)) for one in question.findall("answer")]
    several = _text(question, "single").lower() in {"false", "0"}
    content = choice(
        stem, [(text, share > 0) for text, share, _feedback in rows], several=several, score=score
    )
    notes = []
    if several:
        penal = any(share < 0 for _text_, share, _feedback in rows)
        content["settings"] = {"partial": "proportional" if penal else "per_option"}
    elif len([share for _t, share, _f in rows if share > 0]) > 1:
        raise NotUnderstoodError(
            "lets one of several partly right options be chosen, each with marks of its own"
        )
    errors = [
        {"code": f"option-{LETTERS[place].lower()}", "match": [LETTERS[place]], "feedback": said}
        for place, (_text_, share, said) in enumerate(rows)
        if said and share <= 0
    ]
    content.update({"errors": errors} if errors else {})
    if any(said for _t, share, said in rows if share > 0):
        notes.append("feedback to right options left out")
    return content, notes


def _truth(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    right = [_plain(one).lower() for one in question.findall("answer") if float(one.get("fraction", "0")) > 0]
    if right not in (["true"], ["false"]):
        raise NotUnderstoodError("says of neither 'true' nor 'false' that it is right")
    return truth(stem, right == ["true"], score=score), []


def _short(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    rows = [(_plain(one), float(one.get("fraction", "0")), _said(one)) for one in question.findall("answer")]
    accepted = [text for text, share, _feedback in rows if share >= 100]
    if not accepted:
        raise NotUnderstoodError("has no answer worth all marks")
    content = blank(stem, [accepted], score=score, case=_text(question, "usecase") == "1")
    errors = [
        {"code": f"wrong-{place}", "match": [text], "feedback": said}
        for place, (text, share, said) in enumerate(rows, start=1)
        if share <= 0 and said and text != "*"
    ]
    content.update({"errors": errors} if errors else {})
    notes = [f"answer worth {share:g}% left out: {text}" for text, share, _said_ in rows if 0 < share < 100]
    return content, notes + [
        f"'*' in '{text}' means any text there; here it is a sign" for text in accepted if "*" in text
    ]


def _number(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    rows = [
        (_plain(one), float(one.get("fraction", "0")), one.findtext("tolerance", "0"))
        for one in question.findall("answer")
    ]
    right = [(text, tolerance) for text, share, tolerance in rows if share >= 100 and text != "*"]
    if not right:
        raise NotUnderstoodError("has no number worth all marks")
    unit = question.findtext("units/unit/unit_name", "").strip()
    content = numeric(stem, with_unit(right[0][0], unit), float(right[0][1] or 0), score=score)
    notes = [f"answer worth {share:g}% left out: {text}" for text, share, _t in rows if 0 < share < 100]
    return content, notes + [f"second right number left out: {text}" for text, _t in right[1:]]


def _match(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    pairs = [
        (_plain(one), one.findtext("answer/text", "").strip()) for one in question.findall("subquestion")
    ]
    return matching(stem, pairs, score=score), []


def _essay(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    content = essay(stem, score=score)
    rubric, notes = to_text(_raw(question, "graderinfo"))
    least = _text(question, "minwordlimit")
    content.update({"settings": {"min_length": int(least)}} if least.isdigit() and int(least) else {})
    content.update({"reference_answers": [rubric]} if rubric else {})
    return content, list(notes)


def _order(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    return ordering(stem, [_plain(one) for one in question.findall("answer")], score=score), []


def _gaps(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    """Words to drag or select into ``[[1]]``: the right word of each gap becomes a blank."""
    words = [
        one.findtext("text", "").strip()
        for one in [*question.findall("dragbox"), *question.findall("selectoption")]
    ]
    wanted = [words[int(found) - 1] for found in re.findall(r"\[\[(\d+)\]\]", stem)]
    if not wanted:
        raise NotUnderstoodError("has no gap")
    content = blank(re.sub(r"\[\[\d+\]\]", "____", stem), [[one] for one in wanted], score=score)
    return content, ["the words to choose from are left out; pupils write them"]


def _cloze(question: Element, stem: str, score: float) -> tuple[Content, list[str]]:
    gaps = list(_CLOZE.finditer(stem))
    if not gaps:
        raise NotUnderstoodError("has no gap in braces")
    answers, weights, notes, settings = [], [], list[str](), list[Content]()
    for gap in gaps:
        accepted, extra, told = _gap(gap.group(2), gap.group(3))
        answers.append(accepted)
        weights.append(float(gap.group(1) or 1))
        settings.append(extra)
        notes += told
    scores = [round(score * weight / sum(weights), 4) for weight in weights]
    content = blank(_CLOZE.sub("____", stem), answers, score=score, scores=scores)
    for one, extra in zip(content["settings"]["blanks"], settings, strict=True):
        one.update(extra)
    return content, notes


def _gap(kind: str, body: str) -> tuple[list[str], Content, list[str]]:
    rows = [_weighed(one) for one in re.split(r"(?<!\\)~", body) if one.strip()]
    accepted = [text for text, share in rows if share >= 100]
    if not accepted:
        raise NotUnderstoodError("has a gap without a right answer")
    if kind in {"NUMERICAL", "NM"}:
        values, _marks, sizes = zip(*(one.partition(":") for one in accepted), strict=True)
        extra: Content = {"kind": "number"}
        if sizes[0] and float(sizes[0]):
            extra["tolerance"] = {"absolute": float(sizes[0])}
        return list(values), extra, []
    if kind in _SHORT:
        return accepted, {}, []
    if _CHOICES.match(kind):
        return (
            accepted,
            {},
            ["a choice inside the text became a blank: " + " / ".join(text for text, _share in rows)],
        )
    raise NotUnderstoodError(f"has a gap of the kind '{kind}'")


def _weighed(source: str) -> tuple[str, float]:
    answer = re.split(r"(?<!\\)#", source.strip())[0]
    found = re.match(r"(=|%(-?[\d.]+)%)?(.*)$", answer, re.DOTALL)
    sign, share, text = found.groups() if found else (None, None, answer)
    value = 100.0 if sign == "=" else float(share) if share else 0.0
    return re.sub(r"\\(.)", r"\1", text or "").strip(), value


def _raw(question: Element, name: str) -> str:
    return question.findtext(f"{name}/text", "") or ""


def _text(question: Element, name: str) -> str:
    return (question.findtext(f"{name}/text") or question.findtext(name) or "").strip()


def _plain(answer: Element) -> str:
    raw = answer.findtext("text", "")
    return to_text(raw)[0] if answer.get("format", "html") == "html" and "<" in raw else raw.strip()


def _said(answer: Element) -> str:
    return to_text(answer.findtext("feedback/text", "") or "")[0]


_READERS: Mapping[str, Callable[[Element, str, float], tuple[Content, list[str]]]] = {
    "multichoice": _choice, "truefalse": _truth, "shortanswer": _short, "numerical": _number, "matching": _match,
    "essay": _essay, "cloze": _cloze, "multianswer": _cloze, "ordering": _order, "ddwtos": _gaps, "gapselect": _gaps,
}  # fmt: skip
_WHY = {
    "description": "is a text, not a question",
    "calculated": "draws numbers by Moodle's own formulas; write it here with parameters",
    "calculatedsimple": "draws numbers by Moodle's own formulas; write it here with parameters",
    "calculatedmulti": "draws numbers by Moodle's own formulas; write it here with parameters",
    "ddimageortext": "is answered by dragging on an image",
    "ddmarker": "is answered by dragging on an image",
    "random": "stands for any question of a category",
}
