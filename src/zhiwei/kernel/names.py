"""Chinese names as people search for them: characters, full pinyin, initials, number."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def _spelled(name: str) -> tuple[str, str]:
    from pypinyin import Style, lazy_pinyin, pinyin

    full = "".join(lazy_pinyin(name))
    initials = "".join(syllable[0][:1] for syllable in pinyin(name, style=Style.FIRST_LETTER))
    return full.lower(), initials.lower()


def search_text(name: str, number: str = "") -> str:
    """Return what a search looks in: ``王小明 wangxiaoming wxm 20230101`` (at most 300 characters)."""
    full, initials = _spelled(name.strip())
    return f"{name.strip()} {full} {initials} {number}".strip()[:300]
