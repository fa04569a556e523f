"""Terms by which passages are found: pairs of Chinese characters, English stems and numbers, as CRC-32 numbers."""

from __future__ import annotations

import re
import zlib
from collections import Counter

import numpy as np
import numpy.typing as npt

from zhiwei.engines.text import content_words, fold, stem

Terms = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.uint8]
_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[^\W\d_a-z]+")
_ASKING = re.compile(
    r"为什么|是什么|什么是|有什么|什么时候|什么|怎么样|怎么办|怎样|怎么|如何|哪些|哪里|哪儿|哪一|哪个|哪种|多少|几个|几种"
    r"|谁的|是谁|请问|请|告诉我|解释一下|解释|说说|简述|是不是|能不能|可不可以|有没有|吗|呢|吧|啊"
)
_MOST = 255


def terms_of(text: str) -> tuple[Terms, Counts]:
    """Return the distinct terms of a passage, sorted, and how often each stands in it (at most 255)."""
    counted = Counter(map(_number, _split(fold(text))))
    ordered = sorted(counted)
    counts = np.array([min(counted[one], _MOST) for one in ordered], dtype=np.uint8)
    return np.array(ordered, dtype=np.uint32), counts


def asked_terms(question: str) -> list[int]:
    """Return the terms of a question without its asking words and particles, in order, each once.

    A question made of nothing else keeps all its terms.
    """
    plain = fold(question)
    kept = _split(" ".join(content_words(_ASKING.sub(" ", plain))), glue=plain)
    return list(dict.fromkeys(map(_number, kept or _split(plain))))


def _split(text: str, glue: str = "") -> list[str]:
    """Pairs of Chinese characters (a lone character stands for itself), stems, numbers.

    Args:
        glue: Text in which pairs may also bridge two neighbouring words.
    """
    found: list[str] = []
    for piece in _PIECE.findall(_rejoined(text, glue) if glue else text):
        if "\u3400" <= piece[0] <= "\u9fff":
            found += [piece[at : at + 2] for at in range(max(len(piece) - 1, 1))]
        else:
            found.append(stem(piece.removesuffix("'s")) if piece[0].isalpha() else piece)
    return found


def _rejoined(words: str, whole: str) -> str:
    """Close the gap between two words that stand side by side in the question itself."""
    out = ""
    for word in words.split(" "):
        out += word if out and (out.rsplit(" ", 1)[-1] + word) in whole else f" {word}"
    return out


def _number(term: str) -> int:
    return zlib.crc32(term.encode())
