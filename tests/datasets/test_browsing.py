"""Pages of a dataset, and pictures as training will see them."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest

from genstudio.core import files
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done, Event, Preview, to_line
from genstudio.core.paths import Home
from genstudio.datasets import browsing, contents, editing, store
from genstudio.media import image
from genstudio.numerics.augment import augment, policy_preview
from tests.datasets.folders import add, class_folders, fill, npz, png
from tests.helpers.making import picture


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> Path:
    """30 cats and 10 dogs of 20 pixels, two of them held out, some with captions."""
    source = class_folders(tmp_path / "data", {"cat": 30, "dog": 10})
    fill(source, {f"dog/{n:04d}.txt": f"Dog No {n}".encode() for n in range(4)})
    add(home, source)
    return home.datasets / "set"


def page(folder: Path, **asked: object) -> tuple[list[Preview], dict]:
    events = list(browsing.page(folder, browsing.Page(**asked)))  # type: ignore[arg-type]
    assert isinstance(events[-1], Done)
    assert all(len(to_line(event)) < 4_000_000 for event in events)
    return [e for e in events if isinstance(e, Preview)], events[-1].data


def pixels_of(preview: Preview) -> np.ndarray:
    return image.read(base64.b64decode(preview.data))


def test_a_page_shows_its_rows(folder: Path) -> None:
    previews, told = page(folder, first=5, count=7, side=64)
    assert (told["total"], told["first"]) == (40, 5)
    assert [row["row"] for row in told["rows"]] == list(range(5, 12))
    assert [preview.index for preview in previews] == list(range(7))
    items = contents.load(folder, store.open_dataset(folder)).items
    assert items is not None
    for preview, row in zip(previews, told["rows"], strict=True):
        item = items[row["row"]]
        assert row["name"] == item.path
        assert (row["width"], row["height"], row["excluded"]) == (20, 20, False)
        assert row["class"] == item.path.partition("/")[0]
        source = Path(store.open_dataset(folder).source)
        np.testing.assert_array_equal(
            pixels_of(preview), image.read((source / item.path).read_bytes())
        )


@pytest.mark.parametrize("side", [0, -3])
def test_without_a_side_there_are_no_pictures(folder: Path, side: int) -> None:
    previews, told = page(folder, count=3, side=side)
    assert previews == []
    assert len(told["rows"]) == 3


def test_filters(folder: Path) -> None:
    assert page(folder, side=0, of_class="dog")[1]["total"] == 10
    assert page(folder, side=0, of_class="fish")[1]["total"] == 0
    assert page(folder, side=0, text="dog no 3")[1]["total"] == 1
    assert page(folder, side=0, text="CAT/00")[1]["total"] == 30
    assert page(folder, side=0, text="dog", of_class="cat")[1]["total"] == 0
    valid, train = (page(folder, side=0, which=w)[1] for w in ("valid", "train"))
    assert (valid["total"], train["total"]) == (2, 38)
    assert {row["split"] for row in valid["rows"]} == {"valid"}
    assert page(folder, side=0, which="test")[1]["total"] == 0


def test_excluded_rows_are_shown_among_all_and_alone(folder: Path) -> None:
    editing.change(folder, [{"row": 0, "excluded": True}, {"row": 9, "excluded": True}])
    assert page(folder, side=0)[1]["total"] == 40
    alone = page(folder, side=0, which="excluded")[1]
    assert [row["row"] for row in alone["rows"]] == [0, 9]
    assert all(row["excluded"] for row in alone["rows"])
    assert page(folder, side=0, which="valid")[1]["total"] == 1
    assert page(folder, side=0, which="train")[1]["total"] == 37


def test_pages_beyond_the_end_and_too_large_ones(folder: Path) -> None:
    assert page(folder, first=100)[1]["rows"] == []
    assert len(page(folder, first=-5, count=10**9, side=0)[1]["rows"]) == 40
    assert page(folder, count=-1)[1]["rows"] == []


@pytest.mark.parametrize("asked", [{"which": "some"}, {"fit": "crop"}])
def test_words_that_are_not_known(folder: Path, asked: dict) -> None:
    with pytest.raises(UsageError, match="a page shows"):
        page(folder, **asked)


def test_pictures_as_training_crops_them(home: Home, tmp_path: Path) -> None:
    add(
        home,
        fill(tmp_path / "wide", {f"{n}.png": image.png(picture(60, 30, 3, n)) for n in range(3)}),
    )
    folder = home.datasets / "set"
    for fit in ("cover", "contain", "stretch"):
        editing.change(folder, [], {"fit": fit})
        trained = store.open_pixels(folder, 16, 3)
        previews, _ = page(folder, fit=fit, size=16, side=64)
        for picture_, row in zip(trained.images, trained.rows, strict=True):
            np.testing.assert_array_equal(pixels_of(previews[row]), picture_)
    plain, _ = page(folder, side=64)
    assert pixels_of(plain[0]).shape == (60, 30, 3)


def test_large_pictures_are_made_smaller(home: Home, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1600, 1600, 3), np.uint8)
    add(home, fill(tmp_path / "large", {"a.png": image.png(noise)}))
    (preview,), told = page(home.datasets / "set", side=5000)
    assert max(pixels_of(preview).shape) <= browsing.MAX_SIDE
    assert told["rows"][0]["width"] == 1600
    (small,), _ = page(home.datasets / "set", side=50)
    assert pixels_of(small).shape == (50, 50, 3)


def test_files_that_are_gone_leave_their_cell_empty(folder: Path, tmp_path: Path) -> None:
    items = contents.load(folder, store.open_dataset(folder)).items
    assert items is not None
    (tmp_path / "data" / items[1].path).unlink()
    (tmp_path / "data" / items[2].path).write_bytes(b"changed")
    previews, told = page(folder, count=4, side=32)
    assert [preview.index for preview in previews] == [0, 3]
    assert len(told["rows"]) == 4
    files.remove(tmp_path / "data")
    with pytest.raises(BadInput, match="are gone"):
        page(folder)


def test_arrays_have_numbers_for_names(home: Home, tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (12, 20, 20), np.uint8)
    add(home, fill(tmp_path / "npz", {"a.npz": npz(images=images, labels=np.arange(12) % 2)}))
    previews, told = page(home.datasets / "set", side=64, of_class="1", count=2)
    assert told["total"] == 6
    assert told["rows"][0]["name"] == f"#{told['rows'][0]['row']}"
    stored = np.load(home.datasets / "set" / "images.npy")
    np.testing.assert_array_equal(pixels_of(previews[1]), stored[told["rows"][1]["row"]])


def variants(folder: Path, rows: list[int], **asked: object) -> list[Event]:
    settings = {"size": 20, "channels": 3, "settings": {}} | asked
    return list(browsing.augmented(folder, rows, **settings))  # type: ignore[arg-type]


def test_augmentation_is_that_of_training(folder: Path) -> None:
    wishes = {"flip": True, "shift": 0.2, "colour": 0.3, "cutout": 0.4}
    events = variants(folder, [4, 6], settings=wishes, policy="cutout", count=3, seed=11)
    assert events[-1].data == {"count": 6}  # type: ignore[union-attr]
    shown = [e for e in events if isinstance(e, Preview)]
    assert [preview.index for preview in shown] == list(range(6))
    (raw, *_), _ = page(folder, first=6, count=1, side=64)
    many = np.repeat(pixels_of(raw)[None], 3, axis=0)
    positions = 6 * browsing.MOST + np.arange(3)
    expected = policy_preview(augment(many, 11, positions, **wishes), 11, positions, "cutout")
    for preview, pixels in zip(shown[3:], expected, strict=True):
        np.testing.assert_array_equal(pixels_of(preview), pixels)
    again = variants(folder, [4, 6], settings=wishes, policy="cutout", count=3, seed=11)
    assert again == events
    other = variants(folder, [4, 6], settings=wishes, policy="cutout", count=3, seed=12)
    assert other != events


@pytest.mark.parametrize(
    "asked",
    [
        {"rows": [40]},
        {"rows": [-1]},
        {"size": 5000},
        {"channels": 2},
        {"policy": "colour"},
        {"settings": {"shift": "much"}},
    ],
)
def test_wishes_that_cannot_be_met(folder: Path, asked: dict) -> None:
    rows = asked.pop("rows", [1])
    with pytest.raises(UsageError):
        variants(folder, rows, **asked)


def test_a_preview_of_gone_pictures_shows_the_others(folder: Path, tmp_path: Path) -> None:
    items = contents.load(folder, store.open_dataset(folder)).items
    assert items is not None
    (tmp_path / "data" / items[3].path).write_bytes(png(777)[:50])
    events = variants(folder, [3, 4], count=2)
    assert [e.index for e in events if isinstance(e, Preview)] == [2, 3]
