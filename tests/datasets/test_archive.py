"""Zip files from strangers: the good ones open, the others are refused whole."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from genstudio.core.errors import BadInput
from genstudio.core.paths import Home
from genstudio.datasets import store
from genstudio.datasets.archive import ZipSource, is_zip
from tests.datasets.folders import add, facts, fill, png, said, zipped


def _open(data: bytes, folder: Path) -> ZipSource:
    path = folder / "set.zip"
    path.write_bytes(data)
    return ZipSource(path)


def _refused(data: bytes, folder: Path, reason: str) -> None:
    inner = folder / "deep" / "er"
    inner.mkdir(parents=True, exist_ok=True)
    before = {p for p in folder.rglob("*") if p.name != "set.zip"}
    with pytest.raises(BadInput, match=reason) as caught:
        _open(data, inner)
    assert "set.zip" in caught.value.problem.what
    assert caught.value.problem.next_step
    assert {p for p in folder.rglob("*") if p.name != "set.zip"} == before


@pytest.mark.parametrize(
    "name",
    [
        "../out.png",
        "a/../../out.png",
        "/etc/out.png",
        "//host/out.png",
        "C:/out.png",
        "c:out.png",
        "..\\out.png",
        "a\\b.png",
        "a//b.png",
        "./a.png",
        "a/./b.png",
        "..",
    ],
)
def test_names_that_lead_out(name: str, tmp_path: Path) -> None:
    _refused(zipped({"good.png": png(1), name: png(2)}), tmp_path, "leads out")


def test_zero_byte_in_a_name(tmp_path: Path) -> None:
    data = zipped({"aXb.png": png(1)}).replace(b"aXb.png", b"a\x00b.png")
    _refused(data, tmp_path, "leads out")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices(kind: int, tmp_path: Path) -> None:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("link.png")
        entry.create_system = 3
        entry.external_attr = (kind | 0o644) << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(BadInput, match="link or a device"):
        ZipSource(path)


def test_names_that_collide_where_case_does_not_count(tmp_path: Path) -> None:
    _refused(zipped({"A.png": png(1), "a.png": png(2)}), tmp_path, "twice")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice(tmp_path: Path) -> None:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", png(1))
        archive.writestr("a.png", png(2))
    with pytest.raises(BadInput, match="twice"):
        ZipSource(path)


def test_encrypted(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.png": png(1)}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    _refused(bytes(data), tmp_path, "encrypted")


def test_packed_too_tightly(tmp_path: Path) -> None:
    bomb = zipped({"a.bmp": bytes(8_000_000)}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 20_000
    _refused(bomb, tmp_path, "more than 200:1")
    many = {f"{n}.bmp": bytes(900_000) for n in range(30)}
    _refused(zipped(many, zipfile.ZIP_DEFLATED), tmp_path, "more than 200:1")


def test_even_small_pictures_may_pack_well(tmp_path: Path) -> None:
    source = _open(zipped({"a.bmp": bytes(100_000)}, zipfile.ZIP_DEFLATED), tmp_path)
    assert len(source.read("a.bmp")) == 100_000
    source.close()


def test_overlapping_entries(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.png": png(1), "b.png": png(2)}))
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 5)
    with pytest.raises(BadInput, match=r"overlaps|not a whole zip"):
        _open(bytes(data), tmp_path)


def test_a_size_that_lies(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.png": png(1)}))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 2**31)
    with pytest.raises(BadInput):
        _open(bytes(data), tmp_path).read("a.png")


def test_total_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genstudio.datasets.archive.MAX_BYTES", 1000)
    _refused(zipped({"a.png": png(1), "b.png": png(2)}), tmp_path, "unpacks to")
    monkeypatch.setattr("genstudio.datasets.archive.MAX_FILES", 1)
    _refused(zipped({"a.png": png(1), "b.png": png(2)}), tmp_path, "more than 1 entries")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(500), b"no zip at all"])
def test_no_zip_at_all(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a whole zip file"):
        _open(data, tmp_path)


def test_truncated_at_many_points(tmp_path: Path) -> None:
    data = zipped({f"{n}.png": png(n) for n in range(3)})
    for cut in range(1, len(data), len(data) // 30):
        with pytest.raises(BadInput):
            _open(data[:cut], tmp_path)


def test_damaged_entry_is_one_finding(tmp_path: Path) -> None:
    data = bytearray(zipped({f"{n}.png": png(n) for n in range(4)}))
    data[data.index(b"IDAT") + 40] ^= 255
    path = tmp_path / "set.zip"
    path.write_bytes(data)
    events = add(Home(tmp_path / "home"), path)
    assert (facts(events)["count"], facts(events)["skipped"]) == (3, 1)
    assert "damaged inside the archive" in said(events)


def test_names_in_old_encodings(tmp_path: Path) -> None:
    data = zipped({"XX.png": png(1)}).replace(b"XX.png", b"\x81\x84.png")
    source = _open(data, tmp_path)
    (name,) = source.names()
    assert source.read(name) == png(1)
    source.close()


def test_system_files_are_left_out_and_missing_names_said(tmp_path: Path) -> None:
    source = _open(zipped({"a/b.png": png(1), "__MACOSX/a": b"", "a/.x": b"", "a/": b""}), tmp_path)
    assert source.names() == ["a/b.png"]
    with source.place("a/b.png") as place:
        assert place == png(1)
    with pytest.raises(BadInput, match="is not in"):
        source.read("gone.png")
    source.close()


def test_is_zip(tmp_path: Path) -> None:
    fill(tmp_path, {"a.bin": zipped({"x": b""}), "b.zip": b"", "c.png": png(1)})
    assert [is_zip(tmp_path / name) for name in ("a.bin", "b.zip", "c.png", "none")] == [
        True,
        True,
        False,
        False,
    ]


def test_archive_that_vanishes_later(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    path = tmp_path / "set.zip"
    path.write_bytes(zipped({f"{n}.png": png(n) for n in range(3)}))
    add(home, path)
    path.unlink()
    with pytest.raises(BadInput, match="are gone"):
        store.open_pixels(home.datasets / "set", 16, 3)
