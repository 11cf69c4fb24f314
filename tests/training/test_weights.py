"""The weights file."""

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import nn

from genstudio.core.errors import BadInput, GenStudioError
from genstudio.training import weights


def networks() -> dict[str, nn.Module]:
    torch.manual_seed(0)
    return {
        "one": nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5)),
        "two": nn.utils.parametrizations.spectral_norm(nn.Linear(7, 2)),
    }


def test_the_reference_reader_agrees(tmp_path: Path):
    stored = weights.collect(networks(), "fp16")
    weights.write(tmp_path / "w.safetensors", stored)
    with safe_open(tmp_path / "w.safetensors", "pt") as found:
        assert set(found.keys()) == set(stored)
        for name, value in stored.items():
            assert torch.equal(found.get_tensor(name), value)
            assert found.get_tensor(name).dtype == value.dtype


def test_places_are_the_bytes_of_the_tensors(tmp_path: Path):
    stored = weights.collect(networks(), "fp16")
    places = weights.write(tmp_path / "w", stored)
    data = (tmp_path / "w").read_bytes()
    for name, place in places.items():
        found = torch.frombuffer(
            bytearray(data[place.offset : place.offset + place.length]), dtype=place.dtype
        )
        assert torch.equal(found.reshape(stored[name].shape), stored[name])
        assert place.offset % stored[name].element_size() == 0


def test_matrices_are_halved_vectors_and_buffers_are_not():
    stored = weights.collect(networks(), "fp16")
    types = {name: value.dtype for name, value in stored.items()}
    assert types["one.0.weight"] == torch.float16
    assert types["one.0.bias"] == types["one.1.running_var"] == torch.float32
    assert types["one.1.num_batches_tracked"] == torch.int64
    assert types["two.parametrizations.weight.original"] == torch.float16
    assert all(v.dtype != torch.float16 for v in weights.collect(networks(), "fp32").values())


def test_what_fp16_cannot_hold_stays_fp32():
    nets = networks()
    with torch.no_grad():
        nets["one"][0].weight[0, 0, 0, 0] = 1e5
    assert weights.collect(nets, "fp16")["one.0.weight"].dtype == torch.float32


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path):
    nets = networks()
    with torch.no_grad():
        nets["one"][0].weight[0, 0, 0, 0] = float("nan")
    with pytest.raises(GenStudioError, match=r"one\.0\.weight"):
        weights.collect(nets, "fp16")
    bad = {"a": torch.tensor([float("inf")])}
    weights.write(tmp_path / "w", bad)
    with pytest.raises(BadInput, match="not finite"):
        weights.read(tmp_path / "w")


@pytest.mark.parametrize("data", [b"", b"\xff" * 100, (2**40).to_bytes(8, "little") + b"{}"])
def test_a_file_that_is_no_weights_file_is_refused(tmp_path: Path, data: bytes):
    (tmp_path / "w").write_bytes(data)
    with pytest.raises(BadInput, match="cannot be read"):
        weights.read(tmp_path / "w")


def test_filled_networks_hold_what_was_stored(tmp_path: Path):
    stored = weights.collect(networks(), "fp16")
    weights.write(tmp_path / "w", stored)
    fresh = networks()
    with torch.no_grad():
        fresh["one"][0].weight.zero_()
    assert weights.fill(fresh, weights.read(tmp_path / "w")) == []
    assert fresh["one"][0].weight.dtype == torch.float32
    assert torch.equal(fresh["one"][0].weight, stored["one.0.weight"].float())


def test_what_does_not_fit_is_named_and_left():
    stored = weights.collect(networks(), "fp32")
    stored["one.0.bias"] = torch.zeros(9)
    del stored["two.bias"]
    assert weights.fill(networks(), stored) == ["one.0.bias", "two.bias"]


def test_names_by_identity_find_shared_tensors():
    nets = networks()
    known = weights.names_by_identity(nets)
    both = nn.Sequential(nets["one"])
    assert weights.names_of(both, known)["0.0.weight"] == "one.0.weight"
    assert weights.names_of(nn.Linear(2, 2), known) == {}


def test_int8_keeps_rows_within_half_a_step_of_their_scale(tmp_path: Path):
    torch.manual_seed(1)
    nets = {"net": nn.Sequential(nn.Conv2d(8, 16, 3), nn.Linear(4, 4), nn.Linear(64, 9))}
    with torch.no_grad():
        nets["net"][2].weight[3] *= 100  # a loud row does not spoil the others
        nets["net"][2].weight[4] = 0
    before = {name: value.clone() for name, value in nets["net"].state_dict().items()}
    stored = weights.collect(nets, "int8")
    assert stored["net.0.weight"].dtype == stored["net.2.weight"].dtype == torch.int8
    assert stored["net.1.weight"].dtype == torch.float16, "too small to be worth scales"
    assert stored["net.0.bias"].dtype == torch.float32
    weights.write(tmp_path / "w", stored)
    back = weights.read(tmp_path / "w")
    assert set(back) == {f"net.{name}" for name in before}
    for name in ("0.weight", "2.weight"):
        away = (back[f"net.{name}"] - before[name]).flatten(1).abs().amax(1)
        rows = before[name].flatten(1).abs().amax(1)
        assert (away <= rows / 127 * 0.5001 + 1e-12).all()
    assert weights.fill(nets, stored) == []
    assert torch.equal(nets["net"][0].weight, back["net.0.weight"])
    assert weights.precision_of(stored) == "int8"
    assert weights.precision_of(weights.collect(nets, "fp16")) == "fp16"
    assert weights.precision_of(weights.collect(nets, "fp32")) == "fp32"
