"""Every setting the house reads is documented, and a wrong one is named with its remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhiwei.config import env

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented_and_nothing_else() -> None:
    documented = set(re.findall(r"^\| `(ZHIWEI_\w+)`", (ROOT / "docs/settings.md").read_text("utf-8"), re.M))
    assert documented == {setting.name for setting in env.SETTINGS}


def test_every_setting_the_code_names_is_declared() -> None:
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        named |= set(re.findall(r"\bZHIWEI_[A-Z_]+\b", path.read_text("utf-8")))
    assert named - {"ZHIWEI_AS_OWNER"} <= {setting.name for setting in env.SETTINGS} | {"ZHIWEI_"}


@pytest.mark.parametrize("value", ["zero", "0", "70000"])
def test_a_wrong_number_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ZHIWEI_PORT", value)
    with pytest.raises(env.SettingError, match="ZHIWEI_PORT"):
        env.whole("ZHIWEI_PORT", 8000, low=1, high=65535)
