"""What is done to pictures on their way out."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.media.finishing import SCALES, Finish
from tests.helpers.making import picture


@pytest.mark.parametrize("scale", SCALES)
def test_every_pixel_becomes_a_block(scale: int) -> None:
    pixels = picture(5, 7)
    made = Finish(scale).applied(pixels)
    assert made.shape == (pixels.shape[0] * scale, pixels.shape[1] * scale, pixels.shape[2])
    assert (made[::scale, ::scale] == pixels).all()
    assert (made[scale - 1 :: scale, scale - 1 :: scale] == pixels).all()


def test_frames_grow_too_and_keep_their_background() -> None:
    frames = np.stack([picture(4, 4), picture(4, 4, seed=2)])
    made = Finish(2, "hard").applied(frames)
    assert made.shape == (2, 8, 8, frames.shape[3])


def test_the_background_goes_before_the_pixels_grow() -> None:
    pixels = np.full((6, 6, 3), 250, np.uint8)
    pixels[2:4, 2:4] = 9
    made = Finish(4, "soft", 5).applied(pixels)
    assert made.shape == (24, 24, 4)
    assert (made[..., 3] > 0).sum() == 4 * 16
    assert Finish().applied(pixels) is pixels


@pytest.mark.parametrize(
    ("finish", "suffix", "words"),
    [
        (Finish(3), "", "scale"),
        (Finish(1, "gone"), "", "background"),  # type: ignore[arg-type]
        (Finish(1, "hard", 101), "", "tolerance"),
        (Finish(1, "hard"), ".JPG", "no transparency"),
        (Finish(1, "soft"), ".mp4", "no transparency"),
    ],
)
def test_what_cannot_be_is_refused(finish: Finish, suffix: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        finish.check(suffix)


def test_what_can_be_is_let_through() -> None:
    for suffix in (".png", ".WEBP", ""):
        assert Finish(16, "soft", 0).check(suffix) == Finish(16, "soft", 0)
    assert Finish(2).check(".jpg").enlarge == 2
