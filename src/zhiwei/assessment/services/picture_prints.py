"""The class picture and the slips for parents as PDF. What people wrote reaches the typesetter as data only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

from zhiwei.assessment.queries.picture_values import Picture

Json = None | bool | int | float | str | Sequence["Json"] | dict[str, "Json"]


def picture_pdf(picture: Picture) -> bytes:
    """Return the picture on A4, without pupils' names."""
    first: list[Json] = [
        {
            "why": one.why,
            "answers": [
                {"kind": shown.kind, "text": shown.text, "score": _marks(shown.score, shown.max_score)}
                for shown in one.showings
            ],
        }
        for one in picture.first
    ]
    items: list[Json] = [
        {
            "n": one.position,
            "share": _percent(one.figures.facility),
            "telling": "" if one.figures.discrimination is None else f"{one.figures.discrimination:.2f}",
            "answers": "；".join(f"{group.text or '—'} ×{group.count}" for group in one.answers[:4]),
        }
        for one in picture.items
    ]
    return _typeset(
        {
            "form": "picture",
            "title": picture.title,
            "class": picture.class_name,
            "headline": picture.headline,
            "counts": f"{picture.judged} / {picture.expected}",
            "mean": _percent(picture.mean.value if picture.mean else None),
            "first": first,
            "items": items,
            "points": [{"title": one.title, "share": _percent(one.share)} for one in picture.points[:15]],
            "steps": [one.text for one in picture.steps],
        }
    )


def slips_pdf(title: str, class_name: str, slips: Sequence[dict[str, Json]]) -> bytes:
    """Return one page a pupil for the parents: no rank, no other child.

    Args:
        slips: Each ``{"name", "score", "rows": [{"n", "score", "point"}], "good", "practise"}``.
    """
    return _typeset({"form": "slips", "title": title, "class": class_name, "slips": list(slips)})


def _typeset(job: dict[str, Json]) -> bytes:
    import pylopdf_fonts_zh_cn
    import typst

    program = files("zhiwei.assessment").joinpath("print", "picture.typ").read_bytes()
    fonts = str(pylopdf_fonts_zh_cn.sans_path().parent)
    compiler = typst.Compiler(ignore_system_fonts=True, font_paths=typst.Fonts(False, True, [fonts]))
    pdf = compiler.compile(
        program,
        format="pdf",
        sys_inputs={"job": json.dumps(job, ensure_ascii=False)},
        pdf_tags=False,
        timestamp=0,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave no PDF")
    return pdf


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.0f}%"


def _marks(score: float, full: float) -> str:
    return f"{score:g} / {full:g}"
