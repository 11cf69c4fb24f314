"""The trainer's settings as controls: the same names, defaults and ranges."""

from __future__ import annotations

import pytest

from genstudio.core.controls import check_values, defaults
from genstudio.core.errors import UsageError
from genstudio.core.recipe import TrainerSettings
from genstudio.studio import recipes
from genstudio.studio.trainer_controls import CONTROLS

OF_THE_DEVICE = {"shards", "parts"}


def test_every_setting_has_a_control_with_its_default():
    settings = TrainerSettings().model_dump()
    assert {c.name for c in CONTROLS} | OF_THE_DEVICE == set(settings)
    for name, value in defaults(CONTROLS).items():
        assert settings[name] == value


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_the_ends_of_a_control_are_settings(control):
    ends = [getattr(control, side) for side in ("low", "high") if hasattr(control, side)]
    ends = ends or [True, False] if control.kind == "switch" else ends
    for value in ends or control.values():
        checked = recipes.trainer_settings(TrainerSettings(), {control.name: value})
        assert getattr(checked, control.name) == value


def test_every_control_explains_itself():
    assert all(control.label and control.help.endswith(".") for control in CONTROLS)
    assert len({control.label for control in CONTROLS}) == len(CONTROLS)


def test_what_is_out_of_range_is_refused():
    with pytest.raises(UsageError):
        check_values(CONTROLS, {"batch": 0})
