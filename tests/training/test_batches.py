"""Which pictures, in which order, mirrored or not."""

import numpy as np
import pytest
import torch

from genstudio.core.errors import BadInput
from genstudio.training.batches import Batches
from tests.training.toys import Pictures, pictures


def numbered(count: int) -> Pictures:
    """Pictures that can be told apart by their first pixel; the second differs from it."""
    images = np.zeros((count, 2, 2, 1), dtype=np.uint8)
    images[:, 0, 0, 0] = np.arange(count)
    images[:, 0, 1, 0] = 200
    return Pictures(images, np.arange(count))


def drawn(batches: Batches, draws: int) -> list[int]:
    return [int(x) for d in range(draws) for x in batches.draw(d).labels]


def test_every_picture_once_an_epoch_in_an_order_that_changes():
    found = drawn(Batches(numbered(20), None, 5, seed=1), 8)
    assert sorted(found[:20]) == sorted(found[20:]) == list(range(20))
    assert found[:20] != found[20:]


def test_a_draw_does_not_depend_on_the_draws_before():
    first, second = Batches(numbered(20), None, 6, seed=1), Batches(numbered(20), None, 6, seed=1)
    drawn(first, 9)
    assert torch.equal(first.draw(7).images, second.draw(7).images)
    assert torch.equal(first.draw(1).labels, second.draw(1).labels)
    other = Batches(numbered(20), None, 6, seed=2)
    assert not torch.equal(other.draw(1).labels, second.draw(1).labels)


def test_a_batch_larger_than_the_data_goes_round():
    found = drawn(Batches(numbered(3), None, 7, seed=1), 1)
    assert len(found) == 7
    assert set(found) == {0, 1, 2}


@pytest.mark.parametrize("shards", [1, 2, 3])
def test_shards_share_what_one_batch_would_draw(shards: int):
    changes = {"flip": True, "shift": 0.3, "colour": 0.2, "cutout": 0.5}
    alone = Batches(numbered(20), None, 6, seed=1, **changes)
    parts = Batches(numbered(20), None, 6, seed=1, shards=shards, **changes)
    assert parts.size == 6 // shards
    for number in range(5):
        pieces = [parts.shard(number, shard) for shard in range(shards)]
        whole = alone.draw(number)
        assert torch.equal(torch.cat([piece.labels for piece in pieces]), whole.labels)
        assert torch.equal(torch.cat([piece.images for piece in pieces]), whole.images)
        assert torch.equal(parts.draw(number).images, whole.images)


@pytest.mark.parametrize("change", ["shift", "colour", "cutout"])
def test_pictures_are_changed_as_the_settings_say_but_never_held_out_ones(change: str):
    data = pictures(40)
    plain, changed = Batches(data, data, 20, 1), Batches(data, data, 20, 1, **{change: 0.5})
    assert not torch.equal(plain.draw(0).images, changed.draw(0).images)
    assert torch.equal(
        changed.draw(0).images, Batches(data, data, 20, 1, **{change: 0.5}).draw(0).images
    )
    assert torch.equal(next(plain.held_out()).images, next(changed.held_out()).images)
    assert torch.equal(plain.shown(5).images, changed.shown(5).images)


def test_about_half_are_mirrored_and_always_the_same():
    batches = Batches(numbered(100), None, 100, seed=1, flip=True)
    images = batches.draw(0).images
    mirrored = images[:, 0, 0, 0] > images[:, 0, 0, 1]
    assert 30 < int(mirrored.sum()) < 70
    assert torch.equal(images, Batches(numbered(100), None, 100, seed=1, flip=True).draw(0).images)


def test_values_and_layout():
    data = Pictures(np.array([0, 255], dtype=np.uint8).reshape(2, 1, 1, 1).repeat(3, 3), None)
    batch = Batches(data, None, 2, seed=0).draw(0)
    assert batch.labels is None
    assert sorted(batch.images[:, 0, 0, 0].tolist()) == [-1.0, 1.0]
    assert batch.images.shape == (2, 3, 1, 1)
    assert batch.images.is_contiguous(memory_format=torch.channels_last)


def test_data_are_not_touched_by_mirroring():
    data = numbered(30)
    before = data.images.copy()
    Batches(data, None, 30, seed=1, flip=True).draw(0)
    assert np.array_equal(data.images, before)


def test_held_out_pictures_come_in_order_and_are_shown():
    batches = Batches(numbered(20), pictures(600), 5, seed=1)
    parts = list(batches.held_out())
    assert [part.size for part in parts] == [250, 250, 100]
    assert torch.equal(batches.shown(4).images, parts[0].images[:4])
    assert batches.pixels(4).dtype == np.uint8
    assert list(Batches(numbered(20), None, 5, seed=1).held_out()) == []
    assert Batches(numbered(20), None, 5, seed=1).shown(40).size == 40


def test_no_pictures_is_said_in_words():
    with pytest.raises(BadInput, match="no pictures"):
        Batches(Pictures(np.zeros((0, 2, 2, 1), np.uint8), None), None, 5, seed=1)


def test_a_batch_splits_into_parts():
    batch = Batches(numbered(20), None, 7, seed=1).draw(0)
    parts = batch.split(2)
    assert [part.size for part in parts] == [4, 3]
    assert torch.equal(torch.cat([part.labels for part in parts]), batch.labels)
    assert batch.split(1) == [batch]
