"""Words of the class picture: answers as text, reasons as mistakes, the sentence on top."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from zhiwei.assessment.queries.answer_text import said_in_words
from zhiwei.assessment.queries.picture_values import AnswerGroup, ItemPicture, Mistake

LONGEST = 160
TEACH_BELOW = 0.75
"""Questions of which the class earned less than this share are worth a word in the lesson."""
FEWEST = 2
"""A mistake of a single pupil is no common mistake."""
_EARNED = frozenset(
    {"right", "equal", "complete", "point_earned", "learned", "as_marked", "trait_strong", "unlearned"}
)
_PLAIN = frozenset({"wrong", "right", "blank", "empty"})
"""What names no mistake: the actual answer tells more, and an empty one is nothing to teach by."""
_SPACES = re.compile(r"\s+")


def answer_text(value: Mapping[str, object], content: Mapping[str, object] | None = None) -> str:
    """Return an answer as one line of text; empty when nothing was answered.

    Args:
        content: The question, where pairs, orders and parts are to be told in its words instead of its ids.
    """
    told = said_in_words(content, value) if content is not None else ()
    if told:
        return _cut("；".join(told))
    if value.get("steps"):
        return _cut("；".join(map(str, _list(value["steps"]))))
    text = str(value.get("text") or "").strip()
    return _cut(text or _shown(value.get("value")))


def answer_key(value: Mapping[str, object], kind: str) -> str:
    """Return the group of an answer: spaces and letter case do not count, nor the order of several choices."""
    text = _SPACES.sub("", answer_text(value)).casefold()
    if kind == "matching" and not value.get("text"):
        return "；".join(sorted(text.split("；")))
    if kind in {"single_choice", "multiple_choice"}:
        return "".join(sorted(text.replace("、", "").replace(",", ""))).upper()
    return text


def chosen(value: Mapping[str, object], options: Iterable[str]) -> frozenset[str]:
    """Return the options named by an answer to a choice question."""
    key = answer_key(value, "multiple_choice")
    return frozenset(one for one in options if one.upper() in key)


def is_mistake(code: str) -> bool:
    """Tell whether a judging reason names something wrong or missing."""
    return code.rpartition(".")[2] not in _EARNED and not code.startswith("guard.")


def mistake_of(item: ItemPicture) -> str:
    """Return in words what most went wrong on a question: a named mistake, or the commonest wrong answer."""
    named = [
        one for one in item.mistakes if one.code.rpartition(".")[2] not in _PLAIN and one.count >= FEWEST
    ]
    if named:
        return _("第 {n} 题 {count} 人：{words}").format(
            n=item.position, count=named[0].count, words=named[0].words.rstrip("。.")
        )
    wrong = commonest_wrong(item.answers)
    if wrong is not None:
        return _("第 {n} 题 {count} 人答“{answer}”").format(
            n=item.position, count=wrong.count, answer=_cut(wrong.text, 24)
        )
    return _("第 {n} 题得分率 {share}%").format(n=item.position, share=round(100 * (1 - item.lost)))


def commonest_wrong(answers: Sequence[AnswerGroup]) -> AnswerGroup | None:
    """Return the answer below half marks that most pupils gave."""
    wrong = [one for one in answers if one.text and one.count >= FEWEST and (one.share or 0) < 0.5]
    return max(wrong, key=lambda one: one.count, default=None)


def teach_first(items: Sequence[ItemPicture], *, most: int = 2) -> list[ItemPicture]:
    """Return the questions to begin with: where the class lost the largest share, weighed by the marks."""
    known = [one for one in items if one.figures.facility is not None and one.figures.facility < TEACH_BELOW]
    worst = sorted(known, key=lambda one: (-one.lost * one.max_score**0.5, one.position))[:most]
    return sorted(worst, key=lambda one: one.position)


def headline(items: Sequence[ItemPicture], first: Sequence[ItemPicture]) -> str:
    """Return the sentence on top: what to teach first, and why."""
    if not any(one.figures.n for one in items):
        return _("还没有批改好的答卷。")
    if not first:
        return _("各题都掌握得不错，可以直接往下讲。")
    numbers = "、".join(str(one.position) for one in first)
    return _("先讲第 {numbers} 题。").format(numbers=numbers) + _("；").join(map(mistake_of, first)) + _("。")


def common_mistakes(rows: Iterable[tuple[int, str, str, int]], positions: Mapping[int, int]) -> list[Mistake]:
    """Return mistakes by question and sentence from rows ``(item id, code, sentence, pupils)``, commonest first.

    Where a sentence carries the pupil's own words, the code's commonest sentence stands for all.
    """
    found: dict[tuple[int, str], dict[str, int]] = {}
    for item_id, code, words, count in rows:
        if is_mistake(code):
            named = words if code.startswith(("short_answer.", "misconception.", "choice.", "essay.")) else ""
            sentences = found.setdefault((positions[item_id], f"{code}|{named}"), {})
            sentences[words] = sentences.get(words, 0) + count
    mistakes = [
        Mistake(position, key.partition("|")[0], max(said, key=lambda one: said[one]), sum(said.values()))
        for (position, key), said in found.items()
    ]
    return sorted(mistakes, key=lambda one: (-one.count, one.position, one.words))


def without_names(text: str, names: Iterable[str]) -> str:
    """Return an answer with the pupils' names taken out, for showing to a class."""
    for name in names:
        if len(name) > 1:
            text = text.replace(name, "〇〇")
    return text


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "对" if value else "错"
    if isinstance(value, Mapping):
        return "；".join(f"{key}→{_shown(one)}" for key, one in sorted(value.items()))
    if isinstance(value, list):
        single = all(
            isinstance(one, str) and len(one) == 1 and one.isascii() and one.isalpha() for one in value
        )
        return ("" if single else "；").join(map(_shown, value))
    return str(value)


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
