"""Presidio with equal recognisers, timed in an interpreter that has it: JSON in on stdin, JSON out.

Input {"texts": [...], "names": [...], "warm": texts read once beforehand}. The recognisers are the same classes by
patterns with their label words; the roster is a deny list; the language pipeline is spaCy's blank Chinese, the
lightest there is.
"""

from __future__ import annotations

import json
import sys
import time

PATTERNS = {
    "citizen_id": (
        (
            r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}["
            r"\dXx](?!\d)"
        ),
        ["身份证"],
    ),
    "mobile": (r"(?<!\d)(?:\+86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", ["电话", "手机"]),
    "landline": (r"(?<!\d)\(?0\d{2,3}\)?[ -]?[2-9]\d{6,7}(?!\d)", ["座机", "电话"]),
    "email": (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}", ["邮箱"]),
    "ip": (r"(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?!\d)", ["IP"]),
    "url": (r"https?://[^\s]+", ["网址"]),
    "qq": (r"(?<=QQ)[:： ]?[1-9]\d{4,10}", ["QQ"]),
    "wechat": (r"(?<=微信号)[:： ]?[A-Za-z][-_A-Za-z0-9]{5,19}", ["微信"]),
    "bank_card": (r"(?<!\d)[1-9]\d{3}(?:[ -]?\d){9,15}(?!\d)", ["卡号"]),
    "plate": (
        (
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]·?[A-Z0-9]{"
            r"5,6}"
        ),
        ["车牌"],
    ),
    "passport": (r"(?<![A-Za-z0-9])[EG][A-Z]?\d{7,8}(?!\d)", ["护照"]),
    "pupil_number": (r"[GL]\d{17}[\dX]", ["学籍"]),
    "student_number": (r"(?<=学号)[:： ]?\d{2,16}", ["学号"]),
    "birth_date": (r"20\d{2}[-年/]\d{1,2}[-月/]\d{1,2}日?", ["出生"]),
    "class": (r"[一二三四五六七八九初高]{1,2}年?级?[(（]?\d{1,2}[)）]?班", ["班级"]),
    "school": (r"[一-龥]{2,12}(?:中学|小学|学校)", ["学校"]),
    "address": (r"[一-龥]{2,9}[市县区][一-龥0-9]{2,30}[号室]", ["地址"]),
    "name": (r"[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗][一-龥]{1,2}(?=同学|老师|家长)", ["姓名"]),
}


def main() -> int:
    """Time the analyzer over the given texts."""
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry

    given = json.load(sys.stdin)
    import spacy
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    engine = SpacyNlpEngine(models=[{"lang_code": "zh", "model_name": "blank"}])
    engine.nlp = {"zh": spacy.blank("zh")}
    registry = RecognizerRegistry(supported_languages=["zh"])
    for kind, (pattern, context) in PATTERNS.items():
        patterns = [Pattern(kind, pattern, 0.6)]
        registry.add_recognizer(
            PatternRecognizer(kind.upper(), patterns=patterns, context=context, supported_language="zh")
        )
    if given["names"]:
        names = PatternRecognizer("ROSTER", deny_list=given["names"], supported_language="zh")
        registry.add_recognizer(names)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["zh"])
    for text in given["texts"][: given.get("warm", 1)]:
        analyzer.analyze(text, language="zh")
    started, begun = time.perf_counter(), time.process_time()
    found = sum(len(analyzer.analyze(text, language="zh")) for text in given["texts"])
    seconds, cpu = time.perf_counter() - started, time.process_time() - begun
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "found": found}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
