"""Work in batches; arrays to pixels and back."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import GenStudioError, OutOfMemory
from genstudio.engine import batches
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from tests.helpers import packages
from tests.helpers.packages import LATENT, SIZE


@pytest.fixture
def model(tmp_path: Path, cpu: Device) -> Iterator[LoadedModel]:
    with LoadedModel.open(packages.gan(tmp_path / "g", classes=False), cpu) as opened:
        yield opened


def feeds(first: int, n: int) -> dict[str, np.ndarray]:
    return {"z": np.full((n, LATENT), 0.1 * first, np.float32)}


def test_all_items_come_once_and_in_order(model: LoadedModel) -> None:
    found = list(batches.run(model, "generator", 37, feeds))
    assert [(b.first, b.count) for b in found] == [(0, 16), (16, 16), (32, 5)]
    assert [len(b.outputs["image"]) for b in found] == [16, 16, 5]
    assert not list(batches.run(model, "generator", 0, feeds))


def test_the_memory_limit_makes_batches_smaller(model: LoadedModel) -> None:
    model.memory_mb = 1
    assert batches.item_bytes(model) == SIZE * SIZE * 4 * 4 * 6
    found = [b.count for b in batches.run(model, "generator", 10, feeds, batch=4)]
    assert found == [4, 4, 2]
    model.manifest = model.manifest.model_copy(update={"config": {"size": 256, "width": 64}})
    assert [b.count for b in batches.run(model, "generator", 2, feeds)] == [1, 1]


def test_missing_memory_halves_the_batch(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = model.run

    def poor(graph: str, values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        if len(values["z"]) > 5:
            raise OutOfMemory("memory ran out")
        return real(graph, values)

    monkeypatch.setattr(model, "run", poor)
    found = list(batches.run(model, "generator", 10, feeds))
    assert [(b.first, b.count) for b in found] == [(0, 5), (5, 5)]
    assert found[0].note == "memory ran short: 5 at a time"


def test_one_item_without_memory_is_an_error(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise OutOfMemory("memory ran out")

    monkeypatch.setattr(model, "run", never)
    with pytest.raises(OutOfMemory):
        list(batches.run(model, "generator", 4, feeds))


def test_pixels_go_there_and_back() -> None:
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    floats = batches.from_pixels(pixels)
    assert floats.shape == (1, 1, 16, 16)
    assert (floats.min(), floats.max()) == (-1, 1)
    np.testing.assert_array_equal(batches.to_pixels(floats), pixels)


def test_numbers_beyond_the_range_are_clipped() -> None:
    found = batches.to_pixels(np.array([-9.0, 9.0], np.float32).reshape(1, 1, 1, 2))
    assert found.ravel().tolist() == [0, 255]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_undefined_numbers_never_become_a_picture(value: float) -> None:
    with pytest.raises(GenStudioError, match="Fox produced undefined numbers"):
        batches.to_pixels(np.full((1, 1, 2, 2), value), "Fox")


def test_one_single_colour_is_mentioned() -> None:
    flat = np.full((4, 4, 3), 7, np.uint8)
    assert "single colour" in str(batches.facts(flat)[batches.BLANK])
    flat[2, 2, 1] = 8
    assert batches.facts(flat, error=0.5) == {"error": 0.5}


def test_pictures_are_fitted(model: LoadedModel) -> None:
    stack = np.zeros((2, 20, 30, 3), np.uint8)
    assert batches.fitted(model, stack).shape == (2, SIZE, SIZE, 1)
    right = np.zeros((2, SIZE, SIZE, 1), np.uint8)
    assert batches.fitted(model, right) is right


def test_a_mask_is_cut_as_its_picture(model: LoadedModel) -> None:
    mask = np.zeros((40, 80, 1), np.uint8)
    mask[:, 40:] = 255  # the right half of a wide mask over a wide picture
    hole = batches.fitted_mask(model, mask, (16, 32))
    assert hole.shape == (SIZE, SIZE)
    assert hole[:, SIZE // 2 :].all()
    assert not hole[:, : SIZE // 2].any()


def test_a_transparent_mask_marks_where_it_is_painted(model: LoadedModel) -> None:
    mask = np.full((8, 8, 4), 255, np.uint8)
    mask[:4, :, 3] = 0
    hole = batches.fitted_mask(model, mask, (8, 8))
    assert not hole[:4].any()
    assert hole[4:].all()


def test_a_fine_mask_counts_by_area(model: LoadedModel) -> None:
    fine = 16
    mask = np.zeros((SIZE * fine, SIZE * fine, 1), np.uint8)
    mask[: 2 * fine, : fine + fine * 3 // 4] = 255  # 1.75 pixels wide, 2 high
    mask[::fine, 4 * fine :] = 255  # hairlines over the right half
    hole = batches.fitted_mask(model, mask, (100, 100))
    wanted = np.zeros((SIZE, SIZE), bool)
    wanted[:2, :2] = True
    np.testing.assert_array_equal(hole, wanted)


def test_a_mask_of_hairlines_alone_is_not_nothing(model: LoadedModel) -> None:
    mask = np.zeros((SIZE * 16, SIZE * 16, 1), np.uint8)
    mask[64:68] = 255
    hole = batches.fitted_mask(model, mask, (8, 8))
    np.testing.assert_array_equal(hole.any(axis=1), np.arange(SIZE) == 4)
    assert not batches.fitted_mask(model, np.zeros_like(mask), (8, 8)).any()


def test_one_hot() -> None:
    np.testing.assert_array_equal(batches.one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])
