"""What becomes of each finding: removed, masked, replaced by a pseudonym, made coarser, or moved in time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from zhiwei.engines.privacy.pseudonyms import Pseudonyms
from zhiwei.engines.privacy.spans import PRIORITY, Span

ACTIONS = ("remove", "mask", "pseudonym", "generalise", "shift", "keep")
DEFAULT_ACTIONS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(PRIORITY, "mask")
    | {"name": "pseudonym", "address": "generalise", "school": "generalise", "class": "generalise"}
    | {"birth_date": "generalise", "email": "remove", "url": "remove", "ip": "remove"}
)
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "email": "邮箱",
        "url": "网址",
        "citizen_id": "身份证号",
        "pupil_number": "学籍号",
        "travel_permit": "通行证号",
        "passport": "护照号",
        "ip": "IP地址",
        "bank_card": "银行卡号",
        "mobile": "手机号",
        "landline": "电话号码",
        "wechat": "微信号",
        "qq": "QQ号",
        "student_number": "学号",
        "plate": "车牌号",
        "birth_date": "出生日期",
        "address": "地址",
        "class": "班级",
        "school": "学校",
        "name": "姓名",
    }
)
_GRADE = re.compile(r"^(?:[一二三四五六七八九1-9]年级|[初高小][一二三四五六1-6](?:年级)?|20[0-9]{2}级)")
_DISTRICT = re.compile(
    r"^(?:[^市区县镇乡路街]{2,8}?(?:自治区|省))?(?:[^省市区县镇乡路街]{1,10}?(?:市|"
    r"自治州|地区|盟))|^[^市区县镇乡路街]{2,8}?(?:自治区|省)"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}|[一二][〇零一二三四五六七八九]{3}年")


@dataclass(frozen=True)
class Replacement:
    """One finding and what stands in its place."""

    span: Span
    action: str
    text: str


@dataclass(frozen=True)
class Deidentified:
    """A text made safe.

    Attributes:
        text: the new text.
        replacements: in text order; spans refer to the original.
    """

    text: str
    replacements: tuple[Replacement, ...] = field(default=())


def apply_actions(
    text: str, spans: Sequence[Span], pseudonyms: Pseudonyms, actions: Mapping[str, str] = DEFAULT_ACTIONS
) -> Deidentified:
    """Replace every span of a text.

    Args:
        text: the original.
        spans: disjoint and in order, as :func:`detect.detect` returns them.
        pseudonyms: the release's pseudonyms; equal names stay equal within one release and cannot be joined
            across releases with other keys.
        actions: class to action; classes left out take :data:`DEFAULT_ACTIONS`.

    Raises:
        ValueError: an unknown class or action.
    """
    for kind, action in actions.items():
        if kind not in LABELS or action not in ACTIONS:
            raise ValueError(f"'{kind}={action}' is no class and action; actions are {', '.join(ACTIONS)}")
    pieces: list[str] = []
    replacements: list[Replacement] = []
    position = 0
    for span in spans:
        action = actions.get(span.kind, DEFAULT_ACTIONS[span.kind])
        new = replace_value(span.kind, text[span.start : span.end], action, pseudonyms)
        pieces += [text[position : span.start], new]
        replacements.append(Replacement(span, action, new))
        position = span.end
    return Deidentified("".join([*pieces, text[position:]]), tuple(replacements))


def replace_value(kind: str, value: str, action: str, pseudonyms: Pseudonyms) -> str:
    """The text that takes a value's place; ``shift`` moves dates and is a pseudonym for all else."""
    if action == "keep":
        return value
    if action == "remove":
        return f"【{LABELS[kind]}】"
    if action == "generalise":
        return _generalise(kind, value)
    if action == "shift" and kind == "birth_date":
        return pseudonyms.shift_date(value) or f"【{LABELS[kind]}】"
    if action in {"pseudonym", "shift"}:
        return pseudonyms.name_for(value) if kind == "name" else pseudonyms.token_for(kind, value)
    return _mask(kind, value)


def _mask(kind: str, value: str) -> str:
    """Stars in place of letters and digits; the little that is kept cannot name a person."""
    keep = {"name": (1, 0), "plate": (1, 0), "mobile": (3, 0), "landline": (0, 0)}.get(kind, (0, 0))[0]
    seen = 0
    masked: list[str] = []
    for char in value:
        seen += char.isalnum()
        masked.append("*" if char.isalnum() and seen > keep else char)
    return "".join(masked)


def _generalise(kind: str, value: str) -> str:
    label = f"【{LABELS[kind]}】"
    if kind == "class":
        grade = _GRADE.match(value)
        return grade[0] if grade else label
    if kind == "address":
        district = _DISTRICT.match(value)
        return f"{district[0]}{label}" if district else label
    if kind == "birth_date":
        year = _YEAR.search(value)
        return year[0].removesuffix("年") + "年" if year else label
    if kind == "school":
        level = re.search(r"幼儿园|小学|大学|学院|[中学校]", value)
        return (
            {"中": "某中学", "学": "某学校", "校": "某学校"}.get(level[0], f"某{level[0]}")
            if level
            else label
        )
    return label
