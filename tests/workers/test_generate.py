"""The generate role on packages written by hand: files, previews, provenance, checks."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from genstudio.core import evaluations
from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput, DiskFull, GenStudioError, ReadOnly, UsageError
from genstudio.core.events import Done, Log, Preview, Progress, Result, Started
from genstudio.core.job import Message
from genstudio.core.manifest import Manifest
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.core.settings import Settings
from genstudio.engine import sessions as engine_sessions
from genstudio.media import image, latent, provenance
from genstudio.workers import generate, inline, spooling
from genstudio.workers.context import Context
from tests.helpers import packages

SIZE = packages.SIZE


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Home:
    """A data folder with three toy models; tests only read it."""
    home = Home(tmp_path_factory.mktemp("toys") / "名前")
    for write in (packages.gan, packages.vae, packages.judge):
        folder = write(home.models / write.__name__)
        name = json.loads((folder / "model.json").read_text())["id"]
        if name != folder.name:
            folder.rename(home.models / name)
    return home


def id_of(home: Home, family: str) -> str:
    for folder in home.models.iterdir():
        if json.loads((folder / "model.json").read_text())["family"] == family:
            return folder.name
    raise AssertionError(family)


def ask(home: Home, family: str, task: str, **facts) -> dict:
    request = Request(model=id_of(home, family), task=task, **facts)
    return {"request": request.model_dump(mode="json")}


def do(home: Home, body: dict, spool: Path, work: str = "generate", kept=None) -> list:
    return list(inline.run("generate", work, body, home, spool, kept))


def results(events) -> list[Result]:
    return [event for event in events if isinstance(event, Result)]


def test_pictures_become_files_that_say_how_they_were_made(made, tmp_path):
    body = ask(made, "gan", "sample", values={"count": 3}, seed=7, first=5)
    events = do(made, body, tmp_path / "spool")
    assert isinstance(events[0], Started)
    assert events[0].device == "CPU"
    assert events[0].reason
    assert isinstance(events[-1], Done)
    assert events[-1].data == {"count": 3, "seed": 7}
    found = results(events)
    assert [result.index for result in found] == [0, 1, 2]
    for place, result in enumerate(found):
        path = Path(result.path)
        assert path.name == f"{id_of(made, 'gan')}-7-{5 + place}.png"
        assert image.read(path).shape == (SIZE, SIZE, 1)
        embedded = provenance.read(path).provenance
        assert embedded == Provenance.model_validate(result.data["provenance"])
        assert embedded.index == 5 + place
        assert embedded.request.seed == 7
        assert embedded.request.values["truncation"] == 1.0
        assert embedded.model_sha256
        assert embedded.device == "CPU"
        assert (result.data["width"], result.data["height"]) == (SIZE, SIZE)
    progress = [event for event in events if isinstance(event, Progress)]
    assert progress[-1].done == progress[-1].total == 3


def test_a_picture_made_alone_equals_the_one_of_a_batch(made, tmp_path):
    many = results(
        do(made, ask(made, "gan", "sample", values={"count": 20}, seed=3), tmp_path / "a")
    )
    one = results(
        do(made, ask(made, "gan", "sample", values={"count": 1}, seed=3, first=17), tmp_path / "b")
    )
    difference = image.read(Path(many[17].path)).astype(int) - image.read(Path(one[0].path))
    assert np.abs(difference).max() <= 1


def test_results_come_in_order_and_all_of_them(made, tmp_path):
    events = do(made, ask(made, "gan", "sample", values={"count": 100}), tmp_path)
    assert [result.index for result in results(events)] == list(range(100))
    assert len(list(tmp_path.iterdir())) == 100


@pytest.mark.parametrize("ext", [".jpg", ".webp"])
def test_the_command_line_may_ask_for_another_kind(made, tmp_path, ext):
    body = {**ask(made, "gan", "sample", values={"count": 1}), "ext": ext, "level": "label"}
    path = Path(results(do(made, body, tmp_path))[0].path)
    assert path.suffix == ext
    found = provenance.read(path)
    assert found.provenance is None
    assert found.source_type == "trained"


def test_live_requests_write_nothing(made, tmp_path):
    body = ask(made, "gan", "sample", values={"count": 1}, seed=4, live=True)
    events = do(made, body, tmp_path / "spool")
    previews = [event for event in events if isinstance(event, Preview)]
    assert len(previews) == 1
    assert image.read(base64.b64decode(previews[0].data)).shape[:2] == (SIZE, SIZE)
    assert not results(events)
    assert not (tmp_path / "spool").exists()
    kept = results(do(made, ask(made, "gan", "sample", values={"count": 1}, seed=4), tmp_path))
    assert (
        image.read(base64.b64decode(previews[0].data)).tobytes()
        == image.read(Path(kept[0].path)).tobytes()
    )


def test_an_animation_and_its_previews(made, tmp_path):
    body = ask(made, "gan", "interpolate", values={"frames": 6, "stops": 2}, seed=1)
    events = do(made, body, tmp_path)
    (result,) = results(events)
    assert result.output == "animation"
    assert result.path.endswith(".webp")
    assert provenance.read(Path(result.path)).provenance.output == "animation"


def picture(tmp_path: Path, name: str = "eigenes Bild.png") -> Path:
    path = tmp_path / "private folder" / name
    path.parent.mkdir(exist_ok=True)
    pixels = np.random.default_rng(1).integers(0, 256, (SIZE, SIZE, 1), dtype=np.uint8)
    path.write_bytes(image.png(pixels))
    return path


def test_an_input_is_named_in_the_file_but_not_its_folder(made, tmp_path):
    source = picture(tmp_path)
    body = ask(made, "vae", "reconstruct", inputs={"image": str(source)})
    (result,) = results(do(made, body, tmp_path / "spool"))
    record = Provenance.model_validate(result.data["provenance"])
    assert record.request.inputs == {"image": str(source)}
    assert record.source_type == "composite"
    assert len(record.inputs["image"].sha256) == 64
    embedded = provenance.read(Path(result.path)).provenance
    assert embedded.request.inputs == {"image": source.name}
    assert b"private folder" not in Path(result.path).read_bytes()


def test_there_and_back_through_a_latent_file(made, tmp_path):
    body = ask(made, "vae", "encode", inputs={"image": str(picture(tmp_path))})
    (code,) = results(do(made, body, tmp_path / "a"))
    assert code.output == "file"
    assert latent.read(Path(code.path).read_bytes()).model == id_of(made, "vae")
    (input_name,) = [
        name for name in ("latent", "file", "code") if name in _inputs(made, "vae", "decode")
    ]
    body = ask(made, "vae", "decode", inputs={input_name: code.path})
    (back,) = results(do(made, body, tmp_path / "b"))
    assert Provenance.model_validate(back.data["provenance"]).source_type == "trained"


def _inputs(home: Home, family: str, task: str) -> list[str]:
    from genstudio import families
    from genstudio.core.manifest import Manifest

    manifest = Manifest.read(home.models / id_of(home, family) / "model.json")
    return [c.name for c in families.family(family).task(manifest.config, task).inputs()]


def test_a_judgement_is_a_report(made, tmp_path):
    body = ask(made, "classifier", "classify", inputs={"image": str(picture(tmp_path))})
    (result,) = results(do(made, body, tmp_path / "spool"))
    assert result.output == "report"
    written = json.loads(Path(result.path).read_text())
    assert set(written) == {"format", "report", "provenance"}
    live = {**ask(made, "classifier", "classify", inputs={"image": str(picture(tmp_path))})}
    live["request"]["live"] = True
    (shown,) = results(do(made, live, tmp_path / "none"))
    assert shown.path == ""
    assert shown.data


@pytest.mark.parametrize(
    ("values", "words"),
    [({"count": 0}, "from 1"), ({"speed": 1}, "no setting 'speed'"), ({"count": "x"}, "whole")],
)
def test_values_are_checked_again(made, tmp_path, values, words):
    with pytest.raises(UsageError, match=words):
        do(made, ask(made, "gan", "sample", values=values), tmp_path)


def test_what_cannot_be_done_is_said(made, tmp_path):
    body = ask(made, "gan", "sample")
    body["request"]["model"] = "none"
    with pytest.raises(GenStudioError, match="no model 'none'"):
        do(made, body, tmp_path)
    with pytest.raises(UsageError, match="no task 'fly'"):
        do(made, ask(made, "gan", "fly"), tmp_path)
    missing = ask(made, "vae", "reconstruct", inputs={"image": str(tmp_path / "gone.png")})
    with pytest.raises(GenStudioError):
        do(made, missing, tmp_path)


def test_models_stay_warm_until_the_settings_change(made, tmp_path, monkeypatch):
    opened = []
    real = engine_sessions.LoadedModel.open
    monkeypatch.setattr(
        engine_sessions.LoadedModel, "open", lambda *a: opened.append(a) or real(*a)
    )
    kept: dict = {}
    for _ in range(3):
        do(made, ask(made, "gan", "sample", values={"count": 1}), tmp_path, kept=kept)
    assert len(opened) == 1
    message = Message(
        job="x", work="generate", body=ask(made, "gan", "sample", values={"count": 1})
    )
    changed = Context(made, tmp_path, settings=Settings(device="cpu", threads=1), kept=kept)
    assert isinstance(list(generate.generate(message, changed))[-1], Done)
    assert len(opened) == 2


def test_a_stop_in_the_middle_keeps_what_was_made(made, tmp_path):
    context = Context(made, tmp_path)
    body = ask(made, "gan", "sample", values={"count": 200})
    stream = inline.events(generate.WORKS, Message(job="x", work="generate", body=body), context)
    told = []

    def read():
        for event in stream:
            if isinstance(event, Result):
                told.append(event)
                context.cancel()

    with pytest.raises(Exception, match=r"(?i)stop|^$"):
        read()
    assert 1 <= len(told) < 200
    assert all(image.read(Path(result.path)).size for result in told)


def test_closing_the_stream_stops_the_encoder(made, tmp_path):
    body = ask(made, "gan", "sample", values={"count": 100})
    stream = inline.run("generate", "generate", body, made, tmp_path)
    for event in stream:
        if isinstance(event, Result):
            break
    stream.close()
    count = len(list(tmp_path.iterdir()))
    assert count < 100
    assert len(list(tmp_path.iterdir())) == count


def test_a_full_disk_is_one_sentence(made, tmp_path, monkeypatch):
    def full(path, data):
        raise DiskFull("The disk is full", next_step="Free some space.")

    monkeypatch.setattr(spooling.files, "write_spool", full)
    with pytest.raises(DiskFull):
        do(made, ask(made, "gan", "sample", values={"count": 30}), tmp_path)
    assert not list(tmp_path.iterdir())


def with_probe(home: Home, target: Path, family: str = "gan") -> Path:
    name = id_of(home, family)
    folder = Path(shutil.copytree(home.models / name, target / "models" / name))
    packages.record_probe(folder)
    return folder


def test_verify_compares_files_and_answers(made, tmp_path):
    folder = with_probe(made, tmp_path)
    home = Home(tmp_path)
    done = do(home, {"model": folder.name}, tmp_path, "verify")[-1]
    assert done.data["ok"] is True
    assert done.data["model"] == folder.name
    assert "recorded in training" in done.data["text"]
    done = do(home, {"folder": str(folder)}, tmp_path, "install_check")[-1]
    assert done.data["ok"] is True


def test_verify_fails_on_damage_and_on_other_answers(made, tmp_path):
    folder = with_probe(made, tmp_path)
    home = Home(tmp_path)
    weights = folder / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-2] ^= 0x40
    weights.write_bytes(bytes(data))
    with pytest.raises(BadInput, match="damaged"):
        do(home, {"model": folder.name}, tmp_path, "verify")
    packages.relist(folder)
    with pytest.raises(BadInput, match="does not compute"):
        do(home, {"model": folder.name}, tmp_path, "verify")


def test_an_evaluation_keeps_its_scores_and_its_sheet(tiny_copy, tmp_path):
    body = {"model": "tiny-gan", "data": "shapes", "samples": 32, "metrics": ["copies", "density"]}
    done = do(tiny_copy, body, tmp_path, "evaluate")[-1]
    names = {score["metric"] for score in done.data["scores"]}
    assert names == {"copies", "density"}
    sheet = Path(done.data["nearest"])
    assert sheet == tiny_copy.root / "evaluations" / "tiny-gan" / "nearest.png"
    assert image.read(sheet).shape[2] == 3
    manifest = Manifest.read(tiny_copy.models / "tiny-gan" / "model.json")
    assert names <= {score.metric for score in manifest.scores}
    assert names <= {score.metric for score in evaluations.scores(tiny_copy, manifest)}
    kept = evaluations.read(tiny_copy, manifest)
    assert kept is not None
    assert (kept.data, kept.model) == ("shapes", "tiny-gan")
    assert kept.created


def test_a_data_folder_that_may_not_be_written_still_gives_the_scores(
    tiny_copy, tmp_path, monkeypatch
):
    def refuse(*args):
        raise ReadOnly("The folder may not be written")

    monkeypatch.setattr(generate.evaluations, "keep", refuse)
    body = {"model": "tiny-gan", "data": "shapes", "samples": 32, "metrics": ["copies"]}
    events = do(tiny_copy, body, tmp_path, "evaluate")
    assert events[-1].data["nearest"] == ""
    assert len(events[-1].data["scores"]) == 1
    said = [e.text for e in events if isinstance(e, Log) and e.level == "warning"]
    assert sum("may not be written" in text for text in said) == 1


def test_doctor_tells_where_models_run(made, tmp_path):
    done = do(made, {}, tmp_path, "doctor")[-1]
    assert done.data["device"] in ("CPU", "CUDA")
    assert done.data["threads"] >= 1
    assert done.data["onnxruntime"]
