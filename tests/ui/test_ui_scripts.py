"""Page scripts: their logic under node, their types under ``tsc --checkJs``, their promises by reading."""

import re
import subprocess
from pathlib import Path

import pytest

from zhiwei.ui import assets

SCRIPTS = Path(assets.__file__).parent / "static" / "ui" / "js"
TESTS = Path(__file__).parent / "js"


@pytest.fixture(scope="module")
def tools() -> assets.Tools:
    build = assets.build_folder()
    try:
        assets.install_assets(build=build, dev=True)
        return assets.find_tools(build)
    except assets.AssetsError as error:
        pytest.skip(f"no node here: {error}")


def test_the_logic_holds(tools: assets.Tools) -> None:
    files = sorted(str(file) for file in TESTS.glob("*.test.mjs"))
    done = subprocess.run(
        [tools.node, "--test", *files], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"pass [1-9]", done.stdout)


def test_types_fit(tools: assets.Tools) -> None:
    compiler = assets.build_folder() / "node_modules" / "typescript" / "lib" / "tsc.js"
    command = [tools.node, str(compiler), "--project", str(assets.SOURCES / "jsconfig.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_scripts_need_no_loosened_content_policy() -> None:
    for script in SCRIPTS.glob("*.js"):
        text = script.read_text("utf-8")
        assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", text), (
            script.name
        )


def test_every_word_a_script_asks_for_is_on_the_page() -> None:
    sheet = (SCRIPTS.parents[2] / "templates" / "ui" / "parts" / "words.html").read_text("utf-8")
    offered = {
        re.sub(r"-(\w)", lambda m: m.group(1).upper(), name) for name in re.findall(r"data-([\w-]+)=", sheet)
    }
    texts = [script.read_text("utf-8") for script in SCRIPTS.glob("*.js")]
    asked = {name for text in texts for name in re.findall(r'word\([^)]*?"(\w+)"', text)}
    assert asked
    assert asked <= offered
