"""Sampling from and working with a VAE whose latent space is a known linear one."""

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Blob
from genstudio.families.vae import restoring
from genstudio.families.vae.sample import TASKS
from genstudio.families.vae.tasks import tasks
from genstudio.numerics import noise
from tests.helpers import packages
from tests.helpers.asking import ask_for, results
from tests.helpers.packages import LATENT, NAMES, SIZE


def inside(seed: int = 3, scale: float = 0.9) -> np.ndarray:
    """A picture uint8 (size, size, 1) that the model's space contains (up to rounding)."""
    flat = noise.normal(seed, 0, (LATENT,)) @ packages.basis()
    flat *= scale / np.abs(flat).max()
    return batches.to_pixels(flat.reshape(1, 1, SIZE, SIZE))[0]


def odd(seed: int = 3) -> np.ndarray:
    """The same with one pixel that does not belong there."""
    picture = inside(seed, 0.5)
    picture[2, 5] = 255
    return picture


def gap(a: np.ndarray, b: np.ndarray) -> int:
    return int(np.abs(a.astype(int) - b.astype(int)).max())


@pytest.mark.parametrize("kind", ["vae", "vae-classes", "vae-prior", "vae-both"])
def test_sampling_repeats_and_does_not_depend_on_the_batch(
    opened: dict[str, LoadedModel], kind: str
) -> None:
    many = results(ask_for(opened[kind], "sample", seed=8, count=18))
    again = results(ask_for(opened[kind], "sample", seed=8, count=18))
    (one,) = results(ask_for(opened[kind], "sample", seed=8, first=7, count=1))
    for a, b in zip(many, again, strict=True):
        np.testing.assert_array_equal(a.pixels, b.pixels)
    assert gap(one.pixels, many[7].pixels) <= 1
    assert one.data == many[7].data


def test_temperature_scales_the_variety(opened: dict[str, LoadedModel]) -> None:
    def spread(temperature: float) -> float:
        found = results(ask_for(opened["vae"], "sample", count=16, temperature=temperature))
        return float(np.std(np.stack([p.pixels for p in found]).astype(float)))

    assert spread(0.0) < spread(0.5) < spread(1.0)


def test_no_temperature_is_one_colour_and_says_so(opened: dict[str, LoadedModel]) -> None:
    (found,) = results(ask_for(opened["vae"], "sample", count=1, temperature=0.0))
    assert "single colour" in str(found.data[batches.BLANK])


def drawn(z: np.ndarray, label: np.ndarray | None = None) -> np.ndarray:
    """What the hand-made decoder must draw: uint8 (b, size, size, 1)."""
    flat = z @ packages.basis() + (0 if label is None else label @ packages.patterns() * 0.5)
    return batches.to_pixels(flat.reshape(-1, 1, SIZE, SIZE))


def test_samples_come_from_the_fitted_prior(opened: dict[str, LoadedModel]) -> None:
    found = results(ask_for(opened["vae-both"], "sample", seed=6, count=2, class_="Gamma"))
    label = np.eye(3)[[2, 2]]
    z = noise.normals(6, 0, 2, (LATENT,)) / 2 + label @ packages.prior_means(3)
    assert gap(np.stack([p.pixels for p in found]), drawn(z, label)) <= 1


def test_without_classes_the_part_of_the_prior_is_drawn(opened: dict[str, LoadedModel]) -> None:
    found = results(ask_for(opened["vae-prior"], "sample", seed=6, count=3, temperature=0.0))
    choice = np.array([[noise.choice(6, i, 1 << 20) / (1 << 20)] for i in range(3)])
    assert gap(np.stack([p.pixels for p in found]), drawn(choice @ packages.prior_means(1))) <= 1
    (walk,) = results(
        ask_for(opened["vae-prior"], "interpolate", seed=6, frames=2, stops=2, loop=False)
    )
    z = noise.normals(6, 0, 2, (LATENT,)) / 2 + choice[:2] @ packages.prior_means(1)
    assert gap(walk.frames, drawn(z)) <= 1


def test_a_class_is_what_is_asked_for(opened: dict[str, LoadedModel]) -> None:
    (found,) = results(
        ask_for(opened["vae-classes"], "sample", count=1, temperature=0.0, class_="Beta")
    )
    wanted = packages.patterns()[1].reshape(SIZE, SIZE)
    assert found.data["class"] == "Beta"
    np.testing.assert_array_equal(found.pixels[..., 0] > 127, wanted > 0)


def test_variations_stay_near(opened: dict[str, LoadedModel]) -> None:
    (parent,) = results(ask_for(opened["vae"], "sample", seed=4, first=2, count=1))
    near = results(
        ask_for(opened["vae"], "sample", seed=4, count=3, variation_of=2, variation=0.05)
    )
    assert all(0 < gap(p.pixels, parent.pixels) < 60 for p in near)


def test_a_picture_of_the_space_is_reconstructed(opened: dict[str, LoadedModel]) -> None:
    (found,) = results(ask_for(opened["vae"], "reconstruct", inputs={"image": inside()}))
    assert gap(found.pixels, inside()) <= 2
    assert 0 <= found.data["error"] < 1e-4


def test_a_stack_of_pictures_gives_one_result_each(opened: dict[str, LoadedModel]) -> None:
    stack = np.stack([inside(seed) for seed in range(20)])
    found = results(ask_for(opened["vae"], "reconstruct", inputs={"image": stack}))
    assert [p.index for p in found] == list(range(20))
    assert all(gap(p.pixels, x) <= 2 for p, x in zip(found, stack, strict=True))


def test_large_colour_pictures_are_fitted(opened: dict[str, LoadedModel]) -> None:
    photo = np.repeat(np.repeat(inside(), 5, axis=0), 5, axis=1).repeat(3, axis=2)
    (found,) = results(ask_for(opened["vae"], "reconstruct", inputs={"image": photo}))
    assert found.pixels.shape == (SIZE, SIZE, 1)


@pytest.mark.parametrize("name", NAMES)
def test_the_class_of_a_picture_is_recognised(opened: dict[str, LoadedModel], name: str) -> None:
    model = opened["vae-classes"]
    (made,) = results(ask_for(model, "sample", count=1, temperature=0.5, class_=name))
    (back,) = results(ask_for(model, "reconstruct", inputs={"image": made.pixels}))
    (told,) = results(ask_for(model, "reconstruct", inputs={"image": made.pixels}, class_=name))
    assert gap(back.pixels, told.pixels) == 0
    assert gap(back.pixels, made.pixels) <= 2


def test_noise_is_removed(opened: dict[str, LoadedModel]) -> None:
    clean = inside(scale=0.7)
    dirt = np.random.default_rng(0).normal(0, 25, clean.shape)
    noisy = np.clip(clean + dirt, 0, 255).astype(np.uint8)
    (found,) = results(ask_for(opened["vae"], "denoise", inputs={"image": noisy}))
    before = np.abs(noisy.astype(int) - clean).mean()
    after = np.abs(found.pixels.astype(int) - clean).mean()
    assert after < 0.6 * before
    (kept,) = results(ask_for(opened["vae"], "denoise", inputs={"image": noisy}, strength=0.0))
    assert gap(kept.pixels, noisy) == 0


def test_a_region_is_filled_and_the_rest_is_kept(opened: dict[str, LoadedModel]) -> None:
    whole = inside()
    mask = np.zeros((SIZE, SIZE, 1), np.uint8)
    mask[2:5, 2:5] = 255
    broken = np.where(mask > 0, 0, whole).astype(np.uint8)
    found = ask_for(
        opened["vae"],
        "complete",
        inputs={"image": broken, "mask": mask},
        count=3,
        iterations=150,
        temperature=0.0,
    )
    final = results(found)
    assert len(final) == 3
    for picture in final:
        assert gap(picture.pixels[mask[..., 0] == 0], broken[mask[..., 0] == 0]) == 0
        assert gap(picture.pixels, whole) <= 12  # linear: the kept part determines the rest


def test_filling_shows_itself_on_the_way_and_repeats(opened: dict[str, LoadedModel]) -> None:
    mask = np.full((SIZE, SIZE, 1), 255, np.uint8)
    inputs = {"image": inside(), "mask": mask}
    runs = [ask_for(opened["vae"], "complete", inputs=inputs, count=2) for _ in range(2)]
    passing = [item for item in runs[0] if getattr(item, "passing", False)]
    assert {item.index for item in passing} == {0, 1}
    for a, b in zip(*map(results, runs), strict=True):
        np.testing.assert_array_equal(a.pixels, b.pixels)
    first, second = results(runs[0])
    assert gap(first.pixels, second.pixels) > 5  # a hole everywhere leaves room for variety


def test_one_filling_alone_equals_its_place_in_a_batch(opened: dict[str, LoadedModel]) -> None:
    mask = np.full((SIZE, SIZE, 1), 255, np.uint8)
    inputs = {"image": inside(), "mask": mask}
    many = results(ask_for(opened["vae"], "complete", inputs=inputs, count=4))
    (one,) = results(ask_for(opened["vae"], "complete", inputs=inputs, count=1, first=2))
    assert one.index == 2
    assert gap(one.pixels, many[2].pixels) <= 1


def test_an_empty_mask_is_a_sentence(opened: dict[str, LoadedModel]) -> None:
    inputs = {"image": inside(), "mask": np.zeros((SIZE, SIZE, 1), np.uint8)}
    with pytest.raises(UsageError, match="paint"):
        ask_for(opened["vae"], "complete", inputs=inputs)


def test_missing_pictures_are_sentences(opened: dict[str, LoadedModel]) -> None:
    for task in ("reconstruct", "denoise", "complete", "anomaly", "encode"):
        with pytest.raises(UsageError, match="needs a picture"):
            ask_for(opened["vae"], task)


def test_the_unusual_shows_where_it_is(opened: dict[str, LoadedModel]) -> None:
    (plain,) = results(ask_for(opened["vae"], "anomaly", inputs={"image": inside(scale=0.5)}))
    (found,) = results(ask_for(opened["vae"], "anomaly", inputs={"image": odd()}))
    assert found.data["score"] > 20 * plain.data["score"]
    assert found.pixels.shape == (SIZE, SIZE, 3)
    colour = np.ptp(found.pixels.astype(int), axis=-1)  # grey where nothing is unusual
    assert np.unravel_index(colour.argmax(), colour.shape) == (2, 5)
    assert "percentile" not in found.data


def test_the_percentile_comes_from_the_reference(opened: dict[str, LoadedModel]) -> None:
    model = opened["vae"]
    marks = {**model.config, "anomaly_quantiles": [0.0, 0.1, 0.2, 0.3, 1.0]}
    wider = LoadedModel(
        model.folder, model.manifest.model_copy(update={"config": marks}), model.device, 0
    )
    assert restoring.anomaly_facts(wider, 0.15) == {"score": 0.15, "percentile": 37.5}
    assert restoring.anomaly_facts(wider, 7.0)["percentile"] == 100


def test_sensitivity_does_not_change_the_score(opened: dict[str, LoadedModel]) -> None:
    scores = [
        results(
            ask_for(opened["vae"], "anomaly", inputs={"image": odd()}, sensitivity=s, opacity=o)
        )[0].data["score"]
        for s, o in ((1.0, 1.0), (5.0, 0.2))
    ]
    assert scores[0] == scores[1]


@pytest.mark.parametrize("kind", ["vae", "vae-classes"])
def test_a_small_file_brings_the_picture_back(
    opened: dict[str, LoadedModel], kind: str, tmp_path: Path
) -> None:
    model = opened[kind]
    (blob,) = results(ask_for(model, "encode", inputs={"image": inside()}))
    assert isinstance(blob, Blob)
    assert blob.suffix == ".latent"
    path = tmp_path / "x.latent"
    path.write_bytes(blob.content)
    (back,) = results(ask_for(model, "decode", inputs={"latent": path}))
    (wanted,) = results(ask_for(model, "reconstruct", inputs={"image": inside()}))
    assert gap(back.pixels, wanted.pixels) <= 1


def test_the_file_of_another_model_is_refused(
    opened: dict[str, LoadedModel], tmp_path: Path
) -> None:
    (blob,) = results(ask_for(opened["vae"], "encode", inputs={"image": inside()}))
    path = tmp_path / "x.latent"
    path.write_bytes(blob.content)
    with pytest.raises(BadInput, match="another model"):
        ask_for(opened["vae-classes"], "decode", inputs={"latent": path})
    with pytest.raises(UsageError, match="needs a file"):
        ask_for(opened["vae"], "decode")
    with pytest.raises(BadInput):
        ask_for(opened["vae"], "decode", inputs={"latent": tmp_path / "absent.latent"})


@pytest.mark.parametrize("kind", ["vae", "vae-classes"])
def test_a_walk_between_two_pictures(opened: dict[str, LoadedModel], kind: str) -> None:
    a, b = inside(1), inside(2)
    inputs = {"image": a, "image_b": b}
    (found,) = results(
        ask_for(opened[kind], "interpolate", inputs=inputs, frames=5, loop=False, stops=9)
    )
    ends = [
        results(ask_for(opened[kind], "reconstruct", inputs={"image": x}))[0].pixels for x in (a, b)
    ]
    assert found.frames.shape == (5, SIZE, SIZE, 1)
    assert gap(found.frames[0], ends[0]) <= 1
    assert gap(found.frames[-1], ends[1]) <= 1


def test_a_walk_from_one_picture_and_a_random_walk(opened: dict[str, LoadedModel]) -> None:
    (one,) = results(
        ask_for(opened["vae"], "interpolate", inputs={"image": inside()}, frames=20, loop=True)
    )
    assert gap(one.frames[0], inside()) <= 2
    (free,) = results(ask_for(opened["vae"], "interpolate", frames=20, stops=3))
    assert free.frames.shape == (20, SIZE, SIZE, 1)
    assert free.fps == 24


def test_tasks_fit_the_samplers_and_the_model() -> None:
    declared = tasks({"class_names": list(NAMES)})
    assert {task.name for task in declared} == set(TASKS)
    for task in tasks({}):
        assert not any(control.name == "class" for control in task.controls)
        assert task.compare_input in ("", "image")
        for control in task.controls:
            assert control.help.endswith(".")


def test_an_unknown_class_is_a_sentence(opened: dict[str, LoadedModel]) -> None:
    ask = Ask({"class": "Omega"}, count=1, inputs={"image": inside()})
    for task in ("sample", "reconstruct"):
        with pytest.raises(UsageError, match="no class 'Omega'"):
            list(TASKS[task](opened["vae-classes"], ask))
