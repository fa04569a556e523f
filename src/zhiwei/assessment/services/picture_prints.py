"""The class picture and the slips for parents as PDF. What people wrote reaches the typesetter as data only."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from zhiwei.assessment.queries.picture_values import Picture
from zhiwei.engines.sheets import runs_of, typeset

Json = None | bool | int | float | str | Sequence["Json"] | dict[str, "Json"]


def picture_pdf(picture: Picture) -> bytes:
    """Return the picture on A4, without pupils' names."""
    first = [
        {
            "why": one.why,
            "answers": [
                {
                    "kind": shown.kind,
                    "runs": runs_of(shown.text or "—"),
                    "score": _marks(shown.score, shown.max_score),
                }
                for shown in one.showings
            ],
        }
        for one in picture.first
    ]
    items = [
        {
            "n": one.position,
            "share": _percent(one.figures.facility),
            "telling": "" if one.figures.discrimination is None else f"{one.figures.discrimination:.2f}",
            "runs": runs_of("；".join(f"{group.text or '—'} ×{group.count}" for group in one.answers[:4])),
        }
        for one in picture.items
    ]
    return typeset(
        _program(),
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
        },
    )


def slips_pdf(title: str, class_name: str, slips: Sequence[dict[str, Json]]) -> bytes:
    """Return one page a pupil for the parents: no rank, no other child.

    Args:
        slips: Each ``{"name", "score", "rows": [{"n", "score", "point"}], "good", "practise"}``.
    """
    return typeset(_program(), {"form": "slips", "title": title, "class": class_name, "slips": list(slips)})


def _program() -> str:
    return files("zhiwei.assessment").joinpath("print", "picture.typ").read_text("utf-8")


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.0f}%"


def _marks(score: float, full: float) -> str:
    return f"{score:g} / {full:g}"
