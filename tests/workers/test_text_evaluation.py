"""The generate worker measures a trained model of text and looks for copies."""

from __future__ import annotations

from pathlib import Path

from genstudio.core import evaluations, subjects
from genstudio.core.events import Done
from genstudio.core.manifest import Manifest, Score
from genstudio.core.paths import Home
from genstudio.workers import generate, inline
from tests.helpers import texts


def done(home: Home, work: str, **body) -> Done:
    *_, last = inline.run("generate", work, body, home)
    assert isinstance(last, Done)
    return last


def test_scores_of_a_model_of_text_are_kept_on_its_card(tiny_copy):
    wanted = ["perplexity", "bits_per_character", "first_token"]
    found = done(tiny_copy, "evaluate", model="tiny-lstm", data="written", metrics=wanted)
    scores = {one["metric"]: Score.model_validate(one) for one in found.data["scores"]}
    assert set(scores) == set(wanted)
    # It has learnt a little: a letter of these texts costs less than one of any letters.
    assert scores["bits_per_character"].value < 4.5
    assert scores["perplexity"].settings["split"] == "valid"
    assert found.data["nearest"] == ""
    manifest = Manifest.read(tiny_copy.models / "tiny-lstm" / "model.json")
    assert set(wanted) <= {score.metric for score in manifest.scores}
    assert evaluations.read(tiny_copy, manifest).data == "written"
    card = (tiny_copy.models / "tiny-lstm" / "card.md").read_text("utf-8")
    assert "| perplexity |" in card
    assert "held-out texts of written" in card


def test_chance_is_that_of_the_panel(tiny_home):
    models = Home(tiny_home).models
    manifest = Manifest.read(models / "tiny-lstm" / "model.json")
    usual = generate._usual(manifest)
    assert usual["temperature"] == 0.8
    assert "prompt" in usual
    assert evaluations.usual_samples(manifest) == subjects.TEXTS.usual
    assert generate._usual(Manifest.read(models / "tiny-gan" / "model.json")) == {}


def test_copies_of_a_file(tiny_home, tmp_path: Path):
    path = tmp_path / "mine.txt"
    path.write_text(f"I begin. {texts.text('notes', 2)}", "utf-8")
    found = done(Home(tiny_home), "copies", model="tiny-lstm", path=str(path))
    assert found.data["known"] is True
    assert found.data["sources"] == 12
    (first, *_) = found.data["passages"]
    assert first["source"].startswith("notes/")
    assert path.read_text("utf-8")[first["start"] : first["end"]] == first["text"]
