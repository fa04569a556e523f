"""Words for roles, kinds and verbs as the pages show them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.values import Role

ROLES = {
    Role.PUPIL: _("学生"),
    Role.GUARDIAN: _("家长"),
    Role.TEACHER: _("任课教师"),
    Role.CLASS_TEACHER: _("班主任"),
    Role.SUBJECT_LEAD: _("教研组长"),
    Role.COUNSELLOR: _("心理教师"),
    Role.PRINCIPAL: _("校长"),
    Role.SCHOOL_ADMIN: _("学校管理员"),
    Role.DATA_OFFICER: _("数据专员"),
    Role.SECURITY_OFFICER: _("安全专员"),
    Role.RESEARCH_OFFICER: _("教研员"),
    Role.BUREAU_ADMIN: _("教育局管理员"),
    Role.AUDITOR: _("审计员"),
    Role.RESEARCHER: _("研究者"),
}
VERBS = {
    "list": _("列出"),
    "read": _("查看"),
    "search": _("检索"),
    "create": _("新建"),
    "update": _("修改"),
    "delete": _("删除"),
    "answer": _("作答"),
    "mark": _("批改"),
    "release": _("发布"),
    "export": _("导出"),
    "import": _("导入"),
    "approve": _("批准"),
    "manage": _("管理"),
}
SUBJECTS = {
    "math": _("数学"),
    "physics": _("物理"),
    "chinese": _("语文"),
    "english": _("英语"),
    "science": _("科学"),
}
SCOPES = {
    "works:read": _("查看作业、班级与题目"),
    "works:write": _("布置和修改作业"),
    "answers:write": _("作答与交卷"),
    "marks:write": _("批改、重新评分与发布"),
    "scans:write": _("上传扫描件并查看识别情况"),
    "results:read": _("查看作答、成绩、学情与错题"),
    "items:read": _("检索题库"),
    "facts:read": _("取已发布的学习记录（xAPI）"),
    "shares:read": _("读取获批的共享数据与分析结果"),
    "shares:write": _("申请共享数据、在分析间查询"),
}
PURPOSES = {
    "teaching": _("教学与作业批改"),
    "ai": _("由人工智能辅助批改与讲解"),
    "research": _("去标识化后用于教学研究"),
    "model_training": _("去标识化后用于训练模型"),
}
CONSENT_TEXT = "2026-1"


def purpose_name(purpose: str) -> str:
    """Return what is consented to in the interface language; unknown purposes as they are."""
    return str(PURPOSES.get(purpose, purpose))


def role_name(role: str) -> str:
    """Return a role's name in the interface language."""
    return str(ROLES[Role(role)])


def verb_name(verb: str) -> str:
    """Return a verb's name in the interface language; unknown verbs as they are."""
    return str(VERBS.get(verb, verb))


def subject_name(subject: str) -> str:
    """Return a school subject's name in the interface language; unknown subjects as they are."""
    return str(SUBJECTS.get(subject, subject))


def scope_name(scope: str) -> str:
    """Return what a key for programs may do, in the interface language; unknown scopes as they are."""
    return str(SCOPES.get(scope, scope))
