"""Our samplers against the reference library's schedulers: same noise, same scripted network.

The reference keeps its state in float32 torch tensors, partly as y = x / α; both see the network
only through `Script`, so whatever differs is the update rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from genstudio.numerics import samplers, schedules
from genstudio.numerics.samplers import SAMPLERS, DdimNoisy, Sampler
from genstudio.numerics.schedules import Grid

diffusers = pytest.importorskip("diffusers", "0.42.1")
torch = pytest.importorskip("torch")

# The reference meets numpy 2 with a warning of its own.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

NAMES = {"linear": "linear", "cosine": "squaredcos_cap_v2"}
PREDICTIONS = {"epsilon": "epsilon", "v": "v_prediction", "sample": "sample"}
SHAPE = (2, 3, 4, 4)
CLOSE = 1e-4


@dataclass(frozen=True)
class Script:
    """A network for pictures of deviation 0.5, with some waves in it so that nothing is straight.

    For such pictures the best guess is x0 = α x / (4 (α² / 4 + σ²)).
    """

    known: schedules.Schedule
    prediction: samplers.Prediction

    def __call__(self, x: np.ndarray, t: float) -> np.ndarray:
        level = float(self.known.levels_at(np.array([t]))[0])
        alpha = 1 / np.sqrt(1 + level * level)
        sigma = level * alpha
        guess = alpha * x / 4 / (alpha**2 / 4 + sigma**2)
        if self.prediction == "epsilon":
            out = (x - alpha * guess) / sigma
        elif self.prediction == "sample":
            out = guess
        else:
            out = (alpha * x - guess) / sigma
        return (out + 0.05 * np.sin(3 * x + t / 200)).astype(np.float32)


def noises(seed: int, count: int) -> list[np.ndarray]:
    """What torch draws one after another from this seed."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(SHAPE, generator=generator).numpy() for _ in range(count)]


def ours(kind: type[Sampler], grid: Grid, script: Script, clip: bool, seed: int) -> list:
    """Our states (n, *SHAPE), from the noise `seed` and with fresh noise of seed + 1."""
    fresh = noises(seed + 1, grid.steps)

    def denoise(x: np.ndarray, t: float, alpha: float, sigma: float) -> np.ndarray:
        x0 = samplers.to_x0(script(x, t), x, alpha, sigma, script.prediction)
        return np.clip(x0, -1, 1) if clip else x0

    sampler = kind(grid, denoise, lambda place: fresh[place])
    x = noises(seed, 1)[0]
    found = []
    for place in range(grid.steps):
        x, _ = sampler.step(x, place)
        assert x.dtype == np.float32
        found.append(x)
    return found


def theirs(scheduler, script: Script, seed: int, **more) -> Iterator[np.ndarray]:
    """States of the reference as x = α y, one per step."""
    scaled = hasattr(scheduler, "scale_model_input") and not isinstance(
        scheduler,
        (diffusers.DDPMScheduler, diffusers.DDIMScheduler, diffusers.DPMSolverMultistepScheduler),
    )
    x = torch.from_numpy(noises(seed, 1)[0])
    if scaled:  # y of our x: the reference's own start leaves out the picture's share
        x = x * (scheduler.sigmas[0] ** 2 + 1) ** 0.5
    for number, t in enumerate(scheduler.timesteps):
        seen = scheduler.scale_model_input(x, t)
        out = torch.from_numpy(script(seen.numpy(), float(t)))
        x = scheduler.step(out, t, x, **more).prev_sample
        if scaled:
            level = float(scheduler.sigmas[number + 1])
            yield (x / (level**2 + 1) ** 0.5).numpy()
        else:
            yield x.numpy()


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """Relative difference of two states."""
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


@dataclass(frozen=True)
class Case:
    """A scheduler of the reference and how it is made to do what ours does."""

    name: str
    make: Callable
    kind: type[Sampler]
    clip: dict
    seeded: bool = False
    more: Callable[[bool], dict] = lambda clip: {}
    every: int = 1
    most: float = np.inf


CASES = [
    Case("ddpm", diffusers.DDPMScheduler, SAMPLERS["ddpm"], {"clip_sample": True}, seeded=True),
    Case(
        "ddim",
        diffusers.DDIMScheduler,
        SAMPLERS["ddim"],
        {"clip_sample": True},
        more=lambda clip: {"use_clipped_model_output": clip},
    ),
    Case(
        "ddim-noisy",
        diffusers.DDIMScheduler,
        DdimNoisy,
        {"clip_sample": True},
        seeded=True,
        more=lambda clip: {"use_clipped_model_output": clip, "eta": 1.0},
    ),
    Case("euler", diffusers.EulerDiscreteScheduler, SAMPLERS["euler"], {}),
    Case(
        "euler-ancestral",
        diffusers.EulerAncestralDiscreteScheduler,
        SAMPLERS["euler_ancestral"],
        {},
        seeded=True,
    ),
    Case(
        "heun",
        diffusers.HeunDiscreteScheduler,
        SAMPLERS["heun"],
        {"clip_sample": True},
        every=2,
        most=schedules.NOISIEST,
    ),
    Case(
        "dpm",
        diffusers.DPMSolverMultistepScheduler,
        SAMPLERS["dpm"],
        {"thresholding": True, "sample_max_value": 1.0},
    ),
]


def scheduler_of(case: Case, name: str, prediction: str, grid: Grid, clip: bool, **more):
    """The reference's scheduler for the same way."""
    clipping = case.clip if clip else {key: False for key in case.clip if key != "sample_max_value"}
    extra = {"beta_start": 1e-4, "beta_end": 0.02, "timestep_spacing": "trailing"}
    made = case.make(
        beta_schedule=NAMES[name],
        prediction_type=PREDICTIONS[prediction],
        **{**extra, **clipping, **more},
    )
    if case.most < np.inf:
        made.set_timesteps(timesteps=list(grid.times))
    else:
        made.set_timesteps(grid.steps)
    return made


UNKNOWN = {("euler-ancestral", "sample")}
"""What the reference cannot do: it raises NotImplementedError."""
WAYS = [
    (case, clip, prediction)
    for prediction in PREDICTIONS
    for case in CASES
    for clip in ((False, True) if case.clip else (False,))
    if (case.name, prediction) not in UNKNOWN
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("case", "clip", "prediction"), WAYS, ids=lambda v: getattr(v, "name", str(v))
)
def test_a_whole_way_agrees(case: Case, name: str, prediction: str, clip: bool) -> None:
    known = schedules.schedule(name)
    script = Script(known, prediction)
    steps = 20
    grid = schedules.grid(known, steps, most=case.most)
    found = ours(case.kind, grid, script, clip, seed=3)
    more = case.more(clip)
    if case.seeded:
        more["generator"] = torch.Generator().manual_seed(4)
    wanted = list(theirs(scheduler_of(case, name, prediction, grid, clip), script, 3, **more))
    wanted = [*wanted[case.every - 1 : -1 : case.every], wanted[-1]]
    assert len(wanted) == len(found) == steps
    worst = max(distance(a, b) for a, b in zip(found, wanted, strict=True))
    assert worst <= CLOSE, worst


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", [c for c in CASES if c.name in ("euler", "heun")], ids=str)
def test_karras_levels_agree(case: Case, name: str) -> None:
    known = schedules.schedule(name)
    script = Script(known, "v")
    even = schedules.grid(known, 12)
    made = scheduler_of(replace(case, most=np.inf), name, "v", even, False, use_karras_sigmas=True)
    grid = schedules.karras(known, 12, low=even.levels[-2], high=even.levels[0])
    np.testing.assert_allclose(grid.levels, np.unique(made.sigmas)[::-1], rtol=1e-4)
    np.testing.assert_allclose(grid.times, made.timesteps[:: case.every], atol=0.02)
    if name == "linear":
        wanted = list(theirs(made, script, 3))
        wanted = [*wanted[case.every - 1 : -1 : case.every], wanted[-1]]
        found = ours(case.kind, grid, script, clip=False, seed=3)
        assert max(distance(a, b) for a, b in zip(found, wanted, strict=True)) <= CLOSE


@pytest.mark.parametrize("steps", [5, 20])
def test_dpm_on_karras_levels_agrees(steps: int) -> None:
    """The reference rounds the times it shows to the network; ours lie where the level is."""
    known = schedules.schedule("linear")
    case = CASES[-1]
    grid = schedules.karras(known, steps)
    made = scheduler_of(case, "linear", "v", grid, False, use_karras_sigmas=True)
    np.testing.assert_allclose(grid.levels, made.sigmas, rtol=CLOSE)
    rounded = Grid(tuple(made.timesteps.tolist()), grid.levels)
    np.testing.assert_allclose(grid.times, rounded.times, atol=0.51)
    script = Script(known, "v")
    pairs = zip(ours(case.kind, rounded, script, False, 3), theirs(made, script, 3), strict=True)
    assert max(distance(a, b) for a, b in pairs) <= CLOSE


@pytest.mark.parametrize("name", NAMES)
def test_schedules_agree(name: str) -> None:
    wanted = diffusers.DDPMScheduler(beta_schedule=NAMES[name]).alphas_cumprod.numpy()
    np.testing.assert_allclose(schedules.alphas_cumprod(name), wanted, rtol=2e-5)


@pytest.mark.parametrize("spacing", ["trailing", "leading", "linspace"])
@pytest.mark.parametrize("steps", [1, 4, 20, 250, 1000])
def test_times_agree(spacing: schedules.Spacing, steps: int) -> None:
    made = diffusers.EulerDiscreteScheduler(timestep_spacing=spacing)
    made.set_timesteps(steps)
    found = schedules.times(1000, steps, spacing)
    np.testing.assert_allclose(found, made.timesteps.numpy(), rtol=1e-6)
