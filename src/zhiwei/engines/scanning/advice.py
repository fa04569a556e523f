"""Every finding as a code with a sentence in Chinese and English that says what to do."""

from __future__ import annotations

from dataclasses import dataclass

_SENTENCES: dict[str, tuple[str, str]] = {
    # files
    "empty": ("文件是空的：请重新扫描或重新上传。", "The file is empty: scan or upload it again."),
    "unsupported": (
        "不是可识别的文件：请用 PDF、JPEG、PNG、WebP、TIFF 或 ZIP。",
        "Not a kind of file that can be read: use PDF, JPEG, PNG, WebP, TIFF or ZIP.",
    ),
    "broken": (
        "文件已损坏，无法打开：请重新扫描或导出。",
        "The file is damaged and cannot be opened: scan or export it again.",
    ),
    "broken_page": ("这一页已损坏：请重新扫描这一页。", "This page is damaged: scan this page again."),
    "encrypted": ("文件有密码：请去掉密码后再上传。", "The file has a password: remove it and upload again."),
    "no_pages": ("文件里没有页面。", "The file has no pages."),
    "too_many_pages": ("页数超过上限：请分成几个文件上传。", "Too many pages: split it into several files."),
    "too_large": (
        "图像尺寸过大：请以 200–300 dpi 重新扫描。",
        "The image is too large: scan again at 200–300 dpi.",
    ),
    "file_too_large": (
        "文件超过大小上限：请分成几个文件。",
        "The file is over the size limit: split it into several files.",
    ),
    "archive_too_large": (
        "压缩包解开后过大：请分批上传。",
        "The archive unpacks to too much: upload it in parts.",
    ),
    "archive_in_archive": (
        "压缩包里还有压缩包：请先解开。",
        "An archive inside an archive: unpack it first.",
    ),
    "needs_too_much_memory": (
        "打开这个文件需要的内存过多，已停止。",
        "Opening this file needs too much memory; stopped.",
    ),
    "took_too_long": ("打开这个文件用时过长，已停止。", "Opening this file took too long; stopped."),
    "crashed": (
        "读取程序无法打开这个文件，已安全停止。",
        "The reader could not open this file and was stopped safely.",
    ),
    "missing_file": ("找不到文件。", "The file was not found."),
    "animated": (
        "动图只取第一帧：请确认内容完整。",
        "Animated image: only the first frame was taken; check it.",
    ),
    # pages
    "blurred": (
        "图像模糊：请对焦后重拍，或放平重新扫描。",
        "Blurred: focus and take it again, or scan it flat.",
    ),
    "dark": (
        "图像太暗：请在明亮处重拍，或调高扫描亮度。",
        "Too dark: take it in better light or raise the scanner's brightness.",
    ),
    "glare": (
        "有反光，部分内容看不清：请换角度重拍。",
        "Glare hides part of the page: take it from another angle.",
    ),
    "cut_off": (
        "页面没有拍全：请让四角都在画面内再拍。",
        "Part of the page is cut off: take it again with all corners in view.",
    ),
    "skewed": (
        "页面倾斜过大：请摆正后重拍。",
        "The page is tilted too far: straighten it and take it again.",
    ),
    "two_pages": ("画面里有两页：请一次只拍一页。", "Two pages in one picture: take one page at a time."),
    "blank": ("页面上没有作答。", "Nothing is written on this page."),
    "not_registered": (
        "找不到页面的定位标记：请确认是本次的答题纸，或手动对齐。",
        "The page's marks were not found: check that it is this sheet, or align it by hand.",
    ),
    "uneven": (
        "纸面弯曲：请压平后重拍，并核对读数。",
        "The paper is bent: flatten it, take it again and check the readings.",
    ),
    # assignment
    "no_code": (
        "二维码读不出：已按学号涂卡识别，请核对。",
        "The code could not be read: found by number bubbles; please check.",
    ),
    "bad_signature": (
        "二维码不是本校签发的：请核对来源。",
        "The code was not signed by this school: check where it comes from.",
    ),
    "other_work": (
        "这一页属于另一份作业：请放到对应的作业里。",
        "This page belongs to another work: put it there.",
    ),
    "unknown_pupil": (
        "不知道是谁的：请在待处理区指定学生。",
        "Whose page this is, is unknown: assign it in the tray.",
    ),
    "unknown_page": (
        "不知道是第几页：请在待处理区指定。",
        "Which page this is, is unknown: assign it in the tray.",
    ),
    "not_on_roster": (
        "名单里没有这名学生：请核对名单。",
        "This pupil is not on the roster: check the roster.",
    ),
    "number_disagrees": (
        "二维码与涂的学号不一致：请核对是谁的。",
        "Code and number bubbles name different pupils: check whose it is.",
    ),
    "duplicate": ("同一页收到多份：请选定一份。", "This page came in more than once: choose one."),
    "missing": ("缺页：请补扫。", "A page is missing: scan it."),
}


@dataclass(frozen=True)
class Advice:
    """One finding: a stable code and what to do about it in both languages."""

    code: str
    zh: str
    en: str


def advice(code: str) -> Advice:
    """The finding with this code.

    Raises:
        KeyError: the code is not known; a test walks over every code in use.
    """
    zh, en = _SENTENCES[code]
    return Advice(code, zh, en)


def all_codes() -> tuple[str, ...]:
    """Every code there is a sentence for."""
    return tuple(_SENTENCES)
