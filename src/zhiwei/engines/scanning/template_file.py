"""Templates as JSON: bounded and checked before use, so that a wrong file is one clear sentence."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from typing import cast

from zhiwei.engines.sheets import Box, Cell, Marker, PageTemplate, Region, Rule, SheetError, Template

Json = dict[str, object]
_LONGEST = 64 << 20
FORMAT = "zhiwei-template-1"


def template_to_json(template: Template) -> str:
    """The template as JSON text; see ``template.schema.json`` beside this module."""
    pages = [_page_to_json(page) for page in template.pages]
    value = {"format": FORMAT, "work": template.work, "title": template.title, "pages": pages}
    return json.dumps(value, ensure_ascii=False)


def template_from_json(text: str) -> Template:
    """Read a template.

    Raises:
        SheetError: too large, not JSON, or not a template; the message names the place.
    """
    if len(text) > _LONGEST:
        raise SheetError("template: larger than 64 MB")
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SheetError(f"template: not JSON ({error})") from error
    _check(value)
    body = cast(Json, value)
    pages = tuple(_page(page) for page in cast(list[Json], body["pages"]))
    template = Template(str(body["work"]), str(body["title"]), pages)
    _check_keys(template)
    return template


@lru_cache(maxsize=1)
def template_schema() -> Json:
    """The JSON Schema of the template format."""
    text = files("zhiwei.engines.scanning").joinpath("template.schema.json").read_text("utf-8")
    return cast(Json, json.loads(text))


def _check(value: object) -> None:
    from jsonschema import Draft202012Validator

    error = next(Draft202012Validator(template_schema()).iter_errors(value), None)
    if error is not None:
        place = "/".join(str(part) for part in error.absolute_path) or "top"
        raise SheetError(f"template: at {place}: {error.message[:200]}")


def _check_keys(template: Template) -> None:
    keys = [region.key for page in template.pages for region in page.regions]
    repeated = (
        next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None
    )
    if repeated is not None:
        raise SheetError(f"template: region key '{repeated}' appears twice")
    numbers = [page.number for page in template.pages]
    if len(set(numbers)) < len(numbers):
        raise SheetError("template: two pages have the same number")


def _page_to_json(page: PageTemplate) -> Json:
    value: Json = {
        "number": page.number,
        "width_mm": round(page.width_mm, 3),
        "height_mm": round(page.height_mm, 3),
        "regions": [_region_to_json(region) for region in page.regions],
    }
    if page.markers:
        value["markers"] = [{"number": mark.number, "box": _numbers(mark.box)} for mark in page.markers]
    if page.qr:
        value["qr"] = _numbers(page.qr)
    if page.rules:
        value["rules"] = [asdict(rule) for rule in page.rules]
    if page.px_per_mm:
        value["px_per_mm"] = page.px_per_mm
    if page.reference_png:
        value["reference_png"] = page.reference_png
    return value


def _region_to_json(region: Region) -> Json:
    value: Json = {
        "key": region.key,
        "question": region.question,
        "kind": region.kind,
        "box": _numbers(region.box),
    }
    if region.cells:
        value["cells"] = [{"box": _numbers(c.box), "value": c.value, "group": c.group} for c in region.cells]
    if region.alphabet:
        value["alphabet"] = region.alphabet
    if region.multiple:
        value["multiple"] = True
    return value


def _numbers(box: Box) -> list[float]:
    return [round(value, 3) for value in (box.x, box.y, box.w, box.h)]


def _box(value: object) -> Box:
    x, y, w, h = (float(part) for part in cast(list[float], value))
    return Box(x, y, w, h)


def _page(value: Json) -> PageTemplate:
    return PageTemplate(
        number=cast(int, value["number"]),
        width_mm=cast(float, value["width_mm"]),
        height_mm=cast(float, value["height_mm"]),
        regions=tuple(_region(region) for region in cast(list[Json], value["regions"])),
        markers=tuple(
            Marker(cast(int, mark["number"]), _box(mark["box"]))
            for mark in cast(list[Json], value.get("markers", []))
        ),
        qr=_box(value["qr"]) if "qr" in value else None,
        rules=tuple(
            Rule(cast(float, rule["x0"]), cast(float, rule["x1"]), cast(float, rule["y"]))
            for rule in cast(list[Json], value.get("rules", []))
        ),
        reference_png=str(value.get("reference_png", "")),
        px_per_mm=cast(float, value.get("px_per_mm", 0.0)),
    )


def _region(value: Json) -> Region:
    cells = tuple(
        Cell(_box(cell["box"]), str(cell.get("value", "")), cast(int, cell.get("group", 0)))
        for cell in cast(list[Json], value.get("cells", []))
    )
    return Region(
        str(value["key"]),
        str(value["question"]),
        str(value["kind"]),
        _box(value["box"]),
        cells,
        str(value.get("alphabet", "")),
        bool(value.get("multiple", False)),
    )
