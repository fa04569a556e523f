"""Names of people without a roster: surname grammar weighed against the words around it.

A candidate is a surname with one or two further characters. Its score is the log likelihood of "a name stands
here" against "only words stand here" over a small window, plus what the words beside it say: 同学 after it,
姓名 before it, 很 before 高兴. Everything is a sum of parts, so each finding can say why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from zhiwei.engines.privacy.folding import HAN
from zhiwei.engines.privacy.lexicon import Lexicon, load_lexicon
from zhiwei.engines.privacy.spans import Span
from zhiwei.engines.privacy.vocabulary import vocabulary

_PRIOR = -4.0
_THRESHOLD = 0.6
_REACH = 5
_FAMOUS = -16.0
_TITLE_WEIGHT = 9.5
_LINKS = frozenset("、,;| \t和与及跟")
_QUOTES = frozenset('“‘"「')
_CALLED = re.compile(r"[!,:?…”]")
_ODD_ENDING = -6.5
_HOPELESS = -9.0
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
_BEFORE_WEAK = re.compile(
    r"(?:今天|昨天|明天|前天|上午|下午|晚上|课上|课间|和|与|跟|由|让|请|给|被|"
    r"把|向|对|据|问|找|是|像|同|叫|喊|及|于|为|送|"
    r"陪|授予|表扬|批评|推荐|选举|尊敬的|亲爱的|的)$"
)
_BEFORE_AGAINST = re.compile(
    r"(?:很|真|太|不|更|最|挺|十分|非常|特别|感到|比较|这么|那么|多么|越来越|"
    r"有些|有点|一|这|那|每|几|第|各|某|老|小|大)$"
)
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


_TITLES = vocabulary("titles")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible name and its log odds against plain words."""

    start: int
    end: int
    score: float
    rule: str


def find_names(folded: str, lexicon: Lexicon) -> Iterator[Span]:
    """Names told from the grammar alone.

    Args:
        folded: text after :func:`folding.fold`.
        lexicon: statistics of :func:`lexicon.load_lexicon`.
    """
    yield from _find_fields(folded, lexicon)
    candidates = _without_famous(folded, list(_candidates(_set_scene(folded, lexicon))), lexicon)
    chosen = _settle([c for c in candidates if c.score >= _THRESHOLD])
    chosen = _settle(chosen + _listed_beside(folded, chosen, candidates))
    for candidate in chosen + _repeated(folded, chosen, lexicon):
        confidence = 1 / (1 + exp(-0.35 * candidate.score))
        yield Span(candidate.start, candidate.end, "name", round(max(0.5, confidence), 3), candidate.rule)


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
class _Scene:
    """A text with the places where words speak loudly for a name."""

    folded: str
    lexicon: Lexicon
    before: dict[int, tuple[float, str]]
    after: frozenset[int]


def _set_scene(folded: str, lexicon: Lexicon) -> _Scene:
    before = {m.end(): (7.5, ", role before") for m in _BEFORE_ROLE.finditer(folded)}
    before |= {m.end(): (12.0, ", introduced before") for m in _BEFORE_SELF.finditer(folded)}
    after = frozenset(m.start() for m in _AFTER_STRONG.finditer(folded))
    return _Scene(folded, lexicon, before, after)


@lru_cache(maxsize=1)
def _surname_start() -> re.Pattern[str]:
    first = "".join(sorted({surname[0] for surname in load_lexicon().surnames}))
    return re.compile(f"[{first}](?=[{HAN}])")


def _candidates(scene: _Scene) -> Iterator[Candidate]:
    folded, surnames = scene.folded, scene.lexicon.surnames
    for match in _surname_start().finditer(folded):
        start = match.start()
        best: Candidate | None = None
        for size, length in _shapes(_han_run(folded, start), surnames):
            option = _weigh(scene, start, start + length, size)
            if option is not None and (best is None or option.score > best.score):
                best = option
        if best is not None:
            yield best


def _shapes(run: str, surnames: Mapping[str, float]) -> Iterator[tuple[int, int]]:
    """Surname length and whole length of every name that could begin the run."""
    for size in (1, 2):
        if run[:size] in surnames:
            for length in range(size + 1, min(size + 2, len(run)) + 1):
                yield size, length


_RUN = re.compile(f"[{HAN}]{{1,4}}")


def _han_run(folded: str, start: int) -> str:
    found = _RUN.match(folded, start)
    return found[0] if found else ""


@lru_cache(maxsize=300_000)
def _likelihood(name: str, size: int) -> tuple[float, float]:
    """Log probability as a name, and its odds against the same characters as words."""
    lexicon = load_lexicon()
    if name[size:] in _TITLES:
        return -99.0, -99.0
    likelihood = _PRIOR + lexicon.surnames[name[:size]] + lexicon.as_given(name[size:])
    return likelihood, likelihood - lexicon.as_words(name)


def _weigh(scene: _Scene, start: int, end: int, size: int) -> Candidate | None:
    """Score one candidate; None when even the best surroundings could not lift it."""
    likelihood, odds = _likelihood(scene.folded[start:end], size)
    loud = (scene.before[start][0] if start in scene.before else 0.0) + (
        _TITLE_WEIGHT if end in scene.after else 0.0
    )
    if odds + loud < _HOPELESS:
        return None
    signs, reason = _signs(scene, start, end)
    if odds + signs < (_WEAKEST if _in_a_list(scene.folded, start, end) else _THRESHOLD):
        return None
    lexicon, name = scene.lexicon, scene.folded[start:end]
    left, right = _window(scene.folded, start, end)
    words = lexicon.as_words(left + name + right)
    score = lexicon.as_words(left) + likelihood + lexicon.as_words(right) - words + signs
    if name in lexicon.famous and (signs < _TITLE_WEIGHT or start not in scene.before):
        score += _FAMOUS
    return Candidate(start, end, score, f"name: surname {name[:size]}, odds {score:.1f}{reason}")


def context_of(folded: str, start: int, end: int) -> tuple[str, str, float]:
    """The Han characters beside a place, and what the words there say for a name (log odds)."""
    left, right = _window(folded, start, end)
    near = folded[max(0, start - 12) : end + 16]
    shift = start - max(0, start - 12)
    scene = _set_scene(near, load_lexicon())
    return left, right, _signs(scene, shift, shift + end - start)[0]


def _window(folded: str, start: int, end: int) -> tuple[str, str]:
    first = start
    while first > 0 and first > start - _REACH and _HAN_CHAR.match(folded, first - 1):
        first -= 1
    last = end
    while last < len(folded) and last < end + _REACH and _HAN_CHAR.match(folded, last):
        last += 1
    return folded[first:start], folded[end:last]


def _in_a_list(folded: str, start: int, end: int) -> bool:
    before = folded[start - 1 : start] if start else "、"
    after = folded[end : end + 1]
    return before in _LINKS or after in _LINKS


def _signs(scene: _Scene, start: int, end: int) -> tuple[float, str]:
    folded = scene.folded
    score, reasons = 0.0, ""
    if start in scene.before:
        score, reasons = scene.before[start]
    elif _BEFORE_WEAK.search(folded, max(0, start - 3), start):
        score += 0.8
    if end in scene.after:
        score, reasons = score + _TITLE_WEIGHT, reasons + ", title after"
        if (
            end - start == 3
            and folded[start : end - 1] in scene.lexicon.words
            and folded[end - 1] in scene.lexicon.surnames
        ):
            score -= 6.0
    elif _AFTER_VERB.match(folded, end):
        score += 3.0
    elif _AFTER_WEAK.match(folded, end):
        score += 1.2
    if start == 0 or not _HAN_CHAR.match(folded, start - 1):
        score += 1.0
    if end == len(folded) or not _HAN_CHAR.match(folded, end):
        score += 1.5
    if folded[max(0, start - 1) : start + 1] == "谢谢":
        score -= 6.0
    if _CALLED.match(folded, end) and folded[start - 1 : start] in _QUOTES:
        score += 3.0
    if _BEFORE_AGAINST.search(folded, max(0, start - 3), start):
        score -= 4.0
    if _AFTER_AGAINST.match(folded, end):
        score -= 5.0
    return score, reasons


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
    kept: list[Candidate] = []
    for candidate in candidates:
        around = folded[max(0, candidate.start - 2) : candidate.end + 2]
        offset = candidate.start - max(0, candidate.start - 2)
        end = offset + candidate.end - candidate.start
        pieces = ((a, b) for a in range(offset + 1) for b in range(end, min(len(around), a + 4) + 1))
        inside = any((a, b) != (offset, end) and around[a:b] in lexicon.famous for a, b in pieces)
        name = folded[candidate.start : candidate.end]
        stretched = name[:-1] in lexicon.famous and lexicon.second.get(name[-1], -99.0) < _ODD_ENDING
        if not inside and not stretched:
            kept.append(candidate)
    return kept


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
                    candidate.rule + ", in a list of names",
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
