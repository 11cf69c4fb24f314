"""Training on music: tokenizer, config, live samples, package, resume, going on from a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from genstudio import families
from genstudio.core import composing
from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Log, Preview
from genstudio.core.manifest import FINGERPRINTS, TOKENIZER, Manifest
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.run import SAMPLES, Run
from genstudio.datasets.scores import open_scores
from genstudio.engine import device, probe
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Music
from genstudio.media import midi, tokens
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.training import jobs, scores
from genstudio.training.plan import plan
from genstudio.training.setup import prepare
from genstudio.training.token_batches import Windows
from tests.datasets.folders import add, fill
from tests.helpers.pieces import chorale, groove
from tests.training.test_setup import finish

OPTIONS = {"context": 160, "width": 16, "layers": 1, "dropout": 0.0, "fim": True}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder with "chorales" (two voices) and "grooves" (drums of two classes)."""
    folder = tmp_path_factory.mktemp("music")
    home = Home(folder / "home")
    pieces = {f"{n}.mid": midi.write(chorale(6, 2, n)) for n in range(4)}
    add(home, fill(folder / "chorales", pieces), "chorales", licence="CC0 1.0")
    kinds = {
        f"{kind}/{n}.mid": midi.write(groove(4, seed))
        for seed, (kind, n) in enumerate((k, n) for k in ("funk", "rock") for n in range(3))
    }
    add(home, fill(folder / "grooves", kinds), "grooves")
    return home


def recipe(data: str = "chorales", family: str = "lstm", **fields: Any) -> Recipe:
    settings = {
        "steps": 4, "batch": 4, "learning_rate": 0.01, "ema": 0.9, "holdout": 0.2, "threads": 1,
        "sample_every": 2, "validate_every": 2, "checkpoint_seconds": 1000.0,
    }  # fmt: skip
    options = {**OPTIONS, **fields.pop("options", {})}
    if family == "transformer":
        options["heads"] = 2
    return Recipe(
        family=family, model="music", data=data, seed=7, options=options,
        settings=TrainerSettings(**{**settings, **fields}),
    )  # fmt: skip


def ready(home: Home, wanted: Recipe, run: Path | None = None):
    return finish(prepare(home, wanted, families.part, None, "cpu", run))


@pytest.fixture(scope="module")
def trained(home: Home) -> tuple[Path, list]:
    events = list(jobs.run_training(home, recipe(), families.part, device="cpu"))
    return home.runs / str(events[-1].data["run"]), events


def test_the_pieces_make_the_config(home: Home) -> None:
    events, found = ready(home, recipe())
    config = found.config
    assert config["tokenizer"] == composing.KIND == "notes"
    assert config["vocabulary"] == found.data.tokenizer.size
    assert (config["voices"], config["velocities"], config["timing"]) == (2, 1, 0)
    assert (config["drums"], config["instruments"]) == (False, [48, 49])
    assert (config["tempo"], config["metres"], config["fim"]) == (96, ["4/4"], True)
    assert 1 <= config["bars"] <= 10
    assert "fingerprints" not in config
    assert found.objective.tokenizer is found.data.tokenizer
    said = [event.text for event in events if isinstance(event, Log)]
    assert said[0].endswith("up to 2 voices on a grid of 12 parts of a quarter.")
    assert said[1].startswith("4 pieces with ")


def test_what_people_played_is_learnt_as_they_played_it(home: Home) -> None:
    found = ready(home, recipe("grooves"))[1]
    config = found.config
    assert config["class_names"] == ["funk", "rock"]
    assert (config["velocities"], config["timing"]) == (scores.LEVELS, scores.STEPS)
    assert (config["drums"], config["instruments"], config["voices"]) == (True, [-1], 1)
    assert config["pitches"] is False
    assert sorted(found.data.labels) == [0, 0, 0, 1, 1, 1]
    assert found.data.tokenizer.options.drums == "only"
    names = {task.name for task in found.family.tasks(config)}
    assert {"sample", "continue", "fill", "vary", "groove"} <= names


def test_options_come_before_what_fits(home: Home) -> None:
    chosen = {"grid": "24", "levels": "1", "timing": "0", "voices": 3, "conditional": False}
    found = ready(home, recipe("grooves", options=chosen))[1]
    told = found.data.tokenizer.options
    assert (told.grid, told.velocities, told.timing, told.voices) == (24, 1, 0, 3)
    assert found.config["class_names"] == []
    assert set(found.data.labels) == {-1}


def test_the_usual_number_of_voices(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    pieces = {f"{n}.mid": midi.write(chorale(2, 2, n)) for n in range(39)}
    pieces["wide.mid"] = midi.write(chorale(2, 4, 40))
    add(home, fill(tmp_path / "music", pieces), "mixed")
    train = open_scores(home.datasets / "mixed", "train", 0.0)
    tokenizer = scores.learn({}, train, ())
    assert tokenizer.options.voices == 2
    data = scores.encode(train, tokenizer, Windows(64), ())
    assert {len(cells.tracks) for cells in data.pieces} == {2}
    assert data.count == 40


def test_drums_and_voices_together(tmp_path: Path) -> None:
    rows = [(n * 240, 240, 60 if n % 2 else 36, 80, n % 2) for n in range(32)]
    band = Piece(notes_of(rows), (Track("Kit", 0, True), Track("Bass", 33)))
    home = Home(tmp_path / "home")
    add(home, fill(tmp_path / "music", {"a.mid": midi.write(band)}), "band")
    train = open_scores(home.datasets / "band", "train", 0.0)
    tokenizer = scores.learn({}, train, ())
    assert tokenizer.options.drums == "with"
    told = scores.described(scores.encode(train, tokenizer, Windows(64), ()))
    assert told["instruments"] == [-1, 33]
    assert told["drums"] is True
    assert told["pitches"] is True


def test_missing_pieces_are_named(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    pieces = {f"{n}.mid": midi.write(chorale(4, 1, n)) for n in range(3)}
    add(home, fill(tmp_path / "music", pieces), "set")
    (tmp_path / "music" / "1.mid").unlink()
    said = [e.text for e in ready(home, recipe("set"))[0] if isinstance(e, Log)]
    assert said[0].startswith("1 piece gone, changed since they were added, or damaged")
    assert "1.mid" in said[0]


def test_a_run_ends_as_a_package_that_composes(home: Home, trained: tuple[Path, list]) -> None:
    run, events = trained
    assert isinstance(events[-1], Done)
    assert Run.read(run / "run.json").makes == "music"
    manifest = Manifest.read(run / "package" / "model.json")
    assert manifest.modality == "music"
    (data,) = manifest.trained_on
    assert (data.name, data.count, data.licence) == ("chorales", 4, "CC0 1.0")
    assert data.tokens > 100
    tokenizer = tokens.read((run / "package" / TOKENIZER).read_bytes())
    assert isinstance(tokenizer, NoteTokens)
    assert tokenizer.to_bytes() == (run / TOKENIZER).read_bytes()
    assert not (run / "package" / FINGERPRINTS).exists()
    assert (run / "package" / "preview.png").read_bytes()[:4] == b"\x89PNG"
    task = families.family("lstm").task(manifest.config, "sample")
    values = check_values(task.controls, {"bars": 2, "count": 1})
    with LoadedModel.open(run / "package", device.choose("cpu", 1)) as model:
        assert probe.verify_probe(model).ok
        ask = Ask(values=values, seed=3)
        made = list(families.part("lstm", "sample").TASKS["sample"](model, ask))
    piece = next(o for o in made if isinstance(o, Music) and not o.passing).piece
    assert len(piece.bars()) - 1 >= 2


def test_live_samples_can_be_heard_and_seen(trained: tuple[Path, list]) -> None:
    run, events = trained
    sheets = [Path(event.path) for event in events if isinstance(event, Preview)]
    assert [sheet.name for sheet in sheets] == ["step-000002.png", "step-000004.png"]
    assert sorted(path.name for path in (run / SAMPLES).iterdir()) == sorted(
        f"step-{step:06d}{end}"
        for step in (2, 4)
        for end in (".png", *(f"-{n}.mid" for n in range(1, 5)))
    )
    piece = midi.read((run / SAMPLES / "step-000004-1.mid").read_bytes())
    assert [track.program for track in piece.tracks] == [48, 49]
    assert midi.read_label((run / SAMPLES / "step-000004-1.mid").read_bytes())


def test_a_run_goes_on_with_its_tokens(home: Home, trained: tuple[Path, list]) -> None:
    run = trained[0]
    found = ready(home, recipe(options={"grid": "24"}), run)[1]
    assert found.data.tokenizer.options.grid == 12


def test_going_on_from_a_model(home: Home, trained: tuple[Path, list]) -> None:
    package = str(trained[0] / "package")
    wanted = recipe(options={"width": 24, "grid": "24"})
    events, found = ready(home, wanted.model_copy(update={"start_from": package}))
    assert found.config["width"] == 16
    assert found.data.tokenizer.options.grid == 12
    assert any("Starts from the weights" in e.text for e in events if isinstance(e, Log))


def test_data_that_a_parent_cannot_read_are_refused(home: Home, trained: tuple[Path, list]) -> None:
    package = str(trained[0] / "package")
    wanted = recipe("grooves").model_copy(update={"start_from": package})
    with pytest.raises(UsageError, match="can write no voice"):
        ready(home, wanted)


def test_models_of_text_and_music_do_not_mix(home: Home, trained: tuple[Path, list]) -> None:
    folder = home.root.parent / "words"
    add(home, fill(folder, {"a.txt": b"some words " * 50}), "words")
    wanted = recipe("words").model_copy(update={"start_from": str(trained[0] / "package")})
    with pytest.raises(UsageError, match="is a model of music; it cannot learn from the text"):
        ready(home, wanted)


def test_families_of_pictures_do_not_learn_music(home: Home) -> None:
    wanted = Recipe(family="vae", model="x", data="chorales", preset="tiny")
    with pytest.raises(UsageError, match="learns from image data"):
        ready(home, wanted)


def test_the_plan_knows_pieces(home: Home) -> None:
    *_, done = plan(home, recipe(batch=2), families.part, device="cpu")
    assert done.data["pieces"] == 4
    assert done.data["tokens"] > 0
    assert "learn the pieces by heart" in done.data["little_data"]


def test_transformers_learn_it_too(home: Home) -> None:
    found = ready(home, recipe(family="transformer"))[1]
    objective, batches = found.objective, found.trainer(home.root / "trying").batches
    loss, _ = objective.loss("text", batches.draw(0), None)  # type: ignore[arg-type]
    assert torch.isfinite(loss)
    with torch.no_grad():
        one = objective.composes(objective.networks, batches.shown(2), 2, seed=1)
        two = objective.composes(objective.networks, batches.shown(2), 2, seed=1)
    assert [piece.notes.tolist() for piece in one] == [piece.notes.tolist() for piece in two]
    assert any(len(piece.notes) for piece in one)
    for piece in one:  # eight bars, however long each is
        assert piece.notes["start"].max(initial=0) < [*piece.bars(), *[8 * 1920] * 8][8]


def test_the_doctor_speaks_of_pieces(trained: tuple[Path, list]) -> None:
    lines = (trained[0] / "advice.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert any("learn the pieces by heart; more pieces" in text for text in texts)
