"""School subjects: Chinese and English names to the house's words."""

from __future__ import annotations

_SUBJECTS = {
    "数学": "math", "语文": "chinese", "英语": "english", "外语": "english", "物理": "physics", "化学": "chemistry",
    "生物": "biology", "生物学": "biology", "科学": "science", "历史": "history", "地理": "geography",
    "道德与法治": "politics", "思想政治": "politics", "政治": "politics", "信息科技": "computing",
    "信息技术": "computing", "体育": "sport", "体育与健康": "sport", "音乐": "music", "美术": "art", "艺术": "art",
    "劳动": "labour", "mathematics": "math", "maths": "math",
}  # fmt: skip


def subject_of(text: str) -> str:
    """Return the house's word for a subject; a subject we do not know stays as it is written (30 characters)."""
    value = text.strip()
    return _SUBJECTS.get(value, _SUBJECTS.get(value.lower(), value.lower() if value.isascii() else value))[
        :30
    ]
