"""`genstudio render`: notes become sound, with what they say of their making."""

from __future__ import annotations

import pytest

from genstudio.media import midi, sound, sound_files, xmp
from tests.helpers import fonts
from tests.helpers.playing import scale

MADE = {"source_type": "trained", "seed": 7}


@pytest.fixture
def score(tmp_path):
    path = tmp_path / "tune.mid"
    path.write_bytes(midi.write(scale(2).replaced(title="Two notes"), MADE))
    return path


@pytest.mark.parametrize("form", ["wav", "flac", "ogg", "mp3"])
def test_every_form(cli, score, tmp_path, form):
    done = cli("render", score, "--out", tmp_path / f"out.{form}")
    assert done.code == 0, done.err
    data = (tmp_path / f"out.{form}").read_bytes()
    assert sound_files.read_provenance(data) == MADE
    assert sound_files.read_label(data) == xmp.SOURCE_URIS["trained"]
    assert sound_files.read_tags(data).title == "Two notes"


def test_beside_nothing_it_lands_here_and_overwrites_nothing(cli, score, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli("render", score).code == 0
    assert cli("render", score).code == 0
    found = sorted(path.name for path in tmp_path.glob("*.wav"))
    assert found == ["tune-1.wav", "tune.wav"]
    assert sound.facts((tmp_path / "tune.wav").read_bytes()).seconds > 1.0


def test_with_a_font_of_the_users(cli, score, tmp_path):
    (tmp_path / "own.sf2").write_bytes(fonts.font_bytes())
    done = cli(
        "render", score, "--out", tmp_path / "a.wav", "--font", tmp_path / "own.sf2", "--json"
    )
    assert done.code == 0, done.err
    facts = done.events[-1]["data"]
    assert facts["paths"] == [str(tmp_path / "a.wav")]
    assert facts["seconds"] == pytest.approx(1.01, abs=0.02)


def test_what_cannot_be_is_told(cli, score, tmp_path):
    assert "no file" in cli("render", tmp_path / "none.mid").err
    assert ".wav, .flac" in cli("render", score, "--out", tmp_path / "x.aiff").err
    (tmp_path / "bad.mid").write_bytes(b"MThd\0\0")
    assert "damaged" in cli("render", tmp_path / "bad.mid", "--out", tmp_path / "x.wav").err
    empty = tmp_path / "empty.mid"
    empty.write_bytes(midi.write(scale(1).replaced(notes=scale(1).notes[:0])))
    assert "no notes" in cli("render", empty, "--out", tmp_path / "x.wav").err
    (tmp_path / "font.sf2").write_bytes(b"nothing")
    done = cli("render", score, "--out", tmp_path / "x.wav", "--font", tmp_path / "font.sf2")
    assert "no SoundFont" in done.err
    assert not (tmp_path / "x.wav").exists()
