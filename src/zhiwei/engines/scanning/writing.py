"""Read short handwriting: separate boxes, ruled blanks, lines of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from zhiwei.engines.scanning.flatten import PX_PER_MM, crop
from zhiwei.engines.scanning.second_look import DIGITS, digits_by_shape, weighed
from zhiwei.engines.scanning.strokes import (
    DIGIT_BAR,
    TEXT_BAR,
    Written,
    aired,
    begins_with_bar,
    cut_writing,
    ink_mask,
    plain_bars,
    split_power,
)
from zhiwei.engines.scanning.values import LineReading, Pixels, Recogniser
from zhiwei.engines.sheets import Box, Region

Read = tuple[tuple[str, ...], float, str]

NUMERIC = "0123456789.-+×^/"
_INSIDE_BOX_MM = 0.9
_LEAST_SIGN_MM = 1.2
_LEAST_INK_SHARE = 0.006
_SMALL_SIGNS = frozenset(".-·,")
_LINE_MM = 9.0
_POWER = re.compile(r"×(10)\^?([-+]?\d{1,3})$")
_CROSSED_CONFIDENCE = 0.5
_DISAGREED_CONFIDENCE = 0.6
_NUMBER_WIDTHS = (1.35, 0.8)
_BARS_CONFIDENCE = 0.95
_SIGN_ASPECT = 1.1
"""The widest from a sign's middle to the end of the writing, in heights of the writing."""


def read_boxes(flat: Pixels, region: Region, recogniser: Recogniser) -> Read:
    """Digit or letter boxes, one sign each; empty boxes at either end are left out.

    Every sign is looked at again: a digit by its shape (``second_look``), another sign drawn wider and in a
    thinner pen. Where the looks disagree the reading is doubtful. An empty box between written ones is a space
    in doubt and shows as ``?``.
    """
    pictures = [_cell_writing(flat, cell.box, region.alphabet) for cell in region.cells]
    written = [picture for picture in pictures if picture is not None]
    if not written:
        return (), 0.97, "blank"
    signs = _read_signs(written, region.alphabet, recogniser)
    confidence = min(sign.confidence for sign in signs)
    queue = iter(signs)
    text = "".join(" " if picture is None else next(queue).text for picture in pictures).strip()
    if " " in text:
        return (text.replace(" ", "?"),), 0.3, "gap"
    return (text,), confidence, ""


def _read_signs(written: Sequence[Pixels], alphabet: str, recogniser: Recogniser) -> list[LineReading]:
    """One sign a picture with the confidence that is left after the second look; ``?`` for none or several."""
    first = recogniser.read_lines([squared(picture) for picture in written], alphabet)
    digits = [index for index, line in enumerate(first) if len(line.text) == 1 and line.text in DIGITS]
    shapes = dict(zip(digits, digits_by_shape([written[index] for index in digits]), strict=True))
    others = [index for index, line in enumerate(first) if len(line.text) == 1 and index not in shapes]
    again = recogniser.read_lines([_wider(squared(written[index]), 1.2) for index in others], alphabet)
    thin = recogniser.read_lines([squared(thinned(written[index])) for index in others], alphabet)
    repeated = dict(zip(others, zip(again, thin, strict=True), strict=True))
    signs = []
    for index, line in enumerate(first):
        if index in shapes:
            signs.append(digit_of(line, shapes[index]))
        elif index in repeated:
            agreed = all(look.text == line.text for look in repeated[index])
            doubt = line.confidence if agreed else min(line.confidence, _DISAGREED_CONFIDENCE)
            signs.append(LineReading(line.text, doubt))
        else:
            signs.append(LineReading("?", 0.0))
    return signs


def thinned(sign: Pixels) -> Pixels:
    """A sign as of a thinner pen, with air around it: closed loops open, strokes that only touch come apart."""
    field = cv2.copyMakeBorder(sign, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=(255,))
    return np.asarray(cv2.dilate(field, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def digit_of(line: LineReading, shape: str) -> LineReading:
    """A digit from both looks. A 7 without its hook is read as 1 by the recogniser, never the other way round.

    Args:
        line: what the recogniser read, one digit.
        shape: what the second look says.
    """
    sure = weighed(line.text, line.confidence, shape)
    return LineReading(shape if (line.text, shape) == ("1", "7") else line.text, sure)


def _cell_writing(flat: Pixels, box: Box, alphabet: str) -> Pixels | None:
    """The sign in a box; dust smaller than any sign of the alphabet is none."""
    inside = crop(flat, box.grown(-_INSIDE_BOX_MM))
    found = cut_writing(inside, ruled=False)
    if found is None or (ink_mask(inside) > 0).mean() < _LEAST_INK_SHARE:
        return None
    if not _SMALL_SIGNS & set(alphabet) and max(found.picture.shape) < _LEAST_SIGN_MM * PX_PER_MM:
        return None
    return found.picture


def squared(picture: Pixels) -> Pixels:
    """Put a single sign in the middle of a wider white field, as the recogniser has seen signs in lines."""
    height, width = picture.shape
    tall = max(height, round(width * 1.2), round(PX_PER_MM * 4.5))
    field = np.full((tall, max(width, round(tall * 1.1))), 255, dtype=np.uint8)
    y, x = (tall - height) // 2, (field.shape[1] - width) // 2
    field[y : y + height, x : x + width] = picture
    return field


def read_short(picture: Pixels, alphabet: str, recogniser: Recogniser) -> Read:
    """One short answer on a rule.

    Args:
        picture: grey region.
        alphabet: allowed signs; with digits and ``×`` the power of ten is told apart from the mantissa.
        recogniser: reads the line.
    """
    numeric = _is_numeric(alphabet)
    found = cut_writing(picture, DIGIT_BAR if numeric else TEXT_BAR)
    if found is None:
        return (), 0.95, "blank"
    if numeric:
        text, confidence = read_number(found, alphabet, recogniser)
    else:
        text, confidence = read_words(found.picture, alphabet, recogniser)
    if not text:
        return (), 0.0, "unreadable"
    if found.crossed_out:
        return (text,), min(confidence, _CROSSED_CONFIDENCE), "crossed_out"
    return (text,), confidence, ""


def read_words(writing: Pixels, alphabet: str, recogniser: Recogniser) -> tuple[str, float]:
    """A few words, read at two widths that must agree, with no ink left over at either end.

    A sign the network does not know vanishes without a trace in its answer; its ink does not.
    """
    picture = aired(writing)
    line, wider = recogniser.read_lines([picture, _wider(picture, 1.3)], alphabet)
    sure = line.text == wider.text and not leaves_ink(line, picture)
    return line.text, line.confidence if sure else min(line.confidence, _DISAGREED_CONFIDENCE)


def leaves_ink(line: LineReading, picture: Pixels) -> bool:
    """Whether the writing goes on by more than a sign's width before the first or after the last sign read.

    Args:
        line: what was read, with the place of each sign.
        picture: the line's picture, aired.
    """
    inked = np.flatnonzero((ink_mask(picture) > 0).any(axis=0))
    rows = np.flatnonzero((ink_mask(picture) > 0).any(axis=1))
    if not line.spans or not inked.size:
        return False
    width, sign = picture.shape[1], _SIGN_ASPECT * float(rows[-1] - rows[0] + 1)
    return bool(line.spans[0] * width - inked[0] > sign or inked[-1] - line.spans[-1] * width > sign)


def _is_numeric(alphabet: str) -> bool:
    return bool(alphabet) and set("0123456789.") <= set(alphabet)


def read_number(found: Written, alphabet: str, recogniser: Recogniser) -> tuple[str, float]:
    """A number, read whole at three widths and, when its end is raised, as base and exponent.

    Signs of different pens run together at one width and not at another, so readings that disagree are
    doubtful. Base and exponent count when they make a power of ten.
    """
    whole = aired(found.picture)
    pictures = [whole, *(_wider(whole, width) for width in _NUMBER_WIDTHS)]
    looks = len(pictures)
    power = split_power(found)
    if power is not None:
        pictures += [aired(power[0]), _wider(aired(power[1]), 1.2)]
    lines = recogniser.read_lines(pictures, alphabet)
    if power is not None:
        exponent = _exponent(power[1], lines[looks + 1])
        text, confidence = _as_power(lines[looks], exponent)
        if text:
            return text, confidence
    return voted([number_text(line) for line in lines[:looks]])


def _exponent(part: Pixels, line: LineReading) -> LineReading:
    """The exponent by its pieces when it is bars alone, else as recognised; a minus is never lost."""
    bars = plain_bars(part)
    if bars:
        agreed = set(line.text) <= set("-1.")
        return LineReading(bars, _BARS_CONFIDENCE if agreed else _DISAGREED_CONFIDENCE)
    if begins_with_bar(part) and not line.text.startswith("-"):
        return LineReading("-" + line.text, min(line.confidence, _DISAGREED_CONFIDENCE))
    return line


def _as_power(base: LineReading, exponent: LineReading) -> tuple[str, float]:
    mantissa = re.fullmatch(r"([-+]?\d+(?:\.\d+)?)×10", base.text.strip("."))
    if mantissa is None or not re.fullmatch(r"[-+]?\d{1,3}", exponent.text.strip(".")):
        return "", 0.0
    return f"{mantissa[1]}×10^{exponent.text.strip('.')}", min(base.confidence, exponent.confidence)


def voted(looks: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """The text with most confidence over all looks; what other looks say against it lowers its own.

    Args:
        looks: text and confidence (0 to 1) of each look at the same writing.
    """
    sums: dict[str, float] = {}
    for text, confidence in looks:
        sums[text] = sums.get(text, 0.0) + confidence
    best = max(sums, key=lambda text: sums[text])
    votes = [confidence for text, confidence in looks if text == best]
    if len(votes) < len(looks):
        return best, min(_DISAGREED_CONFIDENCE, max(votes))
    return best, sum(votes) / len(votes)


def _wider(picture: Pixels, factor: float) -> Pixels:
    wide = cv2.resize(picture, None, fx=factor, fy=1.0, interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide, dtype=np.uint8)


def number_text(line: LineReading) -> tuple[str, float]:
    """A number as read, with ``×10`` followed by digits written as a power, and doubts about its form.

    A raised exponent loses its height in recognition; after ``×10`` only an exponent can follow.
    """
    text = line.text.strip(".")
    found = _POWER.search(text)
    if found:
        text = f"{text[: found.start()]}×10^{found[2]}"
    well_formed = re.fullmatch(r"[-+]?\d+(\.\d+)?(×10\^[-+]?\d+)?(/\d+)?", text) is not None
    return text, line.confidence if well_formed else min(line.confidence, 0.4)


def read_ruled_lines(flat: Pixels, region: Region, recogniser: Recogniser) -> Read:
    """Lines of text on printed rules 9 mm apart, one string a line; empty lines at the end are left out."""
    count = max(1, round(region.box.h / _LINE_MM))
    each = region.box.h / count
    boxes = [Box(region.box.x, region.box.y + i * each - 0.8, region.box.w, each + 0.8) for i in range(count)]
    found = [cut_writing(crop(flat, box)) for box in boxes]
    written = [aired(line.picture) for line in found if line is not None]
    if not written:
        return (), 0.95, "blank"
    readings = iter(
        replace(line, confidence=min(line.confidence, _DISAGREED_CONFIDENCE))
        if leaves_ink(line, picture)
        else line
        for line, picture in zip(recogniser.read_lines(written, region.alphabet), written, strict=True)
    )
    lines = [next(readings) if line is not None else LineReading("", 1.0) for line in found]
    while lines and not lines[-1].text:
        lines.pop()
    crossed = any(line is not None and line.crossed_out for line in found)
    confidence = min((line.confidence for line in lines if line.text), default=0.0)
    text = tuple(line.text for line in lines)
    return (
        text,
        min(confidence, _CROSSED_CONFIDENCE) if crossed else confidence,
        "crossed_out" if crossed else "",
    )
