"""Strips at the edges of a picture: where they lie, what they see, what becomes of them."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.events import Progress
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.families.diffusion.extending import COLUMNS, ROWS, Margins, Strip, strips
from tests.helpers import noisy
from tests.helpers.asking import ask_for, results
from tests.helpers.packages import SIZE

PICTURE = np.random.default_rng(5).integers(0, 256, (SIZE, SIZE, 1), dtype=np.uint8)
CALM = {"sampler": "ddim", "steps": 6, "passes": 1}


def numbered(height: int, width: int, first: int = 0) -> np.ndarray:
    """One picture (1, 1, h, w) whose columns count from `first`."""
    return np.tile(np.arange(first, first + width, dtype=np.float32), (1, 1, height, 1))


def test_strips_go_outwards_and_end_at_the_margin() -> None:
    found = strips(Margins(left=10, up=8, down=3), 64)
    assert found == [
        Strip(COLUMNS, True, 0, 8), Strip(COLUMNS, True, 8, 2),
        Strip(ROWS, True, 0, 8), Strip(ROWS, False, 0, 3),
    ]  # fmt: skip
    assert [strip.width for strip in strips(Margins(right=2), 4)] == [1, 1]


def test_the_first_strip_sees_the_picture_moved_by_its_width() -> None:
    base = numbered(16, 16)
    left, place = Strip(COLUMNS, True, 0, 2).window(base, base, 16)
    assert (left[0, 0, 0, place].tolist(), left[0, 0, 0, 2:].tolist()) == (
        [0, 0], list(range(14)),
    )  # fmt: skip
    right, place = Strip(COLUMNS, False, 0, 2).window(base, base, 16)
    assert (right[0, 0, 0, :14].tolist(), right[0, 0, 0, place].tolist()) == (
        list(range(2, 16)), [15, 15],
    )  # fmt: skip


def test_a_later_strip_sees_the_one_before_it_and_then_the_picture() -> None:
    base = numbered(16, 16)
    made = np.concatenate([numbered(16, 4, 100), base], axis=COLUMNS)
    found, _ = Strip(COLUMNS, True, 4, 2).window(base, made, 16)
    assert found[0, 0, 0].tolist() == [100, 100, 100, 101, *range(2, 14)]
    made = np.concatenate([base, numbered(16, 4, 100)], axis=COLUMNS)
    found, _ = Strip(COLUMNS, False, 4, 2).window(base, made, 16)
    assert found[0, 0, 0].tolist() == [*range(2, 14), 102, 103, 103, 103]


def test_rows_are_extended_over_the_whole_width() -> None:
    base = np.swapaxes(numbered(24, 16), 2, 3)  # (1, 1, 16, 24), rows count
    found, place = Strip(ROWS, False, 0, 2).window(base, base, 16)
    assert found.shape == (1, 1, 16, 24)
    assert place == slice(14, 16)
    assert found[0, 0, :, 5].tolist() == [*range(2, 16), 15, 15]


def test_margins_shrink_as_strips_are_put_in_place() -> None:
    margins = Margins(left=4, right=4, up=4, down=4)
    for strip in strips(margins, 32):
        margins = strip.less(margins)
    assert margins == Margins()
    assert not margins.any
    assert Margins(up=1).around(np.zeros((1, 1, 3, 3))).shape == (1, 1, 4, 3)
    assert Margins.of(Ask({"left": 3, "down": 9})) == Margins(left=3, down=9)


def test_progress_counts_the_steps_of_all_strips(models: dict[str, LoadedModel]) -> None:
    values = {"left": 2, "right": 0, "down": 1, "strength": 0.5, **CALM}
    found = ask_for(models["none"], "outpaint", inputs={"image": PICTURE}, count=1, **values)
    steps = [event for event in found if isinstance(event, Progress)]
    assert [step.done for step in steps] == list(range(3 * 3 + 1))
    assert steps[-1].text == "strip 3, step 3 of 3"
    passing = [p for p in found if isinstance(p, Picture) and p.passing]
    assert passing[0].data["steps"] == 9
    assert passing[0].pixels.shape == (SIZE + 1, SIZE + 2, 1)
    assert "step" not in results(found)[0].data


def test_a_picture_alone_equals_that_of_a_batch(models: dict[str, LoadedModel]) -> None:
    values = {"inputs": {"image": PICTURE}, "left": 2, "right": 2, "seed": 8, **CALM}
    many = results(ask_for(models["none"], "outpaint", count=3, **values))
    alone = results(ask_for(models["none"], "outpaint", count=1, first=2, **values))
    np.testing.assert_allclose(many[2].pixels.astype(int), alone[0].pixels.astype(int), atol=1)
    assert (many[0].pixels != many[1].pixels).any()


def test_strips_have_noise_of_their_own(models: dict[str, LoadedModel]) -> None:
    grey = np.full((SIZE, SIZE, 1), 128, np.uint8)
    values = {"sampler": "ddpm", "steps": 8, "left": 2, "right": 0, "strength": 1.0}
    found = results(ask_for(models["none"], "outpaint", inputs={"image": grey}, count=1, **values))
    assert (found[0].pixels[:, 0] != found[0].pixels[:, 1]).any()


def test_less_strength_keeps_nearer_to_the_edge(models: dict[str, LoadedModel]) -> None:
    dark = np.zeros((SIZE, SIZE, 1), np.uint8)
    weak, full = (
        results(
            ask_for(models["none"], "outpaint", inputs={"image": dark}, count=4, left=1, right=0,
                    strength=strength, **CALM)
        )
        for strength in (0.2, 1.0)
    )  # fmt: skip
    strip = [np.mean([p.pixels[:, :1].mean() for p in found]) for found in (weak, full)]
    assert strip[0] < strip[1]


@pytest.mark.parametrize("edge", ["left", "up"])
def test_a_strip_shows_what_was_asked(models: dict[str, LoadedModel], edge: str) -> None:
    values = {"left": 0, "right": 0, edge: 1, "strength": 1.0, "prompt": "gamma"}
    found = ask_for(models["text"], "outpaint", inputs={"image": PICTURE}, count=6, **values)
    made = np.stack([p.pixels for p in results(found)]).astype(int).mean(axis=0)
    pattern = batches.to_pixels(noisy.shown("gamma").reshape(1, 1, SIZE, SIZE))[0]
    there, expected = (made[:, :1], pattern[:, :1]) if edge == "left" else (made[:1], pattern[:1])
    assert np.abs(there - expected).mean() < 40
