"""From networks to a package, checked with the runtime that the studio uses."""

import dataclasses
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from genstudio.core import files
from genstudio.core.errors import DiskFull
from genstudio.core.manifest import CARD, MANIFEST, PROBE, WEIGHTS, Manifest
from genstudio.engine.package_folder import verify_files
from genstudio.training import package, weights
from genstudio.training.to_onnx import GraphSpec
from tests.training.toys import recipe


class Net(nn.Module):
    """Every kind of layer whose names or buffers an exporter has been seen to lose."""

    def __init__(self, side: int = 64) -> None:
        super().__init__()
        self.first = nn.Linear(4, 2 * side)
        self.norm = nn.BatchNorm2d(2)
        self.up = nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1)
        self.group = nn.GroupNorm(1, 3)
        self.big = nn.Linear(side, side)

    def forward(self, z: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
        x = self.first(torch.cat([z, label], 1))  # (b, 2 * 64)
        x = self.norm(x.view(z.shape[0], 2, 8, 8))
        image = torch.tanh(self.group(self.up(torch.relu(x))))  # (b, 3, 16, 16)
        return image, self.big(x[:, 0].flatten(1))  # (b, 64)


def networks() -> dict[str, nn.Module]:
    torch.manual_seed(1)
    net = Net()
    with torch.no_grad():
        net.norm.running_mean.uniform_(-1, 1)
        net.norm.running_var.uniform_(0.5, 2)
    return {"net": net.to(memory_format=torch.channels_last), "critic": nn.Linear(50, 40)}


def specs(nets: dict[str, nn.Module]) -> list[GraphSpec]:
    def example(count: int) -> dict[str, Tensor]:
        return {"z": torch.randn(count, 3), "label": torch.rand(count, 1)}

    return [
        GraphSpec("net", nets["net"], example, ("image", "vector")),
        GraphSpec("again", nets["net"], example, ("image", "vector")),
    ]


def describe(**found: object) -> Manifest:
    return Manifest.model_validate(
        {"id": "toy", "title": "Toy", "family": "toy", "modality": "image", "config": {}, **found}
    )


def build(folder: Path, precision: str = "fp16") -> Manifest:
    chosen = recipe(precision=precision)
    return package.build(folder / "toy", networks(), specs, describe, chosen, b"a picture")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder / "toy"


def test_every_file_is_vouched_for(built: Path):
    manifest = Manifest.read(built / MANIFEST)
    assert {entry.name for entry in manifest.files} == {
        "again.onnx", "net.onnx", "card.md", "preview.png", "probe.npz", "recipe.json",
        "weights.safetensors",
    }  # fmt: skip
    for entry in manifest.files:
        assert (built / entry.name).stat().st_size == entry.size
        assert files.sha256_of(built / entry.name) == entry.sha256
    assert manifest.precision == "fp16"
    assert (built / "preview.png").read_bytes() == b"a picture"


def test_ports_say_what_the_graph_takes(built: Path):
    graph = Manifest.read(built / MANIFEST).graph("net")
    assert [(p.name, p.dtype, p.shape) for p in graph.inputs] == [
        ("z", "float32", ("batch", 3)),
        ("label", "float32", ("batch", 1)),
    ]
    assert [(p.name, p.shape) for p in graph.outputs] == [
        ("image", ("batch", 3, 16, 16)),
        ("vector", ("batch", 64)),
    ]


def run(folder: Path, graph: str, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(folder / f"{graph}.onnx"), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, feeds)


@pytest.mark.parametrize("case", ["0", "1"])
@pytest.mark.parametrize("graph", ["net", "again"])
def test_the_runtime_computes_what_torch_did_at_unseen_batch_sizes(
    built: Path, graph: str, case: str
):
    with np.load(built / PROBE) as proof:
        feeds = {name: proof[f"{graph}/{case}/in/{name}"] for name in ("z", "label")}
        wanted = [proof[f"{graph}/{case}/out/{name}"] for name in ("image", "vector")]
    assert len(feeds["z"]) in package.PROBE_SIZES
    for found, value in zip(run(built, graph, feeds), wanted, strict=True):
        assert found.shape == value.shape
        assert np.abs(found - value).max() < 2e-6


def test_one_item_alone_works_too(built: Path):
    feeds = {"z": np.zeros((1, 3), np.float32), "label": np.ones((1, 1), np.float32)}
    assert run(built, "net", feeds)[0].shape == (1, 3, 16, 16)


def test_numbers_are_stored_once(built: Path):
    """Two graphs over one network: the weights file holds it once, the graphs hardly anything."""
    numbers = sum(p.numel() for net in networks().values() for p in net.parameters())
    size = (built / WEIGHTS).stat().st_size
    assert 2 * numbers < size < 2 * numbers + 4500
    for graph in ("net", "again"):
        assert (built / f"{graph}.onnx").stat().st_size < 8000


def test_parameters_and_buffers_point_into_the_weights_file(built: Path):
    model = onnx.load(built / "net.onnx", load_external_data=False)
    inside = [t for t in model.graph.initializer if t.data_location != onnx.TensorProto.EXTERNAL]
    outside = {t.name: t for t in model.graph.initializer if t not in inside}
    assert all(np.prod(t.dims) < 20 for t in inside)
    assert "net.big.weight" in outside
    assert "norm.running_var" in outside
    assert outside["net.big.weight"].data_type == onnx.TensorProto.FLOAT16
    facts = {e.key: e.value for e in outside["net.big.weight"].external_data}
    assert facts["location"] == WEIGHTS
    assert int(facts["length"]) == 64 * 64 * 2
    assert sum(node.op_type == "Cast" for node in model.graph.node) >= 3


def test_nothing_of_this_machine_is_in_the_graphs(built: Path):
    for path in built.glob("*.onnx"):
        data = path.read_bytes()
        assert b"stack_trace" not in data
        assert b".py" not in data
        assert str(Path(__file__).parent).encode() not in data


def test_critics_are_kept_to_train_on(built: Path):
    fresh = {"critic": nn.Linear(50, 40)}
    assert weights.fill(fresh, weights.read(built / WEIGHTS)) == []
    assert torch.allclose(fresh["critic"].weight, networks()["critic"].weight, atol=1e-4)


def test_full_precision(tmp_path: Path):
    manifest = build(tmp_path, "fp32")
    assert manifest.precision == "fp32"
    fresh = networks()
    with torch.no_grad():
        fresh["net"].big.weight.zero_()
    weights.fill(fresh, weights.read(tmp_path / "toy" / WEIGHTS))
    assert torch.equal(fresh["net"].big.weight, networks()["net"].big.weight)
    with np.load(tmp_path / "toy" / PROBE) as proof:
        feeds = {name: proof[f"net/0/in/{name}"] for name in ("z", "label")}
        found = run(tmp_path / "toy", "net", feeds)
        assert np.abs(found[0] - proof["net/0/out/image"]).max() < 2e-6


def test_eight_bits_halve_the_file_and_the_graph_computes_with_the_rounded_numbers(
    built: Path, tmp_path: Path
):
    manifest = build(tmp_path, "int8")
    folder = tmp_path / "toy"
    assert manifest.precision == "int8"
    assert (folder / WEIGHTS).stat().st_size < 0.7 * (built / WEIGHTS).stat().st_size
    with np.load(folder / PROBE) as proof, np.load(built / PROBE) as before:
        feeds = {name: proof[f"net/0/in/{name}"] for name in ("z", "label")}
        for found, name in zip(run(folder, "net", feeds), ("image", "vector"), strict=True):
            wanted, exact = proof[f"net/0/out/{name}"], before[f"net/0/out/{name}"]
            assert np.abs(found - wanted).max() < 2e-6
            assert 0 < np.abs(found - exact).max() < 0.05
    verify_files(folder, manifest)


def test_the_card_names_what_is_known(built: Path):
    text = (built / CARD).read_text(encoding="utf-8")
    assert text.startswith("# Toy\n")
    assert "Not measured yet" in text


def test_a_full_disk_leaves_the_old_package_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    build(tmp_path)
    before = {p.name: p.read_bytes() for p in (tmp_path / "toy").iterdir()}
    real = files.write_bytes

    def full(path: Path, data: bytes) -> None:
        if path.name == PROBE:
            raise DiskFull("The disk is full")
        real(path, data)

    monkeypatch.setattr(files, "write_bytes", full)
    with pytest.raises(DiskFull):
        build(tmp_path)
    assert {p.name: p.read_bytes() for p in (tmp_path / "toy").iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["toy"]


def test_a_graph_spec_is_a_value():
    spec = GraphSpec("a", nn.Identity(), lambda n: {}, ("x",))
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.name = "b"  # type: ignore[misc]


def test_the_inputs_of_a_probe_can_be_compressed():
    arrays = package.probe(specs(networks())[0])
    inputs = [value for key, value in arrays.items() if "/in/" in key]
    assert len(inputs) == 4
    assert all(np.array_equal(value * 64, np.rint(value * 64)) for value in inputs)
    assert {value.dtype for value in inputs} == {np.dtype(np.float32)}
    assert all(np.abs(value).max() > 0 for value in inputs)
