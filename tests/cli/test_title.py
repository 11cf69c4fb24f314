"""`genstudio title`: suggestions in words, the same for the same seed, taken into a copy."""

from __future__ import annotations

import pytest

from genstudio.media import midi, music_made
from genstudio.studio.piece_words import beginning, facts
from tests.cli.conftest import caller
from tests.helpers import players, writers
from tests.helpers.making import provenance as record
from tests.helpers.pieces import chorale, same

SAID = "e kings."


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = tmp_path_factory.mktemp("home")
    # Behind "It told of the" this writer says " kings", and there its sentence ends.
    others = sorted(set(beginning(chorale())) - set(SAID))
    writers.package(made / "models" / "writer", SAID + "".join(others))
    players.package(made / "models" / "player")
    return made


@pytest.fixture
def cli(home, capsys):
    return caller(home, capsys)


@pytest.fixture
def score(tmp_path):
    path = tmp_path / "song.mid"
    path.write_bytes(music_made.encode(chorale(), record()))
    return path


def test_suggestions_stand_below_each_other(cli, score):
    done = cli("title", score, "--model", "writer", "--seed", 5, "--count", 2)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "1  The kings"
    assert facts(chorale()) in lines[1]
    assert lines[1].endswith("It tells of the kings.")
    assert lines[2].startswith("2  ")
    assert "Seed 5." in done.err


def test_in_json_there_are_words_and_a_seed(cli, score):
    done = cli("title", score, "--model", "writer", "--seed", 5, "--count", 1, "--json")
    told = done.events[-1]["data"]
    assert told["seed"] == 5
    assert told["suggestions"][0]["title"] == "The kings"
    assert not any(event["kind"] == "result" for event in done.events), "no file is left"


def test_a_suggestion_is_taken_into_a_copy(cli, score, tmp_path):
    out = tmp_path / "named.mid"
    done = cli("title", score, "--model", "writer", "--take", 1, "--out", out)
    assert done.code == 0, done.err
    found = midi.read(out.read_bytes())
    assert found.title == "The kings"
    assert same(found.replaced(title=""), midi.read(score.read_bytes()).replaced(title=""))
    told = music_made.read(out).provenance
    assert told.request == record().request
    assert told.facts["description"].endswith("It tells of the kings.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone.mid", "--model", "writer"), "no file gone.mid"),
        (("{score}", "--model", "player"), "does not write"),
        (("{score}", "--model", "writer", "--take", "1"), "go together"),
        (("{score}", "--model", "writer", "--take", "9", "--out", "a.mid"), "go together"),
        (("{score}", "--model", "none"), "no model"),
        (("{score}", "--model", "gone", "--take", "1", "--out", "a.mp3"), "ends in .mid"),
    ],
)
def test_what_cannot_be_done_is_said(cli, score, words, said):
    done = cli("title", *(word.format(score=score) for word in words))
    assert done.code in (1, 2)
    assert said in done.err
