"""What fictional pupils write: the starter bank's samples, and more words where words differ."""

from __future__ import annotations

import json
import random
from functools import lru_cache
from importlib import resources
from typing import Any

Content = dict[str, Any]
Answer = dict[str, Any]

IN_WORDS: dict[str, tuple[tuple[str, float], ...]] = {
    "physics-short-answer-003": (
        ("原来乘客和车一起向前运动，刹车时脚随车停下来，上身由于惯性继续向前运动，所以人向前倾。", 4),
        ("刹车前人随车一起运动，刹车后脚受到摩擦力停下，上身由于惯性保持原来的运动状态，因此前倾。", 4),
        ("乘客本来和车一起，刹车脚停下了，上半身因为有惯性还要往前走，就倾了。", 4),
        ("车停了，人的上身由于惯性继续向前运动。", 2),
        ("因为人有惯性，车突然停，人还保持原来向前的状态。", 2),
        ("刹车时脚随车静止，上身由于惯性向前。", 3),
        ("人和车一起运动，刹车后由于惯性人向前倾。", 3),
        ("因为惯性。", 0),
        ("人受到了向前的惯性力，所以往前倾。", 0),
        ("刹车时惯性的作用使人向前倾。", 0),
        ("车给了人一个向前的力。", 0),
    ),
    "physics-short-answer-004": (
        ("因为压力一定时，受力面积大，压强小，滑雪时不会陷入雪里。", 4),
        ("人的重力一定，滑雪板宽而长增大受力面积可以减小压强，不容易陷进雪中。", 4),
        ("压力不变，增大了受力面积，减小了压强，人就不会陷下去。", 4),
        ("增大受力面积，从而减小对雪地的压强。", 2),
        ("面积大，压强小，不会陷进雪里。", 3),
        ("压力一定，增大受力面积减小压强。", 3),
        ("又宽又长站得更稳。", 0),
        ("可以减小压力，让人不陷下去。", 1),
        ("减小受力面积，压强变小。", 0),
        ("因为滑得快。", 0),
    ),
}
"""Answers in pupils' words with what a teacher would give them."""


@lru_cache(maxsize=1)
def starter_items() -> dict[str, Content]:
    """Return the starter bank's items by their own keys."""
    folder = resources.files("zhiwei.curriculum").joinpath("starter", "items")
    lines = (
        line
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
        if file.name.startswith(("math-", "physics-"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    return {str(item["id"]): item for item in map(json.loads, lines)}


def drawn_answer(key: str, ability: float, draw: random.Random) -> tuple[Answer, float]:
    """Return what a pupil of some ability (0–1) writes to an item, and what it is worth."""
    item = starter_items()[key]
    if draw.random() < 0.04 * (1 - ability):
        return {}, 0.0
    luck = ability - float(item.get("difficulty", 0.4)) + draw.gauss(0.35, 0.3)
    kind = "full" if luck > 0.3 else "partial" if luck > 0.1 else "wrong"
    if key in IN_WORDS and draw.random() < 0.75:
        return _in_words(key, kind, float(item["max_score"]), draw)
    samples = [one for one in item["samples"] if one["kind"] == kind] or item["samples"][-1:]
    chosen = draw.choice(samples)
    return {name: chosen[name] for name in ("text", "value", "steps") if name in chosen}, float(
        chosen["score"]
    )


def _in_words(key: str, kind: str, full: float, draw: random.Random) -> tuple[Answer, float]:
    ranges = {"full": (full, full), "partial": (full * 0.25, full * 0.9), "wrong": (0, full * 0.2)}
    low, high = ranges[kind]
    text, score = draw.choice([one for one in IN_WORDS[key] if low <= one[1] <= high])
    return {"text": text}, float(score)
