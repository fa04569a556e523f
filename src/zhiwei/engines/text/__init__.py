"""Text: one spelling, words, sentences, vectors, negation; Chinese and English, all offline.

>>> words("Heated water evaporates.")
['heat', 'water', 'evaporat']
"""

from __future__ import annotations

from .decisive import decisive_words, lacks_decisive
from .encoder import DIMENSIONS, encode
from .findings import Finding, findings
from .negation import contradicts, negations, opposite_words
from .normalise import fold, has_han, is_chinese
from .sentences import Span, clauses, paragraphs, sentences
from .tokens import content_words, stem, word_count, words
from .vectors import char_grams, tfidf, word_grams

__all__ = [
    "DIMENSIONS",
    "Finding",
    "Span",
    "char_grams",
    "clauses",
    "content_words",
    "contradicts",
    "decisive_words",
    "encode",
    "findings",
    "fold",
    "has_han",
    "is_chinese",
    "lacks_decisive",
    "negations",
    "opposite_words",
    "paragraphs",
    "sentences",
    "stem",
    "tfidf",
    "word_count",
    "word_grams",
    "words",
]
