"""A picture's colours in the form of what is to be composed."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media import image
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.colour_asking import ColourAsking
from tests.helpers.composers import add_composers
from tests.helpers.writing import add_writers


@pytest.fixture
def ask(studio):
    add_composers(studio)
    add_writers(studio)
    made = AskState(studio, modalities=("music", "text"))
    made.set_model("voices")
    made.set_task("sample")
    return made


@pytest.fixture
def colours(studio, ask):
    made = ColourAsking(ask, studio.looker)
    yield made
    made.wait()


@pytest.fixture
def orange(tmp_path):
    path = tmp_path / "orange.png"
    path.write_bytes(image.png(np.full((8, 8, 3), (255, 128, 0), np.uint8)))
    return path


def read(colours, path, qtbot) -> None:
    with qtbot.waitSignal(colours.changed, timeout=20_000):
        colours.open(path)


def test_key_and_tempo_are_filled_in_and_said(colours, ask, orange, qtbot, heard):
    followed = heard(ask.values_changed)
    read(colours, orange, qtbot)
    assert (ask.values["key"], ask.values["tempo"]) == ("G major", 120)
    assert "mostly orange" in colours.sentence
    assert len(followed) == 1, "the form shows them"


def test_other_settings_stay(colours, ask, orange, qtbot):
    ask.set_values({"bars": 3, "metre": "3/4", "key": "C minor"})
    read(colours, orange, qtbot)
    assert (ask.values["bars"], ask.values["metre"], ask.values["key"]) == (3, "3/4", "G major")


@pytest.mark.parametrize(("name", "value"), [("key", "C major"), ("tempo", 80)])
def test_the_sentence_goes_once_it_is_not_true_any_more(
    colours, ask, orange, qtbot, name, value, heard
):
    read(colours, orange, qtbot)
    changes = heard(colours.changed)
    ask.set_value("bars", 2)
    assert colours.sentence
    ask.set_value(name, value)
    assert not colours.sentence
    ask.set_value(name, ask.values[name])
    assert len(changes) == 1


def test_another_model_has_not_read_it(colours, ask, orange, qtbot):
    read(colours, orange, qtbot)
    ask.set_model("tunes")
    assert not colours.sentence


def test_a_task_without_a_key_gives_way_to_one_that_has(colours, ask, orange, qtbot):
    ask.set_task("vary")
    assert not colours.fits
    assert colours.possible
    read(colours, orange, qtbot)
    assert ask.task_name == "sample"
    assert ask.values["key"] == "G major"


def test_models_without_a_key_are_left_alone(colours, ask):
    ask.set_model("stories")
    assert not colours.possible
    before = ask.values
    colours._take(None, {"key": "G major", "tempo": 100, "sentence": "x"})
    assert (ask.values, colours.sentence) == (before, "")


def test_what_is_no_picture_is_a_problem(colours, tmp_path, qtbot):
    (tmp_path / "odd.png").write_bytes(b"no picture")
    with qtbot.waitSignal(colours.problem, timeout=20_000) as told:
        colours.open(tmp_path / "odd.png")
    assert "odd.png" in told.args[0].sentence
