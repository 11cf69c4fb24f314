"""Edits: captions, classes, exclusions and what is said of a dataset; taken back to the byte."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from genstudio.core import files
from genstudio.core.errors import BadInput, DiskFull, NotFound, UsageError
from genstudio.core.paths import Home
from genstudio.datasets import cache, contents, editing, store
from tests.datasets.folders import add, class_folders, fill, npz, png


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> Path:
    """A dataset of 20 + 10 colour pictures of 20 pixels, referenced in place."""
    add(home, class_folders(tmp_path / "data", {"cat": 20, "dog": 10}))
    return home.datasets / "set"


@pytest.fixture
def arrays(home: Home, tmp_path: Path) -> Path:
    """A dataset of 24 + 6 grey array pictures of 20 pixels, with labels."""
    images = np.random.default_rng(1).integers(0, 256, (30, 20, 20), np.uint8)
    parts = {"x_train": images[:24], "x_test": images[24:]}
    labels = {"y_train": np.arange(24) % 3, "y_test": np.arange(6) % 3}
    add(home, fill(tmp_path / "npz", {"a.npz": npz(**parts, **labels)}), "grey")
    return home.datasets / "grey"


def rows_of(folder: Path) -> contents.Contents:
    return contents.load(folder, store.open_dataset(folder))


def listing(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}


@pytest.mark.parametrize("which", ["folder", "arrays"])
def test_an_edit_and_its_undo(which: str, request: pytest.FixtureRequest) -> None:
    place: Path = request.getfixturevalue(which)
    before = store.open_dataset(place)
    was = listing(place)
    done = editing.change(
        place,
        [{"row": 3, "caption": "a\nfine one", "class": "fox"}, {"row": 5, "excluded": True}],
        {"title": "New", "licence": "CC0", "consent": "none needed", "fit": "contain"},
    )
    after = done.dataset
    assert after == store.open_dataset(place)
    assert (after.title, after.licence, after.excluded, after.fit) == ("New", "CC0", 1, "contain")
    assert after.sha256 != before.sha256
    assert after.content == before.content
    assert "fox" in after.facts.classes
    assert after.facts.captions
    rows = rows_of(place)
    assert (rows.captions[3], rows.class_of(3)) == ("a fine one", "fox")
    assert rows.excluded.nonzero()[0].tolist() == [5]
    store.verify(place)
    body = dict(done.undo)
    back = editing.change(place, body.pop("edits"), body).dataset  # type: ignore[arg-type]
    assert back == before
    assert listing(place) == was


def test_users_files_stay_as_they_are(folder: Path, tmp_path: Path) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (tmp_path / "data").rglob("*.png")}
    editing.change(folder, [{"row": n, "class": "x", "excluded": True} for n in range(9)])
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (tmp_path / "data").rglob("*.png")}
    assert before == after


@pytest.mark.parametrize("which", ["folder", "arrays"])
def test_excluded_pictures_are_never_trained_on(which: str, request: pytest.FixtureRequest) -> None:
    place: Path = request.getfixturevalue(which)
    dataset = store.open_dataset(place)
    channels = dataset.facts.channels
    whole = {s: store.open_pixels(place, 20, channels, s) for s in ("train", "valid", "test")}
    gone = [0, dataset.valid_count, dataset.valid_count + 4]
    if dataset.test_count:
        gone.append(dataset.facts.count + 2)
    editing.change(place, [{"row": row, "excluded": True} for row in gone])
    for split, pixels in whole.items():
        stay = ~np.isin(pixels.rows, gone)
        if split == "valid" and not stay.any():
            continue
        found = store.open_pixels(place, 20, channels, split)  # type: ignore[arg-type]
        assert found.rows.tolist() == pixels.rows[stay].tolist()
        np.testing.assert_array_equal(found.images, pixels.images[stay])
        np.testing.assert_array_equal(found.labels, pixels.labels[stay])
        assert found.skipped == 0


def test_a_changed_class_is_what_is_learned(folder: Path) -> None:
    editing.change(folder, [{"row": 7, "class": "fox"}])
    pixels = store.open_pixels(folder, 20, 3)
    assert pixels.class_names == ("cat", "dog", "fox")
    assert pixels.labels[pixels.rows.tolist().index(7)] == 2
    editing.change(folder, [{"row": 7, "class": ""}])
    pixels = store.open_pixels(folder, 20, 3)
    assert pixels.class_names == ("cat", "dog")
    assert 7 not in pixels.rows, "a picture without a class teaches none"


def test_a_class_goes_with_its_last_row_and_others_keep_their_order(folder: Path) -> None:
    rows = rows_of(folder)
    cats = [row for row in range(30) if rows.class_of(row) == "cat"]
    done = editing.change(folder, [{"row": row, "class": "lion"} for row in cats])
    assert done.dataset.facts.classes == ("dog", "lion")
    done = editing.change(folder, [{"row": row, "excluded": True} for row in cats])
    assert done.dataset.facts.classes == ("dog",)
    assert done.classes == ("dog", "lion")
    assert rows_of(folder).class_of(cats[0]) == "lion"


def test_classes_of_a_few_rows_are_no_classes_yet(home: Home, tmp_path: Path) -> None:
    add(home, fill(tmp_path / "plain", {f"{n}.png": png(n) for n in range(10)}))
    folder = home.datasets / "set"
    done = editing.change(folder, [{"row": n, "class": "ab"[n % 2]} for n in range(4)])
    assert done.dataset.facts.classes == ()
    assert done.classes == ("a", "b")
    assert store.open_pixels(folder, 20, 3).labels is None
    assert len(store.open_pixels(folder, 20, 3)) == 9
    done = editing.change(folder, [{"row": n, "class": "ab"[n % 2]} for n in range(4, 9)])
    assert done.dataset.facts.classes == ("a", "b")
    assert (
        len(store.open_pixels(folder, 20, 3)) + len(store.open_pixels(folder, 20, 3, "valid")) == 9
    )


def test_decoded_pictures_are_kept_through_edits_and_made_anew_for_another_fit(
    home: Home, tmp_path: Path
) -> None:
    wide = {f"{n}.png": _wide(n) for n in range(6)}
    add(home, fill(tmp_path / "wide", wide))
    folder = home.datasets / "set"
    covered = store.open_pixels(folder, 16, 3)
    made = (folder / "cache" / "16x3" / cache.IMAGES).stat().st_mtime_ns
    editing.change(folder, [{"row": 1, "caption": "x", "excluded": True}])
    assert len(store.open_pixels(folder, 16, 3)) == len(covered) - 1
    assert (folder / "cache" / "16x3" / cache.IMAGES).stat().st_mtime_ns == made
    editing.change(folder, [{"row": 1, "excluded": False}], {"fit": "stretch"})
    stretched = store.open_pixels(folder, 16, 3)
    assert (folder / "cache" / "16x3-stretch").is_dir()
    assert (stretched.images != covered.images).any()
    editing.change(folder, [], {"fit": "cover"})
    np.testing.assert_array_equal(store.open_pixels(folder, 16, 3).images, covered.images)
    assert (folder / "cache" / "16x3" / cache.IMAGES).stat().st_mtime_ns == made


def _wide(seed: int) -> bytes:
    from genstudio.media import image
    from tests.helpers.making import picture

    return image.png(picture(40, 20, 3, seed))


@pytest.mark.parametrize(
    ("edits", "fields", "reason"),
    [
        ([{"row": 30, "excluded": True}], {}, "no row 30: rows go from 0 to 29"),
        ([{"row": -1, "excluded": True}], {}, "no row -1"),
        ([{"row": True, "excluded": True}], {}, "no row True"),
        ([{"caption": "x"}], {}, "no row None"),
        ([{"row": 1, "class": "x" * 101}], {}, "at most 100"),
        ([{"row": n, "excluded": True} for n in range(30)], {}, "nothing would be left"),
        ([], {"title": "x" * 500}, "cannot be said"),
        ([], {"fit": "crop"}, "cannot be said"),
    ],
)
def test_what_does_not_fit_changes_nothing(
    folder: Path, edits: list, fields: dict, reason: str
) -> None:
    before = listing(folder)
    with pytest.raises(UsageError, match=reason):
        editing.change(folder, edits, fields)
    assert listing(folder) == before


def test_a_full_disk_leaves_the_old_edits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editing.change(folder, [{"row": 1, "caption": "first"}])
    before = listing(folder)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files._Whole, "write", full)
    with pytest.raises(DiskFull):
        editing.change(folder, [{"row": 2, "caption": "second"}])
    monkeypatch.undo()
    assert listing(folder) == before
    assert rows_of(folder).captions[1] == "first"


def test_a_kill_between_the_two_writes_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editing.change(folder, [{"row": 1, "caption": "first"}])
    write = files.write_bytes

    def killed(path: Path, data: bytes) -> None:
        if path.name == store.DATASET_FILE:
            raise KeyboardInterrupt
        write(path, data)

    monkeypatch.setattr(files, "write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        editing.change(folder, [{"row": 1, "caption": "second"}])
    monkeypatch.undo()
    store.verify(folder)
    assert rows_of(folder).captions[1] == "first"
    editing.change(folder, [{"row": 1, "caption": "third"}])
    assert rows_of(folder).captions[1] == "third"


def test_damaged_edits_are_said(folder: Path) -> None:
    editing.change(folder, [{"row": 1, "caption": "first"}])
    (path,) = folder.glob("edits-*.json")
    path.write_bytes(path.read_bytes().replace(b"first", b"worst"))
    with pytest.raises(BadInput, match=r"edits-.*damaged"):
        store.open_pixels(folder, 20, 3)
    path.write_bytes(b'{"format": 1, "classes": [], "rows": {"99": {"excluded": true}}}')
    with pytest.raises(BadInput, match="row 99"):
        contents.load.__wrapped__(folder, store.open_dataset(folder))


def test_datasets_of_the_first_version_are_edited_too(folder: Path) -> None:
    old = store.open_dataset(folder).model_copy(update={"content": ""})
    files.write_bytes(folder / store.DATASET_FILE, old.to_bytes())
    store.open_pixels(folder, 16, 3)
    made = os.stat(folder / "cache" / "16x3" / cache.IMAGES).st_mtime_ns
    done = editing.change(folder, [{"row": 1, "excluded": True}])
    assert done.dataset.content == old.sha256
    store.open_pixels(folder, 16, 3)
    assert os.stat(folder / "cache" / "16x3" / cache.IMAGES).st_mtime_ns == made


def test_no_dataset_no_edit(home: Home) -> None:
    with pytest.raises(NotFound):
        store.folder_of(home, "gone")
