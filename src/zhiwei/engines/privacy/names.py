"""Names of people without a roster: surname grammar weighed against the words around it.

A candidate is a surname with one or two further characters. Its score is the log likelihood of "a name stands
here" against "only words stand here" over a small window, plus what the words beside it say: 同学 after it,
姓名 before it, 很 before 高兴. Everything is a sum of parts, so each finding can say why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from typing import TYPE_CHECKING

import ahocorasick

from zhiwei.engines.privacy.counting import advantage, codes_of, weigh_all
from zhiwei.engines.privacy.folding import HAN
from zhiwei.engines.privacy.lexicon import Lexicon, load_lexicon
from zhiwei.engines.privacy.spans import Span
from zhiwei.engines.privacy.vocabulary import vocabulary

if TYPE_CHECKING:
    from zhiwei.engines.privacy.compiled import Codes

_THRESHOLD = 0.6
_FAMOUS = -16.0
_TITLE_WEIGHT = 9.5
_LINKS = frozenset("、,;| \t和与及跟")
_QUOTES = frozenset('“‘"「')
_CALLED = re.compile(r"[!,:?…”]")
_ODD_ENDING = -6.5
_WEAKEST = -5.0

_TITLE = (
    "(?:小?同学(?!们)|老师(?!们)|的?家长(?!们|会)|的?(?:妈妈|爸爸|爷爷|奶奶|"
    "父亲|母亲|监护人|外婆|外公)|先生|女士|主任|校长|副校长|书记|医生|护士|"
    "叔叔|阿姨|教授|教练|班主任|班长|警官|小朋友|师傅|学长|学姐|大爷|大妈|老汉)"
)
_AFTER_STRONG = re.compile(
    _TITLE + r"|[(（][男女父母爷奶][)）亲，,]|[ ]?(?:\+86)?[ ]?1[3-9][0-9]{9}|[(（](?:学号|身份证|[0-9]{6,})"
)
_AFTER_VERB = re.compile(
    r"说[：:,，“]|道[：:,，“]|荣获|获得|迟到|请假|受伤|考了|表示|反映|拾金|缺席|"
    r"旷课|没有?交|对[我他她]|的(?:作业|成绩|作文|座位|书包|同桌|试卷|卷子|表现|"
    r"数学|语文|英语|家)"
)
_AFTER_WEAK = re.compile(
    r"说|问|笑|跑|走|推|被|把|在|称|也|从|向|站|哭|拿|是|给|和|与|跟|的|没|发现|"
    r"今天|昨天|已|正|等[三四五六七八九十0-9]|同|因|于|报告"
)
_BEFORE_SELF = re.compile(
    r"(?:我叫|我名叫|名叫|叫做|他叫|她叫|子叫|名字叫|名字是|同学叫|人叫|叫作|姓 {0,4}名[ :是为|\t]{0,4}|@)"
)
_BEFORE_ROLE = re.compile(
    r"(?:我是|本人|持有人|联系人|申请人|监护人|收件人|签名|签字|户名|家长|学生|考生|"
    r"班主任|(?:体育|语文|数学|英语|科学|物理|化学|心理|音乐|美术|年轻|任课|"
    r"值班|生活)?(?:老师|教师)|同学|校医|校长|主任|复核人|阅卷人|记录人|负责人|"
    r"接送人|作者|报告人|填表人|投保人|辅导员|同桌|朋友|父亲|母亲|爸爸|妈妈|"
    r"爷爷|奶奶|外公|外婆|[表堂]?[哥姐弟妹]|叔叔|阿姨|舅舅|姑姑|保安|[组班队社]长|"
    r"委员|代表|主持人|闺蜜|患者|当事人|证明人|原告|致|名单|授予|叫)[:是为 ]{0,2}"
)
_BEFORE_WEAK = vocabulary("before_weak")
_BEFORE_AGAINST = vocabulary("before_against")
_AFTER_AGAINST = re.compile(
    r"(?:省|市|县|区|镇|乡|村|路|街|大道|山|江|河|湖|湾|桥|寺|站|机场|大学|中学|"
    r"小学|朝|国|人民|族|氏|家族|帝|王朝|文化|时期|体|集团|公司|派)"
)
_FIELD = re.compile(
    rf"(?:姓 {{0,4}}名|学生姓名|家长姓名|监护人|联系人|收件人|申请人|户名|开户名|"
    rf"曾用名|接送人|签名|签字)(?:\(.{{1,4}}\))? ?[:|\t] ?([{HAN}](?:[{HAN}·]{{1,11}}|"
    rf" [{HAN}](?= *(?:[|\n\t]|$|  |[{HAN}] ?[{HAN}]?:)|  )))"
)
_HAN_CHAR = re.compile(f"[{HAN}]")
_VERB_FIRST = frozenset("说道荣获迟请受考表反拾缺旷没对的")
_WEAK_FIRST = frozenset("说问笑跑走推被把在称也从向站哭拿是给和与跟的没发今昨已正等同因于报")
_AGAINST_FIRST = frozenset("省市县区镇乡村路街大山江河湖湾桥寺站机中小朝国人民族氏家帝王文时体集公派")
"""First characters of what the patterns after a name look for: most characters need no pattern."""


_TITLES = vocabulary("titles")
_SIGNS = (3.8, 1.0, 1.5, 3.0, _THRESHOLD, _WEAKEST)
"""What :func:`_signs` can add at most: quiet words, a beginning, an end, a quotation; and the least scores of use."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible name and its log odds against plain words; ``surname`` is "" when ``reason`` says all."""

    start: int
    end: int
    score: float
    reason: str
    surname: str = ""

    def rule(self) -> str:
        """Return what convinced the recogniser."""
        return f"name: surname {self.surname}{self.reason}" if self.surname else self.reason


def find_names(scene: Scene) -> Iterator[Span]:
    """Names told from the grammar alone.

    Args:
        scene: of the text after :func:`folding.fold`.
    """
    folded, lexicon = scene.folded, scene.lexicon
    yield from _find_fields(folded, lexicon)
    candidates = _without_famous(folded, list(_candidates(scene)), lexicon)
    chosen = _settle([c for c in candidates if c.score >= _THRESHOLD])
    chosen = _settle(chosen + _listed_beside(folded, chosen, candidates))
    for candidate in chosen + _repeated(folded, chosen, lexicon):
        confidence = 1 / (1 + exp(-0.35 * candidate.score))
        yield Span(candidate.start, candidate.end, "name", round(max(0.5, confidence), 3), candidate.rule())


def _find_fields(folded: str, lexicon: Lexicon) -> Iterator[Span]:
    for match in _FIELD.finditer(folded):
        value = match[1]
        end = match.start(1) + len(value)
        if "·" not in value and " " not in value and len(value) > 4:
            end = match.start(1) + _name_length(value, lexicon)
        if end - match.start(1) >= 2 and value not in {
            "电话",
            "班级",
            "性别",
            "学号",
            "签名",
            "签字",
            "日期",
            "手机",
        }:
            yield Span(match.start(1), end, "name", 0.97, "name: the value of its field")


def _name_length(value: str, lexicon: Lexicon) -> int:
    return 4 if value[:2] in lexicon.surnames and len(value) > 3 else 3


@dataclass(frozen=True, slots=True)
class Scene:
    """A text with the places where words speak loudly for a name."""

    folded: str
    lexicon: Lexicon
    before: dict[int, tuple[float, str]]
    after: frozenset[int]
    codes: Codes


def set_scene(folded: str, lexicon: Lexicon) -> Scene:
    """Find once where words speak loudly for a name; roster and grammar both ask."""
    before = {m.end(): (7.5, ", role before") for m in _BEFORE_ROLE.finditer(folded)}
    before |= {m.end(): (12.0, ", introduced before") for m in _BEFORE_SELF.finditer(folded)}
    after = frozenset(m.start() for m in _AFTER_STRONG.finditer(folded))
    return Scene(folded, lexicon, before, after, codes_of(folded))


def _candidates(scene: Scene) -> Iterator[Candidate]:
    """The best candidate at each surname, if any signs could make it a name."""
    best: Candidate | None = None
    for (start, end, size), (odds, plain) in _weighed(scene):
        option = _weigh(scene, start, end, size, odds, plain)
        if best is not None and best.start != start:
            yield best
            best = None
        if option is not None and (best is None or option.score > best.score):
            best = option
    if best is not None:
        yield best


def _weighed(scene: Scene) -> list[tuple[list[int], list[float]]]:
    loud = {place: weight for place, (weight, _reason) in scene.before.items()}
    return weigh_all(scene.codes, loud, scene.after, _TITLE_WEIGHT, _SIGNS)


def _weigh(scene: Scene, start: int, end: int, size: int, odds: float, plain: float) -> Candidate | None:
    """Score one candidate; None when even its surroundings could not lift it."""
    name = scene.folded[start:end]
    if name[size:] in _TITLES:
        return None
    signs, reason = _signs(scene, start, end)
    if odds + signs < (_WEAKEST if _in_a_list(scene.folded, start, end) else _THRESHOLD):
        return None
    score = plain + signs
    if name in scene.lexicon.famous and (signs < _TITLE_WEIGHT or start not in scene.before):
        score += _FAMOUS
    return Candidate(start, end, score, reason, name[:size])


def name_advantage(scene: Scene, start: int, end: int, cost: float) -> float:
    """How much better a name of this cost fits here than plain words, with all that is said beside it."""
    beside, whole = advantage(scene.codes, start, end)
    return beside + cost + _signs(scene, start, end)[0] - whole


def _in_a_list(folded: str, start: int, end: int) -> bool:
    before = folded[start - 1 : start] if start else "、"
    after = folded[end : end + 1]
    return before in _LINKS or after in _LINKS


def _signs(scene: Scene, start: int, end: int) -> tuple[float, str]:
    folded, following = scene.folded, scene.folded[end : end + 1]
    score, reasons = 0.0, ""
    if start in scene.before:
        score, reasons = scene.before[start]
    elif _ends_with(folded, start, _BEFORE_WEAK):
        score += 0.8
    if end in scene.after:
        score, reasons = score + _TITLE_WEIGHT, reasons + ", title after"
        if (
            end - start == 3
            and folded[start : end - 1] in scene.lexicon.words
            and folded[end - 1] in scene.lexicon.surnames
        ):
            score -= 6.0
    elif following in _VERB_FIRST and _AFTER_VERB.match(folded, end):
        score += 3.0
    elif following in _WEAK_FIRST and _AFTER_WEAK.match(folded, end):
        score += 1.2
    if start == 0 or not _HAN_CHAR.match(folded, start - 1):
        score += 1.0
    if end == len(folded) or not _HAN_CHAR.match(folded, end):
        score += 1.5
    before = folded[start - 1 : start]
    if before == "谢" and folded[start : start + 1] == "谢":
        score -= 6.0
    if before in _QUOTES and _CALLED.match(folded, end):
        score += 3.0
    if _ends_with(folded, start, _BEFORE_AGAINST):
        score -= 4.0
    if following in _AGAINST_FIRST and _AFTER_AGAINST.match(folded, end):
        score -= 5.0
    return score, reasons


def _ends_with(folded: str, start: int, words: frozenset[str]) -> bool:
    """Whether one of the words stands right before a place."""
    return (
        folded[start - 1 : start] in words
        or (start > 1 and folded[start - 2 : start] in words)
        or (start > 2 and folded[start - 3 : start] in words)
    )


def _settle(candidates: list[Candidate]) -> list[Candidate]:
    taken: set[int] = set()
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: -c.score):
        places = range(candidate.start, candidate.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(candidate)
    return sorted(kept, key=lambda c: c.start)


def _without_famous(folded: str, candidates: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Drop what only cuts a piece out of a famous name (隆平 of 袁隆平)."""
    famous = famous_places(folded)
    kept: list[Candidate] = []
    for candidate in candidates:
        start, end = candidate.start, candidate.end
        inside = any(
            (a, b) != (start, end) and b >= end and b <= end + 2
            for a in range(max(0, start - 2), start + 1)
            for b in famous.get(a, ())
        )
        stretched = start in famous and end - 1 in famous[start] and _ends_oddly(folded[end - 1], lexicon)
        if not inside and not stretched:
            kept.append(candidate)
    return kept


def famous_places(folded: str) -> dict[int, list[int]]:
    """Where famous names of at most four characters begin, with their ends."""
    found: dict[int, list[int]] = {}
    for last, size in _famous().iter(folded):
        found.setdefault(last + 1 - size, []).append(last + 1)
    return found


@lru_cache(maxsize=1)
def _famous() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for name in load_lexicon().famous:
        if len(name) <= 4:
            automaton.add_word(name, len(name))
    automaton.make_automaton()
    return automaton


def _ends_oddly(char: str, lexicon: Lexicon) -> bool:
    return lexicon.second.get(char, -99.0) < _ODD_ENDING


_LINK = re.compile(r"[、,，;； |\t]{1,3}|和|与|及|跟")


def _listed_beside(folded: str, chosen: list[Candidate], candidates: list[Candidate]) -> list[Candidate]:
    """Weak candidates that stand in one list with a sure one, however long the chain."""
    ends = {c.end for c in chosen}
    starts = {c.start for c in chosen}
    weak = [c for c in candidates if _WEAKEST < c.score < _THRESHOLD]
    added: list[Candidate] = []
    for candidate in weak + weak[::-1]:
        before = any(
            e in ends and _LINK.fullmatch(folded, e, candidate.start)
            for e in range(candidate.start - 3, candidate.start)
        )
        after = any(
            s in starts and _LINK.fullmatch(folded, candidate.end, s)
            for s in range(candidate.end + 1, candidate.end + 4)
        )
        alone = candidate.start == 0 or _HAN_CHAR.match(folded, candidate.start - 1) is None
        if (before or (after and alone)) and _HAN_CHAR.match(folded, candidate.end) is None:
            ends.add(candidate.end)
            starts.add(candidate.start)
            added.append(
                Candidate(
                    candidate.start,
                    candidate.end,
                    candidate.score + 6.0,
                    candidate.reason + ", in a list of names",
                    candidate.surname,
                )
            )
    return added


def _repeated(folded: str, chosen: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Further places of a name that was sure once."""
    taken = {c.start for c in chosen}
    sure = {folded[c.start : c.end] for c in chosen if c.score >= 4.0 and c.end - c.start > 2}
    added: list[Candidate] = []
    for name in sure:
        if lexicon.words.get(name, -99.0) > -15.0:
            continue
        at = folded.find(name)
        while at >= 0:
            if at not in taken:
                added.append(Candidate(at, at + len(name), 4.0, "name: the same name elsewhere in the text"))
            at = folded.find(name, at + len(name))
    return added
