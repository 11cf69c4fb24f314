"""The tasks on models whose right answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Progress
from genstudio.engine import batches
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.families.diffusion.tasks import SAMPLERS
from genstudio.numerics import noise
from tests.helpers import noisy
from tests.helpers.asking import ask_for, results
from tests.helpers.packages import SIZE

RANDOM = np.random.default_rng(4)
PICTURE = RANDOM.integers(0, 256, (SIZE, SIZE, 1), dtype=np.uint8)
CALM = ("dpm", "ddim", "euler", "heun")


def wanted(words: list[str], seed: int, count: int = 1, first: int = 0) -> np.ndarray:
    """What the exact way makes of the seed's noise: uint8 (count, s, s, 1)."""
    dirt = noise.normals(seed, first, count, (1, SIZE, SIZE))
    patterns = np.stack([noisy.shown(*words)] * count)
    return batches.to_pixels(np.clip(noisy.drawn(patterns, dirt), -1, 1))


def pixels(found: list) -> np.ndarray:
    """Finished pictures (n, h, w, c) as whole numbers."""
    return np.stack([p.pixels for p in results(found)]).astype(int)


@pytest.mark.parametrize("sampler", CALM)
def test_pictures_show_what_was_asked(models: dict[str, LoadedModel], sampler: str) -> None:
    found = ask_for(
        models["text"], "sample", seed=4, count=3, prompt="alpha", sampler=sampler, steps=50
    )
    assert np.abs(pixels(found) - wanted(["alpha"], 4, 3)).max() <= 6
    assert [p.index for p in results(found)] == [0, 1, 2]
    assert results(found)[0].data == {"prompt": "alpha"}


@pytest.mark.parametrize("sampler", [option.value for option in SAMPLERS])
@pytest.mark.parametrize("spacing", ["even", "karras"])
def test_every_sampler_finds_the_pattern(
    models: dict[str, LoadedModel], sampler: str, spacing: str
) -> None:
    values = {"class_": "Beta", "sampler": sampler, "spacing": spacing, "steps": 12}
    found = pixels(ask_for(models["classes"], "sample", seed=4, count=2, **values))
    pattern = batches.to_pixels(noisy.shown("beta").reshape(1, 1, SIZE, SIZE))
    assert np.abs(found.mean(axis=0) - pattern[0]).mean() < 30
    assert found.std(axis=0).mean() > 2, "both are the same picture"


@pytest.mark.parametrize("kind", ["text", "classes", "none", "distilled"])
def test_a_picture_alone_equals_the_picture_of_a_batch(
    models: dict[str, LoadedModel], kind: str
) -> None:
    said = {"prompt": "{alpha|beta|gamma}"} if kind in ("text", "distilled") else {}
    more = {} if kind == "distilled" else {"steps": 5, "sampler": "ddpm"}
    many = results(ask_for(models[kind], "sample", seed=3, count=18, **said, **more))
    for index in (0, 7, 17):
        (alone,) = results(
            ask_for(models[kind], "sample", seed=3, first=index, count=1, **said, **more)
        )
        assert alone.index == index
        assert alone.data == many[index].data
        assert np.abs(alone.pixels.astype(int) - many[index].pixels).max() <= 1


def test_every_step_is_shown_for_every_picture(
    models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.families.diffusion.running.PAUSE", 0.0)
    monkeypatch.setattr("genstudio.families.diffusion.running.Pace.ready", lambda self: True)
    found = ask_for(models["text"], "sample", count=2, steps=4, prompt="beta plaid", seed=2)
    passing = [o for o in found if isinstance(o, Picture) and o.passing]
    assert [(p.index, p.data["step"]) for p in passing] == [
        (0, 1), (1, 1), (0, 2), (1, 2), (0, 3), (1, 3),
    ]  # fmt: skip
    assert passing[0].data == {"prompt": "beta plaid", "ignored": "plaid", "step": 1, "steps": 4}
    said = [o for o in found if isinstance(o, Progress)]
    assert [s.text for s in said] == ["", *(f"step {i} of 4" for i in range(1, 5))]
    last, final = passing[-1].pixels.astype(int), results(found)[-1].pixels
    assert 0 < np.abs(last - final).mean() < 30, "the estimate approaches the result"


def test_unfinished_numbers_are_refused(
    models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = models["none"]
    run = model.run

    def spoiled(graph: str, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: out * np.nan for name, out in run(graph, feeds).items()}

    monkeypatch.setattr(model, "run", spoiled)
    with pytest.raises(GenStudioError, match="undefined numbers"):
        ask_for(model, "sample", count=1)


def test_a_little_strength_stays_close_to_the_picture(models: dict[str, LoadedModel]) -> None:
    model = models["none"]
    inputs = {"image": PICTURE}
    gaps = []
    for strength in (0.1, 0.5, 1.0):
        found = pixels(ask_for(model, "img2img", inputs=inputs, strength=strength, count=2))
        gaps.append(np.abs(found - PICTURE).mean())
    assert gaps[0] < gaps[1] < gaps[2]


def test_full_strength_keeps_nothing(models: dict[str, LoadedModel]) -> None:
    values = {"prompt": "alpha", "count": 2, "seed": 9}
    changed = ask_for(models["text"], "img2img", inputs={"image": PICTURE}, strength=1.0, **values)
    new = ask_for(models["text"], "sample", **values)
    np.testing.assert_array_equal(pixels(changed), pixels(new))


def test_pictures_of_a_stack_are_changed_in_turn(models: dict[str, LoadedModel]) -> None:
    dark = np.zeros((SIZE, SIZE, 1), np.uint8)
    inputs = {"image": np.stack([dark, 255 - dark])}
    found = pixels(ask_for(models["none"], "img2img", inputs=inputs, strength=0.05, count=4))
    means = found.mean(axis=(1, 2, 3))
    assert (means[[0, 2]] < means[[1, 3]]).all()


def half() -> np.ndarray:
    """A mask over the left half."""
    mask = np.zeros((SIZE, SIZE, 1), np.uint8)
    mask[:, : SIZE // 2] = 255
    return mask


@pytest.mark.parametrize("passes", [1, 3])
@pytest.mark.parametrize("sampler", ["dpm", "ddpm", "heun"])
def test_a_filling_keeps_the_rest_and_shows_what_was_asked(
    models: dict[str, LoadedModel], passes: int, sampler: str
) -> None:
    inputs = {"image": PICTURE, "mask": half()}
    values = {"prompt": "gamma", "feather": 0, "passes": passes, "sampler": sampler, "steps": 12}
    found = pixels(ask_for(models["text"], "inpaint", inputs=inputs, count=3, **values))
    middle = SIZE // 2
    assert (found[:, :, middle:] == PICTURE[:, middle:]).all()
    pattern = batches.to_pixels(noisy.shown("gamma").reshape(1, 1, SIZE, SIZE))[0]
    assert np.abs(found[:, :, :middle].mean(axis=0) - pattern[:, :middle]).mean() < 30
    assert found[:, :, :middle].std(axis=0).mean() > 2


def test_a_soft_edge_shows_something_of_both(models: dict[str, LoadedModel]) -> None:
    inputs = {"image": PICTURE, "mask": half()}
    hard, soft = (
        pixels(ask_for(models["none"], "inpaint", inputs=inputs, count=1, feather=feather))[0]
        for feather in (0, 3)
    )
    changed = (hard != soft).any(axis=(0, 2))
    assert changed[1 : SIZE // 2].any()
    assert not changed[SIZE // 2 :].any()


def test_what_lies_under_the_mask_does_not_count(models: dict[str, LoadedModel]) -> None:
    other = PICTURE.copy()
    other[:, : SIZE // 2] = 255 - other[:, : SIZE // 2]
    found = [
        pixels(ask_for(models["none"], "inpaint", count=1, feather=0,
                       inputs={"image": picture, "mask": half()}))
        for picture in (PICTURE, other)
    ]  # fmt: skip
    np.testing.assert_array_equal(*found)


def test_with_less_strength_a_filling_recalls_what_was_there(
    models: dict[str, LoadedModel],
) -> None:
    inputs = {"image": PICTURE, "mask": half()}
    weak, full = (
        pixels(ask_for(models["none"], "inpaint", inputs=inputs, strength=s, feather=0))
        for s in (0.2, 1.0)
    )
    assert np.abs(weak - PICTURE).mean() < np.abs(full - PICTURE).mean()


def test_nothing_marked_is_said(models: dict[str, LoadedModel]) -> None:
    inputs = {"image": PICTURE, "mask": np.zeros((SIZE, SIZE, 1), np.uint8)}
    with pytest.raises(UsageError, match="Nothing is marked"):
        ask_for(models["none"], "inpaint", inputs=inputs)


def test_an_extended_picture_holds_the_old_one(models: dict[str, LoadedModel]) -> None:
    inputs = {"image": PICTURE}
    sides = {"left": 8, "right": 3, "up": 0, "down": 5}
    found = ask_for(models["text"], "outpaint", inputs=inputs, count=2, prompt="alpha", **sides)
    made = pixels(found)
    assert made.shape == (2, SIZE + 5, SIZE + 11, 1)
    assert (made[:, :SIZE, 8 : 8 + SIZE] == PICTURE).all()
    passing = [o for o in found if isinstance(o, Picture) and o.passing]
    assert all((p.pixels[:SIZE, 8 : 8 + SIZE] == PICTURE).all() for p in passing)
    # The leftmost window lies alone, so it shows the pattern.
    pattern = batches.to_pixels(noisy.shown("alpha").reshape(1, 1, SIZE, SIZE))[0]
    assert np.abs(made[:, :SIZE, :4].mean(axis=0) - pattern[:, :4]).mean() < 40


def test_a_long_picture_keeps_its_proportions(models: dict[str, LoadedModel]) -> None:
    picture = RANDOM.integers(0, 256, (40, 100, 3), dtype=np.uint8)
    found = pixels(
        ask_for(models["none"], "outpaint", inputs={"image": picture}, count=1, down=8, left=0,
                right=0)
    )  # fmt: skip
    assert found.shape == (1, SIZE + 8, 20, 1)


@pytest.mark.parametrize(
    ("shape", "values", "words"),
    [
        ((8, 8), {"left": 0, "right": 0}, "Nothing is to be added"),
        ((4, 60), {}, "more than 8 times"),
        ((8, 8), {"left": 32, "right": 32, "down": 32, "up": 32}, "too many"),
    ],
)
def test_what_cannot_be_extended_is_said(
    models: dict[str, LoadedModel], shape: tuple[int, int], values: dict, words: str
) -> None:
    inputs = {"image": np.zeros((*shape, 3), np.uint8)}
    with pytest.raises(UsageError, match=words):
        ask_for(models["none"], "outpaint", inputs=inputs, count=1, **values)


def test_variations_of_a_seed_stay_near_its_picture(models: dict[str, LoadedModel]) -> None:
    model, values = models["text"], {"prompt": "{alpha|beta|gamma}", "seed": 6}
    (base,) = results(ask_for(model, "sample", first=5, count=1, **values))
    near, far = (
        ask_for(model, "variations", variation=amount, variation_of=5, count=3, **values)
        for amount in (0.15, 0.9)
    )
    gaps = [np.abs(pixels(found) - base.pixels).mean() for found in (near, far)]
    assert 0 < gaps[0] < gaps[1]
    assert {p.data["prompt"] for p in results(near)} == {base.data["prompt"]}
    assert len({p.pixels.tobytes() for p in results(near)}) == 3


def test_variations_of_a_picture_stay_near_it(models: dict[str, LoadedModel]) -> None:
    inputs = {"image": PICTURE}
    near, far = (
        pixels(ask_for(models["none"], "variations", inputs=inputs, variation=amount, count=3))
        for amount in (0.1, 1.0)
    )
    assert np.abs(near - PICTURE).mean() < np.abs(far - PICTURE).mean()


def test_guidance_makes_it_plainer(models: dict[str, LoadedModel]) -> None:
    plain, strong = (
        pixels(ask_for(models["text"], "sample", prompt="beta", count=2, guidance=scale))
        for scale in (1.0, 3.0)
    )
    pattern = np.sign(noisy.shown("beta")).reshape(SIZE, SIZE, 1)
    assert (np.abs(strong - 127.5) >= np.abs(plain - 127.5) - 1).mean() > 0.95
    assert ((strong - 127.5) * pattern > 0).mean() > 0.95
