"""The standard's data elements that school tables usually hold, with other names they go by and their code lists.

Names are those of JY/T 0633 and the education management data elements (GB/T 36351); codes are GB/T 2261.1 (sex),
GB/T 3304 (ethnic groups), GB/T 4762 (political status). Codes of elements are left out: none was checked.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from zhiwei.engines.intake.values import Kind

_NATIONS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
_POLITICS = (
    "中共党员 中共预备党员 共青团员 民革党员 民盟盟员 民建会员 民进会员 农工党党员 致公党党员 九三学社社员 台盟盟员 "
    "无党派人士 群众"
)


@dataclass(frozen=True, slots=True)
class Element:
    """A standard element: its name, what its values become, level 1 to 4, its code list ("" for none)."""

    name: str
    kind: Kind
    level: int
    codes: str
    aliases: tuple[str, ...]


@lru_cache(maxsize=1)
def elements() -> Mapping[str, Element]:
    """Return the elements by name."""
    text = files("zhiwei.engines.intake").joinpath("elements.csv").read_text("utf-8")
    return {
        row["name"]: Element(
            row["name"], Kind(row["kind"]), int(row["level"]), row["codes"], tuple(row["aliases"].split("|"))
        )
        for row in csv.DictReader(text.splitlines())
    }


@lru_cache(maxsize=8)
def code_list(name: str) -> Mapping[str, str]:
    """Return what may stand in a cell and its code: words, codes with and without leading zero; {} when unknown."""
    if name == "sex":
        return {
            "男": "1",
            "女": "2",
            "男性": "1",
            "女性": "2",
            "M": "1",
            "F": "2",
            "male": "1",
            "female": "2",
            "未知的性别": "0",
            "未知": "0",
            "未说明的性别": "9",
            "未说明": "9",
            **{code: code for code in "0129"},
        }
    if name == "nation":
        return _numbered(_NATIONS, 1, ending="族")
    return {**_numbered(_POLITICS, 1), "团员": "03", "党员": "01"} if name == "politics" else {}


def _numbered(words: str, first: int, ending: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for number, word in enumerate(words.split(), start=first):
        code = f"{number:02d}"
        found |= {word + ending: code, word: code, code: code, str(number): code}
    return found


def folded(title: str) -> str:
    """Return a heading as names are compared: no case, width, blanks, brackets with units, asterisks."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    plain = re.sub(r"[(\[【].*?[)\]】]", "", plain)
    return re.sub(r"[\s_\-*:：.,，、/]+", "", plain)
