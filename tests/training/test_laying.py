"""Add-ons: what they hold, what they need, and that they are the network they were trained as."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from genstudio import families
from genstudio.core import addons, evaluations
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done
from genstudio.core.manifest import BASE_WEIGHTS, MANIFEST, RECIPE, TOKENIZER, WEIGHTS, Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.engine import device, int8, probe
from genstudio.engine.loaded_model import LoadedModel
from genstudio.training import laying, merging, package, repack, weights
from genstudio.training.sources import parent_of
from genstudio.workers import inline

FAMILY, BASE, LIGHT = "transformer", "tiny-transformer", "light"
CPU = device.choose("cpu", 1)


def part(family: str, module: str):
    """The family with one of its two graphs, which is enough here and halves the time."""
    found = families.part(family, module)
    if module != "to_onnx":
        return found
    return SimpleNamespace(graphs=lambda nets, config: found.graphs(nets, config)[:1])


@pytest.fixture(scope="module")
def laid(tiny_packages, tmp_path_factory):
    """A data folder with the base and an add-on to it of random numbers; and its objective."""
    models = tmp_path_factory.mktemp("home") / "models"
    shutil.copytree(tiny_packages[FAMILY], models / BASE)
    parent = Manifest.read(models / BASE / MANIFEST)
    recipe = Recipe.read(models / BASE / RECIPE)
    options = {**recipe.options, "lora": 4, "dropout": 0.0}
    recipe = recipe.model_copy(update={"model": LIGHT, "options": options, "start_from": BASE})
    config = {**parent.config, "lora": 4}
    made = families.part(FAMILY, "objective").make(config, options)
    weights.fill(made.networks, weights.read(models / BASE / WEIGHTS))
    torch.manual_seed(2)
    for matrix in made.networks["adapter"].parameters():
        torch.nn.init.normal_(matrix, std=0.2)
    base = laying.base_of(made, parent)

    def describe(**found) -> Manifest:
        own = {"id": LIGHT, "title": "Light", "config": config, "base": base, "trainable": False}
        return parent.model_copy(update={**own, **found})

    under = laying.places(models / LIGHT, base, "Light", made)
    graphs = lambda nets: part(FAMILY, "to_onnx").graphs(nets, config)  # noqa: E731
    extra = {TOKENIZER: (models / BASE / TOKENIZER).read_bytes()}
    package.build(models / LIGHT, made.networks, graphs, describe, recipe, b"", extra, under)
    return models, made


def test_it_holds_only_what_is_new(laid):
    models, made = laid
    manifest = Manifest.read(models / LIGHT / MANIFEST)
    base = Manifest.read(models / BASE / MANIFEST)
    assert (manifest.base.id, manifest.base.sha256) == (BASE, base.sha256)
    names = weights.read(models / LIGHT / WEIGHTS)
    assert names
    assert all(name.startswith("adapter.") for name in names)
    assert BASE_WEIGHTS not in {entry.name for entry in manifest.files}
    assert laying.under(made) == {"network"}
    assert made.phases()[0].networks == ("adapter",)
    whole = families.part(FAMILY, "objective").make(base.config, {"dropout": 0.0})
    assert laying.base_of(whole, base) is None


@torch.no_grad()
def test_the_runtime_merges_it_while_loading(laid):
    models, made = laid
    tokens = np.arange(1, 9)[None]
    with LoadedModel.open(models / LIGHT, CPU) as model:
        assert probe.verify_probe(model).ok
        found = families.part(FAMILY, "sample").make_stepper(model).begin(tokens)
        small = int8.dynamic(model, "step")
    wanted = made.logits(made.networks, torch.from_numpy(tokens)).numpy()
    assert np.abs(found - wanted).max() < 1e-4
    plain = made.networks["network"](torch.from_numpy(tokens)).numpy()
    assert np.abs(plain - wanted).max() > 0.1
    with LoadedModel.open(models / LIGHT, CPU, 0, {"step": small}) as quick:
        rough = families.part(FAMILY, "sample").make_stepper(quick).begin(tokens)
    assert 0 < np.abs(rough - wanted).max() < 0.1 * np.abs(wanted).max()


def test_it_lives_on_its_base_alone(laid, tmp_path, monkeypatch):
    models, _ = laid
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path / "empty"))
    alone = shutil.copytree(models / LIGHT, tmp_path / "somewhere" / LIGHT)
    manifest = Manifest.read(alone / MANIFEST)
    with LoadedModel.open(alone, CPU) as model, pytest.raises(BadInput, match="not installed"):
        model.load()
    other = shutil.copytree(models / BASE, tmp_path / "somewhere" / BASE)
    assert addons.base_folder(alone, manifest.base, "Light") == other
    facts = json.loads((other / MANIFEST).read_text())
    for entry in facts["files"]:
        entry["sha256"] = "0" * 64 if entry["name"] == WEIGHTS else entry["sha256"]
    (other / MANIFEST).write_text(json.dumps(facts))
    with LoadedModel.open(alone, CPU) as model, pytest.raises(BadInput, match="other weights"):
        model.load()
    monkeypatch.setenv("GENSTUDIO_HOME", str(models.parent))
    found = addons.base_folder(alone, manifest.base, "Light")
    assert found == models / BASE, "the right one is looked for further on"
    (other / MANIFEST).write_bytes(b"no manifest")
    assert addons.base_folder(alone, manifest.base, "Light") == models / BASE


def test_where_a_run_lies_its_base_is_found(laid):
    models, _ = laid
    manifest = Manifest.read(models / LIGHT / MANIFEST)
    run = models.parent / "runs" / "0001-light" / "package"
    assert addons.base_folder(run, manifest.base, "Light") == models / BASE


@torch.no_grad()
def test_merged_it_stands_alone_and_says_the_same(laid, tmp_path):
    models, made = laid
    out = tmp_path / "whole"
    *_, done = merging.merge(models / LIGHT, out, "whole", part)
    assert isinstance(done, Done)
    manifest = Manifest.read(out / MANIFEST)
    assert (manifest.id, manifest.base, manifest.trainable) == ("whole", None, True)
    assert "lora" not in manifest.config
    assert manifest.trained_on[0] == Manifest.read(models / BASE / MANIFEST).trained_on[0]
    recipe = Recipe.read(out / RECIPE)
    assert (recipe.options["lora"], recipe.start_from) == (0, "")
    tokens = np.arange(1, 9)[None]
    with LoadedModel.open(out, CPU) as model:
        found = families.part(FAMILY, "sample").make_stepper(model).begin(tokens)
    wanted = made.logits(made.networks, torch.from_numpy(tokens)).numpy()
    assert np.abs(found - wanted).max() < 0.02 * np.abs(wanted).max(), "rounded to 16 bits anew"


def test_it_is_measured_like_any_other_model(laid, tiny_home, tmp_path):
    home = Home(shutil.copytree(laid[0].parent, tmp_path / "measured"))
    shutil.copytree(tiny_home / "datasets" / "written", home.datasets / "written")
    found = {}
    for name in (BASE, LIGHT):
        body = {"model": name, "data": "written", "metrics": ["perplexity"], "samples": 16}
        *_, done = inline.run("generate", "evaluate", body, home)
        assert isinstance(done, Done)
        (score,) = done.data["scores"]
        assert (score["metric"], score["settings"]["data"]) == ("perplexity", "written")
        found[name] = score["value"]
        kept = evaluations.read(home, Manifest.read(home.models / name / MANIFEST))
        assert [one.value for one in kept.scores] == [score["value"]]
    assert found[BASE] != found[LIGHT], "the add-on was measured, not what lies below it"
    card = Manifest.read(home.models / LIGHT / MANIFEST).scores
    assert "perplexity" in [score.metric for score in card]


def test_what_cannot_be_done_with_one_is_said(laid, tmp_path):
    models, _ = laid
    with pytest.raises(UsageError, match="is no add-on"):
        list(merging.merge(models / BASE, tmp_path / "out", "x", part))
    with pytest.raises(BadInput, match="no weights of ours"):
        list(repack.repack(models / LIGHT, tmp_path / "out", "int8", part))
    recipe = Recipe(family=FAMILY, model="next", data="d", start_from=LIGHT)
    with pytest.raises(UsageError, match="is an add-on to"):
        parent_of(Home(models.parent), recipe, None)
    facts = {"tokenizer": {"kind": "chars", "size": 30, "specials": []}}
    with pytest.raises(UsageError, match="needs a model to lie on"):
        families.family(FAMILY).config({"lora": 4}, facts)
