"""`generate --colours PICTURE`: key and tempo of a picture, unless they were typed."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media import image, midi, music_made
from tests.cli.conftest import caller
from tests.helpers import players, writers


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = tmp_path_factory.mktemp("home")
    players.package(made / "models" / "player")
    writers.package(made / "models" / "writer", "abcdefghijklmnopqrstuvwxyz ")
    return made


@pytest.fixture
def cli(home, capsys):
    return caller(home, capsys)


@pytest.fixture
def orange(tmp_path):
    path = tmp_path / "orange.png"
    path.write_bytes(image.png(np.full((8, 8, 3), (255, 128, 0), np.uint8)))
    return path


def values_of(path) -> dict:
    return music_made.read(path).provenance.request.values


def test_colours_fill_in_key_and_tempo(cli, orange, tmp_path):
    out = tmp_path / "a.mid"
    done = cli("generate", "player", "--colours", orange, "--set", "bars=1", "--out", out)
    assert done.code == 0, done.err
    assert "The picture is mostly orange, bright and warm: G major." in done.err
    found = values_of(out)
    assert found["key"] == "G major"
    assert found["tempo"] == 120
    assert midi.read(out.read_bytes()).tempo_at(0) == pytest.approx(120, abs=10)


def test_what_is_typed_stays(cli, orange, tmp_path):
    out = tmp_path / "a.mid"
    words = ("--set", "bars=1", "--set", "tempo=70", "--out", out)
    assert cli("generate", "player", "--colours", orange, *words).code == 0
    assert (values_of(out)["key"], values_of(out)["tempo"]) == ("G major", 70)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("player", "--colours", "gone.png"), "no file gone.png"),
        (("writer", "--colours", "{orange}"), "--colours does not apply"),
        (("player", "--task", "score", "--colours", "{orange}"), "has no key and tempo"),
        (("--job", "a.json", "--colours", "{orange}"), "needs a MODEL"),
    ],
)
def test_where_it_does_not_fit_it_says_so(cli, orange, words, said):
    done = cli("generate", *(word.format(orange=orange) for word in words))
    assert done.code in (1, 2)
    assert said in done.err


def test_a_damaged_picture_is_named(cli, tmp_path):
    (tmp_path / "odd.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    done = cli("generate", "player", "--colours", tmp_path / "odd.png")
    assert done.code == 1
    assert "odd.png" in done.err
