"""The ladder of help with a question: from a question back, over the idea and the steps, to a worked example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zhiwei.engines.hints.answers import answers_of, gives_away, maps_in
from zhiwei.engines.hints.values import Idea, Rung, WrongIdea

_BEGIN: Mapping[str, tuple[str, str]] = {
    "single_choice": (
        "先不看选项：题目问的是什么？你会怎么回答？再看看哪个选项和你的想法最接近。",
        "Cover the options first: what is asked, and what would you say? Then see which option is nearest.",
    ),
    "multiple_choice": (
        "把每个选项当成一道判断题：说出它对或错的理由，再决定选不选。",
        "Take each option as true or false by itself and say why before you choose.",
    ),
    "true_false": (
        "能不能举一个例子支持它，或者一个反例推翻它？",
        "Can you find an example for it, or one against it?",
    ),
    "numeric": (
        "题目给了哪些量，各是什么单位？要求的量和它们之间有什么关系？",
        "Which quantities are given, in which units? How does the one asked for depend on them?",
    ),
    "expression": (
        "已知什么、要求什么？要用到哪条公式或法则？",
        "What is known, what is wanted? Which formula or rule connects them?",
    ),
    "solution": (
        "用自己的话说一遍：已知什么、要求什么。第一步打算做什么，为什么？",
        "Say in your own words what is known and what is wanted. What is your first step, and why?",
    ),
    "essay": (
        "你最想让读者记住的一句话是什么？哪件事、哪个细节最能说明它？",
        "What one sentence should the reader remember? Which event or detail shows it best?",
    ),
}
_USUAL = (
    "先用自己的话说说题目在问什么，圈出你觉得最关键的词。",
    "Say in your own words what is asked, and mark the words that matter most.",
)
_STEP = (
    "检查这一步：{}　做到这里时，你得到了什么？",
    "Check this step: {}　What do you have when you get there?",
)
_WARNING = ("很多同学在这里会错：{}　看看自己有没有。", "Many go wrong here: {}　Have you?")
_MOST_STEPS = 3


def ladder_of(
    item: Mapping[str, object],
    *,
    ideas: Sequence[Idea] = (),
    wrong_ideas: Sequence[WrongIdea] = (),
    example: str = "",
    solution: bool = False,
    english: bool = False,
) -> tuple[Rung, ...]:
    """Return the rungs of help with an item, least first; none before the solution says the answer.

    Args:
        item: As docs/item-format.md describes it.
        ideas: The knowledge points it is about.
        wrong_ideas: Misconceptions known of these points.
        example: A worked example of another question on the same point.
        solution: Whether the worked solution may be the last rung (never for an open work or an exam).
    """
    answers = answers_of(item)
    rungs = [Rung("question", _BEGIN.get(str(item.get("type")), _USUAL)[english])]
    rungs += [Rung("point", f"**{one.name}**：{one.definition}") for one in ideas[:2] if one.definition]
    rungs += [
        Rung("warning", _WARNING[english].format(_ended(text))) for text in _warnings(item, wrong_ideas)
    ]
    rungs += [Rung("step", _STEP[english].format(_ended(text))) for text in _steps(item)]
    if example.strip():
        rungs.append(Rung("example", example.strip()))
    kept = [one for one in rungs if one.kind in {"question", "example"} or not gives_away(one.text, answers)]
    explanation = str(item.get("explanation") or "").strip()
    if solution and explanation:
        kept.append(Rung("solution", explanation))
    return tuple(kept)


def corrections(item: Mapping[str, object], said: str) -> tuple[str, ...]:
    """Return what the item's own list of common errors says to a text that shows one of them."""
    found: list[str] = []
    plain = "".join(said.split())
    for error in _errors(item):
        matches = error.get("match")
        signs = [str(one) for one in matches] if isinstance(matches, list | tuple) else []
        if any(sign and "".join(sign.split()) in plain for sign in signs) and error.get("feedback"):
            found.append(str(error["feedback"]))
    return tuple(dict.fromkeys(map(_ended, found)))


def _ended(text: str) -> str:
    """Return a sentence with its stop, so that another can follow."""
    plain = text.strip()
    return plain if plain[-1:] in "。！？.!?" else plain + ("." if plain.isascii() else "。")


def _steps(item: Mapping[str, object]) -> list[str]:
    """Descriptions of the rubric's points but the last, which is usually the result."""
    points = [str(one.get("description") or "") for one in maps_in(item.get("rubric"))]
    return [one for one in points[:-1] if one.strip()][:_MOST_STEPS]


def _warnings(item: Mapping[str, object], wrong_ideas: Sequence[WrongIdea]) -> list[str]:
    own = [str(one.get("feedback") or "") for one in _errors(item)]
    known = [one.description for one in wrong_ideas]
    return [one for one in dict.fromkeys([*own, *known]) if one.strip()][:1]


def _errors(item: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield from maps_in(item.get("errors"))
    for point in maps_in(item.get("rubric")):
        yield from maps_in(point.get("errors"))
