"""Settings: their controls and their file agree; the data folder that the user chose."""

import platformdirs
import pytest

from genstudio.core import controls, paths
from genstudio.core.controls import Choice, Int, Switch
from genstudio.core.errors import UsageError
from genstudio.core.settings import CONTROLS, Settings


def test_every_setting_has_a_control_with_its_default():
    kept = Settings().model_dump(exclude={"format", "soundfont"})  # the font has a dialog
    assert controls.defaults(CONTROLS) == kept


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_what_a_control_allows_the_file_takes_back(control):
    for value in _values(control):
        checked = controls.check_values(CONTROLS, {control.name: value})
        made = Settings.model_validate(checked)
        assert getattr(made, control.name) == value
        assert Settings.from_bytes(made.to_bytes(), "settings.json") == made


def _values(control):
    if isinstance(control, Choice):
        return control.values()
    return (False, True) if isinstance(control, Switch) else (control.low, control.high)


@pytest.mark.parametrize("control", [c for c in CONTROLS if isinstance(c, Int)])
def test_one_step_beyond_is_refused_with_the_range(control):
    for value in (control.low - 1, control.high + 1):
        with pytest.raises(UsageError, match=f"from {control.low} to {control.high}"):
            control.check(value)


@pytest.fixture
def chosen(tmp_path, monkeypatch):
    """The file that names the data folder, and the system's own place."""
    monkeypatch.delenv("GENSTUDIO_HOME")
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *a, **k: tmp_path / "config")
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *a, **k: tmp_path / "system")
    (tmp_path / "config").mkdir()
    return paths.chosen_home_file()


def test_the_chosen_folder_is_used(chosen, tmp_path, monkeypatch):
    assert paths.default_home() == tmp_path / "system"
    chosen.write_text(f"  {tmp_path / '名 前'}\n", encoding="utf-8")
    assert paths.default_home() == tmp_path / "名 前"
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path / "first"))
    assert paths.default_home() == tmp_path / "first"


@pytest.mark.parametrize("content", [b"", b"  \n", b"relative/place", b"\xff\xfe\x00"])
def test_a_choice_that_makes_no_sense_is_passed_over(chosen, tmp_path, content):
    chosen.write_bytes(content)
    assert paths.default_home() == tmp_path / "system"


def test_a_variable_may_be_relative_or_start_with_the_home(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENSTUDIO_HOME", "here")
    assert paths.default_home() == tmp_path / "here"
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "me"))
    monkeypatch.setenv("GENSTUDIO_HOME", "~/data")
    assert paths.default_home() == tmp_path / "me" / "data"
