"""The checks of one question and its answers: everything that needs their texts and pictures at hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhiwei.data.models import CorpusEntry
from zhiwei.data.rules.checks import EXCLUDING, Check
from zhiwei.data.values import AnswerItem, DataType, JudgedAnswer
from zhiwei.engines import corpora as engine
from zhiwei.engines import safety
from zhiwei.kernel import files
from zhiwei.kernel.errors import NotFoundError

_SENTENCE = re.compile(r"[^。！？!?\n]+")
_LEAST_SENTENCE = 8
_INJECTION = safety.CLASSES.index("injection")
_POINT = "lenient"
_THRESHOLD = 0.5
_BATCH = 512
_MOST_SENTENCES = 40
_MOST_JUDGED = 200_000


@dataclass
class Tally:
    """What the checks of all questions add up to; bounded by the number of questions, not of answers."""

    tested: Counter[str] = field(default_factory=Counter)
    failing: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    pairs: list[tuple[float, float]] = field(default_factory=list)
    judged: dict[str, bool] = field(default_factory=dict)
    """Sentences the guard has looked at already: pupils repeat each other, also from question to question."""

    def note(self, check: Check, tested: int, failing: int, reasons: Iterable[str] = ()) -> None:
        """Add the outcome of a check on some rows."""
        self.tested[check] += tested
        self.failing[check] += failing
        self.reasons.setdefault(check, Counter()).update(reasons)


def question_faults(item: AnswerItem) -> list[Check]:
    """Return what is missing of a question: its text, or anything to score by."""
    found = []
    content = item.content
    if not str(content.get("stem", "")).strip():
        found.append(Check.QUESTION)
    if not has_standard(content):
        found.append(Check.STANDARD)
    return found


def has_standard(content: Mapping[str, Any]) -> bool:
    """Tell whether a question says how it is scored: rubric, reference answer or, of an essay, traits."""
    settings = content.get("settings")
    traits = settings.get("traits") if isinstance(settings, Mapping) else None
    parts = content.get("parts")
    if isinstance(parts, Sequence) and parts:
        return all(isinstance(one, Mapping) and has_standard(one) for one in parts)
    return bool(content.get("rubric") or content.get("reference_answers") or traits)


def entries_of(
    item: AnswerItem,
    answers: Sequence[JudgedAnswer],
    *,
    data_type: str,
    demands: engine.Demands,
    tally: Tally,
    product: str,
) -> list[CorpusEntry]:
    """Return the entries of one question with their flags (not saved), adding to the tally."""
    flags: list[list[str]] = [[] for _ in answers]
    _flag_content(answers, data_type, flags, tally)
    if data_type != DataType.TEXT:
        _flag_pictures(answers, demands, flags, tally)
    texts = [one.text for one in answers]
    groups = engine.clusters(texts, threshold=demands.near_duplicate, long_from=demands.long_from)
    _flag_copies(groups, texts, demands, flags, tally)
    _flag_injected(texts, flags, tally)
    _flag_labels(answers, texts, flags, tally)
    _flag_item(item, answers, demands, flags, tally)
    sizes = Counter(groups)
    made = []
    for answer, own, group in zip(answers, flags, groups, strict=True):
        cluster = answers[group].ref if sizes[group] > 1 else None
        made.append(_entry(answer, own, cluster, demands, product))
    tally.shares += [one.score / one.max_score for one in made if one.kept and one.max_score > 0]
    tally.pairs += [pair for one in answers for pair in _marker_pairs(one)]
    return made


def _flag_content(
    answers: Sequence[JudgedAnswer], data_type: str, flags: list[list[str]], tally: Tally
) -> None:
    """An answer must have what the corpus is made of: text, a picture, or both."""
    reasons = []
    for answer, own in zip(answers, flags, strict=True):
        missing = []
        if data_type != DataType.IMAGE and not answer.text:
            missing.append("no_text")
        if data_type != DataType.TEXT and not answer.images:
            missing.append("no_picture")
        if missing:
            own.append(Check.CONTENT)
            reasons += missing
    tally.note(Check.CONTENT, len(answers), sum(Check.CONTENT in own for own in flags), reasons)


def _flag_pictures(
    answers: Sequence[JudgedAnswer], demands: engine.Demands, flags: list[list[str]], tally: Tally
) -> None:
    for answer, own in zip(answers, flags, strict=True):
        if not answer.images:
            continue
        faults = {fault for one in answer.images for fault in picture_faults(one, demands)}
        if len(answer.images) > 1:
            unjoinable = len(answer.images) > engine.MOST_JOINED or "unreadable" in faults
            tally.note(Check.PAGES, 1, int(unjoinable))
            if unjoinable:
                own.append(Check.PAGES)
        tally.note(Check.PICTURE, 1, int(bool(faults)), faults)
        if faults:
            own.append(Check.PICTURE)


def picture_faults(blob_id: int, demands: engine.Demands) -> tuple[str, ...]:
    """Return what is wrong with one stored picture; ``unreadable`` when it is none, or is lost."""
    try:
        return engine.picture_faults(engine.measure_picture(files.read(blob_id)), demands)
    except (engine.CorpusError, NotFoundError):
        return ("unreadable",)


def _flag_copies(
    groups: Sequence[int],
    texts: Sequence[str],
    demands: engine.Demands,
    flags: list[list[str]],
    tally: Tally,
) -> None:
    """All but the first of a group of copies go."""
    copies = [place for place, group in enumerate(groups) if group != place]
    for place in copies:
        flags[place].append(Check.COPIES)
    equal = sum(engine.plain(texts[place]) == engine.plain(texts[groups[place]]) for place in copies)
    long = sum(len(engine.plain(one)) >= demands.long_from for one in texts)
    tally.note(Check.COPIES, long, len(copies), ["equal"] * equal + ["near"] * (len(copies) - equal))


def _flag_injected(texts: Sequence[str], flags: list[list[str]], tally: Tally) -> None:
    """Words meant for a machine that reads the answer; each different text is looked at once."""
    speaking = speaking_to_machines(set(texts), tally.judged)
    found = [place for place, text in enumerate(texts) if text in speaking]
    for place in found:
        flags[place].append(Check.INJECTED)
    tally.note(Check.INJECTED, sum(bool(one) for one in texts), len(found))


def speaking_to_machines(texts: Collection[str], judged: dict[str, bool]) -> set[str]:
    """Return those texts of which a sentence tries to instruct a model or the marker.

    Args:
        judged: Sentences looked at before, to which new ones are added; at most 200,000 are kept.
    """
    owned = {text: _sentences(text) for text in sorted(texts)}
    new = list(dict.fromkeys(one for sentences in owned.values() for one in sentences if one not in judged))
    if len(judged) + len(new) > _MOST_JUDGED:
        judged.clear()
        new = list(dict.fromkeys(one for sentences in owned.values() for one in sentences))
    for start in range(0, len(new), _BATCH):
        part = new[start : start + _BATCH]
        scores = safety.score_texts(part, _POINT)[:, _INJECTION]
        judged.update((one, bool(score >= _THRESHOLD)) for one, score in zip(part, scores, strict=True))
    return {text for text, sentences in owned.items() if any(judged[one] for one in sentences)}


def _sentences(text: str) -> list[str]:
    pieces = [one.strip() for one in _SENTENCE.findall(text)]
    return [one for one in pieces if len(one) >= _LEAST_SENTENCE][:_MOST_SENTENCES]


def _flag_labels(
    answers: Sequence[JudgedAnswer], texts: Sequence[str], flags: list[list[str]], tally: Tally
) -> None:
    """Scores that the other answers contradict."""
    judged = [place for place, one in enumerate(answers) if one.text and one.max_score > 0]
    shares = [answers[place].score / answers[place].max_score for place in judged]
    doubts = engine.doubtful_labels([texts[place] for place in judged], shares)
    for doubt in doubts:
        flags[judged[doubt.place]].append(Check.LABELS)
    tally.note(Check.LABELS, len(judged), len(doubts), [one.why for one in doubts])


def _flag_item(
    item: AnswerItem,
    answers: Sequence[JudgedAnswer],
    demands: engine.Demands,
    flags: list[list[str]],
    tally: Tally,
) -> None:
    """What concerns the question as a whole falls on all its answers."""
    faults = question_faults(item)
    sound = sum(not EXCLUDING.intersection(own) for own in flags) if not faults else 0
    few = sound < demands.answers_per_item
    for own in flags:
        own.extend(faults)
        if few:
            own.append(Check.ANSWERS)
    for check in (Check.QUESTION, Check.STANDARD):
        tally.note(check, 1, int(check in faults))
    tally.note(Check.ANSWERS, 1, int(few))
    tally.items.append(
        {
            "key": item.key,
            "type": item.type,
            "stem": str(item.content.get("stem", ""))[:120],
            "max_score": item.max_score,
            "answers": len(answers),
            "sound": sound,
            "faults": [*faults, *([Check.ANSWERS] if few else [])],
        }
    )


def _marker_pairs(answer: JudgedAnswer) -> list[tuple[float, float]]:
    """The newest marks of the first two different markers, as shares of full marks."""
    newest: dict[tuple[str, str], float] = {}
    for one in sorted(answer.marks, key=lambda mark: mark.at):
        newest[(one.kind, one.marker)] = one.score
    scores = list(newest.values())[:2]
    return [(scores[0], scores[1])] if len(scores) == 2 else []


def _entry(
    answer: JudgedAnswer, flags: list[str], cluster: int | None, demands: engine.Demands, product: str
) -> CorpusEntry:
    band = engine.band_of(
        answer.score, answer.max_score, low_below=demands.low_below, high_from=demands.high_from
    )
    return CorpusEntry(
        tenant_id=answer.tenant_id,
        product=product,
        ref=answer.ref,
        item_key=answer.item_key,
        person_id=answer.person_id,
        grade=answer.grade,
        scene=answer.scene,
        answered_on=answer.answered_on,
        characters=len(answer.text),
        images=len(answer.images),
        score=answer.score,
        max_score=answer.max_score,
        band=band,
        cluster=cluster,
        kept=not EXCLUDING.intersection(flags),
        flags=[str(one) for one in flags],
    )
