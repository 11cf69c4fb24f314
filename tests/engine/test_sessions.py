"""Which models stay open."""

import os
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.core.manifest import MANIFEST
from genstudio.engine import sessions
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import Stopped
from genstudio.engine.sessions import Sessions
from tests.helpers import packages
from tests.helpers.packages import LATENT

Z = {"z": np.zeros((1, LATENT), np.float32)}


def test_a_model_is_opened_once(vae_folder: Path, cpu: Device) -> None:
    kept = Sessions(cpu)
    assert kept.get(vae_folder) is kept.get(vae_folder)
    assert len(kept) == 1
    kept.close()
    assert len(kept) == 0


def test_the_least_recently_used_goes_first(tmp_path: Path, cpu: Device) -> None:
    folders = [packages.vae(tmp_path / str(i)) for i in range(sessions.MOST_MODELS + 1)]
    kept = Sessions(cpu)
    models = [kept.get(folder) for folder in folders[:-1]]
    models[1].run("decoder", Z)
    assert kept.get(folders[0]) is models[0]
    kept.get(folders[-1])
    assert len(kept) == sessions.MOST_MODELS
    assert not models[1]._sessions  # the oldest was closed
    assert kept.get(folders[0]) is models[0]
    assert kept.get(folders[1]) is not models[1]


def test_bytes_count_too(tmp_path: Path, cpu: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_BYTES", 1)
    kept = Sessions(cpu)
    kept.get(packages.vae(tmp_path / "a"))
    kept.get(packages.vae(tmp_path / "b"))
    assert len(kept) == 1


def test_a_changed_package_is_opened_anew(vae_folder: Path, cpu: Device) -> None:
    kept = Sessions(cpu)
    before = kept.get(vae_folder)
    facts = (vae_folder / MANIFEST).stat()
    os.utime(vae_folder / MANIFEST, ns=(facts.st_atime_ns, facts.st_mtime_ns + 10**9))
    assert kept.get(vae_folder) is not before
    assert len(kept) == 1


def test_stop_reaches_the_model_and_the_next_get_forgets_it(vae_folder: Path, cpu: Device) -> None:
    kept = Sessions(cpu)
    model = kept.get(vae_folder)
    kept.stop()
    with pytest.raises(Stopped):
        model.run("decoder", Z)
    assert kept.get(vae_folder).run("decoder", Z)


def test_a_folder_without_a_manifest_is_a_sentence(tmp_path: Path, cpu: Device) -> None:
    with pytest.raises(BadInput, match=r"model\.json"):
        Sessions(cpu).get(tmp_path)


def test_a_variant_lives_beside_the_model_and_reads_its_copies_once(
    vae_folder: Path, cpu: Device
) -> None:
    kept = Sessions(cpu)
    read: list[str] = []

    def copies() -> dict[str, bytes]:
        read.append("copies")
        return {"decoder": (vae_folder / "encoder.onnx").read_bytes()}

    plain = kept.get(vae_folder)
    variant = kept.get(vae_folder, "fast", copies)
    assert variant is not plain
    assert kept.get(vae_folder) is plain
    assert kept.get(vae_folder, "fast", copies) is variant
    assert read == ["copies"]
    assert "image" in plain.run("decoder", Z)
    with pytest.raises(BadInput, match="cannot be opened"):  # the copy ran, and holds no weights
        variant.run("decoder", Z)
    kept.close()


def test_a_changed_package_closes_its_variants_too(vae_folder: Path, cpu: Device) -> None:
    kept = Sessions(cpu)
    kept.get(vae_folder)
    kept.get(vae_folder, "fast", dict)
    facts = (vae_folder / MANIFEST).stat()
    os.utime(vae_folder / MANIFEST, ns=(facts.st_atime_ns, facts.st_mtime_ns + 10**9))
    kept.get(vae_folder)
    assert len(kept) == 1
    kept.close()
