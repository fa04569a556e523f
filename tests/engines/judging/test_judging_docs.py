"""The documented examples and the published schemas hold for what the engine really does."""

from __future__ import annotations

import json
import re
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from zhiwei.engines.judging import (
    Flag,
    ItemType,
    grader_for,
    item_from_json,
    judgement_to_json,
    response_from_json,
)
from zhiwei.engines.judging.protocol import MODULES

PAGE = (Path(__file__).parents[3] / "docs" / "judging.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"### (\w+)\n```json\n(.*?)\n```\n```jsonl\n(.*?)\n```", PAGE, re.S)


def schema(name: str) -> Draft202012Validator:
    shape = json.loads(files("zhiwei.engines.judging").joinpath(f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(shape)
    return Draft202012Validator(shape)


def installed(kind: str) -> bool:
    module = MODULES[ItemType(kind)]
    return find_spec(module) is not None and hasattr(import_module(module), "build")


def test_every_type_has_an_example():
    assert [kind for kind, _, _ in EXAMPLES] == list(dict.fromkeys(kind for kind, _, _ in EXAMPLES))
    assert {kind for kind, _, _ in EXAMPLES} == {kind.value for kind in ItemType}


def test_schemas_know_the_types_and_flags():
    assert set(schema("item").schema["$defs"]["item"]["properties"]["type"]["enum"]) == set(ItemType)
    assert set(schema("judgement").schema["properties"]["flags"]["items"]["enum"]) == set(Flag)


@pytest.mark.parametrize(("kind", "item", "responses"), EXAMPLES, ids=[kind for kind, _, _ in EXAMPLES])
def test_examples_are_valid_and_judged_as_said(kind, item, responses):
    if not installed(kind):
        pytest.skip(f"no grader for {kind} is installed")
    shape = json.loads(item)
    schema("item").validate(shape)
    grader = grader_for(item_from_json(shape))
    for line in map(json.loads, responses.splitlines()):
        schema("response").validate(line)
        judged = grader.judge(response_from_json(line))
        schema("judgement").validate(judgement_to_json(judged))
        assert judged.score == line.get("score", judged.score)


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "riddle", "max_score": 1},
        {"type": "blank"},
        {"type": "blank", "max_score": 0},
        {"type": "composite", "max_score": 1},
    ],
)
def test_the_item_schema_refuses(shape):
    assert not schema("item").is_valid(shape)
