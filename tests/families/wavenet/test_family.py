"""From options and facts of the sounds to the config of a model."""

import pytest

from genstudio import families
from genstudio.core.errors import UsageError
from genstudio.families.wavenet.network import WaveNetConfig

FAMILY = families.family("wavenet")
FACTS = {"classes": ("a", "b"), "rate": 11025, "seconds": 0.5}


def test_the_config_follows_the_sounds():
    found = FAMILY.config({}, FACTS)
    assert (found["rate"], found["seconds"]) == (11025, 0.5)
    assert found["class_names"] == ["a", "b"]
    assert FAMILY.config({"rate": "16000"}, FACTS)["rate"] == 16000
    assert FAMILY.config({"conditional": False}, FACTS)["class_names"] == []


def test_a_first_look_without_sounds_guesses():
    found = FAMILY.config({}, {})
    assert found["rate"] == 8000
    assert found["class_names"] == []


@pytest.mark.parametrize("shape", [(7, 1, 3), (10, 3, 2), (4, 2, 4)])
def test_the_reach_is_that_of_the_network(shape):
    layers, stacks, kernel = shape
    found = FAMILY.config({"layers": layers, "stacks": stacks, "kernel": kernel}, FACTS)
    assert found["reach"] == WaveNetConfig(8, layers, stacks, kernel).reach


def test_going_on_keeps_shape_and_rate_and_follows_the_classes():
    parent = FAMILY.config({"width": 24, "layers": 3}, {**FACTS, "rate": 4000})
    found = FAMILY.config({"width": 99}, {**FACTS, "classes": ("c", "d"), "parent": parent})
    assert (found["width"], found["layers"], found["rate"]) == (24, 3, 4000)
    assert found["class_names"] == ["c", "d"]


@pytest.mark.parametrize("options", [{"width": 0}, {"rate": "7"}, {"drop": 2.0}, {"colour": "red"}])
def test_what_cannot_be_is_refused(options):
    with pytest.raises(UsageError):
        FAMILY.config(options, FACTS)


def test_every_preset_hears_more_than_it_remembers():
    for preset in FAMILY.presets:
        found = FAMILY.config(preset.options, FACTS)
        assert found["window"] > found["reach"], preset.name
