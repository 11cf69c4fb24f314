"""The shelf, the splits, the cache of decoded pictures."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genstudio.core import files
from genstudio.core.errors import BadInput, NotFound, UsageError
from genstudio.core.paths import Home
from genstudio.datasets import cache, store
from genstudio.datasets.items import ITEMS_FILE, Item, held_out, ordered, rank
from genstudio.datasets.items import read as read_items
from genstudio.datasets.items import to_bytes as items_bytes
from genstudio.media import image
from tests.datasets.folders import add, class_folders, fill, idx, png
from tests.helpers.making import picture


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> Path:
    """A dataset of 40 + 20 colour pictures of 20 pixels, referenced in place."""
    add(home, class_folders(tmp_path / "data", {"cat": 40, "dog": 20}))
    return home.datasets / "set"


@pytest.fixture
def arrays(home: Home, tmp_path: Path) -> Path:
    """A dataset of 60 grey idx pictures of 20 pixels, with labels."""
    images = np.random.default_rng(1).integers(0, 256, (60, 20, 20), np.uint8)
    contents = {
        "train-images-idx3-ubyte": idx(images, False),
        "train-labels-idx1-ubyte": idx(np.arange(60) % 4, False),
    }
    add(home, fill(tmp_path / "idx", contents), "grey")
    return home.datasets / "grey"


def _bytes(pixels: store.Pixels) -> list[bytes]:
    return [picture.tobytes() for picture in pixels.images]


# -- the shelf -------------------------------------------------------------------------------


def test_names_load_and_remove(home: Home, folder: Path, tmp_path: Path) -> None:
    assert store.names(home) == ["set"]
    assert [dataset.name for dataset in store.all_of(home)] == ["set"]
    assert store.load(home, "set").facts.count == 60
    assert store.folder_of(home, "set") == folder
    assert store.summary(store.load(home, "set"))["classes"] == ["cat", "dog"]
    store.remove(home, "set")
    assert store.names(home) == []
    assert len(list((tmp_path / "data").rglob("*.png"))) == 60


def test_unknown_names_list_the_known(home: Home, folder: Path) -> None:
    with pytest.raises(NotFound, match=r"no dataset called 'x'.*Known are: set"):
        store.load(home, "x")
    with pytest.raises(NotFound, match="none yet"):
        store.load(Home(home.root / "other"), "x")
    with pytest.raises(NotFound):
        store.remove(home, "../set")


def test_damaged_records_are_left_out_of_the_list(home: Home, folder: Path) -> None:
    (folder / "dataset.json").write_bytes(b"{")
    fill(home.datasets, {"half/items.jsonl": b""})
    assert store.names(home) == ["set"]
    assert store.all_of(home) == []
    with pytest.raises(BadInput, match="not valid JSON"):
        store.load(home, "set")


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_damage_of_the_own_files_is_noticed(folder: Path, arrays: Path, damage: str) -> None:
    for place, name in ((folder, ITEMS_FILE), (arrays, "images.npy"), (arrays, "labels.npy")):
        store.verify(place)
        data = (place / name).read_bytes()
        if damage == "gone":
            (place / name).unlink()
        elif damage == "cut":
            (place / name).write_bytes(data[:-1])
        else:
            (place / name).write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
        for act in (store.verify, lambda path: store.open_pixels(path, 20, 1)):
            with pytest.raises(BadInput, match=f"{name} of the dataset .* is damaged or gone"):
                act(place)
        (place / name).write_bytes(data)


# -- pixels ----------------------------------------------------------------------------------


def test_shapes_types_and_labels(folder: Path) -> None:
    train = store.open_pixels(folder, 16, 1)
    valid = store.open_pixels(folder, 16, 1, "valid")
    test = store.open_pixels(folder, 16, 1, "test")
    assert train.images.shape == (57, 16, 16, 1)
    assert train.images.dtype == np.uint8
    assert train.labels is not None
    assert valid.labels is not None
    assert train.labels.dtype == np.int64
    assert train.labels.shape == (57,)
    assert (len(train), len(valid), len(test)) == (57, 3, 0)
    assert train.class_names == ("cat", "dog")
    both = np.bincount(np.concatenate([train.labels, valid.labels]))
    assert both.tolist() == [40, 20]
    assert train.sha256 == valid.sha256 == store.open_dataset(folder).sha256


def test_pixels_are_the_pictures(folder: Path, tmp_path: Path) -> None:
    items = read_items(folder / ITEMS_FILE)
    train = store.open_pixels(folder, 20, 3)
    assert train.rows is not None
    for place in range(0, len(train), 7):
        item = items[train.rows[place]]
        np.testing.assert_array_equal(
            train.images[place], image.read(tmp_path / "data" / item.path)
        )
        assert train.labels is not None
        assert item.label == train.labels[place]
        assert item.path.startswith(train.class_names[item.label])


@pytest.mark.parametrize(("size", "channels"), [(20, 1), (20, 3), (28, 1), (8, 4)])
def test_arrays_of_any_size(arrays: Path, size: int, channels: int) -> None:
    pixels = store.open_pixels(arrays, size, channels)
    assert pixels.images.shape == (57, size, size, channels)
    assert pixels.labels is not None
    assert set(pixels.labels.tolist()) == {0, 1, 2, 3}
    assert (arrays / "cache").exists() == ((size, channels) != (20, 1))


def test_pictures_are_mapped_and_read_only(folder: Path, arrays: Path) -> None:
    for place in (folder, arrays):
        pixels = store.open_pixels(place, 20, 1)
        assert isinstance(pixels.images, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            pixels.images[0] = 0


def test_holdout_shares_are_nested(folder: Path) -> None:
    small = store.open_pixels(folder, 16, 1, "valid", holdout=0.1)
    large = store.open_pixels(folder, 16, 1, "valid", holdout=0.5)
    rest = store.open_pixels(folder, 16, 1, "train", holdout=0.5)
    assert (len(small), len(large), len(rest)) == (6, 30, 30)
    assert set(_bytes(small)) <= set(_bytes(large))
    assert not set(_bytes(rest)) & set(_bytes(large))
    assert len(store.open_pixels(folder, 16, 1, "valid", holdout=0)) == 0
    assert len(store.open_pixels(folder, 16, 1, "train", holdout=0)) == 60


def test_train_and_test_folders(home: Home, tmp_path: Path) -> None:
    class_folders(tmp_path / "d" / "train", {"a": 10, "b": 10})
    contents = {
        f"test/{c}/{n}.png": png(5000 + n + 10 * (c == "b")) for c in "ab" for n in range(4)
    }
    add(home, fill(tmp_path / "d", contents))
    test = store.open_pixels(home.datasets / "set", 20, 3, "test")
    assert len(test) == 8
    assert test.labels is not None
    assert sorted(test.labels.tolist()) == [0] * 4 + [1] * 4


def test_asking_for_nonsense(folder: Path) -> None:
    for size, channels in ((0, 1), (5000, 1), (16, 2)):
        with pytest.raises(UsageError, match="not supported"):
            store.open_pixels(folder, size, channels)
    with pytest.raises(UsageError, match="not 'all'"):
        store.open_pixels(folder, 16, 1, "all")  # type: ignore[arg-type]


# -- pictures that go ------------------------------------------------------------------------


def test_pictures_that_vanished_or_changed_are_skipped_and_counted(
    folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    (data / "cat" / "0000.png").unlink()
    (data / "cat" / "0001.png").write_bytes(png(7777))
    (data / "dog" / "0000.png").write_bytes(b"broken")
    train = store.open_pixels(folder, 16, 1)
    valid = store.open_pixels(folder, 16, 1, "valid")
    assert train.skipped == valid.skipped == 3
    assert len(train) + len(valid) == 57
    assert train.labels is not None
    assert len(train.labels) == len(train.images)


def test_the_split_stays_when_pictures_vanish(folder: Path, tmp_path: Path) -> None:
    before = set(_bytes(store.open_pixels(folder, 16, 1, "valid", holdout=0.3)))
    files.remove(folder / "cache")
    for number in range(0, 40, 3):
        (tmp_path / "data" / "cat" / f"{number:04d}.png").unlink()
    after = set(_bytes(store.open_pixels(folder, 16, 1, "valid", holdout=0.3)))
    assert after < before


def test_pictures_that_come_back_are_taken_in_again(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "data" / "cat" / "0000.png"
    data = place.read_bytes()
    place.unlink()
    assert store.open_pixels(folder, 16, 1).skipped == 1
    place.write_bytes(data)
    assert store.open_pixels(folder, 16, 1).skipped == 0


def test_all_pictures_gone(folder: Path, tmp_path: Path) -> None:
    os.rename(tmp_path / "data", tmp_path / "elsewhere")
    with pytest.raises(BadInput, match=r"are gone: data.*Connect the drive"):
        store.open_pixels(folder, 16, 1)
    (tmp_path / "data").mkdir()
    with pytest.raises(BadInput, match="none of the pictures"):
        store.open_pixels(folder, 16, 1)
    assert not (folder / "cache" / "16x1").exists()


def test_with_a_cache_the_pictures_may_be_away(folder: Path, tmp_path: Path) -> None:
    before = _bytes(store.open_pixels(folder, 16, 1))
    os.rename(tmp_path / "data", tmp_path / "elsewhere")
    assert _bytes(store.open_pixels(folder, 16, 1)) == before


# -- the cache -------------------------------------------------------------------------------


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 4
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [_cut, _flip, Path.unlink])
@pytest.mark.parametrize("name", [cache.IMAGES, cache.ROWS, cache.FACTS])
def test_a_damaged_cache_is_made_again(
    folder: Path, arrays: Path, name: str, damage: Callable[[Path], None]
) -> None:
    for place in (folder, arrays):
        before = _bytes(store.open_pixels(place, 16, 1))
        damage(place / "cache" / "16x1" / name)
        assert _bytes(store.open_pixels(place, 16, 1)) == before


def test_a_cache_of_other_data_is_made_again(home: Home, folder: Path, tmp_path: Path) -> None:
    store.open_pixels(folder, 16, 1)
    fill(tmp_path / "data", {"cat/new.png": png(4242)})
    kept = tmp_path / "kept"
    os.rename(folder / "cache", kept)
    store.remove(home, "set")
    add(home, tmp_path / "data")
    os.rename(kept, folder / "cache")
    assert len(store.open_pixels(folder, 16, 1, holdout=0)) == 61


def test_a_cache_is_whole_or_absent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def tired(*_: object, **__: object) -> np.ndarray:
        nonlocal calls
        calls += 1
        if calls > 20:
            raise KeyboardInterrupt
        return picture(16, 16, 1)

    with monkeypatch.context() as patch:
        patch.setattr(image, "fit", tired)
        with pytest.raises(KeyboardInterrupt):
            store.open_pixels(folder, 16, 1)
    assert not (folder / "cache" / "16x1").exists()
    assert list((folder / "cache").iterdir()) == []
    assert len(store.open_pixels(folder, 16, 1)) == 57


def test_cache_facts_are_plain(folder: Path) -> None:
    store.open_pixels(folder, 16, 1)
    facts = json.loads((folder / "cache" / "16x1" / cache.FACTS).read_text())
    assert facts["dataset"] == store.open_dataset(folder).content
    images = np.load(folder / "cache" / "16x1" / cache.IMAGES, allow_pickle=False)
    assert images.shape == (60, 16, 16, 1)


# -- items -----------------------------------------------------------------------------------


def test_items_round_trip_even_with_strange_names(tmp_path: Path) -> None:
    names = ["a.png", "ü 名/🎹.png", "b\udce4d.png", 'q"uote\n.png']
    items = [Item(name, "ab" * 32, 20, 30, 3, n, bool(n % 2)) for n, name in enumerate(names)]
    path = tmp_path / ITEMS_FILE
    path.write_bytes(items_bytes(items))
    assert read_items(path) == items


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "{}",
        '{"path": "../x", "sha256": "", "width": 1, "height": 1, "channels": 1}',
        '{"path": "/etc/x", "sha256": "", "width": 1, "height": 1, "channels": 1}',
        '{"path": "", "sha256": "", "width": 1, "height": 1, "channels": 1}',
        '{"path": "a\\\\b", "sha256": "", "width": 1, "height": 1, "channels": 1}',
        '{"path": "x", "sha256": "", "width": 1, "height": 1, "channels": 1, "label": "1"}',
        '{"path": "x", "sha256": "", "width": 1, "height": 1, "channels": 1, "evil": 1}',
        "[" * 100_000,
    ],
)
def test_bad_items_are_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "set" / ITEMS_FILE
    path.parent.mkdir()
    path.write_text(line)
    with pytest.raises(BadInput, match=r"items\.jsonl of the dataset set cannot be read"):
        read_items(path)


def test_order_is_drawn_and_stable() -> None:
    hashes = [f"{n:064x}" for n in range(50)]
    tests = [n >= 40 for n in range(50)]
    order = ordered(hashes, tests, 0)
    assert sorted(order) == list(range(50))
    assert order[40:] == list(range(40, 50))
    assert order[:40] != list(range(40))
    assert ordered(hashes, tests, 1)[:40] != order[:40]
    fewer = [n for n in order if n != 7]
    kept = [n for n in range(50) if n != 7]
    again = ordered([hashes[n] for n in kept], [tests[n] for n in kept], 0)
    assert [kept[n] for n in again] == fewer
    assert rank("a", 0) != rank("a", 1)


@pytest.mark.parametrize(
    ("count", "share", "wanted"),
    [(0, 0.5, 0), (1, 0.5, 0), (2, 0.01, 1), (100, 0.05, 5), (10, 0.0, 0), (3, 1.0, 2)],
)
def test_held_out_leaves_something_to_learn_from(count: int, share: float, wanted: int) -> None:
    assert held_out(count, share) == wanted
