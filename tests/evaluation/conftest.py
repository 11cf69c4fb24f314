"""A world whose scores are known: three classes of patterns with Gaussian shades around them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from genstudio.engine.batches import to_pixels
from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.package_folder import read_manifest
from genstudio.evaluation.material import Material
from genstudio.families import part
from tests.helpers import packages
from tests.helpers.packages import LATENT, NAMES, SIZE


@dataclass
class Split:
    """A split of a dataset as the store gives it."""

    images: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...] = NAMES
    sha256: str = "0" * 64


def split(count: int, seed: int, spread: float = 1.0) -> Split:
    """Pictures drawn from the very distribution of the hand-made generator."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % len(NAMES)
    z = rng.standard_normal((count, LATENT)).astype(np.float32) * spread
    flat = np.tanh(z @ packages.basis() + 0.7 * packages.patterns()[labels])
    return Split(to_pixels(flat.reshape(-1, 1, SIZE, SIZE)), labels)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Packages: gan, collapsed (no variety), plain (no classes), vae, judge."""
    place = tmp_path_factory.mktemp("scored")
    return {
        "gan": packages.gan(place / "gan"),
        "collapsed": packages.gan(place / "collapsed", spread=0.05),
        "plain": packages.gan(place / "plain", classes=False),
        "vae": packages.vae(place / "vae"),
        "judge": packages.judge(place / "judge"),
    }


@pytest.fixture(scope="session")
def general(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judge under the name of the general one, with classes of its own sets."""
    folder = packages.judge(
        tmp_path_factory.mktemp("general") / "general-judge", names=("a: x", "a: y", "b: z")
    )
    manifest = read_manifest(folder).model_copy(update={"id": "general-judge"})
    (folder / "model.json").write_bytes(manifest.to_bytes())
    return folder


@pytest.fixture(scope="session")
def material_of(folders: dict[str, Path]):
    """material_of(kind, count): a prepared material of one hand-made model."""
    made: dict[tuple[str, int], Material] = {}
    device = choose("cpu", 1)
    judge = LoadedModel.open(folders["judge"], device)

    def make(kind: str, count: int = 300) -> Material:
        key = (kind, count)
        if key not in made:
            model = LoadedModel.open(folders[kind], device)
            tasks = part(model.manifest.family, "sample").TASKS
            material = Material(
                model=model, judge=judge, tasks=tasks, train=split(600, 1), test=split(300, 2),
                count=count, seed=5,
            )  # fmt: skip
            for _ in material.prepare():
                pass
            made[key] = material
        return made[key]

    return make
