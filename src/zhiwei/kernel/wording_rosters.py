"""One clear sentence for each thing that can be wrong with a roster."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "file_empty": _("文件是空的。"),
    "file_too_large": _("文件超过 {limit} MB 上限，请分开导入。"),
    "old_xls": _("这是旧版 .xls 或加了密码的文件，请在 Excel 中另存为不加密的 .xlsx。"),
    "not_a_workbook": _("压缩包里没有 Excel 工作簿，也没有 OneRoster 的 manifest.csv。"),
    "xlsx_damaged": _("工作簿已损坏，请用 Excel 打开后另存一份再导入。"),
    "xml_entities": _("工作簿里含有实体声明，可能是恶意文件，已拒绝。"),
    "zip_damaged": _("压缩包已损坏，请重新导出。"),
    "zip_members": _("压缩包里有 {found} 个文件，超过 {limit} 个上限。"),
    "zip_twice": _("压缩包里有两个同名文件。"),
    "zip_traversal": _("压缩包里的文件名指向包外，已拒绝。"),
    "zip_link": _("压缩包里有符号链接，已拒绝。"),
    "zip_locked": _("压缩包加了密码，请去掉密码后再导入。"),
    "zip_nested": _("压缩包里还有压缩包，请解开后再导入。"),
    "zip_bomb": _("压缩比异常，可能是压缩炸弹，已拒绝。"),
    "zip_too_large": _("解压后超过 {limit} MB 上限，请分开导入。"),
    "encoding": _("这一行的文字既不是 UTF-8、UTF-16，也不是 GB18030，请另存为 UTF-8。"),
    "binary": _("这不是文本表格，请导入 .xlsx、.csv 或 OneRoster 压缩包。"),
    "csv_broken": _("这一行的引号不成对，后面的列无法分辨。"),
    "too_many_rows": _("超过 {limit} 行上限，请分开导入，或删去末尾的空行。"),
    "too_many_columns": _("超过 {limit} 列上限，请删去多余的列。"),
    "cell_too_long": _("有一格超过 {limit} 个字。"),
    "manifest_missing": _("压缩包里没有 manifest.csv，不是 OneRoster 花名册。"),
    "manifest_version": _("只支持 OneRoster 1.1 和 1.2，这里写的是「{value}」。"),
    "manifest_delta": _("只支持全量（bulk）导出，不支持增量（delta）。"),
    "table_missing": _("OneRoster 压缩包里缺少这张表。"),
    "school_unknown": _("压缩包里有 {found} 所学校，其中没有「{value}」；请核对学校名称或代码。"),
    "no_people": _("没有找到一个可导入的人，请核对工作表名称和列标题。"),
    "headings": _("没有找到认识的列标题，请用模板里的标题。"),
    "heading_missing": _("缺少这一列。"),
    "heading_twice": _("这一列出现了两次，请留一列。"),
    "merged": _("{value} 是合并单元格，请取消合并并逐行填写。"),
    "formula": _("这一格是公式，请改为数值（复制后「选择性粘贴—数值」）。"),
    "empty": _("必填，但没有填。"),
    "too_long": _("超过 {limit} 个字。"),
    "twice": _("「{value}」与第 {first} 行重复。"),
    "number_precision": _("「{value}」已丢失末尾几位数字，请把这一列设为文本格式后重新填写。"),
    "number_signs": _("「{value}」含有号码里不能有的符号。"),
    "leading_zeros": _("「{value}」可能丢了开头的 0，请把这一列设为文本格式后重新填写。"),
    "name_signs": _("「{value}」不像姓名。"),
    "date": _("「{value}」不是日期，请写成 2012-03-04。"),
    "date_range": _("「{value}」不在 1900 年至今之间。"),
    "sex": _("「{value}」不是性别，请填男或女。"),
    "phone": _("「{value}」不是电话号码。"),
    "grade": _("「{value}」不是年级，请写成 八年级 或 高一。"),
    "yes_or_no": _("「{value}」请改为 是 或 否。"),
    "period": _("结束日期「{value}」不晚于开始日期。"),
    "cycle": _("「{value}」绕了一圈又回到自己，请改正上级或监护人。"),
    "identity": _("学号与学籍号（或来源标识）在系统里属于两个人：{value}。请核对。"),
    "other_kind": _("号码 {value} 在系统里属于另一类人员（学生与教职工互撞），请核对。"),
    "class_closed": _("班级「{value}」已撤销，请换一个班级名称。"),
    "class_unknown": _("本单位之下不能直接建立班级「{value}」，请先建好专业与班级。"),
}
FORMATS = {
    "sheet": _("Excel"),
    "csv": _("CSV"),
    "oneroster-1.1": _("OneRoster 1.1"),
    "oneroster-1.2": _("OneRoster 1.2"),
}


def sentence(code: str, facts: Mapping[str, str]) -> str:
    """Return the sentence of a problem in the interface language."""
    return str(PROBLEMS[code]).format_map(_Facts(facts))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
