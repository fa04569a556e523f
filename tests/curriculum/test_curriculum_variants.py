"""Parameterised items: every seed gives a whole question whose answer and solution still hold."""

from __future__ import annotations

import ast
import json
import operator
import random
import re
from fractions import Fraction
from pathlib import Path

import pytest

ITEMS = Path(__file__).resolve().parents[2] / "src/zhiwei/curriculum/starter/items"
VARYING = [
    item
    for path in sorted(ITEMS.glob("*.jsonl"))
    for item in map(json.loads, path.read_text("utf-8").splitlines())
    if "parameters" in item
]
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
COMPARISONS = {ast.NotEq: operator.ne, ast.Eq: operator.eq, ast.Lt: operator.lt, ast.Gt: operator.gt}


def arithmetic(text: str, values: dict[str, Fraction]) -> Fraction:
    """Plain arithmetic over named numbers; anything else is refused."""

    def walk(node: ast.AST) -> Fraction:
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return Fraction(node.value)
        if isinstance(node, ast.Name):
            return values[node.id]
        if isinstance(node, ast.BinOp):
            return OPERATORS[type(node.op)](walk(node.left), walk(node.right))
        if isinstance(node, ast.UnaryOp):
            return OPERATORS[type(node.op)](walk(node.operand))
        raise AssertionError(f"not arithmetic: {text}")

    return walk(ast.parse(text, mode="eval").body)


def holds(condition: str, values: dict[str, Fraction]) -> bool:
    node = ast.parse(condition, mode="eval").body
    assert isinstance(node, ast.Compare)
    left, right = (arithmetic(ast.unparse(side), values) for side in (node.left, node.comparators[0]))
    return COMPARISONS[type(node.ops[0])](left, right)


def draw(item: dict, seed: int) -> dict[str, Fraction]:  # type: ignore[type-arg]
    rng = random.Random(seed)
    for _ in range(200):
        values: dict[str, Fraction] = {}
        for p in item["parameters"]:
            choices = p.get("choices") or list(range(p["min"], p["max"] + 1, p.get("step", 1)))
            values[p["name"]] = Fraction(rng.choice(choices))
        for name, text in item.get("derived", {}).items():
            values[name] = arithmetic(text, values)
        if all(holds(c, values) for c in item.get("conditions", [])):
            return values
    raise AssertionError(f"{item['id']}: conditions leave no variant")


def fill(item: dict, values: dict[str, Fraction]) -> str:  # type: ignore[type-arg]
    text = json.dumps({k: v for k, v in item.items() if k not in {"parameters", "derived", "conditions"}})
    return re.sub(r"\{\{(\w+)\}\}", lambda m: str(values[m[1]]), text)


@pytest.mark.parametrize("item", VARYING, ids=lambda item: item["id"])
def test_every_seed_gives_a_whole_question(item: dict) -> None:  # type: ignore[type-arg]
    variants = {fill(item, draw(item, seed)) for seed in range(30)}
    assert len(variants) >= 4
    for text in variants:
        assert "{{" not in text
        made = json.loads(text)
        wrong = [s for s in made["samples"] if s["kind"] == "wrong"]
        right = [s for s in made["samples"] if s["kind"] == "full"]
        assert all(w.get("text") != r.get("text") or "text" not in w for w in wrong for r in right), text


def test_no_item_reuses_a_template_of_another() -> None:
    stems = [re.sub(r"\{\{\w+\}\}", "#", item["stem"]) for item in VARYING]
    assert len(set(stems)) == len(stems) >= 8
