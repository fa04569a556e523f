"""The list of third-party files is consistent with the lock, and the sprite is built from it."""

import json
import re
from pathlib import Path

import pytest

from zhiwei.ui import assets

LOCK = json.loads((assets.SOURCES / "package-lock.json").read_text("utf-8"))


def test_the_lock_names_no_addresses_and_every_package_has_a_hash() -> None:
    packages = {name: one for name, one in LOCK["packages"].items() if name}
    assert packages
    assert all("resolved" not in one and one["integrity"].startswith("sha512-") for one in packages.values())


def test_the_lock_follows_the_package_file() -> None:
    wanted = json.loads((assets.SOURCES / "package.json").read_text("utf-8"))
    assert LOCK["packages"][""]["dependencies"] == wanted["dependencies"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted["dependencies"].values())


def test_licences_are_those_we_may_use() -> None:
    allowed = {"MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0"}
    licences = {name: one.get("license", "?") for name, one in LOCK["packages"].items() if name}
    assert {name: said for name, said in licences.items() if said not in allowed} == {}


def test_every_copied_file_comes_from_a_locked_package() -> None:
    for source, _ in assets.COPIES:
        parts = source.split("/")
        package = "/".join(parts[:2]) if source.startswith("@") else parts[0]
        assert f"node_modules/{package}" in LOCK["packages"]


def test_icon_names_are_unique_and_sorted() -> None:
    names = assets.icon_names()
    assert list(names) == sorted(set(names))


def test_a_sprite_keeps_each_drawing_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "dot.svg").write_text('<!-- x -->\n<svg width="24">\n <path d="M1 1"/>\n</svg>', "utf-8")
    sprite = assets.build_sprite(tmp_path, ("dot",))
    assert '<symbol id="dot" viewBox="0 0 24 24"' in sprite
    assert '<path d="M1 1"/></symbol>' in sprite


def test_a_file_that_is_no_drawing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dot.svg").write_text("hello", "utf-8")
    with pytest.raises(assets.AssetsError, match="dot"):
        assets.build_sprite(tmp_path, ("dot",))


def test_what_is_already_there_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("fetched again")

    monkeypatch.setattr(assets, "_fetch", refuse)
    (tmp_path / ".stamp").write_text(assets._fingerprint(), "utf-8")
    assert assets.install_assets(tmp_path, build=tmp_path / "build") is False


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_fetch", lambda build, *, dev: None)
    with pytest.raises(assets.AssetsError, match=re.escape("htmx.min.js")):
        assets.install_assets(tmp_path / "vendor", build=tmp_path / "build")
