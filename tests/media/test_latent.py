"""The latent file: small, exact enough, never trusted."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.core.manifest import FileEntry, Graph, Manifest, Port
from genstudio.media import latent

SHA = "ab" * 32


def _vector(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).standard_normal(shape).astype(np.float32)


def _resealed(data: bytes) -> bytes:
    """The same bytes with a checksum that fits."""
    return data[:-4] + struct.pack("<I", zlib.crc32(data[:-4]))


@pytest.mark.parametrize("shape", [(1,), (64,), (2, 32), (4, 7, 7), (1, 4, 3, 3)])
@pytest.mark.parametrize(("coding", "error"), [("fp16", 5e-3), ("int8", 2e-2)])
def test_round_trip(shape: tuple[int, ...], coding: latent.Coding, error: float) -> None:
    vector = _vector(*shape)
    found = latent.read(latent.pack(latent.Latent(vector, "fashion-vae", SHA), coding))
    assert found.vector.shape == shape
    assert found.vector.dtype == np.float32
    assert np.abs(found.vector - vector).max() < error * max(1.0, float(np.abs(vector).max()))
    assert (found.model, found.sha256) == ("fashion-vae", SHA)


def test_manifest_gives_model_and_hash() -> None:
    port = Port(name="z", dtype="float32", shape=("batch", 64))
    manifest = Manifest(
        id="fashion-vae",
        title="VAE",
        family="vae",
        modality="image",
        config={},
        graphs=(Graph(name="decoder", file="decoder.onnx", inputs=(port,), outputs=(port,)),),
        files=(
            FileEntry(name="decoder.onnx", size=1, sha256="cd" * 32),
            FileEntry(name="weights.safetensors", size=1, sha256=SHA),
        ),
    )
    vector, model, sha256 = latent.read(latent.write(_vector(64), manifest))
    assert vector.shape == (64,)
    assert (model, sha256) == ("fashion-vae", SHA)


def test_it_is_small() -> None:
    made = latent.Latent(_vector(64), "fashion-vae", SHA)
    assert len(latent.pack(made)) < 200
    assert len(latent.pack(made, "int8")) < 140


def test_large_numbers_and_zeros() -> None:
    for vector in (np.array([1e30, -1e30, 3e29]), np.zeros(5), np.array([1e-9, 0.0])):
        found = latent.read(latent.pack(latent.Latent(vector, "m", "")))
        np.testing.assert_allclose(found.vector, vector, rtol=2e-3, atol=1e-7)
        assert found.sha256 == ""


@pytest.mark.parametrize(
    "vector",
    [np.zeros(0), np.zeros(()), np.zeros((1, 1, 1, 1, 1)), np.array([np.nan]), np.array([np.inf])],
)
def test_what_cannot_be_written(vector: np.ndarray) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        latent.pack(latent.Latent(vector, "m", ""))


def test_every_flipped_bit_and_every_cut_is_noticed() -> None:
    data = latent.pack(latent.Latent(_vector(8), "fashion-vae", SHA))
    for place in range(len(data)):
        for bit in (1, 128):
            damaged = bytearray(data)
            damaged[place] ^= bit
            with pytest.raises(BadInput):
                latent.read(bytes(damaged))
        with pytest.raises(BadInput):
            latent.read(data[:place])
    with pytest.raises(BadInput):
        latent.read(data + b"x")


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (9, 7, "no sense"),
        (10, 0, "no sense"),
        (10, 9, "no sense"),
        (11, 200, "not a whole"),
        (12, 9, "length"),
        (15, 255, "length"),
    ],
)
def test_lying_headers_with_right_checksums(place: int, value: int, reason: str) -> None:
    data = bytearray(latent.pack(latent.Latent(_vector(8), "fashion-vae", SHA)))
    data[place] = value
    with pytest.raises(BadInput, match=reason):
        latent.read(_resealed(bytes(data)))


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_bad_scales(scale: float) -> None:
    data = bytearray(latent.pack(latent.Latent(_vector(8), "m", SHA)))
    data[16:20] = struct.pack("<f", scale)
    with pytest.raises(BadInput, match="no sense"):
        latent.read(_resealed(bytes(data)))


def test_numbers_that_are_none() -> None:
    data = bytearray(latent.pack(latent.Latent(_vector(8), "m", SHA)))
    data[-6:-4] = b"\x00\x7e"
    with pytest.raises(BadInput, match="not numbers"):
        latent.read(_resealed(bytes(data)))


def test_newer_version_names_itself() -> None:
    data = bytearray(latent.pack(latent.Latent(_vector(8), "m", SHA)))
    data[8] = 2
    with pytest.raises(BadInput, match="format 2"):
        latent.read(_resealed(bytes(data)))


@pytest.mark.parametrize("model", ["../x", "UPPER", "a b", ""])
def test_model_must_be_a_name(model: str) -> None:
    with pytest.raises(BadInput, match="no sense"):
        latent.read(latent.pack(latent.Latent(_vector(4), model, SHA)))


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "bild 名.latent"
    path.write_bytes(latent.pack(latent.Latent(_vector(4), "m", SHA)))
    assert latent.read(path).model == "m"
    path.write_bytes(b"something else entirely")
    with pytest.raises(BadInput, match=r"bild 名\.latent is not a whole latent file") as caught:
        latent.read(path)
    assert caught.value.problem.next_step
    assert latent.is_latent(latent.MAGIC + b"x")
    assert not latent.is_latent(b"PK")
    with pytest.raises(BadInput, match="empty"):
        latent.read(b"")
