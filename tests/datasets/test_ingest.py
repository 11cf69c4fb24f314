"""What users drop, as a dataset: any shape of folder, broken files and all."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.core import files
from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput, DiskFull, GenStudioError, NotFound, UsageError
from genstudio.core.events import Log, Progress
from genstudio.core.paths import Home
from genstudio.datasets import check, ingest, store
from genstudio.datasets.findings import MAX_FINDINGS, Findings
from genstudio.datasets.gather import gather
from genstudio.datasets.items import Item
from genstudio.datasets.items import read as read_items
from genstudio.datasets.pictures import examine
from genstudio.media import image
from tests.datasets.folders import MemorySource, add, class_folders, facts, fill, png, said, zipped
from tests.helpers.making import picture, png_chunk, png_header, saved


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def _leftovers(home: Home) -> list[Path]:
    return list(home.datasets.iterdir()) if home.datasets.exists() else []


def test_class_folders(home: Home, tmp_path: Path) -> None:
    source = class_folders(tmp_path / "data", {"cat": 12, "dog": 8})
    found = facts(add(home, source))
    assert found["count"] == 20
    assert found["classes"] == ["cat", "dog"]
    assert (found["size"], found["channels"], found["skipped"]) == (20, 3, 0)
    dataset = store.load(home, "set")
    assert dataset.source == str(source)
    assert not dataset.copied
    assert dataset.valid_count == 1
    assert sorted(p.name for p in (home.datasets / "set").iterdir()) == [
        "dataset.json",
        "items.jsonl",
    ]


def test_copy_makes_it_independent_of_the_source(home: Home, tmp_path: Path) -> None:
    source = class_folders(tmp_path / "data", {"cat": 3, "dog": 3})
    add(home, source, copy=True)
    files.remove(source)
    pixels = store.open_pixels(home.datasets / "set", 20, 3)
    assert len(pixels) == 5
    assert store.load(home, "set").copied
    names = {item.name for item in read_items(home.datasets / "set" / "items.jsonl")}
    assert "cat/0000.png" in names


def test_mixed_folder_keeps_lists_and_ignores(home: Home, tmp_path: Path) -> None:
    good = {f"good {n}.png": png(n) for n in range(9)}
    good["sub/deep/er/schön 名.png"] = png(20)
    good["grey.jpg"] = saved(Image.fromarray(picture(20, 20, 1)[..., 0]), "JPEG")
    good["ohne-endung"] = png(21)
    bad = {
        "empty.png": b"",
        "text.jpg": b"I am a text",
        "cut.png": png(30)[:300],
        "huge.png": png_header(60000, 60000) + png_chunk(b"IDAT", b""),
        "tiny.png": image.png(picture(4, 40)),
        "twin.png": png(3),
        "film.mov": b"moov",
        "more.zip": b"PK",
        "IMG_1.HEIC": b"ftypheic",
    }
    system = {
        ".DS_Store": b"x",
        "Thumbs.db": b"x",
        "desktop.ini": b"x",
        "__MACOSX/._good.png": b"x",
        ".hidden/a.png": png(50),
        "sub/.a.png": png(51),
    }
    companions = {"README.md": b"about", "good 1.txt": b"a caption", "LICENSE": b"MIT"}
    source = fill(tmp_path / "mixed", good | bad | system | companions)
    events = add(home, source)
    assert facts(events)["count"] == len(good)
    assert facts(events)["skipped"] == len(bad)
    listed = {f.file: f.what for f in store.load(home, "set").findings if f.level == "skipped"}
    assert set(listed) == set(bad)
    assert listed["empty.png"] == "is empty (0 bytes)"
    whys = {f.file: f.why for f in store.load(home, "set").findings if f.level == "skipped"}
    assert (whys["empty.png"], whys["tiny.png"], whys["twin.png"], whys["film.mov"]) == (
        "empty", "too small", "duplicate", "wrong type",
    )  # fmt: skip
    assert "not a picture" in listed["text.jpg"]
    assert "damaged" in listed["cut.png"]
    assert "says it has 3,600 megapixels; the limit is 64" in listed["huge.png"]
    assert listed["tiny.png"].startswith("is too small (40×4")
    assert listed["twin.png"].startswith("is an exact copy of good 3.png")
    assert "(.mov)" in listed["film.mov"]
    assert "not opened: more.zip is not a whole zip" in listed["more.zip"]
    assert "JPEG or PNG" in listed["IMG_1.HEIC"]
    assert all(name in said(events) for name in bad)
    assert not any(name.rpartition("/")[2] in said(events) for name in system)


def test_ten_thousand_pictures_with_one_in_a_hundred_broken() -> None:
    # Bytes behind the last chunk make the files differ and leave the picture as it is.
    good = image.png(picture(16, 16, 1))
    contents = {
        f"{n // 1000}/{n:05d}.png": (b"broken" if n % 100 == 7 else good) + n.to_bytes(4, "big")
        for n in range(10_000)
    }
    findings = Findings()
    source, names = MemorySource(contents), sorted(contents)
    events = list(examine(source, names, findings, lambda name, data: name))
    assert sum(isinstance(event, Item) for event in events) == 9900
    assert findings.skipped == 100
    assert findings.skipped_by == {"broken": 100}
    assert sum(finding.level == "skipped" for finding in findings.kept) == 100
    assert findings.near == 9899
    done = [event.done for event in events if isinstance(event, Progress)]
    assert done == sorted(done)
    assert done[-1] == 10_000
    assert len(done) <= 210


def test_more_findings_than_can_be_listed_are_counted() -> None:
    findings = Findings()
    for number in range(MAX_FINDINGS + 50):
        findings.skip(f"{number}.png", "is broken")
    findings.warn("x")
    assert findings.skipped == MAX_FINDINGS + 50
    assert [f.what for f in findings.all()[MAX_FINDINGS:]] == [
        "and 50 more like these",
        "and 1 more like these",
    ]


def test_nothing_usable_names_the_first_reasons(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "bad", {"a.png": b"", "b.png": b"text"})
    with pytest.raises(BadInput, match=r"no usable pictures.*a\.png: is empty"):
        add(home, source)
    assert _leftovers(home) == []
    (tmp_path / "void").mkdir()
    with pytest.raises(BadInput, match="no usable pictures"):
        add(home, tmp_path / "void")
    with pytest.raises(NotFound, match="is not there"):
        add(home, tmp_path / "nowhere")


def test_names_are_checked_before_anything_else(home: Home, tmp_path: Path) -> None:
    source = class_folders(tmp_path / "data", {"a": 2})
    for name in ("../x", "UPPER", "", "a/b", "ü", "x" * 65):
        with pytest.raises(UsageError, match="cannot name a dataset"):
            next(ingest.add(home, source, name))
    add(home, source)
    with pytest.raises(GenStudioError, match="called set already"):
        add(home, source)


def test_stopping_leaves_nothing(home: Home, tmp_path: Path) -> None:
    source = class_folders(tmp_path / "data", {"a": 5, "b": 5})
    events = ingest.add(home, source, "set", copy=True)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert _leftovers(home) == []


def test_full_disk_leaves_nothing_and_says_so(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    source = class_folders(tmp_path / "data", {"a": 5, "b": 5})
    monkeypatch.setattr(files._Whole, "write", full)
    with pytest.raises(DiskFull, match="disk is full"):
        add(home, source, copy=True)
    assert _leftovers(home) == []


def test_single_picture(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path, {"one.png": png(1), "two.png": png(2)}) / "one.png"
    events = add(home, source)
    assert facts(events)["count"] == 1
    assert "expect results close to copies" in said(events)
    assert len(store.open_pixels(home.datasets / "set", 16, 1)) == 1


def test_zip_in_place_and_copied(home: Home, tmp_path: Path) -> None:
    contents = {f"set/{c}/{n}.png": png(n + 10 * (c == "b")) for c in "ab" for n in range(5)}
    contents |= {"__MACOSX/set/a/._0.png": b"x", "set/.DS_Store": b"x", "set/a/bad.png": b""}
    path = tmp_path / "bilder 名.zip"
    path.write_bytes(zipped(contents))
    assert facts(add(home, path))["classes"] == ["a", "b"]
    add(home, path, "copied", copy=True)
    assert store.load(home, "set").skipped == 1
    one = store.open_pixels(home.datasets / "set", 20, 3)
    path.unlink()
    two = store.open_pixels(home.datasets / "copied", 20, 3)
    np.testing.assert_array_equal(one.images, two.images)
    assert one.sha256 == two.sha256


def test_see_through_pictures_are_noted(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "rgba", {f"{n}.png": png(n, channels=4) for n in range(4)})
    events = add(home, source)
    assert facts(events)["channels"] == 3
    assert "see-through" in said(events)


def test_grey_saved_as_colour_counts_as_grey(home: Home, tmp_path: Path) -> None:
    grey = {f"{n}.png": image.png(picture(20, 20, 1, n).repeat(3, axis=2)) for n in range(4)}
    assert facts(add(home, fill(tmp_path / "grey", grey)))["channels"] == 1


def test_most_common_short_side_is_the_size(home: Home, tmp_path: Path) -> None:
    sides = {0: (32, 40), 1: (50, 32), 2: (64, 64)}
    contents = {f"{n}.png": image.png(picture(*side, 3, n)) for n, side in sides.items()}
    assert facts(add(home, fill(tmp_path / "sizes", contents)))["size"] == 32


def test_licence_title_and_attribution_are_kept(home: Home, tmp_path: Path) -> None:
    source = class_folders(tmp_path / "data", {"a": 3})
    add(home, source, licence="CC0", attribution="me", title="My set")
    dataset = store.load(home, "set")
    assert (dataset.licence, dataset.attribution, dataset.title) == ("CC0", "me", "My set")
    assert dataset.origin == "data"
    assert dataset.created.startswith("20")


def test_unbalanced_classes_are_warned_of(home: Home, tmp_path: Path) -> None:
    source = class_folders(tmp_path / "data", {"many": 33, "few": 3})
    assert "few has 3, the largest 33" in said(add(home, source))


def test_hash_and_order_depend_on_content_only(home: Home, tmp_path: Path) -> None:
    contents = {f"{c}/{n}.png": png(n + 100 * (c == "b")) for c in "ab" for n in range(9)}
    one = fill(tmp_path / "one", contents)
    two = fill(
        tmp_path / "two", {f"{k[0]}/x{hash(k) % 997}-{k[2:]}": v for k, v in contents.items()}
    )
    add(home, one, "one")
    add(home, two, "two")
    first, second = (store.open_pixels(home.datasets / n, 20, 3) for n in ("one", "two"))
    assert first.sha256 == second.sha256
    np.testing.assert_array_equal(first.images, second.images)
    np.testing.assert_array_equal(first.labels, second.labels)
    fill(one, {"a/new.png": png(999)})
    add(home, one, "three")
    assert store.load(home, "three").sha256 != first.sha256


def test_check_reports_and_writes_nothing(home: Home, tmp_path: Path) -> None:
    source = class_folders(tmp_path / "data", {"a": 3, "b": 3})
    fill(source, {"a/bad.png": b""})
    before = sorted(tmp_path.rglob("*"))
    events = list(check.report([source]))
    found = facts(events)
    assert (found["count"], found["skipped"], found["classes"]) == (6, 1, ["a", "b"])
    assert found["findings"][0]["file"] == "a/bad.png"
    assert any(isinstance(event, Log) for event in events)
    assert sorted(tmp_path.rglob("*")) == before
    json.dumps(found)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
def test_names_that_are_no_utf8(home: Home, tmp_path: Path) -> None:
    source = fill(tmp_path / "data", {"good.png": png(1)})
    odd = os.fsencode(source) + b"/b\xe4d"
    os.mkdir(odd)
    Path(os.fsdecode(odd + b"/\xff.png")).write_bytes(png(2))
    Path(os.fsdecode(odd + b"/\xfe.png")).write_bytes(b"")
    events = add(home, source)
    assert facts(events)["count"] == 2
    said(events).encode()
    assert len(store.open_pixels(home.datasets / "set", 16, 3)) == 1
    inner = add(home, Path(os.fsdecode(odd)), "inner")
    assert facts(inner)["count"] == 1
    assert store.load(home, "inner").copied


def test_links_to_folders_are_not_followed(home: Home, tmp_path: Path) -> None:
    source = class_folders(tmp_path / "data", {"a": 3})
    try:
        (source / "a" / "loop").symlink_to(source, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    assert facts(add(home, source))["count"] == 3


def test_everything_below_an_unusual_path(tmp_path: Path) -> None:
    strange = tmp_path / "名前 ünï 🎹 мод"
    home = Home(strange / "home")
    source = class_folders(strange / "daten & mehr", {"größe": 3, "名": 3})
    assert facts(add(home, source))["classes"] == ["größe", "名"]
    assert len(store.open_pixels(home.datasets / "set", 16, 3)) == 5


def test_gather_says_how_far_it_is() -> None:
    source = MemorySource({f"{n}.png": png(n) for n in range(5)})
    done = [
        event
        for event in gather(source, Findings(), lambda name, data: name)
        if isinstance(event, Progress)
    ]
    assert done[0].done == 0
    assert done[-1].done == done[-1].total == 5


def test_the_record_is_a_valid_dataset(home: Home, tmp_path: Path) -> None:
    add(home, class_folders(tmp_path / "data", {"a": 3}))
    path = home.datasets / "set" / "dataset.json"
    assert Dataset.read(path).files[0].name == "items.jsonl"
    json.loads(path.read_text("utf-8"))
