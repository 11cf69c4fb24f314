"""What is read from disk is validated; every refusal names the file and the reason."""

import json

import pytest

from genstudio.core.artifact import Artifact, Provenance
from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput
from genstudio.core.job import QueueFile
from genstudio.core.manifest import FileEntry, Graph, Manifest, Port
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.request import Request
from genstudio.core.run import Run
from genstudio.core.settings import CONTROLS, Settings
from genstudio.core.stored import to_name

HASH = "0" * 64


def manifest(**changes):
    facts = {
        "id": "toy",
        "title": "Toy",
        "family": "gan",
        "modality": "image",
        "config": {"size": 28, "channels": 1},
        "graphs": (
            Graph(
                name="generator",
                file="generator.onnx",
                inputs=(Port(name="z", dtype="float32", shape=("batch", 8)),),
                outputs=(Port(name="image", dtype="float32", shape=("batch", 1, 28, 28)),),
            ),
        ),
        "files": (FileEntry(name="generator.onnx", size=10, sha256=HASH),),
    }
    return Manifest(**{**facts, **changes})


REQUEST = Request(model="toy", task="sample", seed=5, values={"count": 3})
RECIPE = Recipe(family="gan", model="toy", data="shapes")
STORED = [
    manifest(),
    REQUEST,
    RECIPE,
    Provenance(request=REQUEST),
    Artifact(id="a1", file="a1.png", created="2026-11-21", provenance=Provenance(request=REQUEST)),
    Dataset(name="shapes", title="Shapes"),
    Run(id="0001-toy", recipe=RECIPE),
    Settings(),
    QueueFile(),
]


@pytest.mark.parametrize("value", STORED, ids=lambda v: type(v).__name__)
def test_round_trip(value, tmp_path):
    path = tmp_path / "ünï 名前.json"
    path.write_bytes(value.to_bytes())
    assert type(value).read(path) == value


@pytest.mark.parametrize("value", STORED, ids=lambda v: type(v).__name__)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 99}, "Update GenStudio"),
        ({"format": None}, "no known format"),
        ({"format": "1"}, "no known format"),
        ({"format": True}, "no known format"),
        ({"surprise": 1}, "surprise|its hash differs"),
    ],
)
def test_foreign_versions_and_fields_are_refused(value, change, words, tmp_path):
    path = tmp_path / "file.json"
    path.write_text(json.dumps({**json.loads(value.to_bytes()), **change}))
    with pytest.raises(BadInput, match=words) as caught:
        type(value).read(path)
    assert caught.value.problem.file == str(path)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[1]", b"null", b"\xff\xff", b"[" * 100_000, b'{"format": 1}']
)
def test_broken_json_is_refused(data):
    with pytest.raises(BadInput, match=r"model\.json"):
        Manifest.from_bytes(data, "model.json")


def test_missing_folder_and_huge_files_are_refused(tmp_path):
    with pytest.raises(BadInput, match="missing"):
        Manifest.read(tmp_path / "none.json")
    with pytest.raises(BadInput, match="missing"):
        Manifest.read(tmp_path)
    big = tmp_path / "big.json"
    with big.open("wb") as handle:
        handle.truncate(9 * 1024 * 1024)
    with pytest.raises(BadInput, match="larger than"):
        Manifest.read(big)


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/etc/passwd",
        "a/../b",
        "",
        "a//b",
        "C:x",
        "a\\b",
        ".",
        "x" * 201,
        "a\n",
        "a/ b",
        "b.",
    ],
)
def test_file_names_that_leave_the_package_are_refused(name):
    value = json.loads(manifest().to_bytes())
    value["files"][0]["name"] = name
    value["graphs"][0]["file"] = name
    with pytest.raises(BadInput, match=r"model\.json"):
        Manifest.from_bytes(json.dumps(value).encode(), "model.json")


@pytest.mark.parametrize(
    "edit",
    [
        lambda m: m["config"].update(size=10**9),
        lambda m: m["config"].update(size=-1),
        lambda m: m["files"].append(m["files"][0] | {"name": "GENERATOR.onnx"}),
        lambda m: m["files"].clear(),
        lambda m: m["graphs"].clear(),
        lambda m: m["graphs"][0]["inputs"][0].update(shape=[0, 8]),
        lambda m: m["graphs"][0]["inputs"][0].update(shape=[2**40]),
        lambda m: m["graphs"][0]["inputs"][0].update(dtype="object"),
        lambda m: m["files"][0].update(size=-5),
        lambda m: m["files"][0].update(sha256="abc"),
        lambda m: m.update(id="../../x"),
        lambda m: m.update(title=3),
        lambda m: m.update(family="No Such"),
    ],
)
def test_absurd_manifests_are_refused(edit):
    value = json.loads(manifest().to_bytes())
    edit(value)
    with pytest.raises(BadInput):
        Manifest.from_bytes(json.dumps(value).encode(), "model.json")


def test_weights_hash_is_the_identity():
    weights = FileEntry(name="weights.safetensors", size=1, sha256="a" * 64)
    both = manifest(files=(FileEntry(name="generator.onnx", size=1, sha256=HASH), weights))
    assert both.sha256 == "a" * 64
    assert manifest().sha256 == ""
    assert both.graph("generator").file == "generator.onnx"


@pytest.mark.parametrize(
    "change",
    [{"steps": 0}, {"learning_rate": 0}, {"ema": 1.0}, {"holdout": 0.9}, {"batch": 10**6}],
)
def test_trainer_settings_have_limits(change):
    with pytest.raises(ValueError, match="TrainerSettings"):
        TrainerSettings(**change)


def test_request_count():
    assert REQUEST.count == 3
    assert Request(model="toy", task="sample").count == 1


def test_every_setting_has_a_control():
    fields = set(Settings.model_fields) - {"format", "soundfont"}  # the font has a dialog
    assert {control.name for control in CONTROLS} == fields
    for control in CONTROLS:
        assert control.default == getattr(Settings(), control.name)


@pytest.mark.parametrize(
    ("text", "name"),
    [("My Holiday!", "my-holiday"), ("名前", "item"), ("a" * 99, "a" * 64), ("--x--", "x")],
)
def test_names_are_safe(text, name):
    assert to_name(text) == name


@pytest.mark.parametrize("value", [v for v in STORED if v.CHECKED], ids=lambda v: type(v).__name__)
def test_a_changed_character_is_noticed(value):
    data = value.to_bytes()
    for place in range(0, len(data), 7):
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            assert type(value).from_bytes(bytes(changed), "file.json") == value
        except BadInput:
            continue
