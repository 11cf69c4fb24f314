"""Hand-made packages for the engine's tests."""

from pathlib import Path

import pytest

from genstudio.engine.device import Device, choose
from tests.helpers import packages


@pytest.fixture(scope="session")
def cpu() -> Device:
    """The CPU with one thread."""
    return choose("cpu", 1)


@pytest.fixture
def gan_folder(tmp_path: Path) -> Path:
    """A package that the test may damage."""
    return packages.gan(tmp_path / "gan")


@pytest.fixture
def vae_folder(tmp_path: Path) -> Path:
    """A package with two graphs over one weights file."""
    return packages.vae(tmp_path / "vae")
