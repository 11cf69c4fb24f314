"""Datasets, runs, requests, describing and exporting."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from genstudio.core import files
from genstudio.core.dataset import Dataset
from genstudio.core.errors import BadInput, DiskFull, NotFound, UsageError
from genstudio.core.events import Done, Progress, Result
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.run import METRICS_FILE, RUN_FILE, STOP_FILE, Run
from genstudio.media import animation, image, provenance
from genstudio.media.finishing import Finish
from genstudio.studio import exporting, importing
from genstudio.studio.datasets import DATASET_FILE, Datasets
from genstudio.studio.gallery import Gallery
from genstudio.studio.library import Library
from genstudio.studio.requests import draw_seed, make_request
from genstudio.studio.runs import Runs, is_alive
from genstudio.workers import inline
from tests.helpers import packages
from tests.helpers.results import provenance as made_up
from tests.helpers.results import result


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


# Datasets


def add_dataset(home: Home, name: str) -> None:
    files.write_bytes(
        home.datasets / name / DATASET_FILE, Dataset(name=name, title=name.title()).to_bytes()
    )


def test_datasets_come_and_go(home):
    shelf, heard = Datasets(home), []
    shelf.on_change(lambda: heard.append(True))
    assert shelf.list() == []
    for name in ("shoes", "bags"):
        add_dataset(home, name)
    assert [found.name for found in shelf.list()] == ["bags", "shoes"]
    assert shelf.get("shoes").title == "Shoes"
    shelf.remove("shoes")
    with pytest.raises(NotFound, match="bags"):
        shelf.get("shoes")
    shelf.restore("shoes")
    assert shelf.get("shoes")
    with pytest.raises(NotFound):
        shelf.restore("shoes")
    for name in ("..", "../home", "a/b", ""):
        with pytest.raises(NotFound):
            shelf.get(name)
    (home.datasets / "bags" / DATASET_FILE).write_text("{")
    assert [found.name for found in shelf.list()] == ["shoes"]
    assert len(shelf.problems) == 1
    assert len(heard) == 2


# Runs

RECIPE = Recipe(family="gan", model="toy", data="shapes")


def add_run(home: Home, name: str, **facts) -> Path:
    folder = home.runs / name
    files.write_bytes(folder / RUN_FILE, Run(id=name, recipe=RECIPE, **facts).to_bytes())
    return folder


def test_runs_by_id_and_number(home):
    shelf = Runs(home)
    assert shelf.list() == []
    folder = add_run(home, "0007-toy", state="done", step=100)
    add_run(home, "0012-toy", state="failed")
    assert [run.id for run in shelf.list()] == ["0012-toy", "0007-toy"]
    assert shelf.get("7").step == 100
    assert shelf.folder("0007-toy") == folder
    with pytest.raises(NotFound, match="0012-toy"):
        shelf.get("99")
    (home.runs / "0012-toy" / RUN_FILE).write_text("[]")
    assert [run.id for run in shelf.list()] == ["0007-toy"]
    assert len(shelf.problems) == 1


def test_a_run_whose_process_is_gone_shows_as_stopped(home):
    shelf = Runs(home)
    gone = 2**22 + 12345
    assert not is_alive(gone)
    assert not is_alive(0)
    assert is_alive(os.getpid())
    add_run(home, "0001-toy", state="running", pid=gone)
    add_run(home, "0002-toy", state="running", pid=os.getpid())
    assert [run.state for run in shelf.list()] == ["running", "stopped"]
    with pytest.raises(UsageError, match="not running"):
        shelf.stop("1")
    shelf.stop("2")
    assert (home.runs / "0002-toy" / STOP_FILE).exists()
    with pytest.raises(UsageError, match="stop it first"):
        shelf.remove("2")
    shelf.remove("1")
    assert [run.id for run in shelf.list()] == ["0002-toy"]
    assert (home.trash / "runs" / "0001-toy" / RUN_FILE).is_file()


def test_metrics_and_samples_of_a_run(home):
    shelf, folder = Runs(home), add_run(home, "0001-toy")
    assert shelf.metrics("1") == []
    (folder / METRICS_FILE).write_text('{"step": 1}\n{"step": 2}\n{"st')
    assert shelf.metrics("1") == [{"step": 1}, {"step": 2}]
    for name in ("step-000010.png", "step-000002.png"):
        files.write_bytes(folder / "samples" / name, b"x")
    assert [p.name for p in shelf.samples("1")] == ["step-000002.png", "step-000010.png"]


# Requests


@pytest.fixture
def library(home, tmp_path) -> Library:
    library = Library(home, bundled=tmp_path / "none")
    for write in (packages.gan, packages.vae):
        library.install(write(tmp_path / write.__name__))
    return library


def model_of(library: Library, family: str):
    return next(model for model in library.list() if model.manifest.family == family)


def test_a_request_has_all_values_and_a_seed(library):
    model = model_of(library, "gan")
    request = make_request(model, "sample", {"count": 4})
    assert request.model == model.id
    assert request.task == "sample"
    assert request.values["count"] == request.count == 4
    assert request.values["truncation"] == 1.0
    assert 0 <= request.seed < 2**32
    assert make_request(model, seed=5, first=3, live=True).seed == 5
    assert make_request(model, values={"seed": 9}).seed == 9
    assert make_request(model, seed=-1).seed != make_request(model, seed=None).seed
    assert draw_seed() != draw_seed()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"values": {"count": 0}}, "from 1"),
        ({"values": {"speed": 1}}, "no setting"),
        ({"task": "fly"}, "no task"),
        ({"seed": 2**32}, "seed"),
        ({"inputs": {"image": "x"}}, "takes no input"),
        ({"task": "interpolate", "live": True}, "follow a slider"),
    ],
)
def test_requests_that_are_refused(library, facts, words):
    with pytest.raises(UsageError, match=f"(?i){words}"):
        make_request(model_of(library, "gan"), **facts)


def test_inputs_are_checked(library, tmp_path):
    model = model_of(library, "vae")
    with pytest.raises(UsageError, match="needs"):
        make_request(model, "reconstruct")
    with pytest.raises(UsageError, match="there is no file"):
        make_request(model, "reconstruct", inputs={"image": tmp_path / "gone.png"})
    path = tmp_path / "x.png"
    path.write_bytes(b"x")
    request = make_request(model, "reconstruct", inputs={"image": path})
    assert request.inputs == {"image": str(path)}
    (wanted,) = model.task("decode").inputs()
    with pytest.raises(UsageError, match=r"\.latent"):
        make_request(model, "decode", inputs={wanted.name: path})


# Describing what was dropped


def pixels(side: int = 8) -> np.ndarray:
    return np.arange(side * side, dtype=np.uint8).reshape(side, side, 1)


def test_pictures_are_recognised_by_what_they_carry(tmp_path):
    ours = tmp_path / "ours.png"
    ours.write_bytes(image.encode(pixels(), ".png", made_up(seed=9), "full"))
    found = importing.describe_file(ours)
    assert found.kind == "ours"
    assert found.provenance.request.seed == 9
    assert found.facts()["provenance"]["request"]["seed"] == 9
    bare = tmp_path / "bare.jpg"
    bare.write_bytes(image.encode(pixels(), ".jpg", None, "bare"))
    assert importing.describe_file(bare).kind == "picture"
    moving = tmp_path / "m.gif"
    moving.write_bytes(animation.encode(np.stack([pixels(), 255 - pixels()]), ".gif", 5))
    assert importing.describe_file(moving).kind == "animation"


def test_packages_recipes_and_data_are_recognised(tmp_path, home):
    package = packages.gan(tmp_path / "package")
    assert importing.describe_file(package).kind == "package"
    assert importing.describe_file(package / "model.json").data["family"] == "gan"
    library = Library(home, bundled=tmp_path / "none")
    zipped = library.export(library.install(package).id, tmp_path / "p.zip")
    assert importing.describe_file(zipped).kind == "package"
    recipe = tmp_path / "recipe.json"
    recipe.write_bytes(RECIPE.to_bytes())
    found = importing.describe_file(recipe)
    assert found.kind == "recipe"
    assert found.facts()["recipe"]["model"] == "toy"
    (tmp_path / "pictures").mkdir()
    assert importing.describe_file(tmp_path / "pictures").kind == "dataset"
    (tmp_path / "train.npz").write_bytes(b"")
    assert importing.describe_file(tmp_path / "train.npz").kind == "dataset"
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("a/1.png", image.png(pixels()))
    assert importing.describe_file(tmp_path / "data.zip").kind == "dataset"
    (tmp_path / "other.json").write_text('{"a": 1}')
    assert importing.describe_file(tmp_path / "other.json").kind == "unknown"


def test_what_is_broken_is_said(tmp_path):
    with pytest.raises(NotFound):
        importing.describe_file(tmp_path / "gone.png")
    for name, data in {"x.png": b"", "x.zip": b"PK", "x.latent": b"GS"}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadInput) as caught:
            importing.describe_file(tmp_path / name)
        assert "\n" not in caught.value.problem.sentence


def test_import_tells_its_progress_and_leaves_nothing_when_stopped(tmp_path, home):
    package = packages.gan(tmp_path / "package")
    events = list(inline.run("files", "import_model", {"path": str(package)}, home))
    assert isinstance(events[0], Progress)
    assert isinstance(events[-1], Done)
    name = str(events[-1].data["model"])
    assert (home.models / name / "model.json").is_file()
    with pytest.raises(BadInput, match="installed already"):
        list(importing.import_model(home, package))
    files.remove(home.models / name)
    stream = importing.import_model(home, package)
    assert isinstance(next(stream), Progress)
    stream.close()
    assert not [p for p in home.models.iterdir() if p.name != name]


# Exporting


@pytest.fixture
def gallery(home):
    gallery = Gallery(home)
    yield gallery
    gallery.close()


def export(gallery, ids, target, *options) -> list[Path]:
    events = list(exporting.export(gallery, ids, target, *options))
    paths = [Path(event.path) for event in events if isinstance(event, Result)]
    assert isinstance(events[-1], Done)
    assert [str(path) for path in paths] == events[-1].data["paths"]
    return paths


@pytest.mark.parametrize("ext", exporting.PICTURES)
def test_pictures_keep_pixels_and_settings(gallery, home, tmp_path, ext):
    artifact = gallery.add(result(home, seed=7))
    (path,) = export(gallery, [artifact.id], tmp_path / "aus gang", ext)
    assert path.name == f"toy-gan-7-0{ext}"
    assert provenance.read(path).provenance.request.seed == 7
    assert np.abs(image.read(path).astype(int)[..., :1] - 7).max() <= 2


def test_nothing_is_overwritten_in_a_folder_and_a_named_file_is(gallery, home, tmp_path):
    artifact = gallery.add(result(home, seed=7))
    names = {export(gallery, [artifact.id], tmp_path)[0].name for _ in range(3)}
    assert names == {"toy-gan-7-0.png", "toy-gan-7-0-1.png", "toy-gan-7-0-2.png"}
    target = tmp_path / "mine.webp"
    for _ in range(2):
        assert export(gallery, [artifact.id], target) == [target]
    assert image.read(target).size


@pytest.mark.parametrize("level", ["full", "label", "bare"])
def test_levels_of_metadata(gallery, home, tmp_path, level):
    made = result(home, seed=7, inputs={"image": "/home/me/secret/x.png"})
    artifact = gallery.add(made)
    (path,) = export(gallery, [artifact.id], tmp_path, ".jpg", level)
    assert provenance.read(path).level == level
    assert b"secret" not in path.read_bytes()


def test_scale_enlarges_pixels_as_blocks(gallery, home, tmp_path):
    artifact = gallery.add(result(home))
    (path,) = export(gallery, [artifact.id], tmp_path, ".png", "full", Finish(4))
    assert image.read(path).shape == (32, 48, 1)
    with pytest.raises(UsageError, match="scale"):
        export(gallery, [artifact.id], tmp_path, ".png", "full", Finish(3))


def test_a_background_becomes_transparent_where_the_format_holds_it(gallery, home, tmp_path):
    pixels = np.full((8, 8, 3), 240, np.uint8)
    pixels[2:5, 2:5] = 10
    content = image.encode(pixels, ".png", made_up())
    artifact = gallery.add(result(home, content=content))
    for ext in (".png", ".webp"):
        (path,) = export(gallery, [artifact.id], tmp_path, ext, "full", Finish(2, "hard"))
        written = image.read(path)
        assert written.shape == (16, 16, 4)
        assert (written[..., 3] > 0).sum() == 9 * 4
        assert provenance.read(path).provenance is not None
    with pytest.raises(UsageError, match="no transparency"):
        export(gallery, [artifact.id], tmp_path, ".jpg", "full", Finish(1, "hard"))


@pytest.mark.parametrize("ext", exporting.ANIMATIONS)
def test_animations_are_written_as_what_is_asked(gallery, home, tmp_path, ext):
    frames = np.stack([np.full((64, 64, 1), value, np.uint8) for value in (0, 100, 200)])
    content = animation.encode(frames, ".webp", 4, made_up(output="animation"))
    artifact = gallery.add(result(home, output="animation", suffix=".webp", content=content))
    (path,) = export(gallery, [artifact.id], tmp_path, ext)
    found, fps = animation.read(path)
    assert len(found) == 3
    assert fps == pytest.approx(4, rel=0.1)


def test_other_files_are_copied_and_wrong_wishes_refused(gallery, home, tmp_path):
    report = gallery.add(result(home, output="report", content=b"{}", suffix=".json"))
    (path,) = export(gallery, [report.id], tmp_path / "out")
    assert path.read_bytes() == b"{}"
    picture = gallery.add(result(home))
    for ids, target, ext, words in (
        ([report.id], tmp_path, ".png", "saved as"),
        ([picture.id], tmp_path, ".mp4", "saved as"),
        ([picture.id, report.id], tmp_path / "one.png", "", "folder"),
    ):
        with pytest.raises(UsageError, match=words):
            export(gallery, ids, target, ext)
    with pytest.raises(NotFound):
        export(gallery, ["nobody"], tmp_path)


def test_a_full_disk_leaves_the_old_export(gallery, home, tmp_path, monkeypatch):
    artifact = gallery.add(result(home))
    target = tmp_path / "x.png"
    target.write_bytes(b"old")

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files._Whole, "write", full)
    with pytest.raises(DiskFull):
        export(gallery, [artifact.id], target)
    assert target.read_bytes() == b"old"
    with pytest.raises(DiskFull):
        export(gallery, [artifact.id], tmp_path / "out")
    assert not [p for p in (tmp_path / "out").iterdir() if p.stat().st_size]


def test_the_files_worker_exports_and_inspects(home, tmp_path):
    gallery = Gallery(home)
    ids = [gallery.add(result(home, seed=n)).id for n in (1, 2)]
    gallery.close()
    body = {"ids": ids, "target": str(tmp_path / "out"), "ext": ".png", "level": "", "scale": 2}
    *_, done = inline.run("files", "export", body, home)
    assert len(done.data["paths"]) == 2
    *_, done = inline.run("files", "inspect", {"path": done.data["paths"][0]}, home)
    assert done.data["kind"] == "ours"
    assert json.dumps(done.data)
    with pytest.raises(UsageError, match="needs a path"):
        list(inline.run("files", "inspect", {}, home))


def test_the_files_worker_keeps_datasets(home, shapes_folder, tmp_path):
    body = {"path": str(shapes_folder), "name": "shapes", "licence": "MIT"}
    *_, checked = inline.run("files", "check_dataset", body, home)
    *_, done = inline.run("files", "add_dataset", body, home)
    assert done.data["dataset"] == "shapes"
    assert checked.data["count"] > 0
    assert Datasets(home).get("shapes").licence == "MIT"
    *_, done = inline.run("files", "remove_dataset", {"name": "shapes"}, home)
    assert Datasets(home).list() == []


def test_the_files_worker_exports_models(home, tmp_path):
    library = Library(home, bundled=tmp_path / "none")
    model = library.install(packages.gan(tmp_path / "p"))
    body = {"model": model.id, "target": str(tmp_path / "m.zip")}
    *_, done = inline.run("files", "export_model", body, home)
    assert Path(str(done.data["path"])).is_file()
