"""Near-duplicates: what the hash forgives, what it tells apart, and what is done about them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.core.paths import Home
from genstudio.datasets import near, store
from genstudio.media import image
from tests.datasets.folders import add, facts, fill, npz, said
from tests.helpers.making import saved


def scene(seed: int, side: int = 64) -> np.ndarray:
    """A smooth picture: coarse noise, enlarged."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC))


def distance(one: np.ndarray, two: np.ndarray) -> int:
    first, second = near.hash_of(one), near.hash_of(two)
    assert first is not None
    assert second is not None
    return (first ^ second).bit_count()


def test_small_changes_are_forgiven() -> None:
    for seed in range(10):
        whole = scene(seed)
        brighter = np.clip(whole.astype(int) + 12, 0, 255).astype(np.uint8)
        packed = image.read(saved(Image.fromarray(whole), "JPEG", quality=70))
        smaller = image.resize(whole, 40, 40)
        for other in (brighter, packed, smaller):
            assert distance(whole, other) <= 4
    assert sum(distance(scene(n), scene(n)[:, :, [0, 1, 2]]) for n in range(5)) == 0


def test_other_pictures_differ_by_much() -> None:
    found = [distance(scene(n), scene(n + 100)) for n in range(20)]
    assert min(found) > near.MAX_DISTANCE + 6


def test_flat_and_tiny_pictures_have_no_hash() -> None:
    assert near.hash_of(np.full((40, 40, 3), 90, np.uint8)) is None
    assert near.hash_of(scene(1)[:7, :7]) is None


def test_a_batch_equals_its_pictures() -> None:
    batch = np.stack([scene(n, 33) for n in range(5)])
    assert near.hashes(batch) == [near.hash_of(picture) for picture in batch]
    assert near.hashes(batch[:0]) == []


def test_every_pair_of_flipped_bits_is_found_and_three_are_not() -> None:
    value = 0x123456789ABCDEF0
    for first in range(64):
        for second in range(first, 64):
            known = near.Neighbours()
            known.add(value, "first")
            other = value ^ (1 << first) ^ (1 << second if second != first else 0)
            assert known.find(other) == "first"
    known = near.Neighbours()
    known.add(value, "first")
    assert known.find(value ^ 0b111) is None
    assert known.find(None) is None


def test_common_pairs_of_words_do_not_take_for_ever() -> None:
    known = near.Neighbours()
    for number in range(3000):
        known.add(number * 2654435761 % 2**32 << 32, str(number))
    largest = max(len(bucket) for bucket in known._buckets.values())
    assert largest == 3000
    assert known.find(2999 * 2654435761 % 2**32 << 32 ^ 1) == "2999"


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    """Three scenes, each as PNG and once more as JPEG; two exact copies."""
    files = {f"{n}.png": image.png(scene(n)) for n in range(3)}
    files |= {
        f"{n}-again.jpg": saved(Image.fromarray(scene(n)), "JPEG", quality=95) for n in range(3)
    }
    files["copy.png"] = files["0.png"]
    return fill(tmp_path / "twins", files)


def test_near_duplicates_are_noted_and_stay(twins: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    events = add(home, twins)
    assert facts(events)["count"] == 6
    assert "3 pictures look nearly like others and stay in" in said(events)
    whys = {finding.why for finding in store.load(home, "set").findings}
    assert {"near-duplicate", "duplicate"} <= whys


@pytest.mark.parametrize("copy", [False, True])
def test_near_duplicates_are_left_out_on_request(twins: Path, tmp_path: Path, copy: bool) -> None:
    home = Home(tmp_path / "home")
    events = add(home, twins, near="skip", copy=copy)
    assert (facts(events)["count"], facts(events)["skipped"]) == (3, 4)
    left_out = [f for f in store.load(home, "set").findings if f.why == "near-duplicate"]
    assert all("looks nearly like" in finding.what for finding in left_out)
    if copy:
        assert len(list((home.datasets / "set" / "files").rglob("*.*"))) == 3


@pytest.mark.parametrize(("wish", "count"), [("note", 8), ("skip", 6)])
def test_arrays(tmp_path: Path, wish: str, count: int) -> None:
    home = Home(tmp_path / "home")
    pictures = np.stack([scene(n) for n in (0, 1, 2, 3, 0, 4)] + [scene(n) // 2 for n in (1, 2)])
    source = fill(tmp_path / "data", {"set.npz": npz(images=pictures)})
    events = add(home, source, near=wish)
    assert facts(events)["count"] == count
    assert "2 pictures look nearly like others" in said(events)
    assert "1 pictures are exact copies" in said(events)
