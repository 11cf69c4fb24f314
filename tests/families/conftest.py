"""Hand-made packages for the samplers' tests."""

from pathlib import Path

import pytest

from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from tests.helpers import packages


@pytest.fixture(scope="session")
def hand_made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Package folders by kind: gan, gan-plain, vae, vae-classes, judge, reader, matcher …"""
    folder = tmp_path_factory.mktemp("hand-made")
    return {
        "gan": packages.gan(folder / "gan"),
        "gan-plain": packages.gan(folder / "gan-plain", classes=False),
        "vae": packages.vae(folder / "vae"),
        "vae-classes": packages.vae(folder / "vae-classes", classes=True),
        "vae-prior": packages.vae(folder / "vae-prior", prior=True),
        "vae-both": packages.vae(folder / "vae-both", classes=True, prior=True),
        "judge": packages.judge(folder / "judge"),
        "reader": packages.reader(folder / "reader"),
        "matcher": packages.matcher(folder / "matcher"),
    }


@pytest.fixture(scope="session")
def opened(hand_made: dict[str, Path]) -> dict[str, LoadedModel]:
    """The same, opened on the CPU."""
    device = choose("cpu", 1)
    return {name: LoadedModel.open(folder, device) for name, folder in hand_made.items()}
