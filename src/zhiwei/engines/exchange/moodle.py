"""Reading Moodle XML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.building import (
    blank,
    essay,
    matching,
    ordering,
    partial_marks,
    truth,
)
from zhiwei.engines.exchange.carrying import facts_of_tags
from zhiwei.engines.exchange.markup import tag
from zhiwei.engines.exchange.moodle_calculated import calculated, calculated_choice
from zhiwei.engines.exchange.moodle_carried import explained, take_back
from zhiwei.engines.exchange.moodle_gaps import choice_of, cloze, words_for_gaps
from zhiwei.engines.exchange.moodle_numbers import number_of
from zhiwei.engines.exchange.moodle_places import places
from zhiwei.engines.exchange.moodle_source import MoodleSource, field_text
from zhiwei.engines.exchange.pictures import Allowance
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Refused, Taken

_GENERAL = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def read_moodle(root: Element) -> Iterator[Taken | Refused]:
    """Yield the questions of a quiz; categories are left out."""
    number, allowance = 0, Allowance()
    for question in root.findall("question") if tag(root) == "quiz" else [root]:
        kind = question.get("type", "")
        if kind == "category":
            continue
        number += 1
        name = field_text(question, "name")
        place = f"question {number}" + (f" ({name[:40]})" if name else "")
        kinds = frozenset({kind[:40] or "?"})
        try:
            yield _question(MoodleSource.of(question, allowance), kind, name, place)
        except NotUnderstoodError as error:
            yield Refused(place, str(error), kinds)
        except (ValueError, IndexError) as error:
            yield Refused(place, f"a number or field in it cannot be read: {error}", kinds)


def _question(source: MoodleSource, kind: str, name: str, place: str) -> Taken:
    read = _READERS.get(kind)
    if read is None:
        raise NotUnderstoodError(_WHY.get(kind, f"questions of the kind '{kind[:40]}' are not read"))
    content = read(source)
    number = source.field("idnumber")
    facts = {
        "id": number,
        "title": name if name != number else "",
        "explanation": explained(source, content),
    }
    content.update({key: value for key, value in facts.items() if value})
    take_back(source, content)
    _tags(source, content)
    if source.question.find("hint") is not None:
        source.notes.append("hints left out")
    if any(source.raw(one).strip() for one in _GENERAL):
        source.notes.append("general words to right and wrong answers left out")
    figure = source.gallery.figure()
    if figure is not None:
        content["stem"] = source.gallery.without_labels(content["stem"])
        content["figure"] = figure
    notes = dict.fromkeys([*source.notes, *source.gallery.notes])
    return Taken(content, place, tuple(notes), frozenset({kind}))


def _tags(source: MoodleSource, content: Content) -> None:
    tags = [one.findtext("text", "").strip() for one in source.question.findall("tags/tag")]
    facts, others = facts_of_tags([one for one in tags if one])
    content.update(facts)
    source.notes += [f"tag left out: {one}" for one in others]


def _rows(source: MoodleSource) -> list[tuple[str, float, str]]:
    """Answers as text, share in % and feedback."""
    return [
        (source.plain(one), float(one.get("fraction", "0")), source.said(one))
        for one in source.question.findall("answer")
    ]


def _choice(source: MoodleSource) -> Content:
    several = source.field("single").lower() in {"false", "0"}
    return choice_of(source.notes, source.stem, _rows(source), source.score, several=several)


def _truth(source: MoodleSource) -> Content:
    rows = _rows(source)
    right = [text.lower() for text, share, _said in rows if share > 0]
    if right not in (["true"], ["false"]):
        raise NotUnderstoodError("says of neither 'true' nor 'false' that it is right")
    if any(said for _text, _share, said in rows):
        source.notes.append("feedback to true and false left out")
    return truth(source.stem, right == ["true"], score=source.score)


def _short(source: MoodleSource) -> Content:
    rows = _rows(source)
    accepted = [text for text, share, _said in rows if share >= 100]
    if not accepted:
        raise NotUnderstoodError("has no answer worth all marks")
    content = blank(source.stem, [accepted], score=source.score, case=source.field("usecase") == "1")
    errors = partial_marks([row for row in rows if row[1] < 100 and row[0] != "*"], source.score, "wrong")
    content.update({"errors": errors} if errors else {})
    source.notes += [
        f"'*' in '{one}' means any text there; here it is a sign" for one in accepted if "*" in one
    ]
    if any(said for text, share, said in rows if share >= 100 or text == "*"):
        source.notes.append("feedback to right answers and to any other left out")
    return content


def _match(source: MoodleSource) -> Content:
    pairs = [
        (source.plain(one), one.findtext("answer/text", "").strip())
        for one in source.question.findall("subquestion")
    ]
    return matching(source.stem, pairs, score=source.score)


def _essay(source: MoodleSource) -> Content:
    content = essay(source.stem, score=source.score)
    rubric, least = source.text(source.raw("graderinfo")), source.field("minwordlimit")
    content.update({"settings": {"min_length": int(least)}} if least.isdigit() and int(least) else {})
    content.update({"reference_answers": [rubric]} if rubric else {})
    return content


def _order(source: MoodleSource) -> Content:
    rows = _rows(source)
    if any(said for _text, _share, said in rows):
        source.notes.append("feedback to entries left out")
    return ordering(source.stem, [text for text, _share, _said in rows], score=source.score)


_READERS: Mapping[str, Callable[[MoodleSource], Content]] = {
    "multichoice": _choice, "truefalse": _truth, "shortanswer": _short, "numerical": number_of, "matching": _match,
    "essay": _essay, "cloze": cloze, "multianswer": cloze, "ordering": _order, "ddwtos": words_for_gaps,
    "gapselect": words_for_gaps, "ddmarker": places, "ddimageortext": places, "calculated": calculated,
    "calculatedsimple": calculated, "calculatedmulti": calculated_choice,
}  # fmt: skip
_WHY = {
    "description": "is a text, not a question",
    "random": "stands for any question of a category",
    "randomsamatch": "draws its pairs from a category",
}
