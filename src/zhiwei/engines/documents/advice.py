"""Why a file was refused, as a sentence in Chinese and English that says what to do."""

from __future__ import annotations

_SENTENCES: dict[str, tuple[str, str]] = {
    "empty": ("文件是空的：请重新上传。", "The file is empty: upload it again."),
    "unsupported": (
        "不认识这种文件：请用 PDF、Word（docx）、PowerPoint（pptx）、Markdown、网页（html、mhtml）、文本或图片。",
        "Unknown kind of file: use PDF, Word (docx), PowerPoint (pptx), Markdown, HTML, MHTML, text or pictures.",
    ),
    "legacy_office": (
        "这是旧版 Office 文件：请另存为 docx 或 pptx 后再上传。",
        "This is a file of an old Office: save it as docx or pptx and upload again.",
    ),
    "broken": (
        "文件已损坏，无法打开：请重新导出后再上传。",
        "The file is damaged and cannot be opened: export it again.",
    ),
    "encrypted": ("文件有密码：请去掉密码后再上传。", "The file has a password: remove it and upload again."),
    "no_text": ("文件里没有读到文字。", "No text was found in the file."),
    "too_many_pages": ("页数超过上限：请分成几个文件。", "Too many pages: split it into several files."),
    "too_many_scans": (
        "扫描页超过上限（200 页）：请分成几个文件。",
        "Too many scanned pages (more than 200): split it into several files.",
    ),
    "too_long": (
        "文字超过上限（300 万字）：请分成几个文件。",
        "More than 3 million characters: split the file.",
    ),
    "file_too_large": (
        "文件超过 50 MB 上限：请分成几个文件。",
        "The file is over 50 MB: split it into several files.",
    ),
    "archive_too_large": (
        "文件解压后大得不正常，已拒绝。",
        "Unpacked, the file would be abnormally large: refused.",
    ),
    "hostile": (
        "文件里有不安全的内容（外部实体等），已拒绝。",
        "The file holds unsafe content (external entities): refused.",
    ),
    "no_page": ("文件没有这一页。", "The file has no such page."),
    "took_too_long": (
        "读取这个文件用时过长，已停止：请分成几个文件。",
        "Reading took too long and was stopped: split the file.",
    ),
    "crashed": (
        "这个文件使读取程序出错，已拒绝：请重新导出后再试。",
        "The file broke its reader and was refused: export it again.",
    ),
}


def advice(code: str, *, english: bool = False) -> str:
    """Return the sentence for a code of :class:`~zhiwei.engines.documents.RefusedError`."""
    return _SENTENCES.get(code, _SENTENCES["crashed"])[int(english)]


def all_codes() -> tuple[str, ...]:
    """Return every code there is a sentence for."""
    return tuple(_SENTENCES)
