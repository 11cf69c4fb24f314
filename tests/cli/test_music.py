"""`generate` with a model of music: pieces given and made as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from genstudio.media import midi, music_made, scores
from tests.cli.conftest import Outcome, caller
from tests.helpers import players


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("home")
    players.package(made / "models" / "player")
    return made


@pytest.fixture
def cli(home, capsys) -> Callable[..., Outcome]:
    """One command over a data folder with a model of music."""
    return caller(home, capsys)


SHORT = ("--set", "bars=2", "--set", "instruments=violin, cello", "--set", "metre=3/4")


def test_a_piece_becomes_the_file_that_is_named(cli, tmp_path):
    out = tmp_path / "new" / "song.mid"
    done = cli("generate", "player", *SHORT, "--seed", 5, "--out", out)
    assert (done.code, done.out) == (0, f"{out}\n")
    piece = midi.read(out.read_bytes())
    assert piece.metres == ((0, 3, 4),)
    assert [track.name for track in piece.tracks] == ["Violin", "Cello"]
    assert "times_faster" in done.err


def test_drafts_lie_beside_the_first_and_nothing_is_overwritten(cli, tmp_path):
    out = tmp_path / "song.mid"
    out.write_bytes(b"mine")
    done = cli("generate", "player", *SHORT, "--count", 2, "--out", out)
    assert done.code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "song-1.mid", "song-2.mid", "song.mid",
    ]  # fmt: skip
    assert out.read_bytes() == b"mine"


def test_a_folder_gets_files_by_seed_and_index(cli, tmp_path):
    done = cli("generate", "player", *SHORT, "--count", 2, "--seed", 8, "--out", tmp_path)
    # Named as they are finished, which is not always the order they stand in.
    assert sorted(done.out.splitlines()) == [str(tmp_path / f"player-8-{n}.mid") for n in (0, 1)]


@pytest.mark.parametrize("flag", ["--set", "--input"])
def test_a_piece_is_given_as_a_setting_or_as_an_input(cli, tmp_path, flag):
    given = players.file(tmp_path / "in.mid", players.quartet(3))
    out = tmp_path / "out.mid"
    region = ("--set", "from_bar=2", "--set", "to_bar=2", "--set", "tracks=Viola")
    done = cli(
        "generate", "player", "--task", "fill", flag, f"piece={given}", *region, "--out", out
    )
    assert done.code == 0, done.err
    found = music_made.read(out).provenance
    assert found is not None
    assert found.request.inputs == {"piece": "in.mid"}
    assert found.request.values["tracks"] == "Viola"
    kept = [n for n in players.quartet(3).notes.tolist() if n[4] != 2]
    assert set(kept) <= set(midi.read(out.read_bytes()).notes.tolist())


def test_a_piece_for_a_score_program(cli, tmp_path):
    for words in (("--format", "musicxml", "--out", tmp_path), ("--out", tmp_path / "a.musicxml")):
        assert cli("generate", "player", *SHORT, "--seed", 8, *words).code == 0
    found = [path.read_bytes() for path in sorted(tmp_path.iterdir())]
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".musicxml"] * 2
    pieces = [scores.read_any(content, "a.musicxml") for content in found]
    assert pieces[0].notes.tolist() == pieces[1].notes.tolist()
    assert cli("generate", "player", *SHORT, "--format", "pdf").code != 0


def test_what_is_wrong_is_said(cli, tmp_path):
    given = players.file(tmp_path / "in.mid", players.quartet(1))
    words = ("generate", "player", "--task", "fill", "--set", f"piece={given}")
    done = cli(*words, "--set", "tracks=Tuba")
    assert done.code != 0
    assert "Tuba" in done.err
    done = cli("generate", "player", "--task", "continue", "--set", f"piece={tmp_path}/gone.mid")
    assert done.code != 0
    assert "gone.mid" in done.err


def test_inspect_tells_what_a_piece_says(cli, tmp_path):
    out = tmp_path / "song.mid"
    assert cli("generate", "player", *SHORT, "--seed", 31, "--out", out).code == 0
    told = cli("inspect", out)
    for words in ("seed           31", "violin, cello", "trainedAlgorithmicMedia", "MIDI"):
        assert words in told.out


def test_a_report_of_a_piece(cli, tmp_path):
    given = players.file(tmp_path / "in.mid", players.quartet(1))
    done = cli(
        "generate", "player", "--task", "score", "--set", f"piece={given}", "--out", tmp_path
    )
    assert done.code == 0
    assert "loss" in done.err
