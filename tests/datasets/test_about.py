"""Licence and credit from the words beside data."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.paths import Home
from genstudio.datasets import about, check, store
from tests.datasets.folders import MemorySource, add, facts, fill, png, said, zipped

README = "# set\n\n- **Licence:** CC BY-SA 4.0\n* Attribution: *Anna's pictures*\n- Count: 7\n"


@pytest.mark.parametrize(
    ("name", "words", "licence", "attribution"),
    [
        ("README.md", README, "CC BY-SA 4.0", "Anna's pictures"),
        ("readme.txt", "License: MIT\nCredit: me", "MIT", "me"),
        ("README", "license : cc0-1.0\nattribution: not required, thanks", "cc0-1.0", ""),
        ("sub/README.md", "> License: MIT", "MIT", ""),
        ("LICENSE", "MIT License\n\nCopyright (c) 2020 me", "MIT", ""),
        ("licence.txt", "Attribution-ShareAlike 4.0 International", "CC BY-SA 4.0", ""),
        ("COPYING", "Creative Commons Legal Code\n\nCC0 1.0 Universal", "CC0 1.0", ""),
        ("LICENSE", "All rights reserved", "", ""),
        ("README.md", "The licence was lost", "", ""),
        ("notes.txt", "License: MIT", "", ""),
        ("a/b/c/README.md", "License: MIT", "", ""),
    ],
)  # fmt: skip
def test_words(name: str, words: str, licence: str, attribution: str) -> None:
    found = about.read(MemorySource({name: words.encode(), "a.png": b"x"}))
    assert (found.licence, found.attribution) == (licence, attribution)
    assert found.file == (name if licence else "")


def test_the_readme_counts_before_the_licence_file() -> None:
    source = MemorySource({"LICENSE": b"MIT License", "README.md": b"License: CC BY 4.0"})
    assert about.read(source).licence == "CC BY 4.0"
    source = MemorySource({"LICENSE": b"MIT License", "README.md": b"nothing about it"})
    assert about.read(source).licence == "MIT"


@pytest.mark.parametrize("data", [b"\x00\x01", b"License: " + b"x" * 100_000, b""])
def test_what_cannot_be_read_says_nothing(data: bytes) -> None:
    assert about.read(MemorySource({"README.md": data})) == about.About()


def test_long_values_are_cut_for_the_record() -> None:
    found = about.read(MemorySource({"README.md": b"License: " + b"word " * 900}))
    assert len(found.licence) <= 300


def test_a_dataset_takes_them_unless_the_user_says_otherwise(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    source = fill(tmp_path / "data", {"README.md": README.encode(), "a.png": png(1)})
    report = facts(list(check.report([source])))
    assert (report["licence"], report["attribution"]) == ("CC BY-SA 4.0", "Anna's pictures")
    assert "licence and credit are what README.md says" in said(add(home, source))
    assert store.load(home, "set").attribution == "Anna's pictures"
    add(home, source, "other", licence="mine", attribution="me")
    assert store.load(home, "other").licence == "mine"


def test_inside_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "set.zip"
    path.write_bytes(zipped({"set/README.md": README.encode(), "set/a.png": png(1)}))
    assert facts(list(check.report([path])))["licence"] == "CC BY-SA 4.0"
