"""Addresses down to the door, schools and classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiwei.engines.privacy.counting import cut
from zhiwei.engines.privacy.folding import HAN
from zhiwei.engines.privacy.lexicon import Lexicon
from zhiwei.engines.privacy.spans import Span
from zhiwei.engines.privacy.vocabulary import vocabulary

_NUM = (
    r"(?:[0-9]{1,5}(?:[-—][0-9]{1,5}){0,3}|[一二三四五六七八九十百〇零]{1,5}|"
    r"[甲乙丙丁东西南北]|[A-Za-z][0-9]{0,2})"
)
_DOOR = re.compile(
    rf"{_NUM} ?(?:号楼|号院|号|弄|幢|栋|座|单元|室|村民小组|组|楼|层|房|户|院)(?: "
    rf"?(?:{_NUM} ?(?:号楼|号|弄|幢|栋|座|单元|室|楼|层|房|户|院)|[0-9]{{3,4}}(?![0-9])"
    rf"|[0-9]{{1,3}}-[0-9]{{1,3}}(?:-[0-9]{{3,4}})?|[{HAN}A-Za-z0-9]{{2,10}}?(?={_NUM} "
    rf"?(?:号楼|幢|栋|座|单元|室))))*"
)
_PIECE = re.compile(rf"[{HAN}A-Za-z0-9\-()]+$")
_ADMIN = re.compile(rf"[{HAN}]{{1,7}}(?:省|自治区|市|自治州|州|盟|区|县|旗|镇|乡|街道|社区|村|屯)")
_ROAD = re.compile(rf"[{HAN}0-9]{{1,8}}(?:大道|路|街|巷|弄|胡同|道|里|坊)")
_ESTATE = re.compile(
    r"小区|花园|花苑|家园|公寓|嘉园|名苑|新村|苑|城|府|湾|庭|郡|邸|大厦|广场|中心|园|墅|居|宿舍|宿舍楼|号楼"
)
_ASKED = re.compile(
    r"(?:家住|住在|住址|地址|户籍(?:地|所在地)?|籍贯|家庭地址|居住地|收货地址|"
    r"现住|寄到|寄往|搬到)[:：是为在于|\t ]{0,4}$"
)
_STRONG_NUMBER = re.compile(r"(?:号楼|幢|栋|座|单元|室|弄)")
_ASKED_VALUE = re.compile(
    rf"(?:家住|住在|住址|地址|户籍地址|户籍地|户籍所在地|户口所在地|家庭地址|"
    rf"家庭住址|居住地|收货地址|现住址?)[:：是为在于|\t ]{{0,4}}"
    rf"((?:[{HAN}]{{2,8}}?(?:省|自治区|市|自治州|州|区|县|旗|镇|乡|街道|社区|"
    rf"村|小区|新村|花园|公寓|苑|家园|路|街|巷)){{2,7}})"
)
_SHORT_GAP = re.compile(f"[{HAN}]{{0,4}}")
_STOP_TAGS = frozenset(("p", "c", "u", "uj", "ul", "y"))
_STOP_WORDS = vocabulary("stop_words")


def find_addresses(folded: str, lexicon: Lexicon) -> Iterator[Span]:
    """Addresses that reach a door, a building or a village group; after a label also coarser ones.

    Args:
        folded: text after :func:`folding.fold`.
        lexicon: statistics of :func:`lexicon.load_lexicon`.
    """
    found = sorted([*_find_doors(folded, lexicon), *_find_labelled(folded)], key=lambda s: s.start)
    while found:
        span = found.pop(0)
        while found and _SHORT_GAP.fullmatch(folded, span.end, max(span.end, found[0].start)):
            other = found.pop(0)
            best = max(span.confidence, other.confidence)
            span = Span(span.start, max(span.end, other.end), "address", best, span.rule)
        yield span


def _find_doors(folded: str, lexicon: Lexicon) -> Iterator[Span]:
    for match in _DOOR.finditer(folded):
        start = _address_start(folded, match.start(), lexicon)
        text = folded[start : match.end()]
        places, numbers = _strength(text, match[0])
        asked = _ASKED.search(folded, max(0, start - 8), start) is not None
        if places + numbers + asked >= 2 and (places or numbers >= 2):
            confidence = round(min(0.98, 0.62 + 0.1 * (places + numbers + asked)), 2)
            yield Span(
                start,
                match.end(),
                "address",
                confidence,
                "address: " + ("after its label" if asked else "its parts"),
            )


def _find_labelled(folded: str) -> Iterator[Span]:
    for match in _ASKED_VALUE.finditer(folded):
        yield Span(match.start(1), match.end(1), "address", 0.85, "address: places after its label")


def _strength(text: str, door: str) -> tuple[int, int]:
    before = text[: len(text) - len(door)]
    places = len(_ADMIN.findall(before)) + len(_ROAD.findall(before)) + (_ESTATE.search(text) is not None)
    return places, len(_STRONG_NUMBER.findall(door)) + (1 if re.search(r"号|组", door) else 0)


def _address_start(folded: str, door: int, lexicon: Lexicon) -> int:
    piece = _PIECE.search(folded, max(0, door - 40), door)
    if piece is None:
        return door
    position = door
    for word in reversed(cut(piece[0])):
        if word in _STOP_WORDS or (len(word) > 1 and lexicon.tags.get(word, "n") in _STOP_TAGS):
            break
        position -= len(word)
    return position


_SUFFIX = (
    r"(?:第?[一二三四五六七八九十]{1,3}(?:高级)?中学|第[0-9]{1,3}(?:高级)?中学|"
    r"外国语学校|实验学校|实验中学|实验小学|职业技术学校|职业高级中学|职业高中|"
    r"职业中学|高级中学|初级中学|中心小学|完全小学|特殊教育学校|九年一贯制学校|"
    r"附属中学|附属小学|幼儿园|附中|附小|中专|技校|书院|学校|中学|小学|大学|"
    r"学院|[一二三四五六七八九]中|[一二三四五六七八九]小)"
)
_SCHOOL = re.compile(
    rf"(?<=[{HAN}]){_SUFFIX}(?:[(（]?[{HAN}]{{1,4}}(?:校区|分校)[)）]?)?(?!生|"
    rf"时[间长]?|路|街|站|毕业|士|数|问|医|教|文|会|书|部|期|以|小|年级?|[月日天])"
)
_LEAD = re.compile(rf"[{HAN}]{{1,18}}$")
_PLACE_END = re.compile(r"[省市县区镇乡州]$")
_GENERIC = vocabulary("generic")
_SCHOOL_STOP = vocabulary("school_stop")
_SCHOOL_WORDS = vocabulary("school_words")
_SENTENCE_TAGS = frozenset(["p", "c", "r", "d", "u", "uj", "ul", "y", "v", "vn", "m", "a", "ad", "z"])
_CLASS_NUMBER = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_CLASS = re.compile(
    rf"(?:(?:[一二三四五六七八九1-9]年级|[初高小][一二三四五六1-6](?:年级)?|20[0-9]{{2}}"
    rf"级|(?<![{HAN}])[一二三四五六七八九1-9]年)(?:上|下)? ?(?:[(（] ?{_CLASS_NUMBER} "
    rf"?[)）]|{_CLASS_NUMBER}) ?班"
    rf"|(?<![0-9第])[一二三四五六七八九1-9初高] ?[(（] ?{_CLASS_NUMBER} ?[)）] "
    rf"?班|(?<![0-9])[1-9][01][0-9] ?班"
    rf"|(?i:class [0-9]{{1,2}},? grade [0-9a-z]{{1,6}}|grade [0-9a-z]{{1,6}},? class [0-9]{{1,2}})"
    rf"|(?<=班级[:|\t])[ ]?[一二三四五六七八九1-9][0-9]{{0,2}} ?班)"
)
_ENGLISH_SCHOOL = re.compile(
    r"(?<![A-Za-z])(?:[A-Z][A-Za-z]+ ){1,5}(?:No\. ?[0-9]{1,3} |[0-9]{1,3}th "
    r")?(?:(?:Senior|Junior|High|Middle|Primary|Experimental|Foreign|Language[s]?|"
    r"International) )*(?:High School|Middle School|Primary School|School|University|"
    r"College)(?![A-Za-z])"
)
_ENGLISH_GENERIC = re.compile(
    r"^(?:(?:My|Our|The|This|That|In|At|A|High|Middle|Primary|Junior|Senior|"
    r"Old|New|Private|Public|International|Dear|After|Sunday) )+(?:High School|"
    r"Middle School|Primary School|School|University|College)$"
)


def find_schools(folded: str, lexicon: Lexicon) -> Iterator[Span]:
    """Named schools; "our school" and "a key middle school" are none.

    Args:
        folded: text after :func:`folding.fold`.
        lexicon: statistics of :func:`lexicon.load_lexicon`.
    """
    for match in _SCHOOL.finditer(folded):
        lead = _LEAD.search(folded, max(0, match.start() - 18), match.start())
        size = _specific_length(lead[0] + match[0] if lead else match[0], match[0], lexicon)
        if size:
            yield Span(
                match.end() - size, match.end(), "school", 0.88, "school: a proper name before its kind"
            )
    for match in _ENGLISH_SCHOOL.finditer(folded):
        if not _ENGLISH_GENERIC.match(match[0]):
            yield Span(match.start(), match.end(), "school", 0.85, "school: English name")


def find_classes(folded: str) -> Iterator[Span]:
    """Grade and class together (八年级（3）班, 初二3班, 803班)."""
    for match in _CLASS.finditer(folded):
        lead = len(match[0]) - len(match[0].lstrip())
        yield Span(match.start() + lead, match.end(), "class", 0.92, "class: grade and number")


def _specific_length(text: str, kind: str, lexicon: Lexicon) -> int:
    """Characters, from the end, that belong to the school's name; 0 when nothing names one."""
    size, named = len(kind), False
    for word in reversed(cut(text[: len(text) - len(kind)])):
        if _ends_school(word, lexicon):
            break
        size += len(word)
        named = named or not (word in _GENERIC or (len(word) == 1 and not named and size == len(kind) + 1))
    place = lexicon.tags.get(text[-size : -len(kind)], "").startswith("ns") or _PLACE_END.search(
        text[: -len(kind)]
    )
    if len(kind) == 2 and kind[1] in "中小" and kind[0] in "一二三四五六七八九":
        return size if place else 0
    return size if named else 0


def _ends_school(word: str, lexicon: Lexicon) -> bool:
    if word in _SCHOOL_STOP:
        return True
    if len(word) == 1 or word in _SCHOOL_WORDS or word.startswith("第"):
        return False
    return lexicon.tags.get(word, "n") in _SENTENCE_TAGS
