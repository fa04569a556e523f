"""Indexing: the terms by which questions are found: Chinese by character pairs, pinyin, words, formulas.

>>> sorted(code for code in codes(["w:方程"]))
[27016367]
"""

from __future__ import annotations

from zhiwei.engines.indexing.formulas import formula_terms
from zhiwei.engines.indexing.likeness import Shingles, similarity
from zhiwei.engines.indexing.pinyin import initials, split_syllables, syllable
from zhiwei.engines.indexing.suggesting import suggest
from zhiwei.engines.indexing.terms import Wanted, codes, name_terms, terms_of, wanted_terms

__all__ = [
    "Shingles",
    "Wanted",
    "codes",
    "formula_terms",
    "initials",
    "name_terms",
    "similarity",
    "split_syllables",
    "suggest",
    "syllable",
    "terms_of",
    "wanted_terms",
]
