"""The proof in a package."""

import io
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.core.manifest import PROBE
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.probe import relative_error, verify_probe
from tests.helpers import packages


def rewritten(folder: Path, **changes: np.ndarray | None) -> None:
    with np.load(folder / PROBE) as stored:
        arrays = dict(stored)
    for key, value in changes.items():
        name = key.replace("__", "/")
        arrays.pop(name) if value is None else arrays.update({name: value})
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    (folder / PROBE).write_bytes(buffer.getvalue())
    packages.relist(folder)


@pytest.mark.parametrize("half", [False, True])
def test_a_sound_package_agrees(tmp_path: Path, cpu: Device, half: bool) -> None:
    with LoadedModel.open(packages.gan(tmp_path / "g", half=half), cpu) as model:
        report = verify_probe(model)
    assert report.ok
    assert report.worst < 1e-5
    assert "computes what was recorded" in report.text


def test_both_graphs_of_a_vae_are_compared(vae_folder: Path, cpu: Device) -> None:
    with np.load(vae_folder / PROBE) as stored:
        image = stored["decoder/1/out/image"]
    rewritten(vae_folder, decoder__1__out__image=image * 1.01)
    with LoadedModel.open(vae_folder, cpu) as model:
        report = verify_probe(model)
    assert not report.ok
    assert "image of decoder is off by" in report.text
    assert report.worst == pytest.approx(0.01, rel=0.05)


def test_a_single_case_may_leave_its_number_out(vae_folder: Path, cpu: Device) -> None:
    with np.load(vae_folder / PROBE) as stored:
        arrays = {key.replace("/0/", "/"): value for key, value in stored.items() if "/0/" in key}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    (vae_folder / PROBE).write_bytes(buffer.getvalue())
    packages.relist(vae_folder)
    with LoadedModel.open(vae_folder, cpu) as model:
        assert verify_probe(model).ok


def test_undefined_numbers_never_agree(vae_folder: Path, cpu: Device) -> None:
    with np.load(vae_folder / PROBE) as stored:
        image = np.full_like(stored["decoder/1/out/image"], np.nan)
    rewritten(vae_folder, decoder__1__out__image=image)
    with LoadedModel.open(vae_folder, cpu) as model:
        assert not verify_probe(model).ok


def test_a_probe_that_does_not_fit_is_refused(vae_folder: Path, cpu: Device) -> None:
    rewritten(vae_folder, decoder__1__out__image=np.zeros((3, 1, 2, 2), np.float32))
    with LoadedModel.open(vae_folder, cpu) as model, pytest.raises(BadInput, match="does not fit"):
        verify_probe(model)
    rewritten(vae_folder, decoder__0__out__image=None, decoder__1__out__image=None)
    with LoadedModel.open(vae_folder, cpu) as model, pytest.raises(BadInput, match="nothing about"):
        verify_probe(model)


def test_pickles_are_never_opened(vae_folder: Path, cpu: Device) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, **{"decoder/0/in/z": np.array([{"a": 1}], dtype=object)})
    (vae_folder / PROBE).write_bytes(buffer.getvalue())
    packages.relist(vae_folder)
    with (
        LoadedModel.open(vae_folder, cpu) as model,
        pytest.raises(BadInput, match="cannot be read"),
    ):
        verify_probe(model)


def test_no_probe_and_no_zip_are_sentences(vae_folder: Path, cpu: Device) -> None:
    (vae_folder / PROBE).write_bytes(b"PK not really")
    packages.relist(vae_folder)
    with (
        LoadedModel.open(vae_folder, cpu) as model,
        pytest.raises(BadInput, match="cannot be read"),
    ):
        verify_probe(model)
    (vae_folder / PROBE).unlink()
    packages.relist(vae_folder)
    with LoadedModel.open(vae_folder, cpu) as model, pytest.raises(BadInput, match=PROBE):
        verify_probe(model)


def test_relative_error() -> None:
    wanted = np.array([1.0, -4.0])
    assert relative_error(wanted + 0.02, wanted) == pytest.approx(0.005)
    assert relative_error(np.array([np.inf]), np.array([1.0])) == np.inf
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
