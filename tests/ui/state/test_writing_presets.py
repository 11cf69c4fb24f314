"""Manners of writing over the controls of real tasks, and over others."""

from __future__ import annotations

import pytest

from genstudio.core import writing
from genstudio.core.controls import Float, Int, check_values, defaults
from genstudio.ui.state.writing_presets import MANNERS, OWN, manner_of, values_of

CONTROLS = writing.tasks({})[0].controls
NAMES = [manner.name for manner in MANNERS]


@pytest.mark.parametrize("name", NAMES)
def test_every_manner_is_allowed_and_recognised(name):
    found = values_of(name, CONTROLS)
    assert check_values(CONTROLS, found)
    assert manner_of({**defaults(CONTROLS), **found}, CONTROLS) == name


def test_manners_are_told_apart_and_explained():
    assert len({manner.title for manner in MANNERS}) == len(MANNERS)
    assert OWN not in NAMES
    assert all(manner.help.endswith(".") for manner in MANNERS)
    found = [tuple(sorted(values_of(name, CONTROLS).items())) for name in NAMES]
    assert len(set(found)) == len(found)


def test_the_balanced_one_is_what_the_model_comes_with():
    found = values_of("balanced", CONTROLS)
    assert set(found) == {"temperature", "top_k", "top_p", "min_p", "typical"}
    assert all(defaults(CONTROLS)[name] == value for name, value in found.items())


def test_a_manner_puts_back_what_another_has_set():
    wild = values_of("wild", CONTROLS)
    careful = {**wild, **values_of("careful", CONTROLS)}
    assert manner_of(careful, CONTROLS) == "careful"


def test_what_has_nothing_to_do_with_chance_does_not_count():
    values = {**defaults(CONTROLS), "length": 3, "count": 8, "repetition": 1.5, "stop": "END"}
    assert manner_of(values, CONTROLS) == "balanced"


@pytest.mark.parametrize("change", [{"temperature": 0.81}, {"top_k": 1}, {"typical": 0.5}])
def test_one_setting_of_ones_own_is_ones_own_manner(change):
    assert manner_of({**defaults(CONTROLS), **change}, CONTROLS) == OWN


def test_an_unknown_manner_sets_nothing():
    assert values_of("poetic", CONTROLS) == values_of("", CONTROLS) == {}


def test_values_keep_to_the_ranges_and_controls_there_are():
    narrow = (
        Float(name="temperature", label="T", default=0.8, low=0.7, high=1.0),
        Int(name="beams", label="Beams", default=1, low=1, high=4),
    )
    assert values_of("careful", narrow) == {"temperature": 0.7}
    assert values_of("wild", iter(narrow)) == {"temperature": 1.0}
    assert manner_of({"temperature": 1.0}, iter(narrow)) == "wild"
