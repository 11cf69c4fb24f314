"""`genstudio film`: a walk and a piece become one file; odd words are refused in sentences."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.cli.film import bars_of
from genstudio.core.errors import UsageError
from genstudio.media import animation, midi, mp4, provenance
from tests.helpers.making import provenance as record
from tests.helpers.playing import scale


@pytest.fixture
def walk(tmp_path):
    frames = np.zeros((4, 16, 16, 3), np.uint8)
    frames[2:] = 200
    path = tmp_path / "walk.webp"
    path.write_bytes(animation.encode(frames, ".webp", 24.0, record()))
    return path


@pytest.fixture
def score(tmp_path):
    path = tmp_path / "tune.mid"
    path.write_bytes(midi.write(scale(2)))
    return path


def test_a_film_with_sound_and_its_record(cli, walk, score, tmp_path):
    done = cli("film", walk, score, "--out", tmp_path / "film.mp4", "--every", "bar", "--even")
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == str(tmp_path / "film.mp4")
    assert b"mp4a" in (tmp_path / "film.mp4").read_bytes()
    found = provenance.read(tmp_path / "film.mp4").provenance
    assert (found.facts["piece"]["every"], found.facts["piece"]["eased"]) == ("bar", False)


def test_without_out_it_lies_here_under_both_names(cli, walk, score, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = cli("film", walk, score, "--every", "two-bars", "--json")
    assert done.code == 0, done.err
    (path,) = (tmp_path / "here").iterdir()
    assert path.name == "walk-tune.mp4"
    assert mp4.is_mp4(path)
    assert done.events[-1]["data"]["paths"] == [str(path)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone.webp", "{score}"), "no file gone.webp"),
        (("{walk}", "{score}", "--bars", "5-9"), "Bars 5 to 9 are not there"),
        (("{walk}", "{score}", "--bars", "x"), "--bars is like 3-6"),
        (("{walk}", "{score}", "--every", "note"), "every beat, bar, two bars"),
        (("{walk}", "{score}", "--out", "film.gif"), "saved as .mp4"),
        (("{score}", "{score}"), "not a PNG"),
    ],
)
def test_what_cannot_be_done_is_said(cli, walk, score, words, said):
    done = cli("film", *(word.format(walk=walk, score=score) for word in words))
    assert done.code in (1, 2)
    assert said in done.err


@pytest.mark.parametrize(
    ("text", "bars"), [("", (1, 0)), ("3", (3, 3)), ("3-6", (3, 6)), ("3-", (3, 0)), ("-6", (1, 6))]
)
def test_bars(text, bars):
    assert bars_of(text) == bars


@pytest.mark.parametrize("text", ["a", "6-3", "0", "1-2-3", "2,3"])
def test_bars_that_are_none(text):
    with pytest.raises(UsageError, match="like 3-6"):
        bars_of(text)
