"""Which files a package may touch, and damage that must be noticed."""

import json
import os
from pathlib import Path

import onnx
import pytest

from genstudio.core.errors import BadInput
from genstudio.core.manifest import MANIFEST, WEIGHTS
from genstudio.engine import package_folder
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from tests.helpers import packages


def verify(folder: Path) -> None:
    package_folder.verify_files(folder, package_folder.read_manifest(folder))


def relocated(folder: Path, location: str, offset: int | None = None) -> None:
    """Let the graph's weights point elsewhere, with hashes that fit."""
    path = folder / "generator.onnx"
    model = onnx.load(path, load_external_data=False)
    for tensor in model.graph.initializer:
        for item in tensor.external_data:
            if item.key == "location":
                item.value = location
            if item.key == "offset" and offset is not None:
                item.value = str(offset)
    path.write_bytes(model.SerializeToString())
    packages.relist(folder)


def test_a_sound_package_passes(gan_folder: Path, vae_folder: Path) -> None:
    verify(gan_folder)
    verify(vae_folder)


@pytest.mark.parametrize("name", [WEIGHTS, "generator.onnx", "probe.npz", "card.md"])
def test_one_flipped_bit_is_noticed(gan_folder: Path, name: str) -> None:
    path = gan_folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadInput, match=f"{name} is damaged"):
        verify(gan_folder)


@pytest.mark.parametrize("name", [WEIGHTS, "generator.onnx", "probe.npz"])
def test_missing_truncated_and_longer_files_are_noticed(gan_folder: Path, name: str) -> None:
    path = gan_folder / name
    data = path.read_bytes()
    for wrong in (data[:-1], data + b"\0", b""):
        path.write_bytes(wrong)
        with pytest.raises(BadInput, match="damaged"):
            verify(gan_folder)
    path.unlink()
    with pytest.raises(BadInput, match="missing"):
        verify(gan_folder)


def test_damaged_weights_are_noticed_when_a_model_is_used(gan_folder: Path, cpu: Device) -> None:
    path = gan_folder / WEIGHTS
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with LoadedModel.open(gan_folder, cpu) as model, pytest.raises(BadInput, match="checksum"):
        model.load()


@pytest.mark.parametrize(
    "location",
    ["../outside.bin", "/etc/hostname", "a/../../b", "C:\\x", "\\\\server\\share", "a//b"],
)
def test_weights_outside_the_folder_are_refused(
    gan_folder: Path, location: str, cpu: Device
) -> None:
    (gan_folder.parent / "outside.bin").write_bytes(b"\0" * 4096)
    relocated(gan_folder, location)
    with pytest.raises(BadInput, match="outside the package"):
        verify(gan_folder)
    with LoadedModel.open(gan_folder, cpu) as model, pytest.raises(BadInput, match="outside"):
        model.load()


def test_weights_in_an_unlisted_file_are_refused(gan_folder: Path) -> None:
    relocated(gan_folder, "other.bin")
    with pytest.raises(BadInput, match="list of files"):
        verify(gan_folder)


def test_weights_behind_the_end_of_the_file_are_refused(gan_folder: Path) -> None:
    relocated(gan_folder, WEIGHTS, offset=10**9)
    with pytest.raises(BadInput, match="points outside"):
        verify(gan_folder)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_refused(gan_folder: Path) -> None:
    secret = gan_folder.parent / "secret"
    (gan_folder / WEIGHTS).rename(secret)
    (gan_folder / WEIGHTS).symlink_to(secret)
    with pytest.raises(BadInput, match="is a link"):
        verify(gan_folder)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_linked_folder_inside_is_refused(gan_folder: Path) -> None:
    elsewhere = gan_folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "w.bin").write_bytes(b"1234")
    (gan_folder / "sub").symlink_to(elsewhere)
    with pytest.raises(BadInput, match="is a link"):
        package_folder.place(gan_folder, "sub/w.bin")


def test_a_folder_in_place_of_a_file_is_refused(gan_folder: Path) -> None:
    (gan_folder / WEIGHTS).unlink()
    (gan_folder / WEIGHTS).mkdir()
    with pytest.raises(BadInput, match="not a regular file"):
        verify(gan_folder)


def test_names_that_leave_the_folder_are_refused_in_the_manifest(gan_folder: Path) -> None:
    path = gan_folder / MANIFEST
    value = json.loads(path.read_bytes())
    value["files"][0]["name"] = "../x"
    path.write_text(json.dumps(value))
    with pytest.raises(BadInput, match="plain file name"):
        package_folder.read_manifest(gan_folder)
    with pytest.raises(BadInput, match="outside its folder"):
        package_folder.place(gan_folder, "../x")


def test_no_package_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a folder"):
        package_folder.read_manifest(tmp_path / "nothing")
    with pytest.raises(BadInput, match="missing"):
        package_folder.read_manifest(tmp_path)


def test_weights_with_undefined_numbers_are_refused(gan_folder: Path) -> None:
    path = gan_folder / WEIGHTS
    data = bytearray(path.read_bytes())
    data[-4:] = b"\x00\x00\xc0\x7f"
    path.write_bytes(data)
    packages.relist(gan_folder)
    with pytest.raises(BadInput, match="infinite or undefined"):
        verify(gan_folder)
