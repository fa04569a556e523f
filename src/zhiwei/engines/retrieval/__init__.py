"""Retrieval over a school's own materials: passages with their place, words and meaning fused, honest silence."""

from zhiwei.engines.retrieval.answerable import LOOKED_AT, THRESHOLD, chance_answered, features
from zhiwei.engines.retrieval.index import Entry, Index, build_index, entries_of, entry_of
from zhiwei.engines.retrieval.passages import document_text, passages_of
from zhiwei.engines.retrieval.quoting import Quote, quote
from zhiwei.engines.retrieval.searching import LONGEST_QUESTION, fuse, search
from zhiwei.engines.retrieval.terms import asked_terms, terms_of
from zhiwei.engines.retrieval.values import Hit, Passage

__all__ = [
    "LONGEST_QUESTION",
    "LOOKED_AT",
    "THRESHOLD",
    "Entry",
    "Hit",
    "Index",
    "Passage",
    "Quote",
    "asked_terms",
    "build_index",
    "chance_answered",
    "document_text",
    "entries_of",
    "entry_of",
    "features",
    "fuse",
    "passages_of",
    "quote",
    "search",
    "terms_of",
]
