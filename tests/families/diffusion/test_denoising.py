"""The network as samplers see it: the way, guidance, memory."""

import numpy as np
import pytest

from genstudio.core.errors import OutOfMemory
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.diffusion import denoising
from genstudio.families.diffusion.denoising import Denoiser, Guidance, way
from genstudio.families.diffusion.wishes import wishes
from genstudio.numerics import noise, schedules
from genstudio.numerics.samplers import SAMPLERS, Ddim
from tests.helpers import noisy
from tests.helpers.packages import SIZE

KNOWN = schedules.schedule("cosine", noisy.STEPS)


def test_the_way_is_the_one_asked_for(models: dict[str, LoadedModel]) -> None:
    usual = way(models["text"], Ask({}))
    assert usual.sampler is SAMPLERS["dpm"]
    assert usual.grid == schedules.grid(KNOWN, 20)
    karras = way(models["text"], Ask({"sampler": "euler", "steps": 7, "spacing": "karras"}))
    assert karras.sampler is SAMPLERS["euler"]
    assert karras.grid == schedules.karras(KNOWN, 7)


def test_heun_leaves_out_the_noisiest_times(models: dict[str, LoadedModel]) -> None:
    found = way(models["text"], Ask({"sampler": "heun", "steps": noisy.STEPS})).grid
    assert found.levels[0] <= schedules.NOISIEST
    assert noisy.STEPS - 10 < found.steps < noisy.STEPS


def test_a_distilled_model_knows_one_way(models: dict[str, LoadedModel]) -> None:
    found = way(models["distilled"], Ask({"sampler": "heun", "steps": 50}))
    assert found.sampler is Ddim
    assert found.grid.times == (999, 749, 499, 249)


def test_guidance_is_learnt_in_or_has_nothing_to_hold_to(models: dict[str, LoadedModel]) -> None:
    ask = Ask({"guidance": 3.0, "rescale": 0.7, "guidance_from": 0.1, "guidance_until": 0.8})
    assert Guidance.of(models["text"], ask) == Guidance(3.0, 0.7, 0.1, 0.8)
    assert Guidance.of(models["distilled"], ask) == Guidance()
    assert Guidance.of(models["none"], ask) == Guidance()
    assert Guidance.of(models["text"], Ask({})).scale == models["text"].config["guidance"]


def test_guidance_holds_on_its_share_of_the_way() -> None:
    how = Guidance(2.0, 0.0, 0.2, 0.6)
    assert [how.at(share) for share in (0.1, 0.2, 0.6, 0.7)] == [False, True, True, False]
    assert not Guidance(1.0).at(0.5)


def look(model: LoadedModel, ask: Ask, x: np.ndarray, t: int = 500) -> np.ndarray:
    """x̂0 of pictures asked for by `ask`."""
    found = Denoiser.of(model, ask, wishes(model, ask, range(ask.count)))
    return found(x, t, float(KNOWN.alphas[t]), float(KNOWN.sigmas[t]))


def guess(words: list[str], x: np.ndarray, t: int = 500) -> np.ndarray:
    """What the perfect network says for these words."""
    alpha, sigma = KNOWN.alphas[t], KNOWN.sigmas[t]
    gain = alpha * noisy.WIDTH**2 / (alpha**2 * noisy.WIDTH**2 + sigma**2)
    pattern = noisy.shown(*words).reshape(1, 1, SIZE, SIZE)
    return pattern + gain * (x - alpha * pattern)


def test_the_denoiser_gives_the_networks_opinion(models: dict[str, LoadedModel]) -> None:
    x = noise.normals(1, 0, 2, (1, SIZE, SIZE))
    found = look(models["text"], Ask({"prompt": "beta"}, count=2), x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, guess(["beta"], x), atol=1e-5)
    plain = look(models["none"], Ask({}, count=2), x)
    np.testing.assert_allclose(plain, guess([], x), atol=1e-5)


def test_guidance_moves_away_from_the_negative(models: dict[str, LoadedModel]) -> None:
    x = noise.normals(1, 0, 1, (1, SIZE, SIZE)) * 0.1
    ask = Ask({"prompt": "beta", "negative": "gamma", "guidance": 1.5})
    wanted = guess(["gamma"], x) + 1.5 * (guess(["beta"], x) - guess(["gamma"], x))
    np.testing.assert_allclose(look(models["text"], ask, x), np.clip(wanted, -1, 1), atol=1e-4)


def counted(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows of each later run of the U-Net."""
    run, rows = model.run, []

    def counting(graph: str, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        if graph == "unet":
            rows.append(len(feeds["x"]))
        return run(graph, feeds)

    monkeypatch.setattr(model, "run", counting)
    return rows


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ({"prompt": "beta", "guidance": 2.0}, 4),
        ({"prompt": "beta", "guidance": 1.0}, 2),
        ({"prompt": "", "guidance": 2.0}, 2),
        ({"prompt": "beta", "guidance": 2.0, "guidance_until": 0.4}, 2),
    ],
)
def test_the_network_is_asked_twice_only_where_it_matters(
    models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch, values: dict, rows: int
) -> None:
    found = counted(models["text"], monkeypatch)
    look(models["text"], Ask(values, count=2), np.zeros((2, 1, SIZE, SIZE), np.float32))
    assert found == [rows]


def test_rows_of_one_picture_share_its_wish(models: dict[str, LoadedModel]) -> None:
    """Two pictures of three windows each: rows go window by window."""
    x = noise.normals(1, 0, 6, (1, SIZE, SIZE))
    ask = Ask({"prompt": ["alpha", "beta"], "guidance": 1.5}, count=2)
    found = look(models["text"], ask, x)
    for row in range(6):
        words = ["alpha", "beta"][row % 2]
        wanted = look(models["text"], Ask({"prompt": words, "guidance": 1.5}), x[row : row + 1])
        np.testing.assert_allclose(found[row : row + 1], wanted, atol=1e-5)


def test_where_memory_runs_out_fewer_rows_go_at_once(
    models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = models["text"]
    x = noise.normals(1, 0, 5, (1, SIZE, SIZE))
    ask = Ask({"prompt": "alpha"}, count=5)
    wanted = look(model, ask, x)
    run = model.run

    def narrow(graph: str, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        if graph == "unet" and len(feeds["x"]) > 2:
            raise OutOfMemory("too much")
        return run(graph, feeds)

    monkeypatch.setattr(model, "run", narrow)
    denoiser = Denoiser.of(model, ask, wishes(model, ask, range(5)))
    found = denoiser(x, 500, float(KNOWN.alphas[500]), float(KNOWN.sigmas[500]))
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    assert denoiser.note == "memory ran short: 2 at a time"


def test_a_row_that_does_not_fit_alone_is_an_error(
    models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = models["none"]

    def full(graph: str, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        raise OutOfMemory("too much")

    monkeypatch.setattr(model, "run", full)
    with pytest.raises(OutOfMemory):
        look(model, Ask({}), np.zeros((1, 1, SIZE, SIZE), np.float32))


def test_the_schedule_is_that_of_the_training(
    models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = models["none"]
    np.testing.assert_array_equal(denoising.schedule(model).bars, KNOWN.bars)
    monkeypatch.setitem(model.config, "schedule", "linear")
    linear = schedules.alphas_cumprod("linear", noisy.STEPS)
    np.testing.assert_array_equal(denoising.schedule(model).bars, linear)
