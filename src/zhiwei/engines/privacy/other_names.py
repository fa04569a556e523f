"""Names outside the surname grammar: with a middle dot, of peoples without surnames, and in pinyin."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiwei.engines.privacy.folding import HAN
from zhiwei.engines.privacy.spans import Span
from zhiwei.engines.privacy.vocabulary import vocabulary

_DOTTED = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}]{{1,9}}){{1,3}}")
_STEMS = vocabulary("stems")
_STEM = re.compile("|".join(sorted(set(_STEMS), key=len, reverse=True)))
_TIBETAN = (
    "扎西|次仁|卓玛|央金|旺堆|多吉|平措|达瓦|尼玛|白玛|格桑|拉姆|德吉|罗布|"
    "索朗|丹增|洛桑|顿珠|仁青|曲珍|边巴|巴桑|普布|强巴|贡布|旦增|次旦|旺姆|"
    "桑吉|才让|加措|嘉措|旺杰|坚赞|群培|拉珍|卓嘎|普赤|措姆|扎巴|仁增|更登|"
    "才仁|朋措"
)
_MONGOL = (
    "娜仁花|其其格|乌云|格日勒|图雅|巴特尔|苏日娜|那日松|阿拉坦|宝力德|朝鲁|"
    "苏和|特木尔|哈斯|牧仁|乌兰|萨仁|高娃|塔娜|托娅|呼和|布和|孟和|斯琴|娜日|"
    "额尔|敖日|格勒|苏雅拉|阿古拉|白音|巴雅尔|乌日娜|其木格|青格|苏德|毕力格|"
    "恩和"
)
_UNDOTTED = re.compile(
    rf"(?:{_TIBETAN}){{2}}|(?:{_MONGOL}){{2}}|娜仁花|苏日娜|乌日娜|那日松|阿拉坦巴根|"
    rf"巴雅尔图|萨仁高娃|斯琴高娃"
)
_LEFT_WORDS = re.compile(
    r"^.*(?:我叫|名叫|姓名|监护人|联系人|申请人|收件人|户名|班主任|代表|校长|"
    r"医生|朋友|同桌|父亲|母亲|爸爸|妈妈|和|、|同学|老师|家长|学生|据|由|请|"
    r"把|被|给|找|叫|是|和|与|向|对|让|问|接|送|跟|及|的|了|在)"
)
_PERSON = re.compile(r"同学|老师|家长|小朋友|妈妈|爸爸|的(?:妈妈|爸爸|家长|作业|成绩)")
_LABEL = re.compile(r"(?:姓名|我叫|名叫|我是|监护人|联系人|学生|家长|收件人|申请人|同学)[:是 ]{0,3}$")

_SYLLABLE = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|"
    r"ian|iao|uai|uan|van|ai|ei|ao|ou|an|en|er|in|ia|ie|iu|ua|uo|ui|un|ue|ve|"
    r"a|o|e|i|u|v))"
)
_PINYIN_SURNAMES = vocabulary("pinyin_surnames")
_SUR = "|".join(sorted({*_PINYIN_SURNAMES, *(s.upper() for s in _PINYIN_SURNAMES)}, key=len, reverse=True))
_LATIN = re.compile(
    rf"(?<![A-Za-z])(?:{_SUR}),? (?=[A-Z])((?i:{_SYLLABLE}(?:[-' ]?{_SYLLABLE})?))(?![A-Za-z])"
)
_REVERSED = re.compile(rf"(?<![A-Za-z])(?=[A-Z])((?i:{_SYLLABLE}-?{_SYLLABLE})) (?:{_SUR})(?![A-Za-z])")
_LOWER = re.compile(
    rf"(?<![A-Za-z])(?:{_SUR.lower()}) {_SYLLABLE}(?: ?{_SYLLABLE})?(?= ?(?:同学|"
    rf"老师|家长))|(?<=姓名:)(?i:(?:{_SUR.lower()}) ?{_SYLLABLE}(?: ?{_SYLLABLE})?)(?!["
    rf"A-Za-z])"
)
_TWO_WORDS = re.compile(r"[A-Za-z],? [A-Z]")
_LOWER_HINT = re.compile(r"[a-z] ?(?:同学|老师|家长)|姓名:[A-Za-z]")
_PLACES = vocabulary("places")
_TEXTBOOK_LATIN = frozenset({"Li Hua", "Li Ming", "Han Meimei", "Li Lei"})
_SELF = re.compile(r"(?:name is|name's|I am|I'm|called|姓名:) ?$")


def find_other_names(folded: str) -> Iterator[Span]:
    """Dotted names of China's peoples, Tibetan and Mongolian names, Chinese names in pinyin.

    Args:
        folded: text after :func:`folding.fold`.
    """
    if "·" in folded:
        yield from _find_dotted(folded)
    for match in _UNDOTTED.finditer(folded):
        yield Span(match.start(), match.end(), "name", 0.85, "name: Tibetan or Mongolian name elements")
    if _TWO_WORDS.search(folded) is not None:
        yield from _find_latin(_LATIN, folded)
        yield from _find_latin(_REVERSED, folded)
    if _LOWER_HINT.search(folded) is not None:
        yield from _find_latin(_LOWER, folded)


def _find_latin(pattern: re.Pattern[str], folded: str) -> Iterator[Span]:
    for match in pattern.finditer(folded):
        introduced = _SELF.search(folded, max(0, match.start() - 10), match.start()) is not None
        if match[0] in _PLACES or (match[0] in _TEXTBOOK_LATIN and not introduced):
            continue
        yield Span(match.start(), match.end(), "name", 0.85, "name: pinyin surname and syllables")


def _find_dotted(folded: str) -> Iterator[Span]:
    for match in _DOTTED.finditer(folded):
        start = match.start() + _words_before(match[0])
        end = match.end() - _words_after(match[0])
        name = folded[start:end]
        labelled = _LABEL.search(folded, max(0, start - 6), start) is not None
        if "·" not in name.strip("·"):
            continue
        if _STEM.search(name):
            yield Span(start, end, "name", 0.93, "name: dotted, with elements of a people of China")
        elif labelled or _PERSON.match(folded, end):
            yield Span(start, end, "name", 0.8, "name: dotted, introduced as a person here")


def _words_before(text: str) -> int:
    first = text.index("·")
    found = _LEFT_WORDS.match(text[: first - 1] if first > 1 else "")
    return found.end() if found else 0


_TAIL = re.compile(
    r"(?:同学|老师|家长|的|是|在|和|与|说|因|于|把|被|从|向|对|等|也|都|今|已|"
    r"没|给|跟|住|上|到|请|参|获|迟|反映|表示|小朋友|妈妈|爸爸|考|转|来|电话|"
    r"称|问|及|先生|女士|两|三|写|做|有|将|会|还|不(?!都))"
)


def _words_after(text: str) -> int:
    last = text[text.rindex("·") + 1 :]
    found = _TAIL.search(last, 2)
    return len(last) - found.start() if found else 0
