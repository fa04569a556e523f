"""Logic under node: the desk's scores, evidence and save queue; the camera page's sheet and light."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from zhiwei import assessment

HERE = Path(__file__).parent / "js"
SCRIPTS = Path(assessment.__file__).parent / "static" / "assessment"
TEMPLATES = Path(assessment.__file__).parent / "templates" / "assessment"


@pytest.mark.parametrize("name", ["desk", "paper"])
def test_the_logic_holds(name: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here")
    done = subprocess.run(
        [node, "--test", str(HERE / f"{name}.test.mjs")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"pass [1-9]", done.stdout)


def test_every_part_the_desk_asks_for_is_on_its_page() -> None:
    script = (SCRIPTS / "desk.js").read_text("utf-8")
    page = (TEMPLATES / "desk.html").read_text("utf-8")
    parts = set(re.findall(r'part\("([\w-]+)"\)', script))
    words = set(re.findall(r'say\("(\w+)"', script))
    assert len(parts) > 20
    assert [one for one in parts if f"data-{one}" not in page] == []
    assert [one for one in words if f"data-word-{one}=" not in page] == []
    assert "innerHTML" not in script
    assert "eval(" not in script
