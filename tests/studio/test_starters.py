"""Starter datasets: what ships is whole, small, licensed and can be added."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genstudio.core import files
from genstudio.core.errors import NotFound
from genstudio.core.paths import Home, resources
from genstudio.datasets import store
from genstudio.media import image
from genstudio.studio import starters
from genstudio.studio.datasets import Datasets
from genstudio.workers import inline
from tests.helpers import sources

NAMES = ["emoji", "fashion", "sprites"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def add(home: Home, name: str) -> dict:
    return list(inline.run("files", "add_starter", {"name": name}, home))[-1].data  # type: ignore[union-attr]


def test_three_ship_with_preview_and_licence(home: Home) -> None:
    found = Datasets(home).starters()
    assert [starter.name for starter in found] == NAMES
    for starter in found:
        assert starter.path.is_file()
        assert starter.licence
        assert starter.attribution
        assert starter.text.endswith(".")
        height, width = image.read(starter.preview).shape[:2]
        assert (width, height) == (560, 320)
        licence = (starter.path.parent / "LICENSE").read_text(encoding="utf-8")
        assert starter.licence.split(" ")[0] in licence


def test_they_are_small() -> None:
    folder = resources() / "datasets"
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) < 4 * 1024 * 1024


def test_licences_stand_with_the_others_and_in_the_notice() -> None:
    notice = (sources.ROOT / "NOTICE").read_text(encoding="utf-8")
    for name in ("fashion-mnist", "fluent-emoji", "dcss-tiles"):
        assert (resources() / "licences" / f"data-{name}.txt").is_file()
        assert f"resources/licences/data-{name}.txt" in notice


@pytest.mark.parametrize(
    ("name", "count", "tests", "size", "classes", "captions"),
    [
        ("fashion", 2500, 500, 28, 10, False),
        ("emoji", 500, 0, 64, 0, True),
        ("sprites", 700, 0, 32, 4, True),
    ],
)
def test_each_becomes_a_dataset(
    home: Home, name: str, count: int, tests: int, size: int, classes: int, captions: bool
) -> None:
    done = add(home, name)
    assert (done["count"], done["test_count"], done["size"]) == (count, tests, size)
    assert (len(done["classes"]), done["captions"], done["skipped"]) == (classes, captions, 0)
    dataset = store.load(home, name)
    assert dataset.licence
    assert dataset.attribution
    assert dataset.copied
    channels = dataset.facts.channels
    pixels = store.open_pixels(home.datasets / name, size, channels)
    assert len(pixels) == count - dataset.valid_count
    assert add(home, name) == done, "adding it again changes nothing"


def test_unknown_names_name_the_known(home: Home) -> None:
    with pytest.raises(NotFound, match="emoji, fashion, sprites"):
        add(home, "flowers")


def test_broken_and_escaping_starters_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "resources" / "datasets"
    good = {
        "format": 1, "name": "good", "title": "T", "text": "X.", "count": 1, "licence": "MIT",
        "attribution": "me", "file": "data.zip",
    }  # fmt: skip
    for name, told in {
        "good": good,
        "escaping": good | {"file": "../../secret.zip"},
        "old": good | {"format": 9},
        "odd": good | {"extra": 1},
    }.items():
        files.write_text(folder / name / "starter.json", json.dumps(told))
    files.write_text(folder / "broken" / "starter.json", "{")
    monkeypatch.setattr(starters, "resources", lambda: tmp_path / "resources")
    assert [starter.name for starter in starters.starters()] == ["good"]
