"""Manifest, recipe, run, request, dataset: what they refuse while reading."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.errors import BadInput
from genstudio.core.manifest import FileEntry, Manifest, check_file_name
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.request import Request
from genstudio.core.run import CheckpointManifest, Run

ENTRY = {"name": "g.onnx", "size": 3, "sha256": "a" * 64}
MANIFEST: dict[str, Any] = {
    "format": 1,
    "id": "toy",
    "title": "Toy",
    "family": "gan",
    "modality": "image",
    "config": {"size": 28},
    "graphs": [{"name": "g", "file": "g.onnx", "inputs": [], "outputs": []}],
    "files": [ENTRY, {**ENTRY, "name": "weights.safetensors", "sha256": "b" * 64}],
}
RECIPE: dict[str, Any] = {"format": 1, "family": "gan", "model": "toy", "data": "toys"}


def read(kind: Any, value: dict[str, Any]) -> Any:
    return kind.from_bytes(json.dumps(value).encode(), "file.json")


def test_a_manifest_knows_its_weights_and_graphs():
    manifest = read(Manifest, MANIFEST)
    assert manifest.sha256 == "b" * 64
    assert manifest.graph("g").file == "g.onnx"
    with pytest.raises(StopIteration):
        manifest.graph("h")
    assert read(Manifest, {**MANIFEST, "files": [ENTRY]}).sha256 == ""
    assert Manifest.from_bytes(manifest.to_bytes(), "again") == manifest


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": "1"},
        {"format": True},
        {"id": "../x"},
        {"id": "Toy"},
        {"family": "a-b"},
        {"modality": "smell"},
        {"config": {"size": 5000}},
        {"config": {"latent": -1}},
        {"graphs": []},
        {"graphs": [{"name": "g", "file": "h.onnx", "inputs": [], "outputs": []}]},
        {"graphs": [{"name": "g", "file": "/etc/passwd", "inputs": [], "outputs": []}]},
        {"files": [ENTRY, {**ENTRY, "name": "G.onnx"}]},
        {"files": [{**ENTRY, "sha256": "short"}]},
        {"files": [{**ENTRY, "size": -1}]},
        {"files": [{**ENTRY, "size": 10**13}]},
        {"precision": "int3"},
        {"surprise": 1},
        {"scores": [{"metric": "x", "value": "much"}]},
    ],
    ids=str,
)
def test_a_manifest_that_cannot_be_is_refused(change: dict[str, Any]):
    with pytest.raises(BadInput):
        read(Manifest, {**MANIFEST, **change})


@pytest.mark.parametrize("name", ["a.onnx", "folder/a.onnx", "名前.bin", "a b.txt"])
def test_plain_names_are_taken(name: str):
    assert check_file_name(name) == name
    assert FileEntry(name=name, size=0, sha256="0" * 64).name == name


@pytest.mark.parametrize(
    "name",
    ["", "/a", "a/", "../a", "a/../b", "./a", "a\\b", "C:a", "a\n", "a.", " a", "a ", "x" * 300],
)
def test_names_that_lead_elsewhere_are_refused(name: str):
    with pytest.raises(ValueError, match="plain file name"):
        check_file_name(name)


def test_a_recipe_fills_in_defaults():
    recipe = read(Recipe, RECIPE)
    assert recipe.settings == TrainerSettings()
    assert (recipe.seed, recipe.options) == (0, {})


@pytest.mark.parametrize(
    "change",
    [
        {"family": "Gan"},
        {"model": "a/b"},
        {"seed": -1},
        {"seed": 2**32},
        {"settings": {"steps": 0}},
        {"settings": {"batch": 10**6}},
        {"settings": {"learning_rate": 0}},
        {"settings": {"ema": 1}},
        {"settings": {"holdout": 0.9}},
        {"settings": {"speed": 3}},
        {"title": "x" * 500},
    ],
    ids=str,
)
def test_absurd_recipes_are_refused(change: dict[str, Any]):
    with pytest.raises(BadInput, match="not a valid recipe"):
        read(Recipe, {**RECIPE, **change})


def test_numbers_that_json_does_not_know_are_refused():
    text = json.dumps({**RECIPE, "settings": {"learning_rate": float("nan")}})
    with pytest.raises(BadInput):
        Recipe.from_bytes(text.encode(), "file.json")


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(data: bytes):
    with pytest.raises(BadInput, match=r"file\.json"):
        Recipe.from_bytes(data, "file.json")


def test_a_request_counts_its_results():
    request = Request(model="toy", task="sample", values={"count": 7})
    assert request.count == 7
    assert Request(model="toy", task="sample").count == 1
    assert Request(model="toy", task="sample", values={"count": "many"}).count == 1
    for wrong in ({"seed": 2**32}, {"first": -1}, {"task": "Sample"}, {"model": ""}):
        with pytest.raises(ValidationError):
            Request(**{"model": "toy", "task": "sample", **wrong})


def test_a_run_is_read_back(tmp_path: Path):
    run = Run(id="0001-toy", recipe=read(Recipe, RECIPE), state="running", pid=5)
    (tmp_path / "run.json").write_bytes(run.to_bytes())
    assert Run.read(tmp_path / "run.json") == run
    with pytest.raises(ValidationError):
        Run(id="0001-toy", recipe=run.recipe, state="asleep")
    with pytest.raises(ValidationError):
        run.step = 5  # type: ignore[misc]


def test_a_checkpoint_manifest_lists_its_files():
    made = CheckpointManifest(
        step=3, threads=1, torch="2", device="cpu", files=(FileEntry(**ENTRY),)
    )
    assert CheckpointManifest.from_bytes(made.to_bytes(), "m") == made


def test_a_dataset_is_read_back():
    made = Dataset(name="toys", title="Toys", facts=DataFacts(count=3, size=28, channels=1))
    assert Dataset.from_bytes(made.to_bytes(), "d") == made
    with pytest.raises(ValidationError):
        DataFacts(channels=5)
