"""The generate worker measures a model of music: real pieces, real tasks, real sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core import evaluations
from genstudio.core.errors import UsageError
from genstudio.core.events import Cancelled, Done, Progress
from genstudio.core.manifest import Manifest, Score
from genstudio.core.paths import Home
from genstudio.datasets import ingest
from genstudio.media import midi
from genstudio.workers import generate, inline
from tests.evaluation.musical import tune
from tests.helpers import players


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    found = Home(tmp_path_factory.mktemp("music") / "home")
    source = found.root.parent / "tunes"
    source.mkdir(parents=True)
    for number in range(6):
        (source / f"{number}.mid").write_bytes(midi.write(tune(number, bars=20)))
    list(ingest.add(found, source, "tunes"))
    players.package(found.models / "player", players.tokens(2), bars=2, metres=["4/4"])
    return found


def run(home: Home, **body) -> list:
    return list(inline.run("generate", "evaluate", {"model": "player", **body}, home))


def test_all_scores_of_music_are_kept_on_the_card(home: Home) -> None:
    *_, last = run(home, data="tunes", samples=4, seed=1)
    assert isinstance(last, Done)
    found = {one["metric"]: Score.model_validate(one) for one in last.data["scores"]}
    assert set(found) == {
        "bits_per_note", "bits_per_quarter", "composing_speed", "form", "in_scale", "key_asked",
        "leaps", "note_for_note", "note_lengths", "note_places", "parallels", "scale_steps",
        "sounds_right",
    }  # fmt: skip
    # A model of random chances costs more than one of equal chances would.
    assert found["bits_per_note"].value > 10
    assert found["in_scale"].value < found["in_scale"].floor
    assert found["form"].settings["values"] == {
        "temperature": 0.9, "top_p": 0.97, "top_k": 0, "bars": 2
    }  # fmt: skip
    manifest = Manifest.read(home.models / "player" / "model.json")
    assert {score.metric for score in manifest.scores} == set(found)
    assert evaluations.read(home, manifest).data == "tunes"
    card = (home.models / "player" / "card.md").read_text("utf-8")
    assert "| bits_per_note |" in card
    assert "held-out pieces of tunes" in card


def test_the_same_seed_gives_the_same_numbers(home: Home) -> None:
    wanted = ["bits_per_note", "leaps", "note_places"]
    ends = [run(home, data="tunes", samples=3, seed=seed, metrics=wanted)[-1] for seed in (1, 1, 2)]
    values = [[score["value"] for score in end.data["scores"]] for end in ends]
    assert values[0] == values[1]
    assert values[0][1:] != values[2][1:]


def test_progress_counts_pieces(home: Home) -> None:
    events = run(home, data="tunes", samples=3, metrics=["form"])
    told = [event.text for event in events if isinstance(event, Progress)]
    assert [text for text in told if text.startswith("composing")] == [
        f"composing: {number} of 3" for number in (1, 2, 3)
    ]
    assert not any(isinstance(event, Cancelled) for event in events)


def test_a_model_of_music_is_asked_as_in_the_panel(home: Home) -> None:
    manifest = Manifest.read(home.models / "player" / "model.json")
    usual = generate._usual(manifest)
    assert usual["bars"] == 2
    assert usual["temperature"] == 0.9
    assert evaluations.usual_samples(manifest) == 32


def test_texts_are_no_music(home: Home, tmp_path: Path) -> None:
    source = tmp_path / "letters"
    source.mkdir()
    (source / "a.txt").write_text("not music " * 60, "utf-8")
    list(ingest.add(home, source, "letters"))
    with pytest.raises(UsageError, match="holds no music"):
        run(home, data="letters", samples=3)
