"""Opening, running and stopping one package."""

import threading
from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput, GenStudioError, OutOfMemory
from genstudio.core.manifest import MANIFEST, Manifest, Port
from genstudio.engine import loaded_model
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel, Stopped
from tests.helpers import packages
from tests.helpers.packages import LATENT, NAMES, SIZE


def feeds(count: int = 2) -> dict[str, np.ndarray]:
    return {
        "z": np.ones((count, LATENT), np.float32),
        "label": np.eye(len(NAMES), dtype=np.float32)[np.arange(count) % len(NAMES)],
    }


def test_it_computes_what_its_weights_say(gan_folder: Path, cpu: Device) -> None:
    with LoadedModel.open(gan_folder, cpu) as model:
        image = model.run("generator", feeds())["image"]
    wanted = np.tanh(packages.basis().sum(axis=0) + 0.7 * packages.patterns()[:2])
    np.testing.assert_allclose(image, wanted.reshape(2, 1, SIZE, SIZE), atol=1e-5)


def test_half_precision_weights_give_the_same_within_their_rounding(
    tmp_path: Path, cpu: Device
) -> None:
    folders = [packages.gan(tmp_path / str(half), half=half) for half in (False, True)]
    images = [LoadedModel.open(f, cpu).run("generator", feeds())["image"] for f in folders]
    assert 0 < np.abs(images[0] - images[1]).max() < 2e-3


def test_facts_of_the_config(gan_folder: Path, cpu: Device) -> None:
    with LoadedModel.open(gan_folder, cpu) as model:
        assert model.size("latent") == LATENT
        assert model.class_names == NAMES
        with pytest.raises(BadInput, match="'depth'"):
            model.size("depth")


def test_sessions_open_when_first_run(vae_folder: Path, cpu: Device) -> None:
    with LoadedModel.open(vae_folder, cpu) as model:
        assert not model._sessions
        model.run("decoder", {"z": np.zeros((1, LATENT), np.float32)})
        assert set(model._sessions) == {"decoder"}
        assert model._weights  # kept for the encoder
        model.load()
        assert not model._weights
    assert not model._sessions


def test_stop_ends_a_running_call(tmp_path: Path, cpu: Device) -> None:
    model = LoadedModel.open(packages.slow(tmp_path / "slow"), cpu)
    model.load()
    ended: list[BaseException] = []
    entered = threading.Event()

    def work() -> None:
        entered.set()
        try:
            model.run("generator", {"z": np.ones((64, LATENT), np.float32)})
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    entered.wait(5)
    while model._running is None and thread.is_alive():  # until the call is really under way
        pass
    model.stop()
    thread.join(30)
    assert not thread.is_alive()
    assert isinstance(ended[0], Stopped)
    # The session is as good as before.
    model.begin()
    assert model.run("generator", {"z": np.ones((1, LATENT), np.float32)})["image"].shape[0] == 1
    model.close()


def test_stop_ends_a_load(tmp_path: Path, cpu: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    model = LoadedModel.open(packages.gan(tmp_path / "g"), cpu)
    real = loaded_model.ort.InferenceSession

    def stopped_on_the_way(data, options, providers):
        model.stop()  # as another thread would, after the options were handed over
        return real(data, options, providers=providers)

    monkeypatch.setattr(loaded_model.ort, "InferenceSession", stopped_on_the_way)
    with pytest.raises(Stopped):
        model.run("generator", feeds())
    monkeypatch.undo()
    model.begin()
    assert model.run("generator", feeds())
    model.close()


def test_a_stop_between_calls_holds_until_begin(gan_folder: Path, cpu: Device) -> None:
    with LoadedModel.open(gan_folder, cpu) as model:
        model.run("generator", feeds())
        model.stop()
        for _ in range(2):
            with pytest.raises(Stopped):
                model.run("generator", feeds())
        model.begin()
        model.run("generator", feeds())


def test_a_stop_before_the_first_load_holds(gan_folder: Path, cpu: Device) -> None:
    with LoadedModel.open(gan_folder, cpu) as model:
        model.stop()
        with pytest.raises(Stopped):
            model.run("generator", feeds())


@pytest.mark.parametrize(
    "data", [b"", b"not a model at all", b"\x08\x0a" + b"\x3a\x04\x0a\x02\x0a\x00"]
)
def test_a_foreign_graph_is_a_sentence(gan_folder: Path, cpu: Device, data: bytes) -> None:
    (gan_folder / "generator.onnx").write_bytes(data)
    packages.relist(gan_folder)
    with LoadedModel.open(gan_folder, cpu) as model, pytest.raises(BadInput, match="generator"):
        model.load()


def test_a_truncated_graph_is_a_sentence(gan_folder: Path, cpu: Device) -> None:
    path = gan_folder / "generator.onnx"
    path.write_bytes(path.read_bytes()[:-40])
    packages.relist(gan_folder)
    with LoadedModel.open(gan_folder, cpu) as model, pytest.raises(BadInput):
        model.load()


def changed(folder: Path, **ports: Port) -> None:
    path = folder / MANIFEST
    manifest = Manifest.read(path)
    graph = manifest.graphs[0]
    inputs = tuple(ports.get(port.name, port) for port in graph.inputs)
    graphs = (graph.model_copy(update={"inputs": inputs}),)
    path.write_bytes(manifest.model_copy(update={"graphs": graphs}).to_bytes())


@pytest.mark.parametrize(
    "port",
    [
        Port(name="noise", dtype="float32", shape=("batch", LATENT)),
        Port(name="z", dtype="float16", shape=("batch", LATENT)),
        Port(name="z", dtype="float32", shape=("batch", LATENT + 1)),
        Port(name="z", dtype="float32", shape=("batch", LATENT, 1)),
    ],
)
def test_a_graph_unlike_its_manifest_is_refused(gan_folder: Path, cpu: Device, port: Port) -> None:
    changed(gan_folder, z=port)
    with LoadedModel.open(gan_folder, cpu) as model, pytest.raises(BadInput, match="generator"):
        model.load()


def test_an_unknown_graph_is_a_sentence(gan_folder: Path, cpu: Device) -> None:
    with LoadedModel.open(gan_folder, cpu) as model, pytest.raises(BadInput, match="no graph"):
        model.run("critic", {})


def test_wrong_feeds_are_a_sentence(gan_folder: Path, cpu: Device) -> None:
    with LoadedModel.open(gan_folder, cpu) as model:
        with pytest.raises(GenStudioError, match="could not run"):
            model.run("generator", {"z": np.ones((2, LATENT + 3), np.float32)})
        model.run("generator", feeds())


def test_missing_memory_is_told_apart(
    gan_folder: Path, cpu: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoadedModel.open(gan_folder, cpu) as model:
        model.load()

        class Poor:
            def run(self, *_: object) -> None:
                raise RuntimeError("bfc_arena.cc: Failed to allocate memory for requested buffer")

        monkeypatch.setitem(model._sessions, "generator", Poor())
        with pytest.raises(OutOfMemory, match="fewer results"):
            model.run("generator", feeds())


def test_large_calls_give_their_memory_back(
    gan_folder: Path, cpu: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries: list[tuple[str, str]] = []
    real = loaded_model.ort.RunOptions

    class Watched(real):  # type: ignore[misc,valid-type]
        def add_run_config_entry(self, key: str, value: str) -> None:
            entries.append((key, value))
            super().add_run_config_entry(key, value)

    monkeypatch.setattr(loaded_model.ort, "RunOptions", Watched)
    with LoadedModel.open(gan_folder, cpu) as model:
        model.run("generator", feeds(loaded_model.LARGE_ROWS))
        assert not entries
        found = model.run("generator", feeds(loaded_model.LARGE_ROWS + 1))
    assert entries == [("memory.enable_memory_arena_shrinkage", "cpu:0")]
    assert len(found["image"]) == loaded_model.LARGE_ROWS + 1


def test_the_memory_limit_bounds_batches(gan_folder: Path, cpu: Device) -> None:
    with LoadedModel.open(gan_folder, cpu) as model:
        assert model.batch_limit(10**9) == loaded_model.MOST_AT_ONCE
    with LoadedModel.open(gan_folder, cpu, memory_mb=64) as model:
        assert 55 <= model.batch_limit(1024**2) <= 64
        assert model.batch_limit(10**12) == 1


def test_a_cuda_model_that_falls_back_says_so(gan_folder: Path) -> None:
    wished = Device("CUDA", "", 1, [])
    with LoadedModel.open(gan_folder, wished) as model:
        assert model._providers()[0][0] == "CUDAExecutionProvider"
        model.load()
        if model.device.name == "CPU":
            assert "CUDA could not load" in model.device.reason


def test_names_with_spaces_umlauts_and_cjk(tmp_path: Path, cpu: Device) -> None:
    folder = packages.gan(tmp_path / "名前 ünï 🎹 мод")
    with LoadedModel.open(folder, cpu) as model:
        assert model.run("generator", feeds())
