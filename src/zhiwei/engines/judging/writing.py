"""Judgements as JSON, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from .values import Evidence, Flag, Json, Judgement, PointResult, PointStatus, Reason


def judgement_to_json(judgement: Judgement) -> dict[str, Json]:
    """One judgement as the object ``zhiwei judge`` prints."""
    return {
        "id": judgement.response_id,
        "score": _plain(judgement.score),
        "max_score": _plain(judgement.max_score),
        "confidence": round(judgement.confidence, 4),
        "defer": judgement.defer,
        "points": [_point(point) for point in judgement.points],
        "evidence": [cast(dict[str, Json], asdict(span)) for span in judgement.evidence],
        "reasons": [cast(dict[str, Json], asdict(reason)) for reason in judgement.reasons],
        "flags": [*sorted(flag.value for flag in judgement.flags)],
        "engine": judgement.engine,
        "version": judgement.version,
        "parameters": dict(judgement.parameters),
    }


def _point(point: PointResult) -> Json:
    return {
        "id": point.id,
        "score": _plain(point.score),
        "max_score": _plain(point.max_score),
        "status": point.status.value,
        "description": point.description,
    }


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def judgement_from_json(shape: dict[str, Json]) -> Judgement:
    """A judgement from what :func:`judgement_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: the object was not written by :func:`judgement_to_json`.
    """

    def rows(key: str) -> list[dict[str, Json]]:
        return cast(list[dict[str, Json]], shape[key])

    return Judgement(
        response_id=str(shape["id"]),
        score=_number(shape["score"]),
        max_score=_number(shape["max_score"]),
        points=tuple(_read_point(row) for row in rows("points")),
        evidence=tuple(Evidence(**cast(dict[str, int | str], row)) for row in rows("evidence")),  # type: ignore[arg-type]
        reasons=tuple(Reason(**cast(dict[str, str], row)) for row in rows("reasons")),
        confidence=_number(shape["confidence"]),
        defer=bool(shape["defer"]),
        flags=frozenset(Flag(str(flag)) for flag in cast(list[str], shape["flags"])),
        engine=str(shape["engine"]),
        version=str(shape["version"]),
        parameters=cast(dict[str, Json], shape["parameters"]),
    )


def _read_point(row: dict[str, Json]) -> PointResult:
    return PointResult(
        id=str(row["id"]),
        score=_number(row["score"]),
        max_score=_number(row["max_score"]),
        status=PointStatus(str(row["status"])),
        description=str(row["description"]),
    )


def _number(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a number was expected, not {value!r}")
    return float(value)
