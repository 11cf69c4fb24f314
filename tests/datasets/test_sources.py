"""Folders with archives inside, several paths at once, packed single files."""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import pytest

from genstudio.core.errors import BadInput, NotFound
from genstudio.core.paths import Home
from genstudio.datasets import packed, sources, store
from genstudio.datasets.sources import FolderSource, open_sources
from tests.datasets.folders import MemorySource, add, facts, fill, png, said, zipped
from tests.datasets.test_tar import tarred


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_archives_in_a_folder_are_looked_into(tmp_path: Path) -> None:
    contents = {
        "cats.zip": zipped({"1.png": b"one", "sub/2.png": b"two"}),
        "deep/dogs.tar": tarred({"3.png": b"three"}),
        "readme.md": b"about",
        "broken.zip": b"PK\x03\x04 no",
    }
    source = FolderSource(fill(tmp_path / "data", contents))
    assert source.names() == [
        "broken.zip",
        "cats.zip/1.png",
        "cats.zip/sub/2.png",
        "deep/dogs.tar/3.png",
        "readme.md",
    ]
    assert list(source.faults) == ["broken.zip"]
    assert source.read("cats.zip/sub/2.png") == b"two"
    assert source.read("deep/dogs.tar/3.png") == b"three"
    assert (source.size("cats.zip/1.png"), source.size("readme.md"), source.size("no")) == (3, 5, 0)
    assert source.has("deep/dogs.tar/3.png")
    assert not source.has("cats.zip/9.png")
    assert not source.has("broken.zip/1.png")
    with source.place("cats.zip/1.png") as place:
        assert place == b"one"
    with source.place("readme.md") as place:
        assert isinstance(place, Path)
    source.close()


def test_a_folder_that_is_called_like_an_archive_is_a_folder(tmp_path: Path) -> None:
    source = FolderSource(fill(tmp_path / "data", {"old.zip/a.txt": b"words"}))
    assert source.names() == ["old.zip/a.txt"]
    assert source.read("old.zip/a.txt") == b"words"


def test_only_so_many_archives_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_ARCHIVES", 2)
    contents = {f"{n}.zip": zipped({"a.txt": b"x"}) for n in range(3)}
    source = FolderSource(fill(tmp_path / "data", contents))
    assert source.names() == ["0.zip/a.txt", "1.zip/a.txt", "2.zip"]
    assert "too many" in source.faults["2.zip"]
    source.close()


@pytest.mark.parametrize("copy", [False, True])
def test_a_zip_for_each_class(home: Home, tmp_path: Path, copy: bool) -> None:
    contents = {
        f"{word}.zip": zipped({f"{n}.png": png(n + 10 * k) for n in range(4)})
        for k, word in enumerate(("cats", "dogs"))
    }
    source = fill(tmp_path / "data", contents)
    assert facts(add(home, source, copy=copy))["classes"] == ["cats", "dogs"]
    pixels = store.open_pixels(home.datasets / "set", 20, 3)
    assert len(pixels) == 7
    if not copy:
        (source / "cats.zip").unlink()
        assert store.open_pixels(home.datasets / "set", 16, 3).skipped == 4
        fill(source, {"cats.zip": contents["cats.zip"]})
        assert store.open_pixels(home.datasets / "set", 16, 3).skipped == 0


def test_a_set_as_it_is_published(home: Home, tmp_path: Path) -> None:
    """A folder with an archive, a packed list of captions, a preview and words about it."""
    rows = "".join(f'{{"file": "{n}.png", "caption": "number {n}"}}\n' for n in range(6))
    contents = {
        "images.zip": zipped({f"{n}.png": png(n) for n in range(6)}),
        "captions.jsonl.xz": lzma.compress(rows.encode()),
        "preview.png": png(99, side=64),
        "README.md": b"# about",
    }
    events = add(home, fill(tmp_path / "published", contents))
    assert facts(events)["count"] == 6
    assert facts(events)["captions"] is True
    assert facts(events)["skipped"] == 0
    assert facts(events)["size"] == 20
    assert "6 of 6 have a caption" in said(events)


def test_several_paths_share_their_folder(home: Home, tmp_path: Path) -> None:
    fill(
        tmp_path / "data",
        {"a/1.png": png(1), "a/2.png": png(2), "b/3.png": png(3), "c/no.png": b""},
    )
    paths = [tmp_path / "data" / "a", tmp_path / "data" / "b" / "3.png"]
    source = open_sources(paths)
    assert source.root == tmp_path / "data"
    assert source.names() == ["a/1.png", "a/2.png", "b/3.png"]
    found = facts(add(home, paths))  # type: ignore[arg-type]
    assert (found["count"], found["classes"]) == (3, ["a", "b"])
    assert len(store.open_pixels(home.datasets / "set", 20, 3)) == 2


def test_paths_that_are_not_there_or_empty_are_named(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with pytest.raises(NotFound, match="gone is not there"):
        open_sources([tmp_path / "one", tmp_path / "gone"])
    with pytest.raises(BadInput, match="no file"):
        open_sources([tmp_path / "one", tmp_path / "two"])


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILES", 3)
    with pytest.raises(BadInput, match="more than 3 files"):
        FolderSource(fill(tmp_path / "data", {f"{n}.txt": b"x" for n in range(5)})).names()


@pytest.mark.parametrize("pack", [("a.txt.xz", lzma.compress), ("a.txt.gz", gzip.compress)])
def test_packed_files(pack) -> None:
    name, compress = pack
    data = compress(b"words" * 1000)
    assert packed.plain_name(name) == "a.txt"
    assert packed.suffix_of(name.upper()) == ".txt"
    assert packed.read(MemorySource({name: data}), name) == b"words" * 1000
    assert packed.head(name, data, 7) == b"wordswo"
    assert packed.head(name, b"junk", 7) == b""
    for broken in (data[:20], b"junk"):
        with pytest.raises(BadInput, match="cannot be unpacked"):
            packed.unpacked(name, broken)
    with pytest.raises(BadInput, match="larger than"):
        packed.unpacked(name, compress(bytes(3 * 1024 * 1024)), 1024 * 1024)


def test_plain_files_stay_as_they_are() -> None:
    assert packed.plain_name("a.b.txt") == "a.b.txt"
    assert packed.unpacked("a.txt", b"words") == b"words"
    assert packed.head("a.txt", b"words", 2) == b"wo"
    with pytest.raises(BadInput, match="larger than"):
        packed.unpacked("a.txt", bytes(2 * 1024 * 1024), 1024 * 1024)
