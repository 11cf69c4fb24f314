"""A world of captions: patterns asked for by name, a model that draws them, and their judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.events import Progress
from genstudio.core.manifest import TrainedOn
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.datasets.store import Pixels
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Picture
from genstudio.engine.package_folder import read_manifest
from genstudio.evaluation.captioned import Captioned
from genstudio.evaluation.material import Material
from tests.helpers import packages
from tests.helpers.packages import NAMES, SIZE

DATA_SHA = "d" * 64
COUNT, VALID, TESTS = 90, 30, 30


def caption(number: int) -> str:
    """Every third picture is an Alpha, every second one bright."""
    return f"one {NAMES[number % 3]}{', bright' if number % 2 else ''}"


def draw(caption: str) -> np.ndarray:
    """What a caption says, uint8 (SIZE, SIZE, 1); grey where it names no pattern."""
    found = [place for place, name in enumerate(NAMES) if name in caption]
    pattern = packages.patterns()[found[0]] if found else np.zeros(SIZE * SIZE)
    lift = 80 if "bright" in caption else 0
    return np.clip(pattern * 60 + 110 + lift, 0, 255).astype(np.uint8).reshape(SIZE, SIZE, 1)


def pixels(first: int, count: int) -> Pixels:
    """Pictures number `first` … with their captions; each is also called by its number."""
    numbers = range(first, first + count)
    return Pixels(
        images=np.stack([draw(caption(number)) for number in numbers]),
        labels=None,
        class_names=(),
        sha256=DATA_SHA,
        rows=np.arange(first, first + count),
        captions=tuple((caption(number), f"number {number}") for number in numbers),
    )


def dataset() -> Dataset:
    """The dataset that the pictures belong to."""
    facts = DataFacts(count=COUNT, size=SIZE, channels=1, captions=True)
    return Dataset(
        name="worded", title="Worded", facts=facts, valid_count=VALID, test_count=TESTS,
        sha256=DATA_SHA,
    )  # fmt: skip


def captioned() -> Captioned:
    """All pictures, as `captioned.gather` gives them."""
    parts = (pixels(0, COUNT), pixels(COUNT, TESTS))
    said = tuple(one for part in parts for one in part.captions or ())
    places = [(number, place) for number, part in enumerate(parts) for place in range(len(part))]
    return Captioned(
        dataset(),
        parts,
        np.array(places),
        np.arange(COUNT + TESTS),
        tuple(s[0] for s in said),
        said,
    )


def trained(folder: Path, hold_out: tuple[str, ...] = (), holdout: float = 0.1) -> Path:
    """Let the package say that it was trained on the dataset by such a recipe."""
    manifest = read_manifest(folder)
    on = (TrainedOn(name="worded", sha256=DATA_SHA),)
    renewed = manifest.model_copy(update={"trained_on": on})
    (folder / "model.json").write_bytes(renewed.to_bytes())
    settings = TrainerSettings(holdout=holdout)
    recipe = Recipe(
        family=manifest.family, model="m", data="worded", settings=settings, hold_out=hold_out
    )  # fmt: skip
    (folder / "recipe.json").write_bytes(recipe.to_bytes())
    return folder


class Draws:
    """A sampler that draws what it is asked for; of captions with `blind` it draws another."""

    def __init__(self, blind: str = "nothing") -> None:
        self.blind = blind
        self.asked: list[tuple[int, str]] = []

    def __call__(self, model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        texts = ask.texts("prompt")
        for place, text in enumerate(texts):
            self.asked.append((ask.first + place, text))
            wrong = text.replace("Alpha", "Beta") if self.blind in text else text
            made = Picture(ask.first + place, ask.seed, draw(wrong), {"prompt": text})
            yield replace(made, passing=True)
            yield made
        yield Progress(done=len(texts), total=len(texts))


def material(model: LoadedModel, sampler: Draws, count: int = 60, **more) -> Material:
    """A material over the world, for a model that is asked with words."""
    return Material(
        model=model, judge=None, tasks={"sample": sampler}, train=pixels(VALID, COUNT - VALID),
        test=pixels(COUNT, TESTS), count=count, seed=5, prompt="prompt", captioned=captioned(),
        **more,
    )  # fmt: skip
