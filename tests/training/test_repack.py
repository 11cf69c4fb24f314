"""Packages written anew in other numbers."""

from pathlib import Path

import numpy as np
import pytest

from genstudio import families
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Done
from genstudio.core.manifest import MANIFEST, WEIGHTS, Manifest, Score
from genstudio.engine import device, package_folder, probe
from genstudio.engine.loaded_model import LoadedModel
from genstudio.training import weights
from genstudio.training.repack import repack


def again(folder: Path, out: Path, precision: str) -> Manifest:
    (done,) = [e for e in repack(folder, out, precision, families.part) if isinstance(e, Done)]
    found = Manifest.read(out / MANIFEST)
    assert done.data == {"path": str(out), "bytes": sum(entry.size for entry in found.files)}
    return found


def test_eight_bits_and_back_keep_what_the_package_says(tiny_packages, tmp_path: Path):
    folder = tiny_packages["vae"]
    manifest = Manifest.read(folder / MANIFEST)
    small = again(folder, tmp_path / "small", "int8")
    kept = {"id", "title", "config", "licence", "trained_on", "training", "created"}
    assert small.model_dump(include=kept) == manifest.model_dump(include=kept)
    assert small.precision == "int8"
    size = (folder / WEIGHTS).stat().st_size
    assert (tmp_path / "small" / WEIGHTS).stat().st_size < 0.8 * size
    package_folder.verify_files(tmp_path / "small", small)
    with LoadedModel.open(tmp_path / "small", device.choose("cpu", 1)) as model:
        assert probe.verify_probe(model).ok
    wide = again(tmp_path / "small", tmp_path / "wide", "fp32")
    assert wide.precision == "fp32"
    one, two = (weights.read(tmp_path / name / WEIGHTS) for name in ("small", "wide"))
    assert set(one) == set(two)
    assert all(np.allclose(one[name], two[name]) for name in one)


def test_scores_of_other_numbers_are_left_out(tiny_copy, tmp_path: Path):
    folder = tiny_copy.models / "tiny-vae"
    manifest = Manifest.read(folder / MANIFEST)
    scored = manifest.model_copy(update={"scores": (Score(metric="frechet", value=1.0),)})
    (folder / MANIFEST).write_bytes(scored.to_bytes())
    assert again(folder, tmp_path / "new", "fp16").scores == ()


def test_faults_are_told_and_leave_nothing(tiny_packages, tmp_path: Path):
    folder = tiny_packages["vae"]
    with pytest.raises(UsageError, match="int4"):
        list(repack(folder, tmp_path / "new", "int4", families.part))
    with pytest.raises(GenStudioError):
        list(repack(tmp_path, tmp_path / "new", "int8", families.part))
    assert not (tmp_path / "new").exists()
