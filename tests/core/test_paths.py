"""Program folders in a checkout and a frozen program; the data folder and its variable."""

import sys
from pathlib import Path

import pytest

from genstudio.core import paths


def test_checkout_finds_models_and_resources():
    assert (paths.program_folder() / "genstudio" / "core").is_dir()
    assert paths.bundled_models().parent == paths.resources().parent


def test_frozen_program_uses_its_own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.bundled_models() == tmp_path / "models"


def test_home_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path / "名前"))
    assert paths.default_home() == tmp_path / "名前"
    monkeypatch.delenv("GENSTUDIO_HOME")
    assert paths.default_home().name == "GenStudio"


def test_everything_lies_inside_the_data_folder():
    home = paths.Home(Path("/data"))
    for name in ("models", "gallery", "trash", "datasets", "runs", "spool", "cache", "logs"):
        assert getattr(home, name).parent == home.root
    for name in ("settings_file", "queue_file", "session_file", "index_file", "lock_file"):
        assert getattr(home, name).parent == home.root


def test_every_place_is_its_own():
    home = paths.Home(Path("/data"))
    names = [name for name in vars(paths.Home) if isinstance(vars(paths.Home)[name], property)]
    places = [getattr(home, name) for name in names]
    assert len(set(places)) == len(places)
    assert all(place.parent == home.root for place in places)


def test_asking_for_a_place_makes_nothing(tmp_path):
    home = paths.Home(tmp_path / "new")
    assert home.documents.name == "documents"
    assert not home.root.exists()


@pytest.fixture
def named(monkeypatch, tmp_path):
    """The file that names another data folder."""
    path = tmp_path / "data-folder.txt"
    monkeypatch.delenv("GENSTUDIO_HOME")
    monkeypatch.setattr(paths, "chosen_home_file", lambda: path)
    return path


def test_a_data_folder_chosen_in_the_settings(named, tmp_path):
    there = tmp_path / "Ünï 名前"
    named.write_text(f"  {there}\n", encoding="utf-8")
    assert paths.default_home() == there


@pytest.mark.parametrize("content", [b"", b"\n", b"a/relative/folder", b"\xff\xfe\x00"])
def test_a_choice_that_names_no_folder_is_passed_over(named, content):
    named.write_bytes(content)
    assert paths.default_home().name == "GenStudio"


def test_the_variable_is_stronger_than_the_choice(named, monkeypatch, tmp_path):
    named.write_text(str(tmp_path / "chosen"), encoding="utf-8")
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path / "named"))
    assert paths.default_home() == tmp_path / "named"


def test_a_relative_variable_becomes_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENSTUDIO_HOME", "here")
    assert paths.default_home() == tmp_path / "here"
    monkeypatch.setenv("GENSTUDIO_HOME", "~/there")
    assert paths.default_home() == Path.home() / "there"
