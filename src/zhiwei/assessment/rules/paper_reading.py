"""From what was read on paper to an answer, and what its confidence means for marking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
BY_HAND = "by_hand"
"""Why an answer waits for a person: it is only a picture (a derivation, a drawing, a page that was not found)."""


def answer_from(item_type: str, readings: Sequence[Json]) -> dict[str, Any]:
    """Join the fields of one question into a response value with what is known of its reading.

    Args:
        item_type: Type of the item.
        readings: The question's fields in reading order: ``kind``, ``values``, ``confidence``, ``unsure``, ``remark``.

    Returns:
        ``{"text"}`` or ``{"value"}``, and ``reading``: ``confidence`` 0–1, ``unsure``, ``remark``, ``by_hand``.
    """
    by_hand = not readings or any(one["kind"] == "free" for one in readings)
    answer = {} if by_hand else _answer(item_type, readings)
    remarks = dict.fromkeys(str(one["remark"]) for one in readings if one["remark"])
    return answer | {
        "reading": {
            "confidence": 0.0 if by_hand else round(min(float(one["confidence"]) for one in readings), 3),
            "unsure": by_hand or any(bool(one["unsure"]) for one in readings),
            "remark": " ".join(remarks),
            BY_HAND: by_hand,
        }
    }


def corrected(value: Json, text: str, item_type: str) -> dict[str, Any]:
    """Return an answer as a person reads it: certain from now on.

    ``；`` separates blanks and ``、`` or nothing the letters of a choice.
    """
    if item_type == "blank":
        answer: dict[str, Any] = {"value": [part.strip() for part in text.replace(";", "；").split("；")]}
    elif item_type == "multiple_choice":
        answer = {"value": [sign for sign in text.upper() if sign.isalnum()]}
    else:
        answer = {"text": text}
    before = dict(value.get("reading") or {})
    return answer | {
        "reading": before | {"confidence": 1.0, "unsure": False, "by_person": True, BY_HAND: False}
    }


def shown(value: Json) -> str:
    """Return an answer as one line of text that :func:`corrected` takes back."""
    kept = value.get("value")
    if isinstance(kept, list):
        return "；".join(map(str, kept))
    return str(kept if kept is not None else value.get("text", ""))


def is_picture_only(value: Json) -> bool:
    """Tell whether an answer is only a picture, which no engine may judge."""
    return bool((value.get("reading") or {}).get(BY_HAND))


def is_unsure(value: Json) -> bool:
    """Tell whether a person should look at what was read before the mark counts."""
    return bool((value.get("reading") or {}).get("unsure"))


def reading_confidence(value: Json) -> float:
    """Return how sure the reading is; 1 for what was typed."""
    return float((value.get("reading") or {}).get("confidence", 1.0))


def _answer(item_type: str, readings: Sequence[Json]) -> dict[str, Any]:
    values = [str(value) for one in readings for value in one["values"]]
    if item_type == "multiple_choice":
        return {"value": values}
    if item_type in {"blank", "matching", "ordering"} and len(readings) > 1:
        return {"value": ["".join(map(str, one["values"])) for one in readings]}
    joined = "\n".join(values) if item_type in {"short_answer", "essay", "solution"} else "".join(values)
    return {"text": joined}
