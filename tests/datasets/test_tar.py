"""Tar files: read like folders, and refused as a whole where an entry is not harmless."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.core.paths import Home
from genstudio.datasets import archive, sources, store, tar
from genstudio.datasets.sources import open_source
from genstudio.datasets.tar import TarSource
from tests.datasets.folders import add, facts, png

PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    ".tar": bytes,
    ".tar.gz": gzip.compress,
    ".tgz": gzip.compress,
    ".tar.xz": lzma.compress,
    ".tar.bz2": bz2.compress,
}


def tarred(entries: dict[str, bytes], **kinds: bytes) -> bytes:
    """A tar with files, and entries of other kinds by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            made.addfile(entry, io.BytesIO(data))
        for name, kind in kinds.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            made.addfile(entry)
    return buffer.getvalue()


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("suffix", PACKINGS)
def test_every_packing_is_read(tmp_path: Path, suffix: str) -> None:
    contents = {"b/2.txt": b"two", "./a/1.txt": b"one", "a/.hidden": b"x", "__MACOSX/y": b"y"}
    path = write(
        tmp_path / f"set{suffix}", PACKINGS[suffix](tarred(contents, folder=tarfile.DIRTYPE))
    )
    source = open_source(path)
    try:
        assert source.names() == ["a/1.txt", "b/2.txt"]
        assert source.read("b/2.txt") == b"two"
        assert source.read("a/1.txt") == b"one"
        assert (source.size("a/1.txt"), source.size("nope")) == (3, 0)
        assert source.has("a/1.txt")
        assert not source.has("nope")
        with source.place("b/2.txt") as place:
            assert place == b"two"
        with pytest.raises(BadInput, match="is not in"):
            source.read("nope")
    finally:
        source.close()


@pytest.mark.parametrize(
    ("entries", "kinds", "reason"),
    [
        ({"../up.txt": b"x"}, {}, "leads out"),
        ({"/abs.txt": b"x"}, {}, "leads out"),
        ({"a\\b.txt": b"x"}, {}, "leads out"),
        ({"c:evil.txt": b"x"}, {}, "leads out"),
        ({"a/./b.txt": b"x"}, {}, "leads out"),
        ({"a.txt": b"x"}, {"link": tarfile.SYMTYPE}, "link or a device"),
        ({"a.txt": b"x"}, {"hard": tarfile.LNKTYPE}, "link or a device"),
        ({"a.txt": b"x"}, {"pipe": tarfile.FIFOTYPE}, "link or a device"),
        ({"a.txt": b"x"}, {"dev": tarfile.CHRTYPE}, "link or a device"),
    ],
)
def test_harmful_entries_refuse_the_whole(
    tmp_path: Path, entries: dict[str, bytes], kinds: dict[str, bytes], reason: str
) -> None:
    path = write(tmp_path / "evil.tar", tarred(entries, **kinds))
    with pytest.raises(BadInput, match=reason):
        TarSource(path)


def test_twice_the_same_name_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "twice.tar", tarred({"a.png": b"1", "A.PNG": b"2"}))
    with pytest.raises(BadInput, match="in it twice"):
        TarSource(path)


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar, "_SMALL", 1024 * 1024)
    path = write(tmp_path / "bomb.tar.gz", gzip.compress(bytes(8 * 1024 * 1024), 9))
    with pytest.raises(BadInput, match="packed more than"):
        TarSource(path)


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar, "MAX_FILES", 3)
    path = write(tmp_path / "many.tar", tarred({f"{n}.txt": b"x" for n in range(5)}))
    with pytest.raises(BadInput, match="more than 3 entries"):
        TarSource(path)


@pytest.mark.parametrize("suffix", PACKINGS)
def test_damage_is_a_sentence_and_closes_the_file(tmp_path: Path, suffix: str) -> None:
    whole = PACKINGS[suffix](tarred({"a.txt": bytes(range(256)) * 40}))
    for data in (whole[: len(whole) // 3], b"no tar at all" * 60, whole[:1]):
        path = write(tmp_path / f"bad{suffix}", data)
        with pytest.raises(BadInput, match=r"bad|a\.txt"):
            _all_of(path)


def _all_of(path: Path) -> bytes:
    with contextlib.closing(open_source(path)) as source:
        return source.read("a.txt")


def test_large_and_empty_entries_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "set.tar", tarred({"big.bin": bytes(2048), "none.bin": b""}))
    monkeypatch.setattr(tar, "MAX_PICTURE_BYTES", 1024)
    source = TarSource(path)
    with pytest.raises(BadInput, match="is larger than"):
        source.read("big.bin")
    with pytest.raises(BadInput, match="is empty"):
        source.read("none.bin")
    source.close()


@pytest.mark.parametrize("copy", [False, True])
def test_a_tar_becomes_a_dataset(tmp_path: Path, copy: bool) -> None:
    home = Home(tmp_path / "home")
    contents = {f"set/{c}/{n}.png": png(n + 10 * (c == "b")) for c in "ab" for n in range(5)}
    path = write(tmp_path / "bilder.tar.gz", gzip.compress(tarred(contents)))
    assert facts(add(home, path, copy=copy))["classes"] == ["a", "b"]
    first = store.open_pixels(home.datasets / "set", 20, 3)
    if copy:
        path.unlink()
        assert (home.datasets / "set" / "source.tar.gz").is_file()
    second = store.open_pixels(home.datasets / "set", 16, 3)
    assert len(first) == len(second) == 9
    np.testing.assert_array_equal(first.labels, second.labels)


def test_names_of_archives() -> None:
    for name in ("a.zip", "b.TAR", "c.tar.gz", "d.tgz", "e.tar.xz", "f.tbz2"):
        assert sources.is_archive_name(name)
    for name in ("a.npz", "zip", "b.gz", "c.tar.png", "d.jsonl.xz"):
        assert not sources.is_archive_name(name)
    assert sources.without_archive("cats.tar.gz") == "cats"
    assert sources.archive_suffix("my.cats.TAR.GZ") == ".tar.gz"
    assert sources.archive_suffix("v1.2.zip") == ".zip"
    assert archive.leads_out("../a")
