"""Augmentation: what each change does, and that a picture depends on (seed, position) alone."""

import numpy as np
import pytest

from genstudio.numerics.augment import augment, policy_preview, policy_words
from genstudio.numerics.mixing import mix, uniform

ALL = {"flip": True, "shift": 0.2, "colour": 0.4, "cutout": 0.5}


def pictures(count: int, side: int = 12, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Noise: uint8 (count, side, side, channels)."""
    generator = np.random.Generator(np.random.Philox(seed))
    return generator.integers(0, 256, (count, side, side, channels), np.uint8)


def test_draws_stay_good_for_ever() -> None:
    # Runs of earlier versions resume with these numbers.
    assert mix(1, 2, 3) == 7702586659592502839
    np.testing.assert_allclose(
        uniform(5, np.arange(3)), [0.67236799, 0.50377246, 0.58399224], atol=1e-8
    )


def test_nothing_asked_is_the_same_bytes_in_a_new_array() -> None:
    pixels = pictures(5)
    found = augment(pixels, 3, np.arange(5))
    np.testing.assert_array_equal(found, pixels)
    assert found.base is not pixels
    assert not np.shares_memory(found, pixels)


def test_mirroring_is_that_of_earlier_versions() -> None:
    pixels, positions = pictures(64), np.arange(100, 164)
    found = augment(pixels, 7, positions, flip=True)
    mirrored = uniform(7 + 12, positions) < 0.5
    assert 16 < mirrored.sum() < 48
    np.testing.assert_array_equal(found[mirrored], pixels[mirrored, :, ::-1])
    np.testing.assert_array_equal(found[~mirrored], pixels[~mirrored])


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_picture_alone_equals_the_picture_of_a_batch(channels: int) -> None:
    pixels, positions = pictures(16, channels=channels), np.arange(40, 56)
    together = augment(pixels, 9, positions, **ALL)
    for place in (0, 7, 15):
        alone = augment(pixels[place : place + 1], 9, positions[place : place + 1], **ALL)
        np.testing.assert_array_equal(alone[0], together[place])
    swapped = augment(pixels[::-1], 9, positions[::-1], **ALL)
    np.testing.assert_array_equal(swapped[::-1], together)


def test_other_seeds_and_other_positions_change_other_things() -> None:
    pixels = np.repeat(pictures(1), 32, axis=0)
    first = augment(pixels, 1, np.arange(32), **ALL)
    assert len({picture.tobytes() for picture in first}) == 32
    assert (first != augment(pixels, 2, np.arange(32), **ALL)).any(axis=(1, 2, 3)).all()


def test_input_is_left_alone() -> None:
    pixels = pictures(4)
    before = pixels.copy()
    pixels.flags.writeable = False  # as memory-mapped pictures are
    augment(pixels, 0, np.arange(4), **ALL)
    np.testing.assert_array_equal(pixels, before)


def test_shift_moves_by_whole_pixels_and_repeats_the_border() -> None:
    pixels = np.zeros((200, 20, 20, 1), np.uint8)
    pixels[:, 10, 10] = 255
    pixels[:, :, 0] = 40
    found = augment(pixels, 3, np.arange(200), shift=0.15)  # up to 3 pixels
    spots = np.argwhere(found[..., 0] == 255)
    assert len(spots) == 200
    moved = spots[:, 1:] - 10
    assert set(moved[:, 0].tolist()) == set(moved[:, 1].tolist()) == set(range(-3, 4))
    for picture, (_, across) in zip(found, moved, strict=True):
        bar = np.flatnonzero(picture[0, :, 0] == 40)
        expected = list(range(across + 1)) if across >= 0 else []
        assert bar.tolist() == expected


def test_colour_changes_values_within_reach_and_never_alpha() -> None:
    pixels = np.full((64, 8, 8, 4), 100, np.uint8)
    pixels[..., 3] = pictures(64, 8, 1)[..., 0]
    found = augment(pixels, 3, np.arange(64), colour=0.3)
    np.testing.assert_array_equal(found[..., 3], pixels[..., 3])
    values = found[:, 0, 0, 0].astype(int)  # even grey: contrast and saturation change nothing
    assert values.min() >= 70
    assert values.max() <= 130
    assert values.min() < 78
    assert values.max() > 122
    assert (found[..., :3] == found[:, :1, :1, :1]).all()


def test_contrast_and_saturation_pull_towards_grey_and_away() -> None:
    pixels = np.zeros((100, 6, 6, 3), np.uint8)
    pixels[..., 0] = 180
    pixels[:, :3, :, 1] = 90
    found = augment(pixels, 4, np.arange(100), colour=0.5).astype(int)
    colourful = (found.max(axis=3) - found.min(axis=3)).mean(axis=(1, 2))
    assert colourful.min() < 120 < 180 < colourful.max()
    halves = found[:, :3].mean(axis=(1, 2, 3)) - found[:, 3:].mean(axis=(1, 2, 3))
    assert halves.min() < 22 < 38 < halves.max()


def test_grey_pictures_stay_grey() -> None:
    grey = np.repeat(pictures(32, channels=1), 3, axis=3)
    found = augment(grey, 0, np.arange(32), colour=0.8)
    assert (found.max(axis=3) == found.min(axis=3)).all()
    assert (found != grey).any()


def test_cutout_blanks_one_square_up_to_its_share() -> None:
    pixels = np.full((300, 20, 20, 4), 255, np.uint8)
    found = augment(pixels, 5, np.arange(300), cutout=0.4)
    assert (found[..., 3] == 255).all()
    sides = set()
    for picture in found:
        rows, columns = np.nonzero(picture[..., 0] == 128)
        if not len(rows):
            sides.add(0)
            continue
        high, wide = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
        assert high * wide == len(rows)
        assert max(high, wide) <= 8
        sides.add(int(max(high, wide)))
    assert sides == set(range(9))


@pytest.mark.parametrize(
    ("pixels", "positions"),
    [
        (np.zeros((2, 4, 4), np.uint8), np.arange(2)),
        (np.zeros((2, 4, 4, 2), np.uint8), np.arange(2)),
        (np.zeros((2, 4, 4, 3), np.float32), np.arange(2)),
        (np.zeros((2, 4, 4, 3), np.uint8), np.arange(3)),
    ],
)
def test_what_is_no_batch_is_refused(pixels: np.ndarray, positions: np.ndarray) -> None:
    with pytest.raises(ValueError, match="picture"):
        augment(pixels, 0, positions)


def test_an_empty_batch_stays_empty() -> None:
    assert augment(np.zeros((0, 8, 8, 3), np.uint8), 0, np.arange(0), **ALL).shape == (0, 8, 8, 3)


def test_policy_without_words_changes_nothing() -> None:
    pixels = pictures(3)
    for policy in ("", "off"):
        np.testing.assert_array_equal(policy_preview(pixels, 0, np.arange(3), policy), pixels)


def test_policy_cutout_blanks_half_the_side() -> None:
    pixels = np.full((100, 16, 16, 3), 255, np.uint8)
    found = policy_preview(pixels, 1, np.arange(100), "cutout")
    areas = (found[..., 0] == 128).sum(axis=(1, 2))
    assert areas.max() == 64
    assert 16 <= areas.min() < 64


def test_policy_translation_leaves_mid_grey_behind() -> None:
    pixels = np.full((100, 16, 16, 3), 255, np.uint8)
    found = policy_preview(pixels, 1, np.arange(100), "translation")
    gaps = (found[..., 0] == 128).any(axis=2).sum(axis=1)
    assert set(np.unique(found)) == {128, 255}
    columns = (found[..., 0] == 128).all(axis=1).sum(axis=1)
    assert columns.max() == 2
    assert gaps.max() == 16


def test_policy_colour_changes_brightness_by_half_the_range_at_most() -> None:
    pixels = np.full((200, 4, 4, 3), 128, np.uint8)
    values = policy_preview(pixels, 1, np.arange(200), "color")[:, 0, 0, 0].astype(int)
    assert 64 <= values.min() < 72
    assert 184 < values.max() <= 192


def test_policy_alone_equals_policy_in_a_batch() -> None:
    pixels = pictures(9)
    words = "color, translation,cutout"
    many = policy_preview(pixels, 2, np.arange(9), words)
    one = policy_preview(pixels[4:5], 2, np.arange(4, 5), words)
    np.testing.assert_array_equal(one[0], many[4])
    assert policy_words(words) == ("color", "translation", "cutout")


def test_unknown_words_are_named() -> None:
    with pytest.raises(ValueError, match=r"'colour'.*color, translation, cutout"):
        policy_words("colour")
