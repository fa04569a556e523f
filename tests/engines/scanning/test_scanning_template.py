from __future__ import annotations

import json

import pytest

from zhiwei.engines.scanning import template_from_json, template_to_json
from zhiwei.engines.sheets import Question, SheetError, SheetSpec, Template, lay_out


def rounded(template: Template) -> object:
    return json.loads(template_to_json(template))


@pytest.mark.parametrize("paper", ["A4", "A3", "8K"])
def test_a_template_survives_the_file(paper: str) -> None:
    questions = (Question("1", "choice"), Question("2", "grid", size=100), Question("3", "letter"))
    template = lay_out(SheetSpec("W", "题", questions, paper=paper)).template
    assert rounded(template_from_json(template_to_json(template))) == rounded(template)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda t: t.update(format="x"), "at format"),
        (lambda t: t["pages"][0]["regions"][0].update(kind="video"), "kind"),
        (lambda t: t["pages"][0]["regions"][0].update(box=[0, 0, -1, 5]), "box"),
        (lambda t: t["pages"][0]["regions"].append(t["pages"][0]["regions"][0]), "appears twice"),
        (lambda t: t["pages"].append(t["pages"][0] | {"regions": []}), "same number"),
        (lambda t: t.update(script="alert(1)"), "script"),
    ],
)
def test_a_wrong_template_is_refused_naming_the_place(change: object, names: str) -> None:
    template = lay_out(SheetSpec("W", "题", (Question("1", "choice"),))).template
    value = json.loads(template_to_json(template))
    change(value)  # type: ignore[operator]
    with pytest.raises(SheetError, match=names):
        template_from_json(json.dumps(value))


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, "null", "3"])
def test_what_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(SheetError, match="template"):
        template_from_json(text)
