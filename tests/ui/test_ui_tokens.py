"""Every pair of colours that carries text is readable in both themes (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

import zhiwei.ui

CSS = (Path(zhiwei.ui.__file__).parent / "static" / "ui" / "css" / "tokens.css").read_text("utf-8")
LIGHT = ":root {"
DARK = ':root[data-theme="dark"] {'
SYSTEM_DARK = ':root:not([data-theme="light"]) {'

TEXT_ON = [
    *[(text, ground) for text in ("ink", "ink-soft", "muted") for ground in ("paper", "surface")],
    ("ink", "sunk"),
    ("ink-soft", "sunk"),
    ("ink", "mark"),
    ("on-ink", "ink"),
    ("on-ink", "ink-soft"),
    *[
        (name, ground)
        for name in ("vermilion", "indigo", "green")
        for ground in ("paper", "surface", f"{name}-soft")
    ],
    *[("amber-ink", ground) for ground in ("paper", "surface", "amber-soft")],
    ("ink", "green-mid"),
    ("ink", "amber-mid"),
    *[("ink", f"{name}-soft") for name in ("vermilion", "indigo", "green", "amber")],
]
SHAPES_ON = [("line-strong", "paper"), ("line-strong", "surface"), ("ink", "paper")]


def tokens(opening: str) -> dict[str, str]:
    block = CSS[CSS.index(opening) :].split("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_agrees_with_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_is_readable(theme: str, text: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("shape", "ground"), SHAPES_ON)
def test_edges_of_controls_are_seen(theme: str, shape: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[shape], colours[ground]) >= 3


def test_dark_by_choice_and_dark_by_system_are_the_same() -> None:
    assert tokens(DARK) == tokens(SYSTEM_DARK)
    assert tokens(DARK).keys() == tokens(LIGHT).keys()
