"""Chinese names as people search for them: characters, full pinyin, initials, number."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def _spelled(name: str) -> tuple[str, str]:
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(name)
    return "".join(syllables).lower(), "".join(one[:1] for one in syllables).lower()


def search_text(name: str, number: str = "") -> str:
    """Return what a search looks in: ``王小明 wangxiaoming wxm 20230101`` (at most 300 characters)."""
    full, initials = _spelled(name.strip())
    return f"{name.strip()} {full} {initials} {number}".strip()[:300]
